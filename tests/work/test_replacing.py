"""Another production in the place of a released one: new numbers, the old one named, and never two at once."""

import pytest
from a_house import INES, MAYA, PRIYA

from requests_portal.errors import Conflict, Forbidden
from requests_portal.model.case import CaseState
from requests_portal.model.production import ProductionKind, ProductionState
from requests_portal.work.produce import cancel
from requests_portal.work.replace import replace_production

WHY = "A recording of a neighbour was inside."


@pytest.fixture
def released(house):
    case = house.offered(house.file())
    house.release(case)
    return case


def test_a_replacement_continues_the_numbers_and_names_what_it_replaces(house, released):
    old = house.production(released.id)

    new = house.act(replace_production, old.id, reason=WHY, by=MAYA)

    assert (new.kind, new.replaces, new.supplements) == (ProductionKind.REPLACEMENT, old.id, "")
    assert new.bates_first == old.bates_last + 1
    assert new.number == old.number + 1
    assert house.queue.jobs[-1] == ("produce", new.id)
    entry = house.log()[-1]
    assert (entry["act"], entry["numbers"]) == ("production_replaced", {"production": old.number, "by": new.number})
    assert WHY not in str(house.log())


def test_a_replacement_goes_all_the_way_to_its_recipient_and_the_case_stays_answered(house, released):
    house.act(replace_production, house.production(released.id).id, reason=WHY, by=MAYA)
    house.gather(released)
    house.certify(released)
    house.sign(released)

    house.release(released, token="another-secret")

    assert [each.state for each in house.productions(released.id)] == [ProductionState.RELEASED] * 2
    assert house.case(released.id).state is CaseState.ANSWERED


def test_two_replacements_of_one_production_never_live_at_once(house, released):
    old = house.production(released.id)
    first = house.act(replace_production, old.id, reason=WHY, by=MAYA)

    with pytest.raises(Conflict, match="already takes the place"):
        house.act(replace_production, old.id, reason=WHY, by=MAYA)

    house.act(cancel, first.id, by=MAYA)
    assert house.act(replace_production, old.id, reason=WHY, by=MAYA).replaces == old.id


def test_what_was_not_released_is_not_replaced(house):
    case = house.offered(house.file())

    with pytest.raises(Conflict, match="Only a production that was released"):
        house.act(replace_production, house.production(case.id).id, reason=WHY, by=MAYA)


def test_a_replacement_needs_a_reason_and_somebody_who_may_produce(house, released):
    old = house.production(released.id)

    with pytest.raises(Conflict, match="Say why"):
        house.act(replace_production, old.id, reason="  ", by=MAYA)
    for by in (INES, PRIYA):
        with pytest.raises(Forbidden):
            house.act(replace_production, old.id, reason=WHY, by=by)
