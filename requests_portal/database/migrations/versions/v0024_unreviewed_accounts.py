"""Which accounts want no human review of their recordings."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Nobody has chosen yet."""
    op.create_table(
        "unreviewed_accounts",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("since", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_unreviewed_accounts")),
    )
