"""Archived copies: which documents carry no timestamp of their own, and where the archived copy is."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table of archived copies; what was signed before carries no timestamp."""
    op.add_column("documents", sa.Column("timestamped", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "archived_copies",
        sa.Column("production", sa.String(length=36), nullable=False),
        sa.Column("volume", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("version_id", sa.String(length=200), nullable=False),
        sa.Column("stamped_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["production"], ["productions.id"], name=op.f("fk_archived_copies_production")),
        sa.PrimaryKeyConstraint("production", "volume", "kind", name=op.f("pk_archived_copies")),
    )
