"""Archived copies: which documents still wait for a timestamp, and where the archived copy is."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Nothing yet."""
