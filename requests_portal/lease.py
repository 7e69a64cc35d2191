"""A worker's name is held by one living process: a lock on its machine, and a lease in the database.

No clock of the wall decides who holds a name. A newcomer watches the holder's beats for the length of a lease; the
holder counts by its own clock since it was last heard of. So a clock that jumps takes a name from nobody.
"""

import fcntl
import logging
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import IO

from requests_portal.errors import Conflict, Unusable
from requests_portal.model.worker import BEAT, LEASE, Worker
from requests_portal.work.outside import Outside

NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?")
BOOT = Path("/proc/sys/kernel/random/boot_id")
WATCH_SECONDS = 0.25
# A holder stops before anybody may take its name.
MARGIN_SECONDS = 5.0
TAKEN = "A worker named {} is alive. Stop it, or give this one another name."
log = logging.getLogger(__name__)


class NameTaken(Conflict):
    """A worker of this name is alive."""

    code = "worker_name_taken"


class Over(StrEnum):
    """Why a worker stops."""

    ASKED = "asked"
    LOST = "lost"
    UNHEARD = "unheard"


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One machine's one place for a worker of a name, in words that name neither."""

    id: str
    machine: str


class Lease:
    """A name, held for as long as its beats are heard."""

    def __init__(self, outside: Outside, worker: Worker, *, now: Callable[[], datetime]) -> None:
        self.worker = worker
        self._outside = outside
        self._now = now
        self._heard = _seconds()
        self._why: Over | None = None
        self._over = threading.Event()

    def stop(self) -> None:
        """Have the worker end; safe in a signal handler."""
        self._end(Over.ASKED)

    def wait(self, *, strict: bool) -> Over:
        """Wait until the worker is to end, and say why; a strict one ends when it was not heard of for too long."""
        longest = LEASE.total_seconds() - MARGIN_SECONDS
        while not self._over.wait(WATCH_SECONDS):
            if strict and _seconds() - self._heard > longest:
                self._end(Over.UNHEARD)
        return self._why or Over.ASKED

    def beat(self) -> None:
        """Be heard of once, and hear whether to end; a name that is somebody else's by now is lost."""
        begun = _seconds()
        with self._outside.unit_of_work() as work:
            if self._why is Over.ASKED:
                work.workers.drain(self.worker)
            found = work.workers.beat(self.worker, at=self._now())
        if found is None:
            self._end(Over.LOST)
            return
        self._heard = begun
        if found.draining:
            self._end(Over.ASKED)

    def let_go(self) -> None:
        """Free the name, so that whoever asks for it next has it at once."""
        with self._outside.unit_of_work() as work:
            work.workers.ended(self.worker, at=self._now())

    def _end(self, why: Over) -> None:
        self._why = self._why or why
        self._over.set()


@contextmanager
def held(outside: Outside, worker: Worker, *, now: Callable[[], datetime]) -> Iterator[Lease]:
    """Hold the worker's name until the block ends; raises NameTaken while another of the name is heard of."""
    _take(outside, worker)
    lease, ended = Lease(outside, worker, now=now), threading.Event()
    thread = threading.Thread(target=_beating, args=(lease, ended), name="beats", daemon=True)
    thread.start()
    try:
        yield lease
    finally:
        ended.set()
        thread.join(timeout=BEAT.total_seconds())
        try:
            lease.let_go()
        except Exception as error:  # noqa: BLE001 — the lease runs out by itself
            log.warning("the worker could not let go of its name: %s", type(error).__name__)


@contextmanager
def seated(folder: Path, name: str) -> Iterator[Seat]:
    """The machine's one place for the name; raises NameTaken where a living process has it, Unusable for no name."""
    if not NAME.fullmatch(name):
        raise Unusable(f"A worker's name has at most 63 small letters, digits, dots and dashes; {name!r} is none.")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.seat").open("a+", encoding="ascii") as file:
        try:
            # Let go by the system however the holder ends.
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            raise NameTaken(TAKEN.format(name)) from taken
        yield Seat(id=_seat(file), machine=_machine())


def _seat(file: IO[str]) -> str:
    file.seek(0)
    kept = file.read()
    if not kept:
        kept = str(uuid.uuid4())
        file.write(kept)
        file.flush()
    # A folder that two machines share has one file, and a lock on it may be no lock on the other machine.
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{kept} {_machine()}"))


def _machine() -> str:
    try:
        start = BOOT.read_text(encoding="ascii")
    except OSError:
        start = str(uuid.getnode())
    return str(uuid.uuid5(uuid.NAMESPACE_OID, start))


def _take(outside: Outside, worker: Worker) -> None:
    """Give the name to the worker once whoever had it is surely gone."""
    while True:
        with outside.unit_of_work() as work:
            before = work.workers.find(worker.name)
            if _is_gone(before, worker) and work.workers.take(worker, over=before):
                return
        if before is not None and _was_unheard(outside, before):
            with outside.unit_of_work() as work:
                if work.workers.take(worker, over=before):
                    return


def _is_gone(before: Worker | None, worker: Worker) -> bool:
    # Whoever sat where we sit now is dead: the lock is ours.
    return before is None or before.ended_at is not None or before.seat == worker.seat


def _was_unheard(outside: Outside, before: Worker) -> bool:
    """Watch a holder for as long as a lease lasts; raises NameTaken when it is heard of."""
    end = _seconds() + LEASE.total_seconds()
    while _seconds() < end:
        time.sleep(WATCH_SECONDS)
        with outside.reading() as work:
            found = work.workers.find(before.name)
        if found is None or found.ended_at is not None:
            return False
        if (found.id, found.beats) != (before.id, before.beats):
            raise NameTaken(TAKEN.format(before.name))
    return True


def _beating(lease: Lease, ended: threading.Event) -> None:
    while not ended.wait(BEAT.total_seconds()):
        try:
            lease.beat()
        except Exception as error:  # noqa: BLE001 — a database that is away for a moment takes nothing from us
            log.warning("the worker was not heard of: %s", type(error).__name__)


def _seconds() -> float:
    # Counts on while the machine sleeps, where there is such a clock.
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
