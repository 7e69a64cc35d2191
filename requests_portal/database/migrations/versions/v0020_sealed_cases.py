"""Sealed cases, and whom each names."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """No case is sealed yet."""
    op.add_column("cases", sa.Column("sealed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "case_people",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_people_case_id")),
        sa.PrimaryKeyConstraint("case_id", "person", name=op.f("pk_case_people")),
    )
    op.create_index(op.f("ix_case_people_person"), "case_people", ["person"])
