"""A worker process is killed with SIGKILL again and again; under the same name it goes on, and all happens once."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from a_worked_desk import ONCE

from requests_portal.model.production import ProductionState

S = ProductionState
PATIENCE = 60


@pytest.fixture(scope="module")
def desk(new_shared_desk):
    made = new_shared_desk(recordings=30)
    made.settings.write(made.folder / "settings.toml")
    return made


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


def killed_when(process, moment):
    """Kill the process in the moment that something can be seen to have happened."""
    until(moment)
    process.kill()
    assert process.wait() == -signal.SIGKILL


def stands_at(desk, case, *states):
    return lambda: desk.production(case.id).state in states


def has_gathered(desk, case, at_least):
    def look():
        with desk.ledger.reading() as work:
            done, _, _ = work.productions.progress(desk.production(case.id).id).get("gather", (0, 0, 0))
        return done >= at_least

    return look


def is_writing(desk):
    """Whether a document is being written; the pages drawn for the custodian lie deeper."""
    return lambda: any(desk.outside.scratch.glob("*/*.pdf"))


def is_in_the_vault(desk, made, kind):
    vault = desk.outside.vault
    key = f"productions/{made.id}/1/{kind}.pdf"
    return lambda: vault.client.list_object_versions(Bucket=vault.bucket, Prefix=key).get("Versions")


def begins_to_hold(desk, case):
    """Whether the store has been told of the first recording that the case holds."""
    with desk.ledger.reading() as work:
        (hold,) = work.holds.of_case(case.id)
        recording = next(iter(work.holds.to_place(hold.id, tried_before=desk.ledger.now(), after="", most=1)), None)
    return lambda: recording is None or desk.outside.store.is_held(recording.key, recording.version_id)


def holds_in_the_store(desk, case):
    with desk.ledger.reading() as work:
        (hold,) = work.holds.of_case(case.id)
        counts = work.holds.counts(hold.id)
    return counts.kept, counts.confirmed


def until(moment):
    """Wait for something that can be seen."""
    end = time.monotonic() + PATIENCE
    while not moment():
        assert time.monotonic() < end, "the moment never came"
        time.sleep(0.02)
    return True


def test_six_kills_and_everything_happened_once(desk, started):
    case = desk.a_warrant()
    killed_when(started(), begins_to_hold(desk, case))
    killed_when(started(), stands_at(desk, case, S.GATHERING))
    killed_when(started(), has_gathered(desk, case, 20))

    process = started()
    made = desk.until(case, S.GATHERED)
    desk.certify(case)
    killed_when(process, is_writing(desk))
    killed_when(started(), is_in_the_vault(desk, made, "bundle"))
    killed_when(started(), is_in_the_vault(desk, made, "objection_letter"))
    started()
    offered = desk.until(case, S.OFFERED)

    assert desk.verdicts(offered) == [True, True]
    assert [document.kind for document in desk.documents_of(offered)] == ["bundle", "objection_letter"]
    assert desk.acts_of(case) == ONCE
    assert len(made.items) == 30
    assert made.discrepancies == ()
    assert desk.log_is_sound()
    assert until(lambda: holds_in_the_store(desk, case) == (30, 30))
