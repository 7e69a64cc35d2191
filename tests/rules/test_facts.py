"""Facts are read strictly, survive their JSON form, and unknown names meet their nearest neighbour."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings

from legal_rules.errors import BadFactValue, ContradictoryFacts, UnknownFact
from legal_rules.facts import Facts, confirmed, dump, parse
from tests.rules.strategies import MAYBE_KNOWN, WHOLLY_KNOWN


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MAYBE_KNOWN | WHOLLY_KNOWN)
def test_facts_survive_their_json(facts):
    assert parse(json.loads(json.dumps(dump(facts)))) == facts


def test_only_what_is_established_is_written():
    assert dump(parse({"signed": False, "accounts": ["marsh", "kettle"]})) == {
        "signed": False,
        "accounts": ["kettle", "marsh"],
    }


def test_an_unknown_fact_is_refused_with_the_nearest_known_one():
    with pytest.raises(UnknownFact, match=r"“proces”.*“process”"):
        parse({"proces": "search_warrant"})


def test_an_unknown_value_is_refused_with_the_nearest_known_one():
    with pytest.raises(BadFactValue, match=r"process.*search_warant.*Did you mean “search_warrant”") as refused:
        parse({"process": "search_warant"})

    assert refused.value.nearest == "search_warrant"
    assert refused.value.got == "search_warant"


def test_a_name_like_nothing_gets_no_suggestion():
    with pytest.raises(UnknownFact) as refused:
        parse({"zzzzqqq": 1})

    assert refused.value.nearest is None
    assert "Did you mean" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("signed", "yes"),
        ("signed", None),
        ("signed", 1),
        ("seeks", "audio"),
        ("seeks", ["voice"]),
        ("seeks", [["audio"]]),
        ("accounts", [3]),
        ("accounts", [" "]),
        ("issued_on", "02/03/2026"),
        ("issued_on", "2026-03-02T10:00:00Z"),
        ("received_at", "2026-03-02T10:00:00"),
        ("received_at", "yesterday"),
        ("range_to", "9999-12-31"),
        ("range_to", "9999-12-31T23:00:00-08:00"),
        ("range_from", "0001-01-01T00:00:00+02:00"),
        ("offence_max_years", -1),
        ("offence_max_years", True),
        ("offence_max_years", "3"),
        ("data_subject_country", ""),
        ("data_subject_country", "Germany"),
        ("data_subject_country", "de"),
        ("data_subject_country", " DE"),
        ("data_subject_country", "UK"),
        ("data_subject_country", "EL"),
        ("issued_on", 20260504),
        ("track", None),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_by_name(name, value):
    with pytest.raises(BadFactValue, match=f"“{name}”"):
        parse({name: value})


def test_a_bare_day_ends_with_that_day():
    facts = parse({"range_from": "2026-03-01", "range_to": "2026-03-07"})

    assert facts.range_from == datetime(2026, 3, 1, tzinfo=UTC)
    assert facts.range_to == datetime(2026, 3, 8, tzinfo=UTC)


def test_a_moment_keeps_the_day_of_its_own_offset():
    facts = parse({"received_at": "2026-03-02T23:30:00-08:00"})

    assert facts.received_at == datetime(2026, 3, 2, 23, 30, tzinfo=timezone(timedelta(hours=-8)))
    assert facts.received_at.date() == date(2026, 3, 2)


@pytest.mark.parametrize(
    "raw",
    [
        {"range_from": "2026-03-07", "range_to": "2026-03-01"},
        {"incident_from": "2026-03-07T10:00:00Z", "incident_to": "2026-03-07T10:00:00Z"},
        {"range_stated": False, "range_to": "2026-03-01"},
        {"range_stated": False, "range_to_open": True},
        {"range_to_open": True, "range_to": "2026-03-01"},
        {"incident_stated": False, "incident_from": "2026-03-01"},
        {"nondisclosure_end_stated": False, "nondisclosure_ends_on": "2026-09-01"},
        {"nondisclosure_requested": False, "nondisclosure_order": True},
        {"issued_on": "2026-05-10", "served_on": "2026-05-06"},
    ],
    ids=str,
)
def test_facts_that_contradict_each_other_are_refused(raw):
    with pytest.raises(ContradictoryFacts):
        parse(raw)


def test_a_confirmed_paper_says_no_to_what_it_does_not_say():
    read = confirmed(parse({"track": "legal_demand", "range_from": "2026-03-01"}))

    assert read.signed is False
    assert read.accounts == frozenset()
    assert read.range_stated is True
    assert read.incident_stated is False


def test_confirming_the_paper_establishes_nothing_about_the_world():
    read = confirmed(Facts())

    assert read.requester_verified is None
    assert read.identity_verified is None
    assert read.issued_on is None
    assert read.process is None
