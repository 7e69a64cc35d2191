"""Counting days, months and hours as the law does: what is left out, what rolls forward, and why."""

import calendar as months
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

Due = date | datetime
ONE_DAY = timedelta(days=1)
ONE_HOUR = timedelta(hours=1)
FRIDAY = 5


class Calendar(Protocol):
    """Which days a jurisdiction works; the law says what happens when a period ends on another."""

    def is_working_day(self, day: date, /) -> bool:
        """Whether that day is neither weekend nor public holiday."""
        ...


# The calendar of a jurisdiction by its code: "US" for federal days, "US-CA", "DE", "EU" …
Calendars = Callable[[str], Calendar]


@dataclass(frozen=True)
class Weekdays:
    """Monday to Friday, less the given public holidays."""

    holidays: frozenset[date] = frozenset()

    def is_working_day(self, day: date, /) -> bool:
        """Whether that day is neither weekend nor one of the holidays."""
        return day.isoweekday() <= FRIDAY and day not in self.holidays


@dataclass(frozen=True)
class Step:
    """One sentence of a working, put into words only when somebody reads it."""

    sentence: str
    said: tuple[object, ...] = ()

    def __str__(self) -> str:
        return self.sentence.format(*map(_words, self.said))


@dataclass(frozen=True)
class _Length:
    """How long a period is, in words."""

    value: int
    unit: str

    def __str__(self) -> str:
        words = self.unit.replace("_", " ")
        return f"{self.value} {words} ends" if self.value == 1 else f"{self.value} {words}s end"


# How a period is counted: as its number says, or rolling forward by the authority named.
PLAIN = "calendar"
HOUSE = "house"
US_RULES = "us_rules"
REG_1182_71 = "reg_1182_71"
_ROLLS_BY = {
    HOUSE: "",
    US_RULES: " (Fed. R. Crim. P. 45(a)(1)(C); Fed. R. Civ. P. 6(a)(1)(C))",
    REG_1182_71: " (Reg. 1182/71 Art. 3(4))",
}
COUNTED = frozenset({PLAIN, *_ROLLS_BY})
WORKING_DAYS = frozenset({"business_day", "court_day"})
# Reg. 1182/71 Art. 3(5): a period of two days or more has at least two working days in it.
TWO = 2


@dataclass(frozen=True)
class Count:
    """Counting from one event: by which rules, with whose calendar, and the working so far."""

    counted: str
    calendar: Calendar
    whose: str
    working: list[Step]

    def end(self, start: Due, value: int, unit: str, *, paused: int = 0) -> Due:
        """When the period ends; `paused` days are left out of a count of days, months or years."""
        if isinstance(start, datetime) and unit == "hour":
            return self._hours(start, value)
        first = day_of(start)
        due = self._naive(first, value, unit) + paused * ONE_DAY
        if unit == "date":
            self._note("Due on {}.", due)
        else:
            self._note("{} on {}; the first day is not counted.", _Length(value, unit), due)
        if unit in WORKING_DAYS:
            self._note_holidays(first, due)
        if self.counted == PLAIN:
            return due
        rolled = self._rolled(due)
        # A count of working days says itself how many lie in it.
        two_days = unit not in WORKING_DAYS and due - first >= TWO * ONE_DAY
        return self._with_two_working_days(first, rolled) if two_days else rolled

    def _naive(self, start: date, value: int, unit: str) -> date:
        if unit in WORKING_DAYS:
            return self._after_working_days(start, value)
        if unit in {"month", "year"}:
            return add_months(start, value * 12 if unit == "year" else value)
        return start + value * ONE_DAY

    def _after_working_days(self, day: date, count: int) -> date:
        while count:
            day += ONE_DAY
            count -= self.calendar.is_working_day(day)
        return day

    def _rolled(self, due: date) -> date:
        day = due
        while not self.calendar.is_working_day(day):
            day += ONE_DAY
        if day != due:
            self._note_holidays(due - ONE_DAY, day)
            rolls = "{} is not a working day: the period ends on {}" + _ROLLS_BY[self.counted] + "."
            self._note(rolls, due, day)
        return day

    def _with_two_working_days(self, start: date, due: date) -> date:
        if self.counted != REG_1182_71:
            return due
        second = self._after_working_days(start, TWO)
        if second > due:
            self._note("Two working days must lie in it (Reg. 1182/71 Art. 3(5)): the period ends on {}.", second)
        return max(due, second)

    def _hours(self, start: datetime, value: int) -> datetime:
        due = _later(start, value * ONE_HOUR)
        self._note("{} on {}.", _Length(value, "hour"), due)
        if self.counted == REG_1182_71:
            latest = _later(_next_hour(start), value * ONE_HOUR)
            self._note(
                "The hour it counts from is not counted (Reg. 1182/71 Art. 3(1)): by law {} at the latest.", latest
            )
            self._note("We work to the earlier.")
        return self._rolled_hours(due) if self.counted == US_RULES else due

    def _rolled_hours(self, due: datetime) -> datetime:
        moment = due
        while not self.calendar.is_working_day(moment.date()):
            moment += ONE_DAY
        if moment != due:
            self._note_holidays(due.date() - ONE_DAY, moment.date())
            rolls = "{} is not a working day: it ends at the same hour on {} (Fed. R. Crim. P. 45(a)(2)(C))."
            self._note(rolls, due.date(), moment)
        return moment

    def _note_holidays(self, after: date, before: date) -> None:
        for day in _between(after, before):
            if day.isoweekday() <= FRIDAY and not self.calendar.is_working_day(day):
                self._note("{} is a public holiday ({}).", day, self.whose)

    def _note(self, sentence: str, *said: object) -> None:
        self.working.append(Step(sentence, said))


def add_months(day: date, count: int) -> date:
    """The same date `count` months on, or the last day of a shorter month (Reg. 1182/71 Art. 3(2)(c))."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def day_of(due: Due) -> date:
    """The day of a moment on its own clock, or the day itself."""
    return due.date() if isinstance(due, datetime) else due


def _between(after: date, before: date) -> Iterator[date]:
    return (after + n * ONE_DAY for n in range(1, (before - after).days))


def _later(start: datetime, by: timedelta) -> datetime:
    # Hours that pass, not hours of the clock on the wall, which may be put forward or back meanwhile.
    return (start.astimezone(UTC) + by).astimezone(start.tzinfo)


def _next_hour(start: datetime) -> datetime:
    begun = timedelta(minutes=start.minute, seconds=start.second, microseconds=start.microsecond)
    return _later(start, ONE_HOUR - begun)


def _words(said: object) -> str:
    return say(said) if isinstance(said, date) else str(said)


def say(due: Due) -> str:
    """A day or moment in words: "Friday 3 April 2026", "Monday 7 September 2026, 14:10 UTC+02:00"."""
    day = f"{due:%A} {due.day} {due:%B} {due.year}"
    return f"{day}, {due:%H:%M %Z}" if isinstance(due, datetime) else day
