import pytest
from a_bucket import Bucket
from moto.server import ThreadedMotoServer

from requests_portal.storage.client import s3_client


@pytest.fixture(scope="session")
def endpoint():
    """A server that has S3 and SQS."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def client(endpoint):
    return s3_client(endpoint=endpoint, region="us-east-1", access_key="demonstration", secret_key="only-for-tests")


@pytest.fixture
def bucket(client):
    return Bucket(client)
