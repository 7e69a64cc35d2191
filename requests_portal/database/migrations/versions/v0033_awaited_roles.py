"""Roles that one person gave and another has yet to confirm."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Nobody's roles wait: what people have, they keep."""
    op.add_column("people", sa.Column("awaited_roles", sa.String(length=300), nullable=False, server_default=""))
    op.add_column("people", sa.Column("awaited_by", sa.Text(), nullable=False, server_default=""))
    op.add_column("people", sa.Column("awaited_at", sa.String(length=32)))
