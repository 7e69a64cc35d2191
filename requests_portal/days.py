"""What day it is, and which days are working days where."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

import holidays

from legal_rules.counting import FRIDAY

# Reg. 1182/71 Art. 2(1) means the public holidays of the State where our representative answers. Nobody has told the
# desk which that is, and with weekends alone a period never ends later than it should.
_WITHOUT_HOLIDAYS = frozenset({"", "EU"})
# Days of remembrance on which courts and offices are open: Cal. Code Civ. Proc. § 135 and Cal. Gov. Code § 6700.
_OPEN = {"US-CA": frozenset({"Susan B. Anthony Day", "Diwali"})}


def now() -> datetime:
    """The moment it is, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class WorkingDays:
    """Monday to Friday, less the public holidays of one jurisdiction in whatever year."""

    jurisdiction: str

    def is_working_day(self, day: date, /) -> bool:
        """Whether that day is neither weekend nor public holiday there."""
        return day.isoweekday() <= FRIDAY and day not in _holidays(self.jurisdiction, day.year)


@cache
def working_days(jurisdiction: str) -> WorkingDays:
    """The calendar of a country or subdivision: "DE", "US-CA", or "US" for the legal holidays of federal courts."""
    return WorkingDays(jurisdiction)


@cache
def _holidays(jurisdiction: str, year: int) -> frozenset[date]:
    if jurisdiction in _WITHOUT_HOLIDAYS:
        return frozenset()
    code, _, subdivision = jurisdiction.partition("-")
    is_open = _OPEN.get(jurisdiction, frozenset())
    try:
        listed = holidays.country_holidays(code, subdiv=subdivision or None, years=year)
        return frozenset(day for day, name in listed.items() if name not in is_open)
    except NotImplementedError:
        # A subdivision without a list of its own has at least its country's days; a country without one, weekends.
        return _holidays(code, year) if subdivision else frozenset()
