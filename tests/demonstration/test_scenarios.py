import re
from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest

from legal_rules.facts import parse
from legal_rules.scope import demand_lines
from requests_portal.demonstration.demands import six_months
from requests_portal.demonstration.filing import Mood, Stage
from requests_portal.demonstration.papers import INVENTED, paper_text
from requests_portal.demonstration.people import CUSTOMERS, MARSH, PERSONAS
from requests_portal.demonstration.scenarios import scenarios
from requests_portal.demonstration.world import invent

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
WORLD = invent(TODAY)
ALL = scenarios(WORLD, NOW)
each = pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.key)


def told(key):
    return next(scenario for scenario in ALL if scenario.key == key)


@each
def test_the_facts_are_words_the_rule_book_knows(scenario):
    facts = parse(scenario.facts)

    assert facts.track == scenario.track
    assert demand_lines(facts)


@each
def test_the_dates_are_in_order(scenario):
    facts = parse(scenario.facts)

    assert scenario.received_at == facts.received_at <= NOW
    assert facts.issued_on is None or facts.issued_on <= facts.served_on
    assert facts.court_return_on is None or facts.court_return_on > facts.issued_on


@pytest.mark.parametrize("hour", range(24))
def test_whenever_the_demonstration_starts_its_facts_contradict_nothing(hour):
    begun = datetime(2026, 11, 23, hour, 20, tzinfo=UTC)

    for scenario in scenarios(WORLD, begun):
        assert parse(scenario.facts).received_at <= begun


@each
def test_the_account_is_a_customer_s_and_the_assignee_one_of_us(scenario):
    known = {customer.account for customer in CUSTOMERS}

    assert set(scenario.facts["accounts"]) <= known
    assert scenario.account is None or scenario.facts["accounts"] == [scenario.account]
    assert (scenario.account is None) == (scenario.track == "legal_demand")
    assert scenario.assignee is None or scenario.assignee in {persona.id for persona in PERSONAS}


@each
def test_the_paper_says_that_it_is_invented_and_holds_the_quoted_words(scenario):
    text = paper_text(scenario)

    assert text[0] == INVENTED
    assert scenario.title in text
    assert scenario.quotes
    assert all(words in scenario.body[int(place.split()[1]) - 1] for words, place in scenario.quotes)


@each
def test_whoever_writes_can_be_reached_only_at_an_example_address(scenario):
    assert re.fullmatch(r"[a-z0-9.]+@([a-z-]+\.)?example\.(org|com)", scenario.asker.email)


@each
def test_whatever_has_moved_on_had_its_requester_verified(scenario):
    if scenario.stage not in {"received", "assessed", "waiting_for_requester"}:
        assert scenario.checked


def test_about_thirty_cases_stand_in_every_stage_and_every_mood():
    assert 26 <= len(ALL) <= 32
    assert {scenario.stage for scenario in ALL} == set(get_args(Stage))
    assert {scenario.mood for scenario in ALL} == set(get_args(Mood))
    assert len({scenario.key for scenario in ALL}) == len(ALL)
    assert [scenario.received_at for scenario in ALL] == sorted(scenario.received_at for scenario in ALL)


def test_every_kind_of_demand_and_right_is_there():
    processes = {scenario.facts.get("process") for scenario in ALL}
    countries = {scenario.facts.get("data_subject_country") for scenario in ALL}

    assert {
        "search_warrant",
        "d_order",
        "grand_jury_subpoena",
        "administrative_subpoena",
        "civil_subpoena",
        "defense_subpoena",
        "preservation_letter",
        "emergency_request",
        "epoc",
        "agreement_order",
        "foreign_request",
    } <= processes
    assert {"DE", "FR", "GB", "US-CA", "BR", "GR"} <= countries
    assert {scenario.facts.get("right") for scenario in ALL} >= {"access", "portability", "erasure"}


@pytest.mark.parametrize("today", [TODAY, date(2027, 3, 1), date(2028, 2, 29), date(2026, 12, 31)])
def test_the_main_warrant_demands_six_calendar_months_and_hundreds_of_recordings(today):
    world = invent(today)
    now = datetime(today.year, today.month, today.day, 9, tzinfo=UTC)
    warrant = next(scenario for scenario in scenarios(world, now) if scenario.key == "six-month-warrant")
    facts = parse(warrant.facts)

    matched = [r for r in world.of(MARSH) if facts.range_from <= r.recorded_at < facts.range_to]

    assert timedelta(days=180) < facts.range_to - facts.range_from < timedelta(days=185)
    assert len(matched) >= 250
    assert facts.range_from < facts.incident_from < facts.incident_to < facts.range_to < now
    assert (facts.incident_from, facts.incident_to) == (world.incident.start, world.incident.end)
    assert six_months(world)[0].day == 1


def test_a_paper_without_a_signature_shows_none():
    unsigned, signed = paper_text(told("unsigned-warrant")), paper_text(told("six-month-warrant"))

    assert not any(line.startswith("Signed:") for line in unsigned)
    assert signed[-1] == "Signed: Deputy R. Pinecone"


@pytest.mark.parametrize("key", ["subpoena-for-subscriber", "californian-know", "german-access-before"])
def test_what_is_to_be_produced_exists(key):
    facts = parse(told(key).facts)
    (account,) = facts.accounts

    matched = [r for r in WORLD.of(account) if facts.range_from <= r.recorded_at < facts.range_to]

    assert matched
