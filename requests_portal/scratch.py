"""The scratch folder of processes that serve: where they count together, and what the killed ones left there."""

import fcntl
import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from requests_portal.work.clear import UNUSED, clear_scratch, is_older

CLEAR_SECONDS = 3600.0
COUNTED = "counted-"
# Locked for as long as any process that counts in its folder lives, however it ends.
ALIVE = "alive"
log = logging.getLogger(__name__)


@contextmanager
def counting_together(scratch: Path) -> Iterator[None]:
    """A folder in which every process that serves counts, so that one of them can tell for all."""
    scratch.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=COUNTED, dir=scratch))
    # The lock is there before its name is: whoever finds it unlocked knows that nobody counts any more.
    locked = folder / f"{ALIVE}.new"
    with locked.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        locked.rename(folder / ALIVE)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
        try:
            yield
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def keep_clear(scratch: Path, *, now: Callable[[], datetime]) -> None:
    """Clear the folder now and each hour, in a thread, for as long as the process lives."""

    def go() -> None:
        over = threading.Event()
        while True:
            try:
                clear_what_is_left(scratch, at=now())
            except OSError as error:
                log.warning("the scratch folder was not cleared: %s", type(error).__name__)
            over.wait(CLEAR_SECONDS)

    threading.Thread(target=go, name="clear scratch", daemon=True).start()


def clear_what_is_left(scratch: Path, *, at: datetime) -> None:
    """Remove what nobody used for a day, and the folders in which killed processes counted."""
    clear_scratch(scratch, at=at)
    for folder in scratch.glob(f"{COUNTED}*"):
        if _is_left(folder, at):
            shutil.rmtree(folder, ignore_errors=True)


def _is_left(folder: Path, at: datetime) -> bool:
    try:
        with (folder / ALIVE).open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        # It is just being made, or its maker was killed while it was.
        return is_older(folder, at - UNUSED)
    except BlockingIOError:
        return False
    return True
