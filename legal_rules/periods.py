"""Statutory time limits: dated data → due dates, with the working shown; the calendar is passed in."""

import calendar as months
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from legal_rules.conditions import CONDITIONS
from legal_rules.errors import UnreadableBook
from legal_rules.facts import FACTS, Facts
from legal_rules.rule import Answer, all_hold
from legal_rules.terms import Policy

Due = date | datetime


class Calendar(Protocol):
    """Which days a jurisdiction works; the law says what happens when a period ends on another."""

    def is_working_day(self, day: date, /) -> bool:
        """Whether that day is neither weekend nor public holiday."""
        ...


@dataclass(frozen=True)
class Weekdays:
    """Monday to Friday, less the given public holidays."""

    holidays: frozenset[date] = frozenset()

    def is_working_day(self, day: date, /) -> bool:
        """Whether that day is neither weekend nor one of the holidays."""
        return day.isoweekday() <= 5 and day not in self.holidays  # noqa: PLR2004 — Friday


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One deadline of a case: when it is due, how that was counted, and which facts could still move it."""

    id: str
    due: Due | None
    working: tuple[str, ...]
    missing: tuple[str, ...]
    period: str
    cite: tuple[str, ...]
    basis: str

    def as_json(self) -> dict[str, object]:
        """Every field; `due` in ISO 8601, a day or a moment."""
        return {
            "id": self.id,
            "due": None if self.due is None else self.due.isoformat(),
            "working": list(self.working),
            "missing": list(self.missing),
            "period": self.period,
            "cite": list(self.cite),
            "basis": self.basis,
        }


@dataclass(frozen=True, kw_only=True)
class Extension:
    """How much longer a period runs once `noticed` was given in time, and the clock on which that notice is due."""

    values: Mapping[date, int]
    noticed: str
    clock: str | None
    cite: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Period:
    """One dated parameter of time and how it is counted; without a clock it is a number that phrases read."""

    id: str
    clock: str | None
    when: tuple[str, ...]
    values: Mapping[date, int]
    unit: str
    after: str
    awaits: tuple[str, ...]
    pause: tuple[str, ...]
    rolls: bool
    basis: str
    cite: tuple[str, ...]
    confidence: str
    extension: Extension | None

    def value(self, on: date) -> int | None:
        """The number in force on that day; None before the first."""
        return in_force(self.values, on)


def in_force(values: Mapping[date, int], on: date) -> int | None:
    """The value of the nearest earlier date, or None."""
    return max(((since, value) for since, value in values.items() if since <= on), default=(None, None))[1]


UNITS = frozenset({"day", "month", "business_day", "hour", "date", "year", "count"})
_KEYS = frozenset({"id", "values", "unit", "basis", "cite", "confidence"})
_CLOCK_KEYS = frozenset({"clock", "when", "after", "awaits", "pause", "rolls", "extension"})
RECEIPT = "receipt"


def read_periods(raw: Iterable[Mapping[str, Any]], house: Policy) -> tuple[Period, ...]:
    """The periods in their order, with the house's own numbers; UnreadableBook names what is wrong."""
    periods = tuple(_read(_with_policy(each, house)) for each in raw)
    if len({period.id for period in periods}) != len(periods):
        raise UnreadableBook("Two periods have one id.")
    return periods


def _with_policy(raw: Mapping[str, Any], house: Policy) -> Mapping[str, Any]:
    """A period whose number is house policy says which; the house may change it at any time, so it has no date."""
    if "policy" not in raw:
        return raw
    rest = {key: value for key, value in raw.items() if key != "policy"}
    return {**rest, "values": {date.min.isoformat(): getattr(house, raw["policy"])}}


def _read(raw: Mapping[str, Any]) -> Period:
    name = raw.get("id", "a period without id")
    wrong = (_KEYS - raw.keys()) | (raw.keys() - _KEYS - _CLOCK_KEYS)
    if wrong:
        raise UnreadableBook(f"{name}: these keys are missing or unknown: {', '.join(sorted(wrong))}.")
    period = Period(
        id=name,
        clock=raw.get("clock"),
        when=tuple(raw.get("when", ())),
        values=_values(raw["values"]),
        unit=raw["unit"],
        after=raw.get("after", RECEIPT),
        awaits=tuple(raw.get("awaits", ())),
        pause=tuple(raw.get("pause", ())),
        rolls=raw.get("rolls", False),
        basis=raw["basis"],
        cite=tuple(raw["cite"]),
        confidence=raw["confidence"],
        extension=_extension(raw.get("extension")),
    )
    _check(period)
    return period


def _values(raw: Mapping[str, int]) -> dict[date, int]:
    return {date.fromisoformat(since): value for since, value in raw.items()}


def _extension(raw: Mapping[str, Any] | None) -> Extension | None:
    if raw is None:
        return None
    return Extension(
        values=_values(raw["values"]), noticed=raw["noticed"], clock=raw.get("clock"), cite=tuple(raw["cite"])
    )


def _check(period: Period) -> None:
    facts = {period.after, *period.awaits, *period.pause} - {RECEIPT}
    facts |= {period.extension.noticed} if period.extension else set()
    unknown = [*(facts - FACTS.keys()), *(phrase for phrase in period.when if phrase not in CONDITIONS)]
    if unknown or period.unit not in UNITS or not period.cite or not period.values:
        raise UnreadableBook(f"{period.id}: unknown words {unknown}, or no unit, value or citation.")


def clocks(
    facts: Facts, periods: Iterable[Period], answer: Answer, *, on: date, calendar: Calendar
) -> tuple[Clock, ...]:
    """Every deadline that runs, from the periods in force; of those for one clock the first that applies counts."""
    running: dict[str, Clock] = {}
    unsure: dict[str, list[str]] = {}
    for period in periods:
        if period.clock is None or period.clock in running:
            continue
        holds = all_hold(period.when, answer)
        if holds:
            for clock in _clocks_of(period, facts, on=on, calendar=calendar):
                running.setdefault(clock.id, clock)
        elif holds is None:
            unsure.setdefault(period.clock, []).extend(_missing(period, facts, answer))
    return tuple(
        _with_missing(running.get(name), name, unsure.get(name, ()))
        for name in [*running, *(unsure.keys() - running.keys())]
    )


def _missing(period: Period, facts: Facts, answer: Answer) -> tuple[str, ...]:
    """The facts of the first phrase that is open."""
    return next(CONDITIONS[phrase].missing(facts) for phrase in period.when if answer(phrase) is None)


def _with_missing(clock: Clock | None, name: str, missing: Iterable[str]) -> Clock:
    names = tuple(dict.fromkeys(missing))
    if clock is None:
        return Clock(id=name, due=None, working=(), missing=names, period="", cite=(), basis="")
    return Clock(**{**vars(clock), "missing": (*clock.missing, *names)}) if names else clock


def _clocks_of(period: Period, facts: Facts, *, on: date, calendar: Calendar) -> list[Clock]:
    """The period's own clock, and the one for announcing its extension while that is still open."""
    working: list[str] = []
    start, missing = _start(period, facts, on, working)
    if start is None or missing:
        return [_clock(period, None, working, missing)]
    paused, waiting = _paused(period, facts, working)
    if waiting:
        return [_clock(period, None, working, waiting)]
    value = period.value(on) or 0
    due = _due(period, start, value, paused, calendar, working)
    extension = period.extension
    if extension is None:
        return [_clock(period, due, working)]
    noticed: date | None = getattr(facts, extension.noticed)
    if noticed is not None and noticed <= _day(due):
        longer = value + (in_force(extension.values, on) or 0)
        cited = "; ".join(extension.cite)
        working = [*working, f"Extended by the notice of {_say(noticed)}, given in time ({cited})."]
        return [_clock(period, _due(period, start, longer, paused, calendar, working), working)]
    if noticed is not None:
        working = [*working, f"The notice of {_say(noticed)} came after that day and extends nothing."]
    answer_by = _clock(period, due, working)
    if extension.clock is None:
        return [answer_by]
    return [answer_by, _clock(period, due, working, clock=extension.clock)]


def _clock(
    period: Period, due: Due | None, working: Iterable[str], missing: tuple[str, ...] = (), clock: str | None = None
) -> Clock:
    return Clock(
        id=clock or period.clock or "",
        due=due,
        working=tuple(working),
        missing=missing,
        period=period.id,
        cite=period.cite,
        basis=period.basis,
    )


def _start(period: Period, facts: Facts, on: date, working: list[str]) -> tuple[Due | None, tuple[str, ...]]:
    """The event from which the period counts, or the fact that would tell it."""
    start: Due | None = on
    event = RECEIPT
    if period.after != RECEIPT or period.unit == "hour":
        event = "received_at" if period.after == RECEIPT else period.after
        start = getattr(facts, event)
    if period.awaits:
        asked, received = (getattr(facts, name) for name in period.awaits)
        if asked is not None and received is None:
            working.append(f"Not begun: what was asked for on {_say(asked)} has not arrived.")
            return None, (period.awaits[1],)
        if received is not None and received > on:
            start, event = received, period.awaits[1]
    if start is None:
        return None, (event,)
    working.append(f"Counted from {event.replace('_', ' ')}, {_say(start)}.")
    return start, ()


def _paused(period: Period, facts: Facts, working: list[str]) -> tuple[int, tuple[str, ...]]:
    """Days that the law takes out of the count, and the fact that would end a pause still running."""
    if not period.pause:
        return 0, ()
    asked, received = (getattr(facts, name) for name in period.pause)
    if asked is None:
        return 0, ()
    if received is None:
        working.append(f"Paused since {_say(asked)}, until the answer arrives.")
        return 0, (period.pause[1],)
    # Both the day of asking and the day of the answer are left out of the count.
    days = (received - asked).days + 1
    working.append(f"Paused from {_say(asked)} to {_say(received)}: {days} days are not counted.")
    return days, ()


def _due(period: Period, start: Due, value: int, paused: int, calendar: Calendar, working: list[str]) -> Due:
    count: Callable[[Any, int, Calendar], Due] = _COUNT[period.unit]
    due = count(start, value, calendar)
    if isinstance(due, datetime):
        working.append(f"{_amount(value, period.unit)} at {_say(due)}.")
        return due
    due += timedelta(days=paused)
    working.append(
        f"{_amount(value, period.unit)} on {_say(due)}; the first day is not counted."
        if value
        else f"Due on {_say(due)}."
    )
    return _rolled(due, calendar, working) if period.rolls else due


def _rolled(due: date, calendar: Calendar, working: list[str]) -> date:
    day = due
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    if day != due:
        working.append(f"{_say(due)} is not a working day: the period ends on {_say(day)}.")
    return day


def add_months(day: date, count: int) -> date:
    """The same date `count` months on, or the last day of a shorter month (Reg. 1182/71 Art. 3(2)(c))."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def _business_days(day: date, count: int, calendar: Calendar) -> date:
    while count:
        day += timedelta(days=1)
        count -= calendar.is_working_day(day)
    return day


_COUNT: dict[str, Callable[[Any, int, Calendar], Due]] = {
    "day": lambda start, count, _: start + timedelta(days=count),
    "date": lambda start, _count, _calendar: start,
    "month": lambda start, count, _: add_months(start, count),
    "business_day": _business_days,
    "hour": lambda start, count, _: start + timedelta(hours=count),
}


def _amount(value: int, unit: str) -> str:
    words = unit.replace("_", " ")
    return f"{value} {words} ends" if value == 1 else f"{value} {words}s end"


def _day(due: Due) -> date:
    return due.date() if isinstance(due, datetime) else due


def _say(due: Due) -> str:
    day = f"{due:%A} {due.day} {due:%B} {due.year}"
    return f"{day}, {due:%H:%M %Z}" if isinstance(due, datetime) else day
