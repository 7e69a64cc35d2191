"""How customers say that transcripts of their recordings should read."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Make the table of the customers' words beside transcripts."""
    op.create_table(
        "transcript_notes",
        sa.Column("recording_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("case", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"], name=op.f("fk_transcript_notes_recording_id")),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name=op.f("fk_transcript_notes_case")),
        sa.PrimaryKeyConstraint("recording_id", "at", name=op.f("pk_transcript_notes")),
    )
