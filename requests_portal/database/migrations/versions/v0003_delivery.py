"""Delivery: what protects, ends and renews a release link; recalls."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Nothing yet."""
