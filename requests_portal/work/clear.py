"""Clear: what the spool and the scratch folder keep for nobody any more is removed, a day or more after its last use.

It is copies that go: a recording is read again from the store, and a picture drawn again, when somebody asks for it.
"""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from requests_portal.work.draw import FOLDER as TO_SIGN_OFF
from requests_portal.work.outside import Outside
from requests_portal.work.waveform import FOLDER as WAVEFORMS

UNUSED = timedelta(days=1)
# What is read again and again, and costs most to make.
DRAWN = timedelta(days=30)
# Whatever a process makes here for itself has one of these names and is gone when it ends, unless it was killed.
PASSING = ("tmp*", "*.paper", "*.verify", "inventory-*")


def clear(outside: Outside) -> None:
    """Remove what no production needs and nobody used for a day; what is in use is marked so first."""
    with outside.reading() as work:
        now = work.now()
        for digest in work.productions.in_spool():
            outside.spool.use(digest)
    outside.spool.clear(unused_since=now - UNUSED)
    clear_scratch(outside.scratch, at=now)


def clear_scratch(scratch: Path, *, at: datetime) -> None:
    """Remove what a process that was killed left behind, and pictures that nobody looked at for long."""
    for path in _left(scratch, at):
        _remove(path)


def _left(scratch: Path, now: datetime) -> Iterator[Path]:
    yield from (path for name in PASSING for path in scratch.glob(name) if is_older(path, now - UNUSED))
    drawn = (*scratch.glob(f"{WAVEFORMS}/*"), *scratch.glob(f"{TO_SIGN_OFF}/*"))
    yield from (path for path in drawn if is_older(path, now - DRAWN))


def is_older(path: Path, moment: datetime) -> bool:
    """Whether neither it nor anything in it changed since."""
    try:
        return all(each.stat().st_mtime < moment.timestamp() for each in (path, *path.rglob("*")))
    except FileNotFoundError:  # somebody else is at work in it, or has just removed it
        return False


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
