"""An S3 server of our own for the demonstration: moto in a process that ends when its starter does."""

import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

from requests_portal.storage.refusals import StoreUnavailable

STOP_SECONDS = 5.0


class DemoStore:
    """moto's S3 server on 127.0.0.1; forgets everything when stopped. Port 0 takes a free one."""

    def __init__(self, port: int, data: Path) -> None:
        self.port = port
        self.log = data / "store.log"
        self.endpoint = ""
        self._process: subprocess.Popen[str] | None = None

    def launch(self) -> None:
        """Start the process without waiting for it."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 — our own module, by our own interpreter
                [sys.executable, "-m", __name__, str(self.port)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,  # Ctrl-C is for the starter, which still needs the store to finish
            )

    def start(self) -> None:
        """Wait until the server answers and set `endpoint`; raises StoreUnavailable when the port is taken."""
        if self._process is None:
            self.launch()
        assert self._process is not None  # noqa: S101 — for the type checker; it was launched
        assert self._process.stdout is not None  # noqa: S101 — for the type checker; we asked for a pipe
        self.endpoint = self._process.stdout.readline().strip()
        if not self.endpoint:
            self.stop()
            raise StoreUnavailable(f"The demonstration's store did not start on port {self.port}; see {self.log.name}.")

    def stop(self) -> None:
        """End the server and what it holds; stopping twice is well."""
        if self._process is None:
            return
        self._process.terminate()
        self._process.communicate(timeout=STOP_SECONDS)
        self._process = None


def main() -> None:
    """Serve until standard input closes, so that no kill of the starter leaves a server behind."""
    threading.Thread(target=_end_with_the_starter, daemon=True).start()
    # The starter imports this file too, and moto takes a second to load.
    from moto.moto_server.werkzeug_app import (  # noqa: PLC0415
        DomainDispatcherApplication,
        MotoRequestHandler,
        create_backend_app,
    )
    from werkzeug.serving import make_server  # noqa: PLC0415

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    application = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", int(sys.argv[1]), application, threaded=True, request_handler=MotoRequestHandler)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


def _end_with_the_starter() -> None:
    sys.stdin.read()
    # Everything it holds is forgotten in any case, so nothing is worth a wait.
    os._exit(0)


if __name__ == "__main__":
    main()
