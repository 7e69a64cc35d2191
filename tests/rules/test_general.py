"""What any legal demand may be objected to, each beside its nearest neighbour that is in order."""

from datetime import UTC, date, datetime

import pytest

from legal_rules.facts import confirmed, parse
from legal_rules.scope import Interval
from tests.rules.test_assessments import CIVIL, EPOC, RECEIVED, SUBPOENA, WARRANT, assess, grounds
from tests.rules.test_cases import BOOK

NO_RANGE = {name: value for name, value in WARRANT.items() if not name.startswith("range_")}
NO_EVENT = {name: value for name, value in NO_RANGE.items() if not name.startswith("incident_")}
NOBODY = WARRANT | {"accounts": [], "area": False, "all_users": False, "keywords": []}
NOBODY |= {"named_people": [], "place_described": False}
SEVEN = ["audio", "transcript", "subscriber", "identification", "connections", "devices", "human_review_log"]
TWENTY_SIX = [f"DD-{number}" for number in range(26)]


# ruff: noqa: E501 — a table of neighbours reads in rows
# What is wrong, with its ground and answer; and what its neighbour in order says instead.
NEIGHBOURS = [
    ("no period, no event", NO_EVENT | {"range_stated": False, "incident_stated": False}, "NO_DATE_RANGE", "narrow", {"range_stated": True, "range_from": "2026-10-18", "range_to": "2026-10-22"}),
    ("no period for a dated event", NO_RANGE | {"range_stated": False}, "NO_DATE_RANGE", "narrow", {"range_stated": True, "range_from": "2026-10-10", "range_to_open": True}),
    ("half a year for one evening", WARRANT | {"range_from": "2026-04-18"}, "EXCESSIVE_DATE_RANGE", "narrow", {"range_from": "2026-10-08"}),
    ("the month after it, to the present", {k: v for k, v in WARRANT.items() if k != "range_to"} | {"range_to_open": True, "issued_on": "2026-11-20", "served_on": "2026-11-20"}, "EXCESSIVE_DATE_RANGE", "narrow", {"issued_on": "2026-11-02"}),
    ("a man by his name alone", NOBODY | {"named_people": ["Ansel Roe"]}, "NO_ACCOUNT", "clarify", {"accounts": ["marsh"], "named_people": []}),
    ("a household by its address", NOBODY | {"place_described": True}, "NO_ACCOUNT", "clarify", {"devices": ["DD-7731"], "place_described": False}),
    ("every customer", NOBODY | {"all_users": True}, "BULK", "object", {"accounts": ["marsh"]}),
    ("twenty-six speakers", WARRANT | {"accounts": [], "devices": TWENTY_SIX}, "BULK", "escalate", {"devices": TWENTY_SIX[:25]}),
    ("any and all data", WARRANT | {"catch_all": True}, "CATCH_ALL", "narrow", {"catch_all": False}),
    ("twenty kinds of data", WARRANT | {"seeks": SEVEN, "categories_listed": 20}, "CATCH_ALL", "narrow", {"categories_listed": 7}),
    ("a party's subpoena without a reason", CIVIL | {"seeks": ["subscriber"], "nexus_stated": False}, "NO_NEXUS", "clarify", {"nexus_stated": True}),
    ("a paper without a signature", WARRANT | {"signed": False}, "UNSIGNED", "object", {"signed": True}),
    ("a paper of nobody", WARRANT | {"issuer_named": False}, "MISSING_ISSUER", "object", {"issuer_named": True}),
    ("what another company holds", WARRANT | {"circumstances": ["held_by_another_company"]}, "WRONG_ENTITY", "object", {"circumstances": []}),
    ("what was deleted in part", WARRANT | {"circumstances": ["partly_deleted"], "held_from": "2026-10-20"}, "CONTENT_NOT_HELD", "narrow", {"circumstances": []}),
    ("what the microphone never kept", WARRANT | {"seeks": ["audio", "data_never_held"]}, "CONTENT_NOT_HELD", "narrow", {"seeks": ["audio"]}),
    ("what was answered before", WARRANT | {"circumstances": ["answered_before"], "answered_from": "2026-10-18", "answered_to": "2026-10-19"}, "DUPLICATE", "narrow", {"circumstances": []}),
    ("bystanders by name", WARRANT | {"third_parties_sought": True}, "THIRD_PARTIES", "narrow", {"third_parties_sought": False}),
    ("next month too", WARRANT | {"seeks": ["audio", "future_data"]}, "PROSPECTIVE", "narrow", {"seeks": ["audio"]}),
    ("a list that was not attached", WARRANT | {"seeks": []}, "INCOMPLETE", "clarify", {"seeks": ["audio"]}),
    ("an e-mail nobody confirmed", WARRANT | {"requester_verified": False}, "AUTHENTICITY", "verify_requester", {"requester_verified": True}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "ground", "disposition"), [row[1:4] for row in NEIGHBOURS], ids=[r[0] for r in NEIGHBOURS]
)
def test_what_is_wrong_is_raised_and_nothing_else(wrong, ground, disposition):
    assessment = assess(wrong)

    assert grounds(assessment) == {ground}
    assert assessment.disposition == disposition


@pytest.mark.parametrize(
    ("wrong", "cure"), [(row[1], row[4]) for row in NEIGHBOURS], ids=[row[0] for row in NEIGHBOURS]
)
def test_its_neighbour_in_order_is_complied_with(wrong, cure):
    assessment = assess(wrong | cure)

    assert grounds(assessment) == set()
    assert assessment.disposition == "comply"


def test_a_fax_that_nobody_confirmed_is_served_improperly_and_one_through_the_portal_is_not():
    fax = WARRANT | {"requester_verified": False, "channel": "fax"}

    assert "IMPROPER_SERVICE" in grounds(assess(fax))
    assert "IMPROPER_SERVICE" not in grounds(assess(fax | {"channel": "portal"}))


def test_to_the_present_ends_with_the_day_of_issue_and_asks_for_no_future():
    assessment = assess({k: v for k, v in WARRANT.items() if k != "range_to"} | {"range_to_open": True})
    (audio, _) = assessment.lines

    assert grounds(assessment) == set()
    # The day of issue ends last at UTC-12.
    assert audio.line.interval.end == datetime(2026, 11, 3, 12, tzinfo=UTC)


def test_bystanders_are_not_silenced_before_the_issuer_agrees_or_a_court_decides():
    assessment = assess(WARRANT | {"third_parties_sought": True})

    assert all(line.proposed == line.line.scope for line in assessment.lines)
    assert assessment.withheld == ()


def test_only_the_days_that_were_not_answered_are_proposed_again():
    earlier = {"circumstances": ["answered_before"], "answered_from": "2026-10-18", "answered_to": "2026-10-20"}

    (audio, subscriber) = assess(WARRANT | earlier).lines

    assert audio.proposed.interval == Interval(datetime(2026, 10, 21, tzinfo=UTC), datetime(2026, 10, 23, tzinfo=UTC))
    # A preference of the house: a lawyer may produce all of it again.
    assert audio.permitted == audio.line.scope
    assert subscriber.proposed == subscriber.line.scope


def test_what_an_earlier_answer_covers_is_asked_and_only_what_has_a_date_waits_for_it():
    assessment = assess(WARRANT | {"circumstances": ["answered_before"]})
    (audio, subscriber) = assessment.lines

    assert assessment.disposition == "clarify"
    assert {"answered_from", "answered_to"} <= set(assessment.missing)
    assert audio.proposed is None
    assert subscriber.proposed == subscriber.line.scope


@pytest.mark.parametrize(("first", "last"), [("2025-10-18", "2025-10-22"), ("2026-10-23", "2026-10-31")])
def test_an_earlier_answer_for_other_days_is_no_duplicate(first, last):
    assessment = assess(WARRANT | {"circumstances": ["answered_before"], "answered_from": first, "answered_to": last})

    assert (assessment.disposition, grounds(assessment)) == ("comply", set())


def test_the_future_is_objected_to_once_and_not_as_too_long_a_period():
    future = WARRANT | {"range_from": "2026-11-01", "range_to": "2026-12-01"}

    (audio, _) = assess(future | {"incident_from": "2026-11-01", "incident_to": "2026-11-02"}).lines

    assert audio.grounds == ("PROSPECTIVE",)


@pytest.mark.parametrize("process", ["search_warrant", "grand_jury_subpoena", "emergency_request"])
def test_a_number_that_only_the_paper_gives_confirms_nobody(process):
    post = WARRANT | {"process": process, "channel": "post", "seeks": ["subscriber"]}
    post |= {"emergency_danger": True, "emergency_immediate": True, "emergency_attested": True}

    rung = assess(post | {"verified_how": "contact_in_the_paper"})
    found = assess(post | {"verified_how": "call_back"})

    assert (rung.disposition, grounds(rung) - {None}) == ("verify_requester", {"AUTHENTICITY"})
    assert found.disposition in {"comply", "comply_voluntarily"}


def test_what_is_left_of_deleted_recordings_is_proposed_and_no_lawyer_can_give_more():
    gone = {"circumstances": ["partly_deleted"], "held_from": "2026-10-20"}

    (audio, subscriber) = assess(WARRANT | gone).lines

    assert audio.proposed == audio.permitted
    assert audio.proposed.interval.start == datetime(2026, 10, 20, tzinfo=UTC)
    assert subscriber.proposed == subscriber.line.scope


def test_a_street_and_a_man_in_it_are_two_objections():
    street = NOBODY | {"area": True}

    assert "NO_ACCOUNT" not in grounds(assess(street))
    assert grounds(assess(street | {"named_people": ["Ansel Roe"]})) == grounds(assess(street)) | {"NO_ACCOUNT"}


@pytest.mark.parametrize("paper", [WARRANT, SUBPOENA | {"seeks": ["subscriber"]}, EPOC])
def test_a_paper_read_through_asks_nothing_about_what_it_does_not_say(paper):
    spoken_of = {name: value for name, value in paper.items() if value not in (False, [])}
    world = {"account_flags": [], "circumstances": []}

    assert BOOK.assess(confirmed(parse(spoken_of | world)), on=RECEIVED).disposition == "comply"


def test_a_long_list_of_old_papers_is_no_list_since_shipp():
    long = WARRANT | {"seeks": SEVEN, "categories_listed": 20}

    assert "CATCH_ALL" not in grounds(assess(long, on=date(2019, 8, 5)))
    assert "CATCH_ALL" in grounds(assess(long, on=date(2019, 8, 6)))
