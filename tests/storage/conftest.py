from datetime import UTC, datetime, timedelta

import pytest
from faulty_store import FaultyStore
from moto.server import ThreadedMotoServer

from requests_portal.storage.buckets import make_buckets
from requests_portal.storage.client import s3_client
from requests_portal.storage.recordings import Recordings
from requests_portal.storage.spool import Spool
from requests_portal.storage.vault import Retention, Vault

STORED_AT = datetime(2099, 11, 23, 17, 30, tzinfo=UTC)
TWO_YEARS = Retention(mode="GOVERNANCE", period=timedelta(days=730), now=lambda: STORED_AT)


@pytest.fixture(scope="session")
def store_endpoint():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def quick_client(endpoint, read_seconds=10):
    return s3_client(
        endpoint=endpoint,
        region="us-east-1",
        access_key="demonstration",
        secret_key="only-for-tests",
        connect_seconds=2,
        read_seconds=read_seconds,
        attempts=1,
    )


@pytest.fixture(scope="session")
def client(store_endpoint):
    client = s3_client(
        endpoint=store_endpoint, region="us-east-1", access_key="demonstration", secret_key="only-for-tests"
    )
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


@pytest.fixture
def shaky(faulty_store, pauses):
    """The recordings bucket behind the faulty store; each pause between readings is noted instead of waited."""
    return Recordings(quick_client(faulty_store.endpoint), "recordings", attempts=4, backoff=pauses.append)


@pytest.fixture
def hurried(faulty_store, pauses):
    """The same, with a reader that waits for a byte for no more than 0.4 s."""
    client = quick_client(faulty_store.endpoint, read_seconds=0.4)
    return Recordings(client, "recordings", attempts=4, backoff=pauses.append)


@pytest.fixture
def shaky_vault(faulty_store, pauses):
    return Vault(quick_client(faulty_store.endpoint), "vault", retention=TWO_YEARS, attempts=4, backoff=pauses.append)
