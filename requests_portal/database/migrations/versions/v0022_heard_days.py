"""How much each person heard on a day, and the role in which they heard it."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Grants of before say no role; what was heard before counts for no day."""
    op.add_column("listening_grants", sa.Column("role", sa.String(length=32), nullable=False, server_default=""))
    op.create_table(
        "heard_days",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person", "day", name=op.f("pk_heard_days")),
    )
