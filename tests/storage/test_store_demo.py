"""The demonstration's store: there when started, gone when its starter is."""

import os
import signal
import subprocess
import sys

import pytest

from requests_portal.storage.buckets import make_buckets
from requests_portal.storage.client import s3_client
from requests_portal.storage.demo_store import DemoStore
from requests_portal.storage.recordings import Recordings
from requests_portal.storage.refusals import StoreUnavailable


def a_client(endpoint):
    return s3_client(endpoint=endpoint, region="us-east-1", access_key="demo", secret_key="demo-only", attempts=1)


def test_the_store_answers_once_started_and_locks_like_the_real_one(tmp_path):
    store = DemoStore(0, tmp_path / "demo data")
    store.start()
    client = a_client(store.endpoint)
    make_buckets(client, ["recordings"])

    assert Recordings(client, "recordings").probe_lock().denied is True

    store.stop()
    store.stop()
    with pytest.raises(StoreUnavailable):
        Recordings(client, "recordings").put("k", b"x", media_type="audio/wav")


def test_a_taken_port_is_refused_in_a_sentence(tmp_path):
    first = DemoStore(0, tmp_path)
    first.start()
    port = int(first.endpoint.rpartition(":")[2])

    with pytest.raises(StoreUnavailable, match=f"did not start on port {port}"):
        DemoStore(port, tmp_path).start()

    first.stop()


STARTER = """
import sys, pathlib
from requests_portal.storage.demo_store import DemoStore
store = DemoStore(0, pathlib.Path(sys.argv[1]))
store.start()
print(store.endpoint, store._process.pid, flush=True)
sys.stdin.read()
"""


def test_the_store_ends_when_its_starter_is_killed(tmp_path):
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    pid = int(starter.stdout.readline().split()[1])
    watched = os.pidfd_open(pid)

    starter.send_signal(signal.SIGKILL)
    starter.communicate()

    assert ended(watched)


def ended(watched):
    import select  # noqa: PLC0415 — Linux only, as pidfd_open is

    readable, _, _ = select.select([watched], [], [], 10)
    os.close(watched)
    return bool(readable)
