"""The worker dies at every boundary of every step; started again, it finishes, and everything happened once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from a_worked_desk import ONCE

from requests_portal import flow
from requests_portal.app import worker
from requests_portal.model.production import ProductionState
from requests_portal.storage.vault import Vault
from requests_portal.work import gather as gathering
from requests_portal.work import read_records

S = ProductionState
GATHERING = [
    *("before begin_gathering", "in begin_gathering", "after begin_gathering"),
    *("before gather 0", "after gather 0", "before gather 2", "after gather 2", "after gather 4"),
    *("before read_records", "after read_records"),
    *("before record_gathered", "in record_gathered", "after record_gathered"),
]
SEALING = [
    *("before begin_sealing", "in begin_sealing", "after begin_sealing", "before seal"),
    *("before put 1", "after put 1", "before put 2", "after put 2", "after seal"),
    *("before record_signed", "in record_signed", "after record_signed"),
]


class Crash(BaseException):
    """The process is gone: nothing in it is left to tidy up."""


class Faults:
    """Where the worker dies next, and whether it has."""

    def __init__(self) -> None:
        self.at = ""
        self.died = threading.Event()
        self.puts = 0

    def plan(self, at: str) -> None:
        self.at, self.puts = at, 0
        self.died.clear()

    def reached(self, place: str) -> None:
        if place == self.at:
            self.at = ""
            self.died.set()
            raise Crash(place)


@pytest.fixture(scope="module")
def faults():
    """Faults in every step: the steps themselves are the real ones."""
    planned = Faults()
    record, gather, seal, put = flow.Durable.record, gathering.gather, flow.seal, Vault.put_bundle
    read = read_records.read_records

    def recording(self, name, verb, *arguments):
        def verb_and_death(work, *given):
            verb(work, *given)
            planned.reached(f"in {name}")

        planned.reached(f"before {name}")
        record(self, name, verb_and_death, *arguments)
        planned.reached(f"after {name}")

    def gathering_with_death(outside, production_id, start, end):
        planned.reached(f"before gather {start}")
        found = gather(outside, production_id, start, end)
        planned.reached(f"after gather {start}")
        return found

    def reading_with_death(outside, production_id):
        planned.reached("before read_records")
        sentence = read(outside, production_id)
        planned.reached("after read_records")
        return sentence

    def sealing(outside, production_id, **how):
        planned.reached("before seal")
        sealed = seal(outside, production_id, **how)
        planned.reached("after seal")
        return sealed

    def putting(self, key, path, *, sha256):
        planned.puts += 1
        planned.reached(f"before put {planned.puts}")
        version = put(self, key, path, sha256=sha256)
        planned.reached(f"after put {planned.puts}")
        return version

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flow.Durable, "record", recording)
        patch.setattr(gathering, "gather", gathering_with_death)
        patch.setattr(gathering, "CHUNK", 2)
        patch.setattr(read_records, "read_records", reading_with_death)
        patch.setattr(flow, "seal", sealing)
        patch.setattr(Vault, "put_bundle", putting)
        patch.setattr("requests_portal.app.DRAIN_SECONDS", 0)
        yield planned


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def desk(request, new_shared_desk):
    """A desk on each kind of database."""
    if request.param == "sqlite":
        return new_shared_desk(recordings=5)
    return new_shared_desk(recordings=5, database_url=request.getfixturevalue("postgres").new())


@contextmanager
def a_worker(desk) -> Iterator[None]:
    with worker(desk.desk, name="the-one-worker"):
        yield


def dies_and_is_started_again(desk, faults, at, begin, state):
    faults.plan(at)
    with a_worker(desk):
        case = begin()
        assert faults.died.wait(30), f"the worker never came to: {at}"
    with a_worker(desk):
        return case, desk.until(case, state)


@pytest.mark.parametrize("at", GATHERING)
def test_a_worker_that_dies_while_gathering_goes_on_where_it_was(desk, faults, at):
    case, made = dies_and_is_started_again(desk, faults, at, desk.a_warrant, S.GATHERED)

    assert made.discrepancies == ()
    assert [item.bates for item in made.items] == sorted({item.bates for item in made.items})
    acts = desk.acts_of(case)
    assert (acts["gathering_started"], acts["gathering_finished"], acts["production_failed"]) == (1, 1, 0)
    assert desk.log_is_sound()


@pytest.mark.parametrize("at", SEALING)
def test_a_worker_that_dies_while_sealing_leaves_exactly_one_signature_for_each_document(desk, faults, at):
    faults.plan("")
    case = desk.a_warrant()
    desk.gather_without_worker(case)

    def begin():
        desk.certify(case)
        return case

    _, made = dies_and_is_started_again(desk, faults, at, begin, S.OFFERED)

    assert sorted(document.kind for document in desk.documents_of(made)) == ["bundle", "objection_letter"]
    assert desk.verdicts(made) == [True, True]
    assert desk.acts_of(case) == ONCE
    assert desk.log_is_sound()
