"""How many recordings each day has is counted once, and kept from then on."""

import sqlalchemy as sa
from alembic import op

from requests_portal.database.kept_counts import count_what_is_there, keep_counting

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Count what is there, and make the triggers."""
    op.create_table(
        "recording_days",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("voices", sa.String(length=64), nullable=False),
        sa.Column("many", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("microseconds", sa.BigInteger(), nullable=False),
        sa.Column("unknown_lengths", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account", "hidden", "device", "day", "voices", name=op.f("pk_recording_days")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_recording_days_device", "recording_days", ["device", "day"])
    count_what_is_there(op.get_bind())
    keep_counting(op.get_bind())
