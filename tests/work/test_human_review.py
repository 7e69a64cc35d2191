"""A customer's choice about human review holds at once: what is offered for review heeds it in the same query."""

from dataclasses import replace
from itertools import count

import pytest
from a_house import ADA, INES, JUNIPER, KETTLE, MARLOW, MARSH, MAYA, PRIYA
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from requests_portal.errors import Forbidden
from requests_portal.model.actor import COMMAND_LINE, SYSTEM
from requests_portal.model.erasure import Because, Chosen
from requests_portal.work import choose_review as choosing
from requests_portal.work.choose_review import choose_review, reviewable

EVENING = "i-03142104"
numbers = count(1)


def offered(house, **told):
    return [each for part in reviewable(house.ledger, **{"most": 10_000, "by": COMMAND_LINE} | told) for each in part]


def accounts_offered(house):
    with house.ledger.reading() as work:
        return {work.catalogue.get(each, by=SYSTEM).account for each in offered(house)}


def choose(house, who, reviewed):
    house.act(choose_review, reviewed=reviewed, by=who)


def test_whoever_has_not_chosen_is_offered_and_whoever_chose_no_is_not_until_they_choose_yes(any_house):
    before = accounts_offered(any_house)
    choose(any_house, JUNIPER, reviewed=False)
    without = accounts_offered(any_house)
    choose(any_house, JUNIPER, reviewed=True)

    assert before == {MARSH.account, KETTLE.account}
    assert without == {KETTLE.account}
    assert accounts_offered(any_house) == before


def test_what_comes_later_of_an_account_that_chose_no_is_not_offered_either(any_house):
    choose(any_house, JUNIPER, reviewed=False)
    with any_house.ledger.unit_of_work() as work:
        work.catalogue.add([another(work)])

    assert accounts_offered(any_house) == {KETTLE.account}


def another(work):
    """A new recording of the account that Juniper has."""
    number = next(numbers)
    return replace(work.catalogue.get(EVENING, by=SYSTEM), id=f"later-{number}", key=f"voice/later-{number}")


def test_a_choice_that_is_made_while_parts_are_read_holds_for_the_next_part(house, monkeypatch):
    monkeypatch.setattr(choosing, "PART", 1)
    parts = reviewable(house.ledger, most=10_000, by=COMMAND_LINE)
    next(parts)

    choose(house, JUNIPER, reviewed=False)
    choose(house, MARLOW, reviewed=False)

    assert list(parts) == []


def test_parts_name_each_recording_once_and_end_where_they_were_told_to(house, monkeypatch):
    whole = offered(house)
    monkeypatch.setattr(choosing, "PART", 2)

    assert offered(house) == whole == sorted(set(whole))
    assert offered(house, most=3) == whole[:3]
    assert offered(house, after=whole[2]) == whole[3:]


def test_the_choice_is_on_record_once_and_says_which(house):
    choose(house, JUNIPER, reviewed=False)
    choose(house, JUNIPER, reviewed=False)

    chosen = [entry for entry in house.log() if entry["act"] == "review_chosen"]
    assert [entry["words"] for entry in chosen] == [{"human_review": "off"}]
    assert MARSH.account not in str(chosen)


@pytest.mark.parametrize("who", [INES, MAYA, PRIYA, ADA])
def test_nobody_chooses_for_a_customer(house, who):
    with pytest.raises(Forbidden):
        choose(house, who, reviewed=True)


@pytest.mark.parametrize("who", [INES, MAYA, PRIYA, ADA, JUNIPER])
def test_the_list_is_given_to_whoever_runs_the_desk_alone(house, who):
    with pytest.raises(Forbidden):
        offered(house, by=who)


STEPS = st.lists(
    st.sampled_from(["juniper no", "juniper yes", "marlow no", "marlow yes", "arrives", "erased", "offer"]),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_in_whatever_order_it_happens_nothing_of_who_chose_no_is_offered(house, steps):
    against = {}
    for who in (JUNIPER, MARLOW):
        choose(house, who, reviewed=True)
    for step in [*steps, "offer"]:
        who, _, said = step.partition(" ")
        if said:
            person = JUNIPER if who == "juniper" else MARLOW
            choose(house, person, reviewed=said == "yes")
            against[person.account] = said == "no"
        elif step == "arrives":
            with house.ledger.unit_of_work() as work:
                work.catalogue.add([another(work)])
        elif step == "erased":
            with house.ledger.unit_of_work() as work:
                work.erasures.ask(Chosen(account=KETTLE.account, before=house.now), Because.CUSTOMER, at=house.now)
        else:
            refused = {account for account, no in against.items() if no}
            found = accounts_offered(house)
            assert not found & refused
            assert found >= {MARSH.account} - refused
