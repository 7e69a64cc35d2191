"""1,700 recordings of a stranger were once sent to a customer: here every step until a download stops at the first."""

from dataclasses import replace

import pytest
from a_house import JUNIPER, KETTLE, LINK, MARSH, ActingHouse
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from requests_portal.database.codec import to_json
from requests_portal.database.engine import connect
from requests_portal.database.tables import production_items, productions, recordings
from requests_portal.errors import NotTheirs, Refused
from requests_portal.work import produce
from requests_portal.work.belongs import stopping
from requests_portal.work.release import in_account, through_link

STRANGERS = "n-03142200"


def reassign(house, recording, account=KETTLE.account):
    """The catalogue says from now on that a recording is another customer's."""
    with house.engine.begin() as connection:
        connection.execute(update(recordings).where(recordings.c.id == recording).values(account=account))


def swap(house, made, position=0, recording=STRANGERS):
    """Another recording stands in a production under the number of one that was decided."""
    item = replace(made.items[position], recording=recording)
    here = (production_items.c.production == made.id) & (production_items.c.position == position)
    with house.engine.begin() as connection:
        connection.execute(update(production_items).where(here).values(recording=recording, body=to_json(item)))


def open_account(house, case):
    made = house.production(case.id).id
    with stopping(house.ledger.unit_of_work, made), house.ledger.reading() as work:
        return in_account(work, made, by=JUNIPER)


def stopped(house):
    return [each["words"] for each in house.log() if each["act"] == "production_stopped"]


STEPS = ("certify", "sign", "release")


def carried_on(house, case, step):
    """The production brought to just before a step."""
    house.cleared(case)
    house.gather(case)
    for each in STEPS[: STEPS.index(step)]:
        getattr(house, each)(case)
    return house.production(case.id)


@pytest.mark.parametrize("step", STEPS)
def test_a_recording_swapped_between_scope_and_bundle_stops_every_step(any_house, step):
    house = any_house
    case = house.ask()
    swap(house, carried_on(house, case, step))

    with pytest.raises(NotTheirs):
        getattr(house, step)(case)

    assert "production_released" not in house.acts()


@pytest.mark.parametrize("step", STEPS)
def test_one_of_their_own_that_was_not_decided_is_not_let_in_either(house, step):
    case = house.ask()
    made = carried_on(house, case, step)
    swap(house, made, recording=made.items[1].recording)

    with pytest.raises(NotTheirs):
        getattr(house, step)(case)


@pytest.mark.parametrize("step", STEPS)
def test_a_recording_whose_account_changed_stops_every_step(house, step):
    case = house.ask()
    reassign(house, carried_on(house, case, step).items[0].recording)

    with pytest.raises(Refused):
        getattr(house, step)(case)

    assert "production_released" not in house.acts()


def test_what_becomes_anothers_while_it_is_signed_is_not_offered(house):
    case = house.ask()
    made = carried_on(house, case, "sign")
    house.act(produce.begin_sealing, made.id)
    reassign(house, made.items[0].recording)

    with pytest.raises(NotTheirs):
        house.act(produce.record_signed, made.id, house.documents(made), [])

    assert "production_offered" not in house.acts()


@pytest.mark.parametrize("happens", ["reassigned", "swapped", "another's table"])
def test_a_download_of_what_is_not_theirs_ends_every_way_to_it_and_is_on_record(any_house, happens):
    house = any_house
    case = house.offered(house.ask())
    house.release(case)
    assert open_account(house, case).documents
    made = house.production(case.id)

    if happens == "reassigned":
        reassign(house, made.items[-1].recording)
    elif happens == "swapped":
        swap(house, made, recording=made.items[1].recording)
    else:
        theirs = tuple(replace(each, account=KETTLE.account) for each in made.record_sets)
        body = to_json(replace(made, record_sets=theirs, items=()))
        with house.engine.begin() as connection:
            connection.execute(update(productions).where(productions.c.id == made.id).values(body=body))

    with pytest.raises(NotTheirs, match="Nothing of it leaves"):
        open_account(house, case)
    assert stopped(house) == [{"because": "not_theirs"}]
    assert house.acts().count("link_revoked") == 1
    with pytest.raises(Refused):
        open_account(house, case)


def test_the_failure_of_a_production_names_what_stopped_it(house):
    case = house.ask()
    made = carried_on(house, case, "sign")

    house.act(produce.record_failure, made.id, NotTheirs().sentence, because=NotTheirs.code)

    assert [each["words"] for each in house.log() if each["act"] == "production_failed"] == [{"because": "not_theirs"}]


def test_a_customers_own_answer_opens_by_no_link_and_an_authoritys_does(house):
    own, demand = house.offered(house.ask()), house.offered(house.file())
    house.release(own, token="own")
    house.release(demand)

    with house.ledger.reading() as work:
        assert through_link(work, LINK).case.id == demand.id
        with pytest.raises(Refused, match="This link is not known"):
            through_link(work, "own")


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    engine = connect(f"sqlite:///{tmp_path_factory.mktemp('theirs')}/house.sqlite")
    house = ActingHouse(engine)
    case = house.offered(house.ask())
    house.release(case)
    yield house, case
    engine.dispose()


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_copy_opens_exactly_while_every_recording_in_it_is_the_requesters(released, data):
    house, case = released
    made = house.production(case.id)
    owners = data.draw(
        st.lists(st.sampled_from([MARSH.account, MARSH.account, KETTLE.account]), min_size=7, max_size=7)
    )
    for item, owner in zip(made.items, owners, strict=True):
        reassign(house, item.recording, owner)

    with house.ledger.reading() as work:
        if set(owners) == {MARSH.account}:
            assert in_account(work, made.id, by=JUNIPER).documents
        else:
            with pytest.raises(NotTheirs):
                in_account(work, made.id, by=JUNIPER)
