"""Canary recordings, and the alarms of whoever reached for one."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "canaries",
        sa.Column("recording_id", sa.String(length=36), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("recording_id", name=op.f("pk_canaries")),
    )
    op.create_index(op.f("ix_canaries_account"), "canaries", ["account"])
    op.create_index(op.f("ix_canaries_device"), "canaries", ["device"])
    op.create_table(
        "canary_alarms",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("how", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=36)),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("last_at", sa.String(length=32), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("acknowledged_by", sa.String(length=64), nullable=False),
        sa.Column("acknowledged_at", sa.String(length=32)),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_canary_alarms_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canary_alarms")),
    )
