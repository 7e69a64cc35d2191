"""Of which answered demands a customer reads who listened, and what people reviewed found among many recordings."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Make the table, and the index of what was reviewed."""
    op.create_table(
        "told_hearings",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_told_hearings_case_id")),
        sa.PrimaryKeyConstraint("case_id", "account", name=op.f("pk_told_hearings")),
    )
    op.create_index(op.f("ix_told_hearings_account"), "told_hearings", ["account"])
    op.create_index(
        "ix_recordings_reviewed",
        "recordings",
        ["account"],
        sqlite_where=sa.text("reviews <> '[]'"),
        postgresql_where=sa.text("reviews <> '[]'"),
    )
