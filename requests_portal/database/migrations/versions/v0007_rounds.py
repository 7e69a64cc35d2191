"""Rounds, messages out, and where the catalogue says that each recording and its copies are."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """What was catalogued before lies in the house's own bucket, and nobody has entered copies of it."""
    op.create_table(
        "rounds",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.String(length=32), nullable=False),
        sa.Column("begun_at", sa.String(length=32), nullable=False),
        sa.Column("ended_at", sa.String(length=32), nullable=True),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("failure", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_rounds")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("to", sa.String(length=300), nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("next_try_at", sa.String(length=32), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(length=300), nullable=False),
        sa.Column("sent_at", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_messages_key")),
    )
    op.create_index(op.f("ix_messages_next_try_at"), "messages", ["next_try_at"])
    for name, length in (("bucket", 63), ("pseudonym", 64), ("transcript_key", 300), ("transcript_version", 200)):
        op.add_column("recordings", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    op.add_column("recordings", sa.Column("retain_until", sa.String(length=32), nullable=True))
    op.create_table(
        "copies",
        sa.Column("recording_id", sa.String(length=36), nullable=False),
        sa.Column("bucket", sa.String(length=63), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("version_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"], name=op.f("fk_copies_recording_id")),
        sa.PrimaryKeyConstraint("recording_id", "bucket", "key", "version_id", name=op.f("pk_copies")),
    )
