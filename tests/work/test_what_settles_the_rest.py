"""What is left out of a court's order names who agreed, or the motion and its date."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from a_house import MAYA, NOW, SUBPOENA, TOMAS, WARRANT, ruling

from legal_rules.scope import Scope
from requests_portal.errors import Conflict, Unusable
from requests_portal.model.settlement import RAISED, Settlement
from requests_portal.work.decide import Choice, decide
from requests_portal.work.settle import settle

AGREED = Settlement(way="agreed", who="Deputy R. Pinecone, Alder County Sheriff", on=date(2026, 11, 19))
MOTION = Settlement(way="motion", who="Alder County Superior Court", on=date(2026, 11, 20), number="26-MC-0114")


@pytest.fixture
def warrant(house):
    """Six months demanded for one evening."""
    return house.check(house.file())


def decided(house, case, **changes):
    made = replace(ruling(house.case(case.id)), **changes)
    return house.act(decide, case.id, made, by=MAYA)


def rows(house, case):
    return {row.name: row for row in house.act(lambda work: work.clocks.of_case(case.id))}


def test_a_narrowed_warrant_is_raised_until_somebody_agrees(house, warrant):
    narrowed = decided(house, warrant)

    assert narrowed.decision.settlement == RAISED
    waiting = rows(house, warrant)
    assert waiting["settle"].due == waiting["answer"].due
    assert waiting["settle"].met_at is None


def test_an_agreement_names_who_and_when_and_is_kept_with_the_decision(house, warrant):
    narrowed = decided(house, warrant, settlement=AGREED)

    assert narrowed.decision.settlement == AGREED
    assert "settle" not in rows(house, warrant)
    assert house.acts()[-2:] == ["case_decided", "left_out_settled"]


@pytest.mark.parametrize("way", [AGREED, MOTION], ids=["agreed", "motion"])
def test_what_was_raised_is_settled_later_and_its_approval_stands(house, warrant, way):
    approved = house.approve(decided(house, warrant))

    settled = house.act(settle, warrant.id, way, by=MAYA)

    assert settled.decision.settlement == way
    assert settled.approval == approved.approval
    assert rows(house, warrant)["settle"].met_at is not None
    assert house.log_is_sound()


@pytest.mark.parametrize(
    ("incomplete", "sentence"),
    [
        (Settlement(way="agreed", on=date(2026, 11, 19)), "Name who agreed"),
        (Settlement(way="motion", on=date(2026, 11, 19), number="1"), "Name the court"),
        (Settlement(way="agreed", who="Deputy R. Pinecone"), "Enter the day"),
        (Settlement(way="agreed", who="Deputy R. Pinecone", on=NOW.date() + timedelta(days=1)), "the future"),
        (Settlement(way="motion", who="Alder County Superior Court", on=date(2026, 11, 19)), "number"),
    ],
)
def test_a_settlement_that_leaves_something_open_is_refused(house, warrant, incomplete, sentence):
    with pytest.raises(Unusable, match=sentence):
        decided(house, warrant, settlement=incomplete)

    assert house.case(warrant.id).decision is None


def test_a_subpoena_is_answered_by_objection_alone(house):
    case = house.check(house.file(SUBPOENA))

    assert decided(house, case).decision.settlement is None


def test_a_warrant_that_binds_nobody_needs_no_agreement(house):
    unsigned = house.check(house.file(WARRANT | {"signed": False}))

    assert decided(house, unsigned).decision.settlement is None


def test_a_warrant_granted_in_full_leaves_nothing_to_settle(house, warrant):
    case = house.case(warrant.id)
    everything = {
        f"line_{record.line.id}": Choice(move="narrow", scope=record.permitted) for record in case.assessment.lines
    }
    assert all(isinstance(choice.scope, Scope) for choice in everything.values())
    full = ruling(case, reasons="The affidavit gives a reason for each month.", **everything)

    given = house.act(decide, warrant.id, full, by=MAYA)

    assert given.decision.settlement is None


def test_nothing_is_settled_twice_or_where_nothing_waits(house, warrant):
    with pytest.raises(Conflict):
        house.act(settle, warrant.id, AGREED, by=TOMAS)
    decided(house, warrant)
    house.act(settle, warrant.id, AGREED, by=MAYA)

    with pytest.raises(Conflict):
        house.act(settle, warrant.id, MOTION, by=MAYA)


def test_to_raise_it_again_settles_nothing(house, warrant):
    decided(house, warrant)

    with pytest.raises(Conflict, match="stands already"):
        house.act(settle, warrant.id, RAISED, by=MAYA)
