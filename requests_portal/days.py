"""What day it is, and which days are working days where."""

from datetime import UTC, datetime
from functools import cache

import holidays

from legal_rules.periods import Weekdays

LAST_YEAR = 9999


def now() -> datetime:
    """The moment it is, in UTC."""
    return datetime.now(UTC)


@cache
def working_days(country: str, year: int) -> Weekdays:
    """The calendar of a country or subdivision, such as "DE" or "US-CA", for what is counted from a day of `year`."""
    code, _, subdivision = country.partition("-")
    # No time limit is longer than a year, so what begins in this one ends in the next at the latest.
    years = range(year, min(LAST_YEAR, year + 1) + 1)
    try:
        return Weekdays(frozenset(holidays.country_holidays(code, subdiv=subdivision or None, years=years)))
    except NotImplementedError:
        return working_days(code, year) if subdivision else Weekdays()
