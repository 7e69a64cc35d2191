from datetime import UTC, datetime, timedelta

import pytest
from faulty_store import FaultyStore
from moto.server import ThreadedMotoServer

from requests_portal.storage import seaweed
from requests_portal.storage.buckets import make_buckets
from requests_portal.storage.client import s3_client
from requests_portal.storage.fast_reader import FastReader
from requests_portal.storage.recordings import Recordings
from requests_portal.storage.spool import Spool
from requests_portal.storage.vault import Retention, Vault

STORED_AT = datetime(2099, 11, 23, 17, 30, tzinfo=UTC)
TWO_YEARS = Retention(mode="GOVERNANCE", period=timedelta(days=730), now=lambda: STORED_AT)


ACCESS_KEY, SECRET_KEY = "demonstration", "only-for-tests"


@pytest.fixture(scope="session", params=["moto", "seaweedfs"])
def server(request):
    """Which S3 server the contract is tested on."""
    return request.param


@pytest.fixture(scope="session")
def store_endpoint(server, tmp_path_factory):
    if server == "moto":
        moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        moto.start()
        host, port = moto.get_host_and_port()
        yield f"http://{host}:{port}"
        moto.stop()
        return
    if seaweed.program() is None:
        pytest.skip(f"SeaweedFS is not installed: {seaweed.INSTALL}")
    weed = seaweed.SeaweedStore(tmp_path_factory.mktemp("seaweed"), access_key=ACCESS_KEY, secret_key=SECRET_KEY)
    weed.start()
    yield weed.endpoint
    weed.stop()


def quick_client(endpoint, read_seconds=10):
    return s3_client(
        endpoint=endpoint,
        region="us-east-1",
        access_key=ACCESS_KEY,
        secret_key=SECRET_KEY,
        connect_seconds=2,
        read_seconds=read_seconds,
        attempts=1,
    )


def fast_reader(endpoint, read_seconds=10):
    return FastReader(
        endpoint=endpoint,
        region="us-east-1",
        access_key=ACCESS_KEY,
        secret_key=SECRET_KEY,
        connect_seconds=2,
        read_seconds=read_seconds,
    )


@pytest.fixture
def quick_reader(store_endpoint):
    return fast_reader(store_endpoint)


@pytest.fixture(scope="session")
def client(store_endpoint):
    client = s3_client(endpoint=store_endpoint, region="us-east-1", access_key=ACCESS_KEY, secret_key=SECRET_KEY)
    make_buckets(client, ["recordings", "vault"])
    return client


@pytest.fixture
def recordings(client):
    return Recordings(client, "recordings", backoff=[].append)


@pytest.fixture
def vault(client):
    return Vault(client, "vault", retention=TWO_YEARS, backoff=[].append)


@pytest.fixture
def spool(tmp_path):
    return Spool(tmp_path / "spool")


@pytest.fixture
def faulty_store():
    store = FaultyStore()
    yield store
    store.stop()


@pytest.fixture
def pauses():
    return []


@pytest.fixture(params=["plain", "fast"])
def reader(request):
    return request.param


@pytest.fixture
def more(reader):
    """How many readings the fast reader adds to those of the plain one where something is wrong."""
    return 1 if reader == "fast" else 0


def shaky_recordings(faulty_store, pauses, reader, *, read_seconds=10):
    fast = fast_reader(faulty_store.endpoint, read_seconds) if reader == "fast" else None
    client = quick_client(faulty_store.endpoint, read_seconds)
    return Recordings(client, "recordings", attempts=4, backoff=pauses.append, fast=fast)


@pytest.fixture
def shaky(faulty_store, pauses, reader):
    """The recordings bucket behind the faulty store; each pause between readings is noted instead of waited."""
    return shaky_recordings(faulty_store, pauses, reader)


@pytest.fixture
def hurried(faulty_store, pauses, reader):
    """The same, with a reader that waits for a byte for no more than 0.4 s."""
    return shaky_recordings(faulty_store, pauses, reader, read_seconds=0.4)


@pytest.fixture
def shaky_vault(faulty_store, pauses):
    return Vault(quick_client(faulty_store.endpoint), "vault", retention=TWO_YEARS, attempts=4, backoff=pauses.append)
