"""Erasures: what is to be deleted and is hidden meanwhile, what was, and how long customers let us keep recordings."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

MOMENT = sa.String(length=32)


def upgrade() -> None:
    """Nothing that is there changes."""
    op.create_table(
        "erasures",
        sa.Column("recording_id", sa.String(length=36), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("because", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("recording_id", name=op.f("pk_erasures")),
    )
    op.create_index(op.f("ix_erasures_next_try_at"), "erasures", ["next_try_at"])
    some = sa.text("retain_until IS NOT NULL")
    op.create_index(
        "ix_recordings_retain_until", "recordings", ["retain_until"], sqlite_where=some, postgresql_where=some
    )
    op.create_table(
        "erased",
        sa.Column("recording_id", sa.String(length=36), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("recording_id", name=op.f("pk_erased")),
    )
    op.create_index(op.f("ix_erased_address"), "erased", ["address"])
    op.create_table(
        "late_copies",
        sa.Column("bucket", sa.String(length=63), nullable=False),
        sa.Column("key", sa.String(length=1024), nullable=False),
        sa.Column("version_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("bucket", "key", "version_id", name=op.f("pk_late_copies")),
    )
    op.create_table(
        "keeping_choices",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_keeping_choices")),
    )
