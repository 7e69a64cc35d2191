"""The last day, the exact number, the empty interval: where one step more changes the answer."""

from datetime import UTC, date, datetime

import pytest

from legal_rules.conditions import CONDITIONS
from legal_rules.disposition import of_line, of_request
from legal_rules.facts import parse
from legal_rules.scope import Interval
from tests.rules.test_assessments import SUBPOENA, assess
from tests.rules.test_cases import BOOK, TODAY


def says(phrase, raw):
    return CONDITIONS[phrase].test(parse(raw), BOOK.terms(TODAY))


def test_an_interval_that_ends_where_it_begins_is_empty():
    noon = datetime(2026, 3, 3, 12, tzinfo=UTC)

    assert Interval(noon, noon).is_empty


@pytest.mark.parametrize(("count", "many"), [(25, False), (26, True)])
def test_as_many_accounts_as_the_house_answers_are_not_too_many(count, many):
    demand = {"accounts": [f"account-{n}" for n in range(count)], "devices": []}

    assert says("more accounts or devices than the house answers at once", demand) is many


@pytest.mark.parametrize(("moment", "late"), [("2026-03-03T12:00:00Z", False), ("2026-03-03T12:00:01Z", True)])
def test_the_day_of_issue_ends_where_on_earth_it_ends_last(moment, late):
    asked = {"seeks": ["audio"], "issued_on": "2026-03-02", "range_to": moment}

    assert says("demand reaches past the day of issue", asked) is late


def test_while_nobody_knows_what_is_sought_it_may_be_the_future():
    assert says("demand reaches past the day of issue", {"range_stated": False}) is None


def test_an_extension_told_on_the_last_day_counts():
    person = {"track": "data_subject", "data_subject_country": "DE", "extension_notified_on": "2026-04-03"}

    (answer, *_) = BOOK.assess(parse(person), on=date(2026, 3, 3)).clocks

    assert answer.due == date(2026, 6, 3)


def test_a_ground_that_is_only_asked_about_is_not_among_a_line_s_grounds():
    unsigned_or_not = {name: value for name, value in SUBPOENA.items() if name != "signed"}

    audio, subscriber = assess(unsigned_or_not | {"seeks": ["audio", "subscriber"]}).lines

    assert audio.grounds == ("CATEGORY_NOT_REACHABLE",)
    assert subscriber.grounds == ()
    assert subscriber.disposition == "clarify"


def test_a_line_to_be_clarified_beside_one_that_is_answered_narrows_the_whole():
    assert of_request([("clarify", False), ("comply", True)], ["clarify"]) == "narrow"
    assert of_request([("clarify", False)], ["clarify"]) == "clarify"
    assert of_line(demanded_all=False, proposes_any=True, outcomes=["clarify"]) == "narrow"
