"""The processes that serve pages clear their machine's scratch folder, and never what a living process uses."""

import os
import signal
import socket
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from a_process import Processes, fetched, until

from requests_portal.app import now
from requests_portal.scratch import ALIVE, clear_what_is_left, counting_together
from requests_portal.work.clear import UNUSED

TOKEN = "invented-token-for-machines-that-watch-us"
DAYS_AGO = UNUSED + timedelta(days=2)


def aged(path):
    seconds = path.stat().st_mtime - DAYS_AGO.total_seconds()
    os.utime(path, (seconds, seconds))
    return path


def a_left_folder(scratch, name="counted-left", *, locked_once=True):
    folder = scratch / name
    folder.mkdir(parents=True)
    (folder / "counter_1.db").write_bytes(b"counted")
    if locked_once:
        (folder / ALIVE).touch()
    return folder


def count_until_killed(scratch, ready):
    with counting_together(Path(scratch)):
        ready.set()
        signal.pause()


@pytest.fixture
def counting(tmp_path):
    """A process that counts in a folder of its own."""
    many = get_context("fork")
    ready = many.Event()
    process = many.Process(target=count_until_killed, args=(str(tmp_path), ready))
    process.start()
    assert ready.wait(30)
    yield process
    process.kill()
    process.join(30)


def test_the_folder_of_a_process_that_counts_stays_however_old_and_goes_once_it_was_killed(tmp_path, counting):
    (folder,) = tmp_path.glob("counted-*")
    for path in (*folder.iterdir(), folder):
        aged(path)

    clear_what_is_left(tmp_path, at=now())
    while_it_lived = folder.is_dir()
    counting.kill()
    counting.join(30)
    clear_what_is_left(tmp_path, at=now())

    assert while_it_lived
    assert not folder.exists()


def test_a_folder_that_is_just_being_made_stays_and_goes_when_it_was_never_finished(tmp_path):
    folder = a_left_folder(tmp_path, locked_once=False)

    clear_what_is_left(tmp_path, at=now())
    at_first = folder.is_dir()
    for path in (*folder.iterdir(), folder):
        aged(path)
    clear_what_is_left(tmp_path, at=now())

    assert at_first
    assert not folder.exists()


def test_what_other_processes_use_in_the_folder_is_left_alone(tmp_path):
    fresh, seats = tmp_path / "tmpabc", tmp_path / "workers"
    fresh.mkdir()
    seats.mkdir()
    old = tmp_path / "inventory-1"
    old.mkdir()
    for path in (seats, old):
        aged(path)

    clear_what_is_left(tmp_path, at=now())

    assert (fresh.is_dir(), seats.is_dir(), old.exists()) == (True, True, False)


@pytest.fixture
def processes(new_desk):
    started = Processes(new_desk(recordings=1, metrics_token=TOKEN))
    yield started
    started.end()


def a_free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_pages_on_a_machine_without_a_worker_clear_what_killed_ones_left_and_go_on_counting(processes):
    scratch = processes.desk.outside.scratch
    left, paper = a_left_folder(scratch), scratch / "left.paper"
    paper.touch()
    aged(paper)
    port = a_free_port()

    processes.start("serve", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "2")
    until(lambda: not left.exists() and not paper.exists(), "a folder that is cleared")

    until(lambda: fetched(f"http://127.0.0.1:{port}/readyz")[0] == 200, "pages that can be served")
    told = fetched(f"http://127.0.0.1:{port}/metrics", Authorization=f"Bearer {TOKEN}")[1]
    assert 'desk_http_requests_total{endpoint="public.readyz"' in told
    assert len(list(scratch.glob("counted-*"))) == 1
