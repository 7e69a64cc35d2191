"""The monthly report of who listened to what, and the digest by which a later one is known to be the same."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from requests_portal.errors import Unusable
from requests_portal.model.digest import digest_of

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
MONTHS = 12
SECOND = 1000


@dataclass(frozen=True, order=True)
class Month:
    """A month of the calendar."""

    year: int
    number: int

    def __str__(self) -> str:
        """As it is written in addresses and in the log: "2026-11"."""
        return f"{self.year}-{self.number:02}"

    @property
    def next(self) -> "Month":
        """The month after it."""
        return Month(self.year + self.number // MONTHS, self.number % MONTHS + 1)

    def begins(self, zone: ZoneInfo) -> datetime:
        """Its first moment in a zone, in UTC."""
        return datetime(self.year, self.number, 1, tzinfo=zone).astimezone(UTC)


def month_of(at: datetime, zone: ZoneInfo) -> Month:
    """The month that it is in a zone."""
    local = at.astimezone(zone)
    return Month(local.year, local.month)


def read_month(written: str) -> Month:
    """The month written as "2026-11"; raises Unusable."""
    found = _MONTH.fullmatch(written)
    if found is None:
        raise Unusable("Name the month by its year and number, such as 2026-11.")
    return Month(int(found[1]), int(found[2]))


@dataclass(frozen=True, kw_only=True)
class Span:
    """A part of a recording that was sent to somebody's ears, in milliseconds of it, and when it began to be sent."""

    grant: str
    person: str
    role: str
    purpose: str
    case: str
    recording: str
    version_id: str
    at: datetime
    from_ms: int
    to_ms: int

    @property
    def milliseconds(self) -> int:
        """How long it is."""
        return self.to_ms - self.from_ms

    @property
    def seconds(self) -> tuple[float, float]:
        """From where to where, in seconds of the recording."""
        return self.from_ms / SECOND, self.to_ms / SECOND


@dataclass(frozen=True, kw_only=True)
class Listener:
    """What one person heard in the month, the oldest first; `alarms` counts the alarms that canaries raised."""

    person: str
    spans: tuple[Span, ...]
    alarms: int
    # Of UTC, as limits are counted; a day that only begins or ends in the month counts by its part in it.
    days_over_limit: tuple[date, ...]

    @property
    def roles(self) -> tuple[str, ...]:
        """In which roles; an empty one for listening of before roles were kept."""
        return tuple(sorted({each.role for each in self.spans}))

    @property
    def purposes(self) -> tuple[str, ...]:
        """For what."""
        return tuple(sorted({each.purpose for each in self.spans}))

    @property
    def cases(self) -> tuple[str, ...]:
        """For which cases, by reference."""
        return tuple(sorted({each.case for each in self.spans}))

    @property
    def recordings(self) -> int:
        """How many different recordings."""
        return len({each.recording for each in self.spans})

    @property
    def milliseconds(self) -> int:
        """How much in all; what was heard twice counts twice."""
        return sum(each.milliseconds for each in self.spans)

    @property
    def seconds(self) -> float:
        """The same in seconds."""
        return self.milliseconds / SECOND


@dataclass(frozen=True, kw_only=True)
class ListeningReport:
    """Who listened to what from `starts` (included) to `ends` (excluded)."""

    month: Month
    starts: datetime
    ends: datetime
    listeners: tuple[Listener, ...]

    def as_json(self) -> Mapping[str, Any]:
        """The report as values that JSON can hold: ids, numbers and moments, and nobody's name."""
        return {
            "month": str(self.month),
            "starts": self.starts.isoformat(),
            "ends": self.ends.isoformat(),
            "listeners": [_as_json(each) for each in self.listeners],
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the report as JSON, its members sorted."""
        return digest_of(self.as_json())


class Agreement(StrEnum):
    """Whether the complete report, made once more, is the one of which the log has the digest."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_OVER = "not_over"
    NOT_ENTERED = "not_entered"


@dataclass(frozen=True, kw_only=True)
class Entered:
    """What the log has of a month's report: the entry's number and moment, and the digest."""

    month: Month
    starts: datetime
    ends: datetime
    digest: str
    index: int
    at: datetime


def listeners(
    spans: Sequence[Span], alarms: Mapping[str, int], limits: Mapping[tuple[str, date], int]
) -> tuple[Listener, ...]:
    """Everybody who listened or raised an alarm, by id, from spans in the order in which they were sent.

    `limits` are the milliseconds that each person could hear on a day of UTC.
    """
    heard: dict[str, list[Span]] = {person: [] for person in alarms}
    for each in spans:
        heard.setdefault(each.person, []).append(each)
    return tuple(
        Listener(
            person=person,
            spans=tuple(_joined(theirs)),
            alarms=alarms.get(person, 0),
            days_over_limit=_over(person, theirs, limits),
        )
        for person, theirs in sorted(heard.items())
    )


def _joined(spans: Sequence[Span]) -> Sequence[Span]:
    """The same with each step that goes on where the one before it ended made one with it."""
    found: list[Span] = []
    for each in spans:
        if found and found[-1].grant == each.grant and found[-1].to_ms == each.from_ms:
            found[-1] = replace(found[-1], to_ms=each.to_ms)
        else:
            found.append(each)
    return found


def _over(person: str, spans: Sequence[Span], limits: Mapping[tuple[str, date], int]) -> tuple[date, ...]:
    def day_of(span: Span) -> date:
        return span.at.astimezone(UTC).date()

    heard = {
        day: sum(each.milliseconds for each in some) for day, some in groupby(sorted(spans, key=day_of), key=day_of)
    }
    return tuple(day for day, sent in heard.items() if (person, day) in limits and sent > limits[person, day])


def _as_json(listener: Listener) -> Mapping[str, Any]:
    return {
        "person": listener.person,
        "roles": list(listener.roles),
        "purposes": list(listener.purposes),
        "cases": list(listener.cases),
        "recordings": listener.recordings,
        "milliseconds": listener.milliseconds,
        "canary_alarms": listener.alarms,
        "days_over_limit": [day.isoformat() for day in listener.days_over_limit],
        "spans": [_span_as_json(each) for each in listener.spans],
    }


def _span_as_json(span: Span) -> Mapping[str, Any]:
    return {
        "recording": span.recording,
        "version": span.version_id,
        "case": span.case,
        "purpose": span.purpose,
        "role": span.role,
        "from_ms": span.from_ms,
        "to_ms": span.to_ms,
        "at": span.at.isoformat(),
    }
