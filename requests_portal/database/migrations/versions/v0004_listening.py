"""Listening: grants to hear a recording, every span that was played, and what was marked before each change."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables of grants, played spans and changes of what is marked to be silenced."""
    op.create_table(
        "listening_grants",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("recording_id", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_listening_grants_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listening_grants")),
    )
    op.create_index("ix_listening_grants_case_id_recording_id", "listening_grants", ["case_id", "recording_id"])
    op.create_table(
        "plays",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grant_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("from_ms", sa.Integer(), nullable=False),
        sa.Column("to_ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["grant_id"], ["listening_grants.id"], name=op.f("fk_plays_grant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plays")),
    )
    op.create_index(op.f("ix_plays_grant_id"), "plays", ["grant_id"])
    op.create_table(
        "silence_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("recording_id", sa.String(length=36), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_silence_steps_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silence_steps")),
    )
    op.create_index("ix_silence_steps_case_id_recording_id", "silence_steps", ["case_id", "recording_id"])
