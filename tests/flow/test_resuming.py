"""Gathering goes on after a SIGKILL without reading again what was read, and a cancel stops it in the middle."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from a_counting_store import CountingStore
from a_house import MAYA
from a_worked_desk import WorkedDesk

from requests_portal.model.actor import SYSTEM
from requests_portal.model.production import ProductionState
from requests_portal.work import gather as gathering
from requests_portal.work import produce

S = ProductionState
RECORDINGS = 30
PATIENCE = 60


@pytest.fixture
def counting(store):
    made = CountingStore(store)
    yield made
    made.stop()


@pytest.fixture
def desk(counting, tmp_path):
    made = WorkedDesk(tmp_path, counting.endpoint, recordings=RECORDINGS)
    made.settings.write(made.folder / "settings.toml")
    counting.read.clear()
    yield made
    made.desk.close()


@pytest.fixture
def started(desk):
    """A function that starts a worker process; none outlives the test."""
    running = []

    def start():
        command = [sys.executable, Path(__file__).with_name("a_worker_process.py"), desk.folder / "settings.toml"]
        running.append(subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL))
        return running[-1]

    yield start
    for each in running:
        each.kill()
        each.communicate()


def keys_in_the_spool(desk, case):
    """The keys of the recordings whose bytes lie in the spool."""
    with desk.ledger.reading() as work:
        found = work.catalogue.of([item.recording for item in desk.production(case.id).items], by=SYSTEM)
    return {
        each.key.rpartition("/")[2] for each in found.values() if desk.outside.spool.holds(each.sha256, size=each.size)
    }


def test_what_was_read_before_a_kill_is_not_read_again(desk, counting, started):
    counting.waits_after = 15
    case = desk.a_warrant()
    worker = started()
    assert counting.waiting.wait(PATIENCE)
    worker.kill()
    assert worker.wait() == -signal.SIGKILL
    there = keys_in_the_spool(desk, case)
    read_before = dict(counting.read)
    counting.waits_after = float("inf")
    counting.going.set()

    started()
    made = desk.until(case, S.GATHERED)

    assert len(there) >= 10
    assert {key: counting.read[key] for key in there} == {key: read_before[key] for key in there}
    assert len(counting.read) == RECORDINGS
    assert counting.read.total() <= RECORDINGS + sum(read_before.values()) - len(there)
    assert made.discrepancies == ()


def test_a_cancel_is_noticed_in_the_middle_of_a_hundred(desk, counting, monkeypatch):
    monkeypatch.setattr(gathering, "ASK_SECONDS", 0.0)
    counting.waits_after = 5
    made = desk.production(desk.a_warrant().id)
    desk.act(produce.begin_gathering, made.id)
    answers = []
    gatherer = threading.Thread(
        target=lambda: answers.append(gathering.gather(desk.outside, made.id, 0, RECORDINGS)), daemon=True
    )
    gatherer.start()
    assert counting.waiting.wait(PATIENCE)

    desk.act(produce.cancel, made.id, by=MAYA)
    counting.going.set()
    gatherer.join(PATIENCE)

    assert answers == [None]
    assert len(counting.read) < RECORDINGS
    assert desk.production(made.case).state is S.CANCELLED
