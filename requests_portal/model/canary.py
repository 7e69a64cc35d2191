"""Canaries: recordings that no case needs, of an account that nobody has; whoever reaches for one raises an alarm."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Touch(StrEnum):
    """How somebody reached for a canary: by its own name, or by a demand for its account or device."""

    ASKED_BY_ID = "asked_by_id"
    SOUGHT = "sought"


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """Somebody reached for a canary, so often between two moments; open until an administrator has looked into it."""

    id: str
    person: str
    role: str
    how: Touch
    # The case in which it was reached for; None where it was none.
    case: str | None
    at: datetime
    last_at: datetime
    times: int = 1
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
    # What looking into it showed.
    words: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nobody has looked into it yet."""
        return self.acknowledged_at is None
