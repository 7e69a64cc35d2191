"""Lives may hang on an emergency request: its clock counts hours, and it opens what relates to it, no more."""

from datetime import date, datetime, timedelta

import pytest

from legal_rules.book import load
from legal_rules.facts import confirmed, parse

BOOK = load()
RECEIVED = "2026-11-03T22:12:00-08:00"
KIDNAPPING = {
    "track": "legal_demand",
    "issuer": "us_state",
    "issuer_state": "CA",
    "issuer_named": True,
    "issuer_role": "police",
    "process": "emergency_request",
    "requester_verified": True,
    "channel": "portal",
    "received_at": RECEIVED,
    "accounts": ["marsh"],
    "seeks": ["connections", "subscriber"],
    "emergency_danger": True,
    "emergency_immediate": True,
    "emergency_attested": True,
}


def answer(**facts):
    return BOOK.assess(confirmed(parse(KIDNAPPING | facts)), on=date(2026, 11, 3))


def proposed(assessment, data_class):
    return next(line.proposed for line in assessment.lines if line.line.data_class == data_class)


@pytest.mark.parametrize("shown", [True, False])
def test_an_emergency_request_is_answered_within_hours_of_its_receipt(shown):
    clock = next(each for each in answer(emergency_immediate=shown).clocks if each.id == "answer")

    assert clock.due == datetime.fromisoformat(RECEIVED) + timedelta(hours=4)
    assert clock.basis == "policy"


def test_without_a_period_only_the_days_around_the_danger_are_proposed():
    assessment = answer()

    assert assessment.disposition == "narrow"
    assert proposed(assessment, "connections").interval.start == datetime.fromisoformat(RECEIVED) - timedelta(days=14)
    assert proposed(assessment, "subscriber") is not None


def test_an_hour_is_not_lost_for_a_short_period_of_its_own():
    assessment = answer(range_from="2026-11-02", range_to="2026-11-03", incident_from="2026-11-03")

    assert assessment.disposition == "comply_voluntarily"
    assert all(line.proposed == line.line.scope for line in assessment.lines)


@pytest.mark.parametrize("country", ["JP", "US-NH", "IN"])
def test_a_person_in_a_country_that_nobody_checked_has_a_day_by_which_they_hear_from_us(country):
    person = {"track": "data_subject", "right": "access", "data_subject_country": country, "identity_verified": True}
    assessment = BOOK.assess(parse(person), on=date(2026, 11, 3))

    clock = next(each for each in assessment.clocks if each.id == "answer")
    assert (clock.due, clock.basis) == (date(2026, 12, 3), "policy")
