"""The store is gone for a while, or takes our credentials for expired: nothing is found missing that is not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from a_house import MAYA
from a_line import Line
from a_process import until
from a_worked_desk import ONCE, WorkedDesk
from sqlalchemy import text

from requests_portal import flow
from requests_portal.app import worker
from requests_portal.model.production import ProductionState
from requests_portal.work import produce, wait

S = ProductionState
FAR = ("cut", "expire")


@pytest.fixture
def line(store):
    made = Line(store)
    yield made
    made.close()


@pytest.fixture
def desk(line, tmp_path, quick_polls, monkeypatch):
    """A desk at work, whose store is reached over the line, and which loses patience sooner than in life."""
    monkeypatch.setattr(flow, "STORE_PAUSES", (0.5, 0.5))
    monkeypatch.setattr("requests_portal.storage.recordings.ATTEMPTS", 1)
    monkeypatch.setattr("requests_portal.storage.client.ATTEMPTS", 1)
    made = WorkedDesk(tmp_path, line.endpoint, recordings=3)
    with worker(made.desk, name="the-one-worker"):
        yield made
    made.desk.close()


@pytest.mark.parametrize("far", FAR)
def test_a_store_that_is_back_soon_costs_a_little_time(desk, line, far, monkeypatch):
    monkeypatch.setattr(flow, "STORE_PAUSES", (0.2,) * 100)
    getattr(line, far)()
    case = desk.a_warrant()
    desk.until(case, S.GATHERING)
    desk.pause()
    line.mend()

    made = desk.until(case, S.GATHERED)
    desk.certify(case)

    assert desk.verdicts(desk.until(case, S.OFFERED)) == [True, True]
    assert made.discrepancies == ()
    assert desk.acts_of(case) == ONCE


@pytest.mark.parametrize("far", FAR)
def test_a_store_that_stays_away_stops_the_production_with_a_sentence_and_finds_nothing_missing(desk, line, far):
    getattr(line, far)()
    case = desk.a_warrant()

    made = desk.until(case, S.FAILED)

    assert made.failure == flow.AWAY == "The store of recordings does not answer."
    assert made.discrepancies == ()
    line.mend()
    desk.act(produce.retry, made.id, by=MAYA)
    assert desk.until(case, S.GATHERED).discrepancies == ()


def test_another_bucket_that_is_not_there_stops_the_production_too_and_finds_nothing_missing(desk):
    with desk.engine.begin() as connection:
        mistyped = {"id": "recording-0001", "bucket": f"older-{desk.folder.name}"}
        connection.execute(text("UPDATE recordings SET bucket = :bucket WHERE id = :id"), mistyped)
    case = desk.a_warrant()

    made = desk.until(case, S.FAILED)

    assert (made.failure, made.discrepancies) == (flow.AWAY, ())
    with desk.engine.begin() as connection:
        connection.execute(text("UPDATE recordings SET bucket = ''"))
    desk.act(produce.retry, made.id, by=MAYA)
    assert desk.until(case, S.GATHERED).discrepancies == ()


@pytest.mark.parametrize("far", FAR)
def test_a_vault_that_goes_away_while_signed_documents_are_kept_offers_nothing(desk, line, far):
    case = desk.a_warrant()
    desk.until(case, S.GATHERED)
    drawn = desk.drawn(case)
    getattr(line, far)()
    desk.sign_off(case, drawn)

    made = desk.until(case, S.WAITING)

    assert desk.documents_of(made) == []
    line.mend()
    desk.act(wait.try_now, made.id, by=MAYA)
    # What the custodian signed off stands.
    assert desk.verdicts(desk.until(case, S.OFFERED)) == [True, True]


@pytest.fixture
def hurried(monkeypatch):
    """What is tried again by itself is so at once."""
    monkeypatch.setattr(wait, "SHORTEST", timedelta(seconds=0.2))
    monkeypatch.setattr(wait, "LONGEST", timedelta(seconds=0.2))


@pytest.mark.usefixtures("hurried")
def test_a_production_that_stopped_for_an_absent_store_is_red_meanwhile_and_goes_on_when_it_is_back(desk, line):
    line.cut()
    case = desk.a_warrant()

    stopped = desk.until(case, S.FAILED)
    line.mend()

    made = desk.until(case, S.GATHERED)
    assert stopped.next_try_at is not None
    assert (made.failure, made.waiting_since, made.next_try_at, made.discrepancies) == ("", None, None, ())
    desk.certify(case)
    assert desk.verdicts(desk.until(case, S.OFFERED)) == [True, True]
    # However often it was tried.
    assert desk.acts_of(case)["production_failed"] == 1
    assert desk.acts_of(case)["gathering_finished"] == 1


def test_after_two_days_of_an_absent_store_a_person_decides(desk, line, monkeypatch):
    monkeypatch.setattr(wait, "AT_MOST", timedelta(0))
    line.cut()

    made = desk.until(desk.a_warrant(), S.FAILED)

    assert (made.next_try_at, made.waiting_since) == (None, None)
    assert made.failure.startswith(flow.AWAY)
    line.mend()


@pytest.mark.usefixtures("hurried")
def test_what_stopped_for_another_reason_or_was_set_aside_meanwhile_is_not_tried_again(desk, line):
    line.cut()
    case = desk.a_warrant()
    made = desk.until(case, S.FAILED)
    desk.act(lambda work: work.productions.put(desk.production(case.id).moved(S.CANCELLED)))
    line.mend()
    until(lambda: not any(desk.outside.durable.unended(("produce",))), "what was to be tried again")

    assert desk.production(case.id).state is S.CANCELLED
    broken = replace(made, state=S.FAILED, next_try_at=None)
    desk.act(lambda work: work.productions.put(replace(broken, version=desk.production(case.id).version)))
    desk.act(lambda work: work.queue.enqueue("produce", made.id))
    until(lambda: not any(desk.outside.durable.unended(("produce",))), "a late piece of work")
    assert desk.production(case.id).state is S.FAILED


def test_a_hold_that_the_store_does_not_hear_of_at_first_is_placed_when_it_does(desk, line):
    line.cut()
    case = desk.a_warrant()
    desk.pause()
    line.mend()
    desk.until(case, S.GATHERED)

    with desk.ledger.reading() as work:
        (hold,) = work.holds.of_case(case.id)
    assert until_placed(desk, hold)


def until_placed(desk, hold):
    for _ in range(400):
        with desk.ledger.reading() as work:
            counts = work.holds.counts(hold.id)
        if counts.kept == counts.confirmed:
            return True
        desk.pause()
    return False


def test_a_disk_that_is_full_stops_the_production_with_a_sentence_that_says_so(desk, monkeypatch):
    def full(*_arguments, **_named):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("requests_portal.storage.spool.Spool._incoming", full)
        case = desk.a_warrant()
        made = desk.until(case, S.FAILED)
    assert made.failure == flow.FULL

    desk.act(produce.retry, made.id, by=MAYA)
    assert desk.until(case, S.GATHERED).discrepancies == ()
