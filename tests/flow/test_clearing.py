"""The daily clearing removes copies that nobody needs, and never one that a running gathering or sealing does."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from a_house import MAYA

from requests_portal.model.production import ProductionState
from requests_portal.storage.recordings import Recordings
from requests_portal.work import produce
from requests_portal.work.clear import DRAWN, UNUSED, clear
from requests_portal.work.gather import SYSTEM
from requests_portal.work.seal import seal

S = ProductionState
LONG_AGO = UNUSED + timedelta(hours=1)


@pytest.fixture(scope="module")
def desk(new_shared_desk):
    return new_shared_desk(recordings=4)


def aged(path, by=LONG_AGO):
    """Make it look as if nobody had touched it for so long."""
    seconds = path.stat().st_mtime - by.total_seconds()
    os.utime(path, (seconds, seconds))
    return path


def spooled(desk):
    return {path for path in desk.outside.spool.folder.glob("*/*") if path.parent.name != "incoming"}


def age_everything(desk):
    return {aged(path) for path in spooled(desk)}


def digests_of(desk, made):
    with desk.ledger.reading() as work:
        found = work.catalogue.of([item.recording for item in made.items], by=SYSTEM)
    return {each.sha256 for each in found.values()}


def gathered(desk):
    case = desk.a_warrant()
    desk.gather_without_worker(case)
    return case


def test_what_a_gathered_production_needs_stays_and_its_sealing_goes_through(desk):
    case = gathered(desk)
    desk.certify(case)
    made = desk.production(case.id)
    desk.act(produce.begin_sealing, made.id)
    age_everything(desk)

    clear(desk.outside)

    assert digests_of(desk, made) <= {path.name for path in spooled(desk)}
    assert [document.kind for document in seal(desk.outside, made.id).documents] == ["bundle", "objection_letter"]
    desk.act(produce.cancel, made.id, by=MAYA)


def test_what_only_a_cancelled_production_needed_goes_once_it_is_a_day_old(desk):
    case = gathered(desk)
    made = desk.act(produce.cancel, desk.production(case.id).id, by=MAYA)

    clear(desk.outside)
    fresh = digests_of(desk, made) <= {path.name for path in spooled(desk)}
    age_everything(desk)
    clear(desk.outside)

    assert fresh
    assert spooled(desk) == set()


def test_clearing_beside_a_gathering_leaves_it_everything_it_found(desk):
    """Old files that a new production finds in the spool are cleared again and again while it gathers."""
    desk.act(produce.cancel, desk.production(gathered(desk).id).id, by=MAYA)
    old, over, rounds = age_everything(desk), threading.Event(), []

    def go_on_clearing():
        while not over.is_set():
            rounds.append(desk.outside.spool.clear(unused_since=desk.now - UNUSED))

    clearing = threading.Thread(target=go_on_clearing)
    clearing.start()
    case = gathered(desk)
    over.set()
    clearing.join()

    made = desk.production(case.id)
    assert len(old) == 4
    assert rounds
    assert made.discrepancies == ()
    assert digests_of(desk, made) <= {path.name for path in spooled(desk)}
    desk.act(produce.cancel, made.id, by=MAYA)


def test_a_file_that_comes_into_use_while_it_is_taken_aside_gets_back(desk, monkeypatch):
    spool = desk.outside.spool
    digest = spool.write([b"the kitchen lamp"], sha256=None, size=None)
    path = aged(spool.path(digest))
    real = type(path).replace

    def used_meanwhile(self, target):
        if self == path:
            os.utime(self)
        return real(self, target)

    monkeypatch.setattr(type(path), "replace", used_meanwhile)

    assert spool.clear(unused_since=desk.now - UNUSED) == 0
    assert spool.holds(digest, size=16)


def test_what_killed_processes_left_goes_and_what_others_keep_stays(desk):
    scratch = desk.outside.scratch
    left = [scratch / "tmpabc" / "bundle.pdf", scratch / "x.verify", scratch / "waveforms" / "old.json"]
    kept = [scratch / "workers" / "one", scratch / "tmpdef" / "bundle.pdf", scratch / "waveforms" / "new.json"]
    half = desk.outside.spool.folder / "incoming" / "tmpghi"
    for path in (*left, *kept, half):
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(b"%PDF")
    for path in (*left, left[0].parent, kept[0], half):
        aged(path, DRAWN + LONG_AGO)

    clear(desk.outside)

    assert not any(path.exists() for path in (*left, half))
    assert all(path.exists() for path in kept)


def test_what_was_cleared_is_read_again_from_the_store(desk, monkeypatch):
    desk.act(produce.cancel, desk.production(gathered(desk).id).id, by=MAYA)
    age_everything(desk)
    clear(desk.outside)
    asked = []
    real = Recordings.fetch
    monkeypatch.setattr(Recordings, "fetch", lambda self, **named: asked.append(1) or real(self, **named))

    made = desk.production(gathered(desk).id)

    assert len(asked) == 4
    assert digests_of(desk, made) <= {path.name for path in spooled(desk)}
    desk.act(produce.cancel, made.id, by=MAYA)


def test_two_machines_that_clear_one_folder_at_once_remove_each_old_file_and_keep_each_used_one(desk):
    spool = desk.outside.spool
    old = [spool.write([b"old %d" % number], sha256=None, size=None) for number in range(60)]
    for digest in old:
        aged(spool.path(digest))
    used = [spool.write([b"used %d" % number], sha256=None, size=None) for number in range(60)]

    with ThreadPoolExecutor(4) as machines:
        removed = list(machines.map(lambda _: spool.clear(unused_since=desk.now - UNUSED), range(4)))

    assert sum(removed) >= 60
    assert not any(spool.has(digest) for digest in old)
    assert all(spool.has(digest) for digest in used)
    assert not any((spool.folder / "incoming").glob("*.discarded"))
