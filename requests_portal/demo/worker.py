"""The demonstration's worker: a process of its own that ends when its starter does."""

import os
import subprocess
import sys
import threading
from pathlib import Path

NAME = "demonstration-worker"


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
        """End the process, as the end of its standard input does; stopping twice is well."""
        if self._process is None:
            return
        self._process.communicate()
        self._process = None


def main() -> None:
    """Work until standard input closes."""
    threading.Thread(target=_end_with_the_starter, daemon=True).start()
    # The starter may be gone before these have loaded.
    from requests_portal.app import open_desk, worker  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415

    with worker(open_desk(read(Path(sys.argv[1]))), name=NAME):
        threading.Event().wait()


def _end_with_the_starter() -> None:
    sys.stdin.read()
    # What is half done is done again at the next start, or thrown away, so it is not worth a wait.
    os._exit(0)


if __name__ == "__main__":
    main()
