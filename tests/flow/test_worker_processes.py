"""Workers as operators run them: each under its own name, drained, killed, followed, taken over."""

from dataclasses import replace
from datetime import timedelta

import pytest
from a_house import MAYA
from a_process import SLOW, Processes, until

from requests_portal import app, flow
from requests_portal.database.views.running import SqlRunning
from requests_portal.model import worker
from requests_portal.model.production import ProductionState
from requests_portal.work import produce

S = ProductionState


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request, new_desk):
    """A desk on each kind of database."""
    if request.param == "sqlite":
        return new_desk(recordings=12)
    return new_desk(recordings=12, database_url=request.getfixturevalue("new_postgres"))


on_postgresql = pytest.mark.parametrize("desk", ["postgresql"], indirect=True)


@pytest.fixture
def processes(desk):
    started = Processes(desk)
    yield started
    started.end()


def slow(processes, name):
    """A worker that takes seconds to gather what a warrant demands."""
    return processes.worker(name, program=SLOW, EACH="0.3")


def running(desk):
    return SqlRunning(desk.engine, app.FLOW_VERSION).running(app.now())


def has_begun(desk, case):
    return lambda: desk.production(case.id).state is S.GATHERING and running(desk).pending


@on_postgresql
def test_a_second_worker_of_one_name_is_refused_and_the_first_works_on(desk, processes):
    processes.worker("ann")
    second = processes.start("worker", "--name", "ann")

    assert second.ends() == 2
    assert second.said() == "A worker named ann is alive. Stop it, or give this one another name.\n"
    desk.until(desk.a_warrant(), S.GATHERED)


def test_a_killed_worker_is_followed_under_its_name_at_once(desk, processes):
    case = desk.a_warrant()
    first = slow(processes, "ann")
    until(has_begun(desk, case), "a gathering under way")
    first.kill()

    slow(processes, "ann")
    made = desk.until(case, S.GATHERED, patience=20)

    assert len(made.items) == 12
    assert desk.acts_of(case)["gathering_finished"] == 1


@pytest.mark.parametrize(("desk", "how"), [("sqlite", "a signal"), ("postgresql", "a command")], indirect=["desk"])
def test_a_drained_worker_ends_well_and_another_goes_on_with_what_it_had_begun(desk, processes, how):
    case = desk.a_warrant()
    first = processes.worker("ann", program=SLOW, EACH="3")
    until(has_begun(desk, case), "a gathering under way")
    if how == "a signal":
        first.terminate()
    else:
        assert processes.start("worker", "drain", "ann").ends() == 0

    assert first.ends() == 0
    assert first.events()[-1]["given_back"] == 1
    assert [each.state for each in running(desk).pending if each.state == "begun"] == []
    slow(processes, "bob")
    desk.until(case, S.GATHERED)
    assert desk.acts_of(case)["gathering_finished"] == 1
    assert desk.acts_of(case)["production_failed"] == 0


@on_postgresql
def test_a_worker_that_has_little_to_finish_finishes_it_before_it_ends(desk, processes):
    case = desk.a_warrant()
    first = processes.worker("ann", program=SLOW, EACH="0.1")
    until(has_begun(desk, case), "a gathering under way")
    first.terminate()

    assert first.ends() == 0
    assert desk.production(case.id).state is S.GATHERED
    assert first.events()[-1]["given_back"] == 0


def test_what_a_worker_that_is_gone_had_begun_is_seen_and_taken_over(desk, processes, monkeypatch):
    monkeypatch.setattr(worker, "LEASE", timedelta(seconds=2))
    case = desk.a_warrant()
    gone = processes.worker("ann", program=SLOW, EACH="10")
    until(has_begun(desk, case), "a gathering under way")
    refused = processes.start("worker", "take-over", "ann")
    assert refused.ends() == 2
    assert "A worker named ann is alive" in refused.said()

    gone.kill()
    slow(processes, "bob")
    stranded = until(lambda: running(desk).stranded, "work of a worker that is gone")
    assert [each.worker for each in stranded] == ["ann"]

    assert processes.start("worker", "take-over", "ann").ends() == 0
    desk.until(case, S.GATHERED)
    assert running(desk).stranded == ()
    assert desk.acts_of(case)["gathering_finished"] == 1


@on_postgresql
def test_work_of_an_older_version_waits_in_sight_for_a_worker_of_that_version(desk, processes, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setattr(app, "FLOW_VERSION", "1")
        old = desk.a_warrant()
    new = desk.a_warrant()

    processes.worker("ann")
    desk.until(new, S.GATHERED)
    assert desk.production(old.id).state is S.RESERVED
    assert {(each.version, each.state) for each in running(desk).older} == {("1", "queued")}

    processes.worker("of-the-old-release", program=SLOW, VERSION="1")
    desk.until(old, S.GATHERED)
    until(lambda: not running(desk).older, "no work of an older version")


@pytest.mark.parametrize("begun", [False, True], ids=["filed", "begun"])
@on_postgresql
def test_work_of_an_older_version_without_a_worker_is_begun_afresh_on_demand(desk, processes, monkeypatch, begun):
    with monkeypatch.context() as earlier:
        earlier.setattr(app, "FLOW_VERSION", "1")
        case = desk.a_warrant()
    if begun:
        old = processes.worker("of-the-old-release", program=SLOW, VERSION="1", EACH="10")
        until(has_begun(desk, case), "a gathering under way")
        assert processes.start("production", "renew").ends() == 0
        assert {(each.version, each.state) for each in running(desk).older} == {("1", "begun")}
        old.kill()
        # Longer than that of the process that asks next.
        monkeypatch.setattr(worker, "LEASE", timedelta(seconds=6))
        until(lambda: not running(desk).alive, "no worker alive")

    assert processes.start("production", "renew", program=SLOW).ends() == 0
    slow(processes, "ann")

    made = desk.until(case, S.GATHERED)
    assert made.discrepancies == ()
    assert desk.acts_of(case)["gathering_finished"] == 1
    assert until(lambda: not running(desk).older, "no work of an older version")


@on_postgresql
def test_a_worker_whose_name_went_to_another_ends_and_says_so(desk, processes):
    case = desk.a_warrant()
    first = slow(processes, "ann")
    until(has_begun(desk, case), "a gathering under way")
    with desk.ledger.unit_of_work() as work:
        before = work.workers.find("ann")
        assert work.workers.take(replace(before, id="another", seat="elsewhere"), over=before)

    assert first.ends() == 75
    assert first.events()[-1]["because"] == "lost"


@on_postgresql
def test_what_is_no_name_is_refused_plainly(processes):
    unnamed = processes.start("worker", "--name", "No Name")

    assert unnamed.ends() == 2
    assert "small letters, digits, dots and dashes" in unnamed.said()


@on_postgresql
def test_work_whose_recorded_steps_are_not_ours_ends_in_a_sentence(desk, processes):
    case = desk.a_warrant()
    first = processes.worker("ann", program=SLOW, EACH="1")
    until(lambda: has_gathered(desk, case, 2), "two recordings gathered")
    first.kill()

    # It takes a hundred recordings in one step, where the other took one.
    processes.worker("ann")
    made = desk.until(case, S.FAILED)

    assert made.failure == flow.BROKEN
    assert desk.documents_of(made) == []
    assert desk.log_is_sound()


def has_gathered(desk, case, at_least):
    with desk.ledger.reading() as work:
        done, _, _ = work.productions.progress(desk.production(case.id).id).get("gather", (0, 0, 0))
    return done >= at_least


@on_postgresql
def test_a_disk_that_takes_no_bundle_stops_the_production_and_one_that_does_lets_it_go_on(desk, processes):
    case = desk.a_warrant()
    first = processes.worker("ann", program=SLOW, LARGEST_FILE="60000")
    desk.until(case, S.GATHERED)
    desk.certify(case)

    made = desk.until(case, S.FAILED)

    assert made.failure == flow.FULL
    assert desk.documents_of(made) == []
    assert first.process.poll() is None
    first.kill()
    processes.worker("ann", program=SLOW)
    desk.act(produce.retry, made.id, by=MAYA)
    desk.until(case, S.GATHERED)
    desk.certify(case)
    assert desk.verdicts(desk.until(case, S.OFFERED)) == [True, True]
