"""One living worker has a name, whatever the clocks say; one that is surely gone keeps it from nobody."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from a_house import NOW, ActingHouse

from requests_portal import lease
from requests_portal.errors import Unusable
from requests_portal.lease import NameTaken, Over, held, seated
from requests_portal.model.worker import Worker

ANN = Worker(
    name="ann", id="first", seat="here", machine="this one", version="2", began_at=NOW, beat_at=NOW, draining=False
)
ELSEWHERE = replace(ANN, id="second", seat="elsewhere", machine="another")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Leases of half a second, so that none is waited for long."""
    monkeypatch.setattr(lease, "BEAT", timedelta(seconds=0.05))
    monkeypatch.setattr(lease, "LEASE", timedelta(seconds=0.5))
    monkeypatch.setattr(lease, "MARGIN_SECONDS", 0.2)
    monkeypatch.setattr(lease, "WATCH_SECONDS", 0.02)


@pytest.fixture
def ledger(engine):
    return ActingHouse(engine).ledger


class Clock:
    """A clock of the wall that can be set."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self):
        return self.at


def row(ledger, name="ann"):
    with ledger.reading() as work:
        return work.workers.find(name)


def refused(ledger, worker):
    """What a worker is told that asks for a name in vain."""
    with pytest.raises(NameTaken) as told, held(ledger, worker, now=lambda: NOW):
        pytest.fail("two workers have one name")
    return told.value.sentence


def killed(ledger, worker):
    """The row of a worker that was killed: it neither ended nor will it be heard of."""
    with ledger.unit_of_work() as work:
        assert work.workers.take(worker, over=None)


def test_a_name_is_held_while_its_worker_is_heard_of_and_free_when_it_ends(ledger):
    with held(ledger, ANN, now=lambda: NOW):
        assert refused(ledger, ELSEWHERE) == "A worker named ann is alive. Stop it, or give this one another name."

    with held(ledger, ELSEWHERE, now=lambda: NOW):
        assert row(ledger).id == "second"
    assert row(ledger).ended_at == NOW


@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(days=400)])
def test_a_clock_that_jumps_takes_a_name_from_nobody(ledger, jump):
    clock = Clock()
    with held(ledger, ANN, now=clock) as kept:
        clock.at = NOW + jump
        assert refused(ledger, ELSEWHERE)

        kept.beat()
        assert row(ledger).id == "first"
        assert row(ledger).is_alive(clock())


def test_one_killed_here_is_followed_at_once(ledger, monkeypatch):
    killed(ledger, ANN)
    monkeypatch.setattr(lease, "LEASE", timedelta(hours=1))

    with held(ledger, replace(ANN, id="again"), now=lambda: NOW):
        assert row(ledger).id == "again"


def test_one_killed_elsewhere_is_followed_when_it_was_not_heard_of_for_a_lease(ledger):
    killed(ledger, ANN)

    with held(ledger, ELSEWHERE, now=lambda: NOW):
        assert row(ledger).id == "second"


def test_of_two_that_follow_at_once_one_has_the_name(ledger):
    killed(ledger, ANN)
    got = []

    def follow(worker):
        try:
            with held(ledger, worker, now=lambda: NOW):
                got.append(worker.id)
                ended.wait(10)
        except NameTaken:
            got.append("refused")
        if len(got) == 2:
            ended.set()

    ended = threading.Event()
    both = [threading.Thread(target=follow, args=[replace(ELSEWHERE, id=each, seat=each)]) for each in ("2", "3")]
    for each in both:
        each.start()
    for each in both:
        each.join(timeout=20)

    assert len(got) == 2
    assert got.count("refused") == 1


def test_a_worker_whose_name_went_to_another_stops(ledger):
    with held(ledger, ANN, now=lambda: NOW) as first:
        with ledger.unit_of_work() as work:
            assert work.workers.take(ELSEWHERE, over=work.workers.find("ann"))

        assert first.wait(strict=False) is Over.LOST
    assert row(ledger).id == "second"
    assert row(ledger).ended_at is None


def test_a_worker_that_cannot_be_heard_of_stops_before_its_name_can_be_taken(ledger):
    def no_clock():
        raise OSError

    with held(ledger, ANN, now=no_clock) as deaf:
        assert deaf.wait(strict=True) is Over.UNHEARD
    assert row(ledger).ended_at is None


def test_a_worker_that_is_asked_to_drain_ends_and_says_so(ledger):
    with held(ledger, ANN, now=lambda: NOW) as asked:
        with ledger.unit_of_work() as work:
            work.workers.drain(ANN)

        assert asked.wait(strict=True) is Over.ASKED
        assert row(ledger).draining


def test_a_worker_that_a_signal_stops_shows_that_it_drains(ledger):
    with held(ledger, ANN, now=lambda: NOW) as stopped:
        stopped.stop()
        stopped.beat()

        assert stopped.wait(strict=True) is Over.ASKED
        assert row(ledger).draining


def test_a_machine_has_one_seat_for_a_name_and_it_stays_the_same(tmp_path):
    with seated(tmp_path, "ann") as first, pytest.raises(NameTaken), seated(tmp_path, "ann"):
        pytest.fail("two sit in one seat")
    with seated(tmp_path, "ann") as again, seated(tmp_path, "bob") as other:
        assert (again.id, again.machine) == (first.id, first.machine)
        assert other.id != again.id


@pytest.mark.parametrize("name", ["", "Ann", "a/b", "../a", "a b", "-a", "a" * 64, "a\n"])
def test_what_is_no_name_is_refused_plainly(tmp_path, name):
    with pytest.raises(Unusable, match="name"), seated(tmp_path, name):
        pytest.fail("that is no name")
