"""Who is stopped because the law or the facts moved on reads what is different."""

from dataclasses import replace
from datetime import UTC, date, datetime

from a_house import WARRANT

from legal_rules.book import load
from legal_rules.facts import parse
from requests_portal.work.assess import as_record
from requests_portal.work.standing import what_changed

BOOK = load()
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
EVENING = "The period runs far past the event, and the paper gives no reason for the rest"


def assessed(**changes):
    known = {"track": "legal_demand"} | WARRANT | changes
    answer = BOOK.assess(
        parse({name: value for name, value in known.items() if value is not None}), on=date(2026, 11, 23)
    )
    return as_record(answer, at=NOON)


def test_a_rule_that_now_applies_is_named():
    short = assessed(range_from="2026-03-10", range_to="2026-03-16")

    assert f"“{EVENING}” now applies" in what_changed(short, assessed())


def test_a_rule_that_no_longer_applies_is_named():
    short = assessed(range_from="2026-03-10", range_to="2026-03-16")

    assert f"“{EVENING}” no longer applies" in what_changed(assessed(), short)


def test_a_rule_that_is_now_asked_about_is_named():
    assert f"“{EVENING}” is answered otherwise" in what_changed(
        assessed(), assessed(incident_from=None, incident_to=None)
    )


def test_a_line_that_alone_changes_is_named():
    one = assessed()
    first, *others = one.lines
    moved = replace(one, lines=(replace(first, disposition="object"), *others))

    assert what_changed(one, moved) == f"the proposal for line {first.line.id} changes"


def test_where_only_words_changed_it_says_so():
    assert what_changed(assessed(), assessed()) == "the rule book words or cites it differently"
