"""A period counts from the day of receipt where the request is answered, not from the day it was in Greenwich."""

from datetime import UTC, date, datetime, timedelta

from a_house import INES, MAYA, PACIFIC

from requests_portal.work.assess import assess
from requests_portal.work.correct import correct_facts


def due(house, case, name="answer"):
    with house.ledger.reading() as work:
        return next(clock.due for clock in work.clocks.of_case(case.id) if clock.name == name)


def test_a_request_of_a_californian_evening_counts_from_that_day(house):
    # Filed on Wednesday 18 November 2026 at 19:30 in Alder Flats, which is Thursday in Greenwich.
    house.now = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
    case = house.ask()
    assert case.received_at.astimezone(PACIFIC).date().isoformat() == "2026-11-18"

    assert due(house, case).astimezone(PACIFIC).date() == date(2026, 11, 18) + timedelta(days=45)


def test_assessing_again_moves_no_day(house):
    house.now = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
    case = house.file()
    before = due(house, case)

    house.act(assess, case.id, by=MAYA)
    house.act(correct_facts, case.id, {"offence_max_years": 5}, reason="Read again.", by=INES)

    assert due(house, case) == before
