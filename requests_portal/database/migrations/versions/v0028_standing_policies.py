"""Standing policies, with whoever agreed to them."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Make the table of standing policies."""
    op.create_table(
        "standing_policies",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("waits", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_policies")),
        sa.UniqueConstraint("number", name=op.f("uq_standing_policies_number")),
        sa.UniqueConstraint("waits", name=op.f("uq_standing_policies_waits")),
    )
