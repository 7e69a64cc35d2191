"""`desk worker`: durable work and rounds executed under a stable name until a signal, or an operator, ends it."""

import os
import signal
import sys
import threading
from pathlib import Path
from typing import NoReturn

from requests_portal.app import FLOW_VERSION, Desk, give_back, name_held, open_patiently, working
from requests_portal.errors import NotFound
from requests_portal.lease import Lease, Over
from requests_portal.logs import note, to_standard_error
from requests_portal.settings import read

# What has begun gets so long to finish; then it is given back, to go on from its last checkpoint.
DRAIN_SECONDS = 20
# Whatever hangs, the process has ended by then.
LONGEST_END_SECONDS = 45
# The name is another's, or may be soon: a supervisor starts us again (EX_TEMPFAIL).
AGAIN = os.EX_TEMPFAIL


def attend(settings: Path, *, name: str) -> NoReturn:
    """Work under this name until asked to end; raises NameTaken where another worker of the name is alive."""
    to_standard_error()
    desk = open_patiently(read(settings))
    with name_held(desk, name) as lease:
        _until_asked(desk, lease)
    _end(0)


def take_over(settings: Path, *, name: str) -> int:
    """Put back into the queue what a worker that is gone had begun; raises NameTaken while it is alive."""
    desk = open_patiently(read(settings))
    with name_held(desk, name):
        return give_back(desk, name)


def drain(settings: Path, *, name: str) -> None:
    """Ask a living worker to take nothing new and to end; raises NotFound where there is none of the name."""
    desk = open_patiently(read(settings))
    with desk.ledger.unit_of_work() as work:
        found = work.workers.find(name)
        if found is None or not found.is_alive(desk.ledger.now()):
            raise NotFound(f"No worker named {name} is alive.")
        work.workers.drain(found)


def _until_asked(desk: Desk, lease: Lease) -> None:
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda _signal, _frame: lease.stop())
    name = lease.worker.name
    # On SQLite nobody takes a name from a worker whose writes are waited for: taking it is a write.
    strict = desk.engine.dialect.name != "sqlite"
    with working(desk, lease, drain_seconds=DRAIN_SECONDS):
        note("worker started", worker=name, version=FLOW_VERSION)
        why = lease.wait(strict=strict)
        note("worker ends", worker=name, because=why.value)
        if why is not Over.ASKED:
            _end(AGAIN)
        _end_at_the_latest()
    note("worker ended", worker=name, given_back=give_back(desk, name))


def _end_at_the_latest() -> None:
    timer = threading.Timer(LONGEST_END_SECONDS, _end, [0])
    timer.daemon = True
    timer.start()


def _end(code: int) -> NoReturn:
    # A step that is still at it would keep the interpreter waiting; it records nothing any more.
    sys.stderr.flush()
    os._exit(code)
