"""The monthly report of listening: what it is made from by when, each day's limit, and its entries in the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

# {"act":"listening_reported", as the entry begins.
BEGINS = "7b22616374223a226c697374656e696e675f7265706f72746564222c"


def upgrade() -> None:
    """Make the indexes, and the column; of days before nobody knows the limit."""
    op.create_index(op.f("ix_plays_at"), "plays", ["at"])
    op.add_column("heard_days", sa.Column("most", sa.Integer()))
    op.create_index(
        "ix_audit_entries_listening_reported",
        "audit_entries",
        ["index"],
        sqlite_where=sa.text(f"substr(entry, 1, 28) = X'{BEGINS}'"),
        postgresql_where=sa.text(f"substr(entry, 1, 28) = '\\x{BEGINS}'::bytea"),
    )
