"""Escalation: a case that nobody has claimed and whose clock runs, and when somebody is to be told again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# A period that short wakes people at night; a longer one can wait for the morning.
URGENT = timedelta(days=4)
DAILY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Unclaimed:
    """An open case that nobody has; `due` is its next time limit, None where nobody knows yet when that is."""

    case: str
    reference: str
    received_at: datetime
    due: datetime | None
    # The last step, and how many there were.
    steps: int = 0
    last_at: datetime | None = None

    @property
    def is_urgent(self) -> bool:
        """Whether hours count; what nobody knows yet might count them."""
        return self.due is None or self.due - self.received_at <= URGENT


@dataclass(frozen=True, kw_only=True)
class Patience:
    """What the house has decided: the share of a period that must be left, the pause between steps, whom in the end."""

    share: float = 0.25
    pause: timedelta = timedelta(minutes=15)
    last_resort: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """Somebody was told that nobody has claimed a case."""

    case: str
    number: int
    at: datetime
    who: str


def is_due(unclaimed: Unclaimed, patience: Patience, *, at: datetime) -> bool:
    """Whether somebody is to be told now: at once where hours count, and again after the pause, however much passed."""
    if unclaimed.last_at is not None:
        # A clock that was set back does not silence anybody.
        return abs(at - unclaimed.last_at) >= (patience.pause if unclaimed.is_urgent else DAILY)
    if unclaimed.due is None or unclaimed.is_urgent:
        return True
    return unclaimed.due - at < patience.share * (unclaimed.due - unclaimed.received_at)
