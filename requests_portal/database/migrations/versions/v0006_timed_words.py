"""Timed words: when each word of a transcript is spoken."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Nothing yet."""
