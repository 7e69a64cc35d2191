"""How customers were reached before: what a change holds back, and who is to hear of it."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Make the table of changed contacts."""
    op.create_table(
        "contact_changes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("contact", sa.String(length=16), nullable=False),
        sa.Column("earlier", sa.String(length=254), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_changes")),
    )
    op.create_index("ix_contact_changes_account_at", "contact_changes", ["account", "at"])
