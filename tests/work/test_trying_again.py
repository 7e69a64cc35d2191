"""A production that stopped for an absent store is tried again at its time, and no more once its decision fell."""

from dataclasses import replace
from datetime import timedelta

from requests_portal.model.production import ProductionState
from requests_portal.work import produce
from requests_portal.work.wait import record_absent_store

AWAY = "The store of recordings does not answer."


def stopped(house):
    """A production that stopped while it was gathered, and is to be tried again in a minute."""
    case = house.cleared(house.file())
    made = house.production(case.id)
    house.act(produce.begin_gathering, made.id)
    house.act(record_absent_store, made.id, AWAY)
    return case, house.production(case.id)


def test_it_goes_on_at_its_time(any_house):
    case, made = stopped(any_house)
    any_house.now = made.next_try_at

    any_house.act(produce.begin_gathering, made.id)

    assert any_house.production(case.id).state is ProductionState.GATHERING


def test_work_that_comes_before_its_time_is_queued_again_for_it(any_house):
    case, made = stopped(any_house)
    any_house.now = made.next_try_at - timedelta(seconds=7)
    before = len(any_house.queue.jobs)

    any_house.act(produce.begin_gathering, made.id)

    assert any_house.production(case.id) == made
    assert any_house.queue.jobs[before:] == [("produce", made.id)]
    assert any_house.queue.pauses[-1] == timedelta(seconds=7)


def test_where_its_decision_fell_it_says_so_and_promises_nothing(any_house):
    case, made = stopped(any_house)
    elsewhere = replace(case.requester, email="sheriff@elsewhere.example")
    any_house.act(lambda work: work.cases.put(replace(any_house.case(case.id), requester=elsewhere)))
    any_house.now = made.next_try_at
    before = len(any_house.queue.jobs)

    any_house.act(produce.begin_gathering, made.id)

    left = any_house.production(case.id)
    assert left.state is ProductionState.FAILED
    assert "Whom we write to changed" in left.failure
    assert (left.next_try_at, left.waiting_since) == (None, None)
    assert any_house.queue.jobs[before:] == []


def test_what_was_set_aside_or_is_not_to_be_tried_again_is_left_alone(any_house):
    case, made = stopped(any_house)
    any_house.act(lambda work: work.productions.put(replace(made, next_try_at=None)))
    failed = any_house.production(case.id)

    any_house.act(produce.begin_gathering, made.id)
    assert any_house.production(case.id) == failed

    any_house.act(lambda work: work.productions.put(failed.moved(ProductionState.CANCELLED)))
    any_house.act(produce.begin_gathering, made.id)
    assert any_house.production(case.id).state is ProductionState.CANCELLED
