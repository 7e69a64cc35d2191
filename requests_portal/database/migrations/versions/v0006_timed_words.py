"""Timed words: when each word of a transcript is spoken."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Of what was catalogued before, nobody knows when each word was spoken."""
    op.add_column("recordings", sa.Column("words", sa.Text(), nullable=True))
