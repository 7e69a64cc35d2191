"""What only a real store can show, since moto takes any secret, any checksum and any change of retention."""

import base64
import hashlib
import time
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

import pytest
from botocore.exceptions import ClientError
from conftest import ACCESS_KEY, SECRET_KEY, fast_reader

from requests_portal.storage.client import s3_client
from requests_portal.storage.fast_reader import FastReader
from requests_portal.storage.outcomes import Unreadable
from requests_portal.storage.recordings import Recordings

LAMP = b"RIFF the kitchen lamp"
TOMORROW = timedelta(days=1)
pytestmark = pytest.mark.parametrize("server", ["seaweedfs"], indirect=True, scope="session")


def code(refused):
    return refused.value.response["Error"]["Code"]


def opened(url):
    return build_opener(ProxyHandler({})).open(url, timeout=5)


def asked_with(endpoint, access_key, secret_key):
    return s3_client(endpoint=endpoint, region="us-east-1", access_key=access_key, secret_key=secret_key, attempts=1)


@pytest.mark.parametrize(("access_key", "secret_key"), [(ACCESS_KEY, "another secret"), ("nobody", SECRET_KEY)])
def test_wrong_keys_read_nothing_and_say_nothing_of_the_recording(
    recordings, store_endpoint, spool, access_key, secret_key
):
    kept = recordings.put("acct-2/secret.wav", LAMP, media_type="audio/wav")
    stranger = Recordings(
        asked_with(store_endpoint, access_key, secret_key),
        "recordings",
        backoff=lambda _: None,
        fast=FastReader(endpoint=store_endpoint, region="us-east-1", access_key=access_key, secret_key=secret_key),
    )

    outcome = stranger.fetch(key="acct-2/secret.wav", **vars(kept), into=spool)

    assert isinstance(outcome, Unreadable)
    assert not spool.has(kept.sha256)


def test_bytes_that_do_not_match_their_checksum_are_not_stored(client):
    wrong = base64.b64encode(hashlib.sha256(b"other bytes").digest()).decode()

    with pytest.raises(ClientError) as refused:
        client.put_object(Bucket="recordings", Key="acct-2/wrong.wav", Body=LAMP, ChecksumSHA256=wrong)

    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert "Versions" not in client.list_object_versions(Bucket="recordings", Prefix="acct-2/wrong.wav")


def retained(client, mode):
    until = (datetime.now(UTC) + 3 * TOMORROW).replace(microsecond=0)
    answer = client.put_object(
        Bucket="vault",
        Key=f"{mode}.pdf",
        Body=LAMP,
        ObjectLockMode=mode,
        ObjectLockRetainUntilDate=until,
        ChecksumAlgorithm="SHA256",
    )
    return {"Bucket": "vault", "Key": f"{mode}.pdf", "VersionId": answer["VersionId"]}, until


@pytest.mark.parametrize("mode", ["COMPLIANCE", "GOVERNANCE"])
def test_retention_cannot_be_shortened_or_lifted_and_denies_deleting(client, mode):
    kept, until = retained(client, mode)

    with pytest.raises(ClientError):
        client.put_object_retention(**kept, Retention={"Mode": mode, "RetainUntilDate": until - TOMORROW})
    with pytest.raises(ClientError) as denied:
        client.delete_object(**kept)

    assert code(denied) == "AccessDenied"
    assert client.get_object_retention(**kept)["Retention"]["RetainUntilDate"] == until
    assert client.get_object(**kept)["Body"].read() == LAMP


def test_compliance_holds_even_against_who_may_bypass_governance(client):
    kept, until = retained(client, "COMPLIANCE")

    for refused in (
        lambda: client.delete_object(**kept, BypassGovernanceRetention=True),
        lambda: client.put_object_retention(
            **kept,
            Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until - TOMORROW},
            BypassGovernanceRetention=True,
        ),
        lambda: client.put_object_retention(
            **kept, Retention={"Mode": "GOVERNANCE", "RetainUntilDate": until}, BypassGovernanceRetention=True
        ),
    ):
        with pytest.raises(ClientError):
            refused()

    assert client.get_object_retention(**kept)["Retention"] == {"Mode": "COMPLIANCE", "RetainUntilDate": until}


def test_an_address_given_for_a_time_opens_one_version_until_then(client, recordings):
    kept = recordings.put("acct-2/given.wav", LAMP, media_type="audio/wav")
    recordings.put("acct-2/given.wav", b"a newer version", media_type="audio/wav")
    named = {"Bucket": "recordings", "Key": "acct-2/given.wav", "VersionId": kept.version_id}
    url = client.generate_presigned_url("get_object", Params=named, ExpiresIn=60)

    assert opened(url).read() == LAMP
    for bad in (url[:-4] + "0000", url.replace("given", "secret"), url.partition("?")[0]):
        with pytest.raises(HTTPError) as refused:
            opened(bad)
        assert refused.value.code == 403


def test_an_address_that_has_expired_opens_nothing(client, recordings):
    recordings.put("acct-2/expired.wav", LAMP, media_type="audio/wav")
    named = {"Bucket": "recordings", "Key": "acct-2/expired.wav"}
    url = client.generate_presigned_url("get_object", Params=named, ExpiresIn=1)

    until = time.monotonic() + 10
    answer = 200
    while answer == 200 and time.monotonic() < until:
        try:
            opened(url).close()
        except HTTPError as refused:
            answer = refused.code

    assert answer == 403


def test_a_hold_is_refused_deleting_by_the_fast_readers_own_store_too(client, recordings, store_endpoint, spool):
    kept = recordings.put("acct-2/held.wav", LAMP, media_type="audio/wav")
    recordings.hold("acct-2/held.wav", kept.version_id)

    with pytest.raises(ClientError):
        client.delete_object(
            Bucket="recordings", Key="acct-2/held.wav", VersionId=kept.version_id, BypassGovernanceRetention=True
        )

    brings = fast_reader(store_endpoint).brings
    assert brings("recordings", key="acct-2/held.wav", **vars(kept), into=spool)
