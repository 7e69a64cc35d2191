"""The policies before a server that denies what they do not allow: each process can do its work, and no other's.

moto asks of a hold and of a HEAD other rights than AWS does; those are left to what the source says.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import ProxyHandler, Request, build_opener

import boto3
import pytest
from botocore.config import Config

from requests_portal.errors import Forbidden
from requests_portal.storage.buckets import make_buckets
from requests_portal.storage.client import s3_client
from requests_portal.storage.demo_store import DemoStore
from requests_portal.storage.lock_probe import PROBE
from requests_portal.storage.recordings import Recordings
from requests_portal.storage.refusals import StillHeld
from requests_portal.storage.vault import Retention, Vault

POLICIES = Path(__file__).parents[2] / "deploy" / "aws"
REGION = "us-east-1"
FOR_A_DAY = Retention(mode="GOVERNANCE", period=timedelta(days=1), now=lambda: datetime.now(UTC))


class Role:
    """One process's doors to the store, opened with what its policy allows."""

    def __init__(self, client):
        self.client = client
        self.recordings = Recordings(client, "recordings")
        self.vault = Vault(client, "vault", retention=FOR_A_DAY)


def role_of(endpoint, process):
    iam = boto3.client(
        "iam",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="any",
        aws_secret_access_key="any",
        config=Config(proxies={}),
    )
    policy = (POLICIES / f"{process}.json").read_text(encoding="utf-8")
    named = policy.replace("RECORDINGS_BUCKET", "recordings").replace("VAULT_BUCKET", "vault")
    iam.create_user(UserName=process)
    iam.put_user_policy(UserName=process, PolicyName="desk", PolicyDocument=named)
    key = iam.create_access_key(UserName=process)["AccessKey"]
    return Role(
        s3_client(endpoint=endpoint, region=REGION, access_key=key["AccessKeyId"], secret_key=key["SecretAccessKey"])
    )


@pytest.fixture(scope="module")
def strict(tmp_path_factory):
    """The roles on a server that asks IAM about everything, and a recording that is there."""
    store = DemoStore(0, tmp_path_factory.mktemp("store"))
    store.start()
    administrator = s3_client(endpoint=store.endpoint, region=REGION, access_key="any", secret_key="any")
    make_buckets(administrator, ["recordings", "vault"])
    roles = {process: role_of(store.endpoint, process) for process in ("web", "worker", "operator")}
    stored = Recordings(administrator, "recordings").put("voice/1", b"hello", media_type="audio/ogg")
    asked = Request(  # noqa: S310 — our own server
        f"{store.endpoint}/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"}, method="POST"
    )
    build_opener(ProxyHandler({})).open(asked).close()
    yield roles, stored
    store.stop()


def read(role, stored):
    return b"".join(
        role.recordings.read(key="voice/1", version_id=stored.version_id, size=stored.size, sha256=stored.sha256)
    )


def test_pages_read_recordings_keep_papers_and_delete_nothing(strict):
    roles, stored = strict
    web = roles["web"]

    paper = web.vault.put_paper([b"a warrant"], max_bytes=100)

    assert b"".join(web.vault.read_paper(paper.sha256)) == b"a warrant"
    assert web.vault.put_paper([b"a warrant"], max_bytes=100) == paper
    assert read(web, stored) == b"hello"
    for denied in (
        lambda: web.recordings.put("voice/2", b"other", media_type="audio/ogg"),
        lambda: web.recordings.every_version("voice/1"),
    ):
        with pytest.raises(Forbidden):
            denied()
    with pytest.raises(StillHeld):
        web.recordings.delete("voice/1", stored.version_id)


def test_a_worker_keeps_and_erases_and_stores_no_recording(strict):
    roles, stored = strict
    worker = roles["worker"]
    probe = worker.recordings.put(PROBE, b"a probe", media_type="text/plain")

    version = worker.vault.put_bytes("bundles/1", b"a bundle", media_type="application/pdf")

    assert b"".join(worker.vault.read_bundle("bundles/1", version)) == b"a bundle"
    assert worker.vault.kept_until("bundles/1", version) > datetime.now(UTC)
    assert read(worker, stored) == b"hello"
    worker.recordings.delete(PROBE, probe.version_id)
    assert worker.recordings.every_version(PROBE) == []
    with pytest.raises(Forbidden):
        worker.recordings.put("voice/2", b"other", media_type="audio/ogg")
    with pytest.raises(StillHeld):
        Recordings(worker.client, "vault").delete("bundles/1", version)


def test_an_operator_lists_recordings_and_sees_nothing_of_the_vault(strict):
    roles, stored = strict
    operator = roles["operator"]

    assert operator.recordings.every_version("voice/1") == [stored.version_id]
    assert operator.recordings.put("voice/3", b"imported", media_type="audio/ogg").size == 8
    with pytest.raises(Forbidden):
        b"".join(operator.vault.read_paper("0" * 64))
    with pytest.raises(StillHeld):
        operator.recordings.delete("voice/1", stored.version_id)
