"""A worker process is killed with SIGKILL again and again; under the same name it goes on, and all happens once."""

import os
import signal
import time

import pytest
from a_worked_desk import ONCE

from requests_portal.demo.worker import WorkerProcess
from requests_portal.model.production import ProductionState
from requests_portal.storage.refusals import NoSuchObject

S = ProductionState
PATIENCE = 60


@pytest.fixture(scope="module")
def desk(new_desk):
    made = new_desk(recordings=220)
    made.settings.write(made.folder / "settings.toml")
    return made


@pytest.fixture
def started(desk):
    """A function that starts a worker process; none outlives the test."""
    running = []

    def start():
        running.append(WorkerProcess(desk.folder / "settings.toml"))
        running[-1].start()
        return running[-1]

    yield start
    for each in running:
        each.stop()


def killed_when(process, moment):
    """Kill the process in the moment that something can be seen to have happened."""
    end = time.monotonic() + PATIENCE
    while not moment():
        assert time.monotonic() < end, "the moment for the kill never came"
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)


def stands_at(desk, case, *states):
    return lambda: desk.production(case.id).state in states


def has_gathered(desk, case, at_least):
    def look():
        with desk.ledger.reading() as work:
            done, _, _ = work.productions.progress(desk.production(case.id).id).get("gather", (0, 0, 0))
        return done >= at_least

    return look


def is_writing(desk, made):
    """Whether something lies in the scratch folder: a document is being written."""
    return lambda: any(desk.outside.scratch.iterdir())


def is_in_the_vault(desk, made, kind):
    def look():
        try:
            next(iter(desk.outside.vault.read_bundle(f"productions/{made.id}/1/{kind}.pdf", None)))
        except NoSuchObject:
            return False
        return True

    return look


def begins_to_hold(desk, case):
    """Whether the store has been told of the first recording that the case holds."""
    with desk.ledger.reading() as work:
        (hold,) = work.holds.of_case(case.id)
        recording = (work.holds.to_place(hold.id) or [None])[0]
    return lambda: recording is None or desk.outside.store.is_held(recording.key, recording.version_id)


def test_eight_kills_and_everything_happened_once(desk, started):
    case = desk.a_warrant()
    killed_when(started(), begins_to_hold(desk, case))
    killed_when(started(), stands_at(desk, case, S.GATHERING))
    killed_when(started(), has_gathered(desk, case, 100))
    killed_when(started(), has_gathered(desk, case, 200))

    started()
    made = desk.until(case, S.GATHERED)
    desk.certify(case)
    killed_when(started(), stands_at(desk, case, S.SEALING))
    killed_when(started(), is_writing(desk, made))
    killed_when(started(), is_in_the_vault(desk, made, "bundle"))
    killed_when(started(), is_in_the_vault(desk, made, "objection_letter"))
    started()
    offered = desk.until(case, S.OFFERED)

    assert desk.verdicts(offered) == [True, True]
    assert [document.kind for document in desk.documents_of(offered)] == ["bundle", "objection_letter"]
    assert desk.acts_of(case) == ONCE
    assert len(made.items) == 220
    assert made.discrepancies == ()
    assert desk.log_is_sound()
    with desk.ledger.reading() as work:
        (hold,) = work.holds.of_case(case.id)
        assert work.holds.counts(hold.id) == (220, 220)
