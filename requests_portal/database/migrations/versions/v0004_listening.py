"""Listening: grants to hear a recording, and every span that was played."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Nothing yet."""
