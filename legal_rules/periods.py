"""Statutory time limits as dated data: how long, from which event, counted how, paused and extended by what."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from legal_rules.conditions import CONDITIONS
from legal_rules.counting import COUNTED, PLAIN, WORKING_DAYS
from legal_rules.errors import UnreadableBook
from legal_rules.facts import FACTS
from legal_rules.terms import Policy

RECEIPT = "receipt"
# Whose calendar counts: the issuer's, the data subject's, or that of the jurisdiction named.
OF_ISSUER = "issuer"
OF_DATA_SUBJECT = "data_subject"
_JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
UNITS = frozenset({"day", "month", "hour", "date", "year", "count", *WORKING_DAYS})
BASES = frozenset({"law", "guidance", "policy"})
# Periods without a rank stand between what a court or an emergency sets and what the house falls back on.
BETWEEN = 5


@dataclass(frozen=True, kw_only=True)
class Extension:
    """How much longer a period runs once `noticed` was given in time, and the clock on which that notice is due."""

    id: str
    values: Mapping[date, int]
    # Whether its number is the length of the whole, or what is added.
    whole: bool
    noticed: str
    clock: str | None
    cite: tuple[str, ...]
    confidence: str

    def longer(self, value: int, on: date) -> int:
        """How long a period of this number runs with the extension."""
        more = in_force(self.values, on) or 0
        return max(value, more) if self.whole else value + more


@dataclass(frozen=True, kw_only=True)
class Period:
    """One dated parameter of time and how it is counted; without a clock it is a number that phrases read."""

    id: str
    rank: int
    clock: str | None
    when: tuple[str, ...]
    values: Mapping[date, int]
    until: date
    unit: str
    counted: str
    calendar: str | None
    after: str
    # The event without which it does not run at all.
    once: str | None
    # What was asked for and arrived, in pairs: it counts from the last arrival.
    awaits: tuple[tuple[str, str], ...]
    # What was asked and answered, in pairs: the days between are left out, and the day of asking where it rests.
    pause: tuple[tuple[str, str], ...]
    asking_day_counts: bool
    # It ends on the day before this one at the latest.
    before: str | None
    basis: str
    cite: tuple[str, ...]
    confidence: str
    extension: Extension | None

    def value(self, on: date) -> int | None:
        """The number in force on that day; None before the first and once the period has ended."""
        return in_force(self.values, on) if on < self.until else None

    @property
    def reads(self) -> frozenset[str]:
        """The facts it looks at, besides those of its phrases."""
        events = {self.after, self.once, self.before, self.extension.noticed if self.extension else None}
        pairs = {name for pair in (*self.awaits, *self.pause) for name in pair}
        # What is sent again counts from its first receipt.
        receipts = {"received_at", "first_received_at"} if self.after == RECEIPT else set()
        return frozenset({name for name in events if name} | pairs | receipts) - {RECEIPT}


def in_force(values: Mapping[date, int], on: date) -> int | None:
    """The value of the nearest earlier date, or None."""
    return max(((since, value) for since, value in values.items() if since <= on), default=(None, None))[1]


def read_periods(raw: Iterable[Mapping[str, Any]], house: Policy) -> tuple[Period, ...]:
    """The periods by rank, with the house's own numbers; UnreadableBook names what is wrong."""
    periods = [_read(_with_policy(each, house)) for each in raw]
    if len({period.id for period in periods}) != len(periods):
        raise UnreadableBook("Two periods have one id.")
    return tuple(sorted(periods, key=lambda period: period.rank))


def _with_policy(raw: Mapping[str, Any], house: Policy) -> Mapping[str, Any]:
    """A period whose number is house policy says which; the house may change it at any time, so it has no date."""
    if "policy" not in raw:
        return raw
    rest = {key: value for key, value in raw.items() if key != "policy"}
    return {**rest, "values": {date.min.isoformat(): getattr(house, raw["policy"])}}


_KEYS = frozenset({"id", "values", "unit", "basis", "cite", "confidence"})
_OF_CLOCKS = frozenset(
    ["rank", "clock", "when", "until", "counted", "calendar", "after", "once", "awaits", "pause", "asking_day_counts"]
) | {"before", "extension"}
_OF_EXTENSIONS = frozenset({"id", "values", "noticed", "cite", "confidence"})
_OPTIONAL_OF_EXTENSIONS = frozenset({"whole", "clock"})


def _read(raw: Mapping[str, Any]) -> Period:
    name = raw.get("id", "a period without id")
    _check_keys(name, raw, _KEYS, _OF_CLOCKS)
    period = Period(
        id=name,
        rank=raw.get("rank", BETWEEN),
        clock=raw.get("clock"),
        when=tuple(raw.get("when", ())),
        values=_values(raw["values"]),
        until=raw.get("until", date.max),
        unit=raw["unit"],
        counted=raw.get("counted", PLAIN),
        calendar=raw.get("calendar"),
        after=raw.get("after", raw.get("once", RECEIPT)),
        once=raw.get("once"),
        awaits=_pairs(name, raw.get("awaits", ())),
        pause=_pairs(name, raw.get("pause", ())),
        asking_day_counts=raw.get("asking_day_counts", False),
        before=raw.get("before"),
        basis=raw["basis"],
        cite=tuple(raw["cite"]),
        confidence=raw["confidence"],
        extension=_extension(name, raw.get("extension")),
    )
    _check(period)
    return period


def _check_keys(name: str, raw: Mapping[str, Any], required: frozenset[str], optional: frozenset[str]) -> None:
    wrong = (required - raw.keys()) | (raw.keys() - required - optional)
    if wrong:
        raise UnreadableBook(f"{name}: these keys are missing or unknown: {', '.join(sorted(wrong))}.")


def _extension(name: str, raw: Mapping[str, Any] | None) -> Extension | None:
    if raw is None:
        return None
    _check_keys(f"the extension of {name}", raw, _OF_EXTENSIONS, _OPTIONAL_OF_EXTENSIONS)
    return Extension(
        id=raw["id"],
        values=_values(raw["values"]),
        whole=raw.get("whole", False),
        noticed=raw["noticed"],
        clock=raw.get("clock"),
        cite=tuple(raw["cite"]),
        confidence=raw["confidence"],
    )


def _values(raw: Mapping[str, int]) -> dict[date, int]:
    return {date.fromisoformat(since): value for since, value in raw.items()}


def _pairs(name: str, events: Sequence[str]) -> tuple[tuple[str, str], ...]:
    if len(events) % 2:
        raise UnreadableBook(f"{name}: what is asked for and what arrives stand in pairs.")
    return tuple(zip(events[::2], events[1::2], strict=True))


def _check(period: Period) -> None:
    for what, fits in (
        ("a fact", period.reads <= FACTS.keys()),
        ("a phrase", all(phrase in CONDITIONS for phrase in period.when) and bool(period.when or not period.clock)),
        ("the unit", period.unit in UNITS),
        ("the way of counting", period.counted in COUNTED),
        ("the calendar", _has_calendar(period)),
        ("the basis", period.basis in BASES),
        ("the citation", bool(period.cite)),
        ("the value", bool(period.values)),
        ("the moment that its hours count from", period.unit != "hour" or _counts_hours(period)),
    ):
        if not fits:
            raise UnreadableBook(f"{period.id}: {what} is missing or unknown.")


def _has_calendar(period: Period) -> bool:
    if period.calendar is None:
        return period.counted == PLAIN and period.unit not in WORKING_DAYS
    return period.calendar in {OF_ISSUER, OF_DATA_SUBJECT} or bool(_JURISDICTION.fullmatch(period.calendar))


def _counts_hours(period: Period) -> bool:
    """Hours count from a moment, and events that are known by their day can neither pause nor bound them."""
    from_moment = period.after == RECEIPT or FACTS[period.after].type == "moment"
    return from_moment and not (period.awaits or period.pause or period.before)
