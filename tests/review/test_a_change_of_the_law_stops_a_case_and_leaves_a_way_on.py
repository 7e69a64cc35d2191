"""The e-Evidence Regulation applies from 18 August 2026: a case that is open on that day is stopped, not stuck."""

from datetime import UTC, date, datetime

import pytest
from a_house import MAYA, PACIFIC, WARRANT

from requests_portal.work.assess import assess
from requests_portal.work.standing import MovedOn, still_stands

EPOC = WARRANT | {
    "issuer": "eu_state",
    "issuer_state": None,
    "issuer_role": "investigating_judge",
    "validated_by": "none",
    "process": "epoc",
    "issued_on": "2026-08-03",
    "served_on": "2026-08-07",
    "channel": "judex",
    "offence_max_years": 10,
    "listed_offence": False,
}


def test_who_assesses_again_can_go_on(house):
    house.now = datetime(2026, 8, 12, 9, tzinfo=UTC)
    case = house.check(house.file(EPOC))
    decided = house.decide(case)
    assert decided.assessment.disposition == "object"
    house.now = datetime(2026, 8, 20, 9, tzinfo=UTC)
    with pytest.raises(MovedOn, match="Assess the case again"):
        house.act(still_stands, decided)

    house.act(assess, case.id, by=MAYA)
    again = house.decide(case)

    assert again.assessment.disposition != "object"
    house.act(still_stands, again)


def test_the_days_still_count_from_the_receipt(house):
    house.now = datetime(2026, 8, 25, 9, tzinfo=UTC)
    case = house.file(EPOC)
    house.now = datetime(2026, 8, 27, 9, tzinfo=UTC)

    house.act(assess, case.id, by=MAYA)

    with house.ledger.reading() as work:
        answer = next(clock.due for clock in work.clocks.of_case(case.id) if clock.name == "answer")
    # Received on Thursday 20 August; ten days end on Sunday the 30th, so on Monday.
    assert answer.astimezone(PACIFIC).date() == date(2026, 8, 31)
