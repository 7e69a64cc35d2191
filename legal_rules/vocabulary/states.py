"""What the law of single states of the United States asks about."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class States:
    """What the law of single states of the United States asks about."""
