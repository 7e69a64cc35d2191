"""Until when the account of whoever is signed in gives nothing, as its pages say it."""

from zoneinfo import ZoneInfo

from requests_portal.web import display
from requests_portal.web.acts import person
from requests_portal.web.portal import the_portal
from requests_portal.work.cooling_off import cools_off_until


def held_until(zone: ZoneInfo) -> str:
    """The moment in words; empty while nothing is held back."""
    with the_portal().outside.reading() as work:
        ends = cools_off_until(work, person().account)
    return display.moment(ends, zone) if ends else ""
