"""Limit: tries are counted for all processes together, and the count survives whatever comes of the try."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from requests_portal.errors import Refused
from requests_portal.work.ports import Work

KEPT = timedelta(days=1)


class TooMany(Refused):
    """Too many tries were made from one place."""

    code = "too_many"
    status = 429

    def __init__(self) -> None:
        super().__init__("There were too many tries from where you are. Wait a quarter of an hour, then try again.")


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How many tries of one kind are allowed within an interval."""

    kind: str
    most: int
    within: timedelta = timedelta(minutes=15)


def allows(work: Work, limit: Limit, whose: str) -> bool:
    """Count a try, and say whether it is one of those allowed; the caller commits before anything can fail."""
    at = work.now()
    since = datetime(1970, 1, 1, tzinfo=UTC)
    begins_at = at - (at - since) % limit.within
    tries = work.attempts.count(f"{limit.kind}:{whose}", begins_at=begins_at)
    if tries == 1:
        work.attempts.clear(begun_before=at - KEPT)
    return tries <= limit.most
