"""The demonstration's worker: a process of its own that ends when its starter does."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

NAME = "demonstration-worker"
# What a kill leaves half done, the next start would take up again; here nothing is ever taken up again.
STOP_SECONDS = 3.0


class WorkerProcess:
    """The worker of the demonstration, as its starter holds it."""

    def __init__(self, settings: Path) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; it is killed with its starter, however that ends."""
        log = self._settings.with_name("worker.log").open("ab")
        self._process = subprocess.Popen(  # noqa: S603 — our own module, by our own interpreter
            [sys.executable, "-m", __name__, str(self._settings)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the starter
        )
        log.close()

    def stop(self) -> None:
        """Let the process end, as it does within STOP_SECONDS of its standard input; stopping twice is well."""
        if self._process is None:
            return
        self._process.communicate()
        self._process = None

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid if self._process else 0


def main() -> None:
    """Work until standard input closes, and not much longer."""
    alone = threading.Event()
    threading.Thread(target=_end_with_the_starter, args=[alone], daemon=True).start()
    # The starter may be gone before these have loaded.
    from requests_portal.app import open_desk, worker  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415

    with worker(open_desk(read(Path(sys.argv[1]))), name=NAME):
        alone.wait()


def _end_with_the_starter(alone: threading.Event) -> None:
    sys.stdin.read()
    alone.set()
    time.sleep(STOP_SECONDS)
    os._exit(0)


if __name__ == "__main__":
    main()
