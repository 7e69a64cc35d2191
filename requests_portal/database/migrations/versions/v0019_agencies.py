"""The agency directory, the checks of who asks, and what is known of papers for comparing them."""

import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0016"

MOMENT = sa.String(length=32)
DIGEST = sa.String(length=64)


def upgrade() -> None:
    """The directory is empty; every case's papers and file number are there to be found by."""
    _directory()
    _checks()
    _papers()
    op.add_column("cases", sa.Column("agency", sa.String(length=36), nullable=True))
    op.add_column("cases", sa.Column("file_number", sa.String(length=64), nullable=False, server_default=""))
    op.create_index(op.f("ix_cases_agency_received_at"), "cases", ["agency", "received_at"])
    op.create_index(op.f("ix_cases_file_number"), "cases", ["file_number"])
    connection = op.get_bind()
    for case in connection.execute(sa.text("SELECT id FROM cases")).scalars().all():
        _enter(connection, case)


def _directory() -> None:
    op.create_table(
        "agencies",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("folded", sa.String(length=600), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=3), nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agencies")),
        sa.UniqueConstraint("folded", "country", "state", name=op.f("uq_agencies_folded")),
    )
    op.create_table(
        "agency_domains",
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("agency_id", sa.String(length=36), nullable=False),
        sa.Column("below", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_agency_domains_agency_id")),
        sa.PrimaryKeyConstraint("domain", "agency_id", name=op.f("pk_agency_domains")),
    )
    op.create_index(op.f("ix_agency_domains_agency_id"), "agency_domains", ["agency_id"])
    op.create_table(
        "agency_changes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_changes")),
    )
    op.create_index(op.f("ix_agency_changes_proposed_at"), "agency_changes", ["proposed_at"])


def _checks() -> None:
    op.create_table(
        "officer_checks",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_officer_checks_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer_checks")),
    )
    op.create_index(op.f("ix_officer_checks_case_id"), "officer_checks", ["case_id"])


def _papers() -> None:
    op.create_table(
        "case_papers",
        sa.Column("sha256", DIGEST, nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_papers_case_id")),
        sa.PrimaryKeyConstraint("sha256", "case_id", name=op.f("pk_case_papers")),
    )
    op.create_table(
        "paper_marks",
        sa.Column("sha256", DIGEST, nullable=False),
        sa.Column("text_digest", DIGEST, nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("sketch", sa.Text(), nullable=False),
        sa.Column("marked_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_paper_marks")),
    )
    op.create_index(op.f("ix_paper_marks_text_digest"), "paper_marks", ["text_digest"])
    op.create_table(
        "paper_bands",
        sa.Column("band", sa.String(length=24), nullable=False),
        sa.Column("sha256", DIGEST, nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["paper_marks.sha256"], name=op.f("fk_paper_bands_sha256")),
        sa.PrimaryKeyConstraint("band", "sha256", name=op.f("pk_paper_bands")),
    )
    op.create_table(
        "paper_dockets",
        sa.Column("docket", sa.String(length=64), nullable=False),
        sa.Column("sha256", DIGEST, nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["paper_marks.sha256"], name=op.f("fk_paper_dockets_sha256")),
        sa.PrimaryKeyConstraint("docket", "sha256", name=op.f("pk_paper_dockets")),
    )


def _enter(connection: sa.Connection, case: str) -> None:
    body = json.loads(connection.execute(sa.text("SELECT body FROM cases WHERE id = :id"), {"id": case}).scalar_one())
    number = re.sub("[^A-Z0-9]", "", str(body.get("requester", {}).get("file_number", "")).upper())[:64]
    connection.execute(sa.text("UPDATE cases SET file_number = :number WHERE id = :id"), {"number": number, "id": case})
    papers = dict.fromkeys(each["sha256"] for each in body.get("papers", []))
    if papers:
        connection.execute(
            sa.text("INSERT INTO case_papers (sha256, case_id) VALUES (:sha256, :id)"),
            [{"sha256": sha256, "id": case} for sha256 in papers],
        )
