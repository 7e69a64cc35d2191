"""The recordings bucket against a real S3 server: versions, holds, and deletion that a hold denies."""

import pytest
from moto.server import ThreadedMotoServer

from requests_portal.errors import Unusable
from requests_portal.storage.buckets import make_buckets
from requests_portal.storage.client import s3_client
from requests_portal.storage.outcomes import Fetched, Missing
from requests_portal.storage.recordings import Recordings
from requests_portal.storage.refusals import NoSuchObject, StillHeld, StoreUnavailable

KETTLE = b"RIFF the kettle is on"


def keyed(key, stored):
    return {"key": key, "version_id": stored.version_id, "size": stored.size, "sha256": stored.sha256}


def test_a_recording_comes_back_as_it_was_put(recordings):
    stored = recordings.put("acct-1/kettle.wav", KETTLE, media_type="audio/wav")

    assert b"".join(recordings.read(**keyed("acct-1/kettle.wav", stored))) == KETTLE


def test_a_part_of_the_exact_version_is_read_without_the_rest(recordings):
    long = bytes(range(256)) * (3 << 12)
    stored = recordings.put("acct-1/part.wav", long, media_type="audio/wav")
    recordings.put("acct-1/part.wav", KETTLE, media_type="audio/wav")

    file = recordings.opened(key="acct-1/part.wav", version_id=stored.version_id, size=stored.size)
    file.seek(-300, 2)

    assert file.read() == long[-300:]
    assert file.seek(1_048_570) == 1_048_570
    assert file.read(12) == long[1_048_570:1_048_582]
    assert file.failure is None


def test_a_version_that_is_gone_is_kept_as_the_failure_of_its_file(recordings):
    file = recordings.opened(key="acct-1/none.wav", version_id="no-such-version", size=9)

    assert file.read() == b""
    assert file.failure is not None


def test_a_store_on_this_machine_is_reached_past_a_proxy(store_endpoint, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    near = s3_client(endpoint=store_endpoint, region="us-east-1", access_key="a", secret_key="b", attempts=1)

    assert Recordings(near, "recordings").put("acct-1/near.wav", KETTLE, media_type="audio/wav").size == len(KETTLE)


def test_a_recording_longer_than_a_chunk_is_streamed(recordings):
    long = bytes(range(256)) * (3 << 12)
    stored = recordings.put("acct-1/long.wav", long, media_type="audio/wav")

    chunks = list(recordings.read(**keyed("acct-1/long.wav", stored)))

    assert b"".join(chunks) == long
    assert max(map(len, chunks)) <= 1 << 20


def test_a_newer_version_does_not_stand_in_for_the_catalogued_one(recordings, spool):
    stored = recordings.put("acct-1/replaced.wav", KETTLE, media_type="audio/wav")
    recordings.put("acct-1/replaced.wav", b"something else", media_type="audio/wav")

    outcome = recordings.fetch(**keyed("acct-1/replaced.wav", stored), into=spool)

    assert outcome == Fetched(sha256=stored.sha256, size=len(KETTLE))
    assert spool.path(stored.sha256).read_bytes() == KETTLE


def test_a_delete_marker_on_top_does_not_hide_the_catalogued_version(recordings, client, spool):
    stored = recordings.put("acct-1/marked.wav", KETTLE + b"!", media_type="audio/wav")
    client.delete_object(Bucket="recordings", Key="acct-1/marked.wav")

    outcome = recordings.fetch(**keyed("acct-1/marked.wav", stored), into=spool)

    assert isinstance(outcome, Fetched)


def test_a_deleted_version_is_missing(recordings, spool):
    stored = recordings.put("acct-1/gone.wav", KETTLE, media_type="audio/wav")
    recordings.delete("acct-1/gone.wav", stored.version_id)

    outcome = recordings.fetch(**keyed("acct-1/gone.wav", stored), into=spool)

    assert isinstance(outcome, Missing)
    with pytest.raises(NoSuchObject):
        list(recordings.read(**keyed("acct-1/gone.wav", stored)))


def test_a_held_version_cannot_be_deleted_until_its_hold_is_released(recordings):
    stored = recordings.put("acct-1/held.wav", KETTLE, media_type="audio/wav")
    recordings.hold("acct-1/held.wav", stored.version_id)

    with pytest.raises(StillHeld, match=r"denied deleting acct-1/held\.wav"):
        recordings.delete("acct-1/held.wav", stored.version_id)

    assert b"".join(recordings.read(**keyed("acct-1/held.wav", stored))) == KETTLE
    recordings.release_hold("acct-1/held.wav", stored.version_id)
    recordings.delete("acct-1/held.wav", stored.version_id)
    with pytest.raises(NoSuchObject):
        list(recordings.read(**keyed("acct-1/held.wav", stored)))


def test_a_hold_is_on_one_version_and_no_other(recordings):
    older = recordings.put("acct-1/twice.wav", KETTLE, media_type="audio/wav")
    newer = recordings.put("acct-1/twice.wav", KETTLE, media_type="audio/wav")

    recordings.hold("acct-1/twice.wav", older.version_id)

    assert recordings.is_held("acct-1/twice.wav", older.version_id)
    assert not recordings.is_held("acct-1/twice.wav", newer.version_id)


def test_holding_and_deleting_twice_are_the_same_as_once(recordings):
    stored = recordings.put("acct-1/again.wav", KETTLE, media_type="audio/wav")

    recordings.hold("acct-1/again.wav", stored.version_id)
    recordings.hold("acct-1/again.wav", stored.version_id)
    recordings.release_hold("acct-1/again.wav", stored.version_id)
    recordings.delete("acct-1/again.wav", stored.version_id)
    recordings.delete("acct-1/again.wav", stored.version_id)

    with pytest.raises(NoSuchObject):
        recordings.is_held("acct-1/again.wav", stored.version_id)


def test_a_hold_that_cannot_be_asked_about_is_not_called_absent(shaky, faulty_store):
    faulty_store.stop()

    with pytest.raises(StoreUnavailable):
        shaky.is_held("acct-1/kettle.wav", "v1")


def test_the_probe_sees_a_denied_delete_and_leaves_nothing(recordings, client):
    assert recordings.probe_lock() is True

    left = client.list_object_versions(Bucket="recordings", Prefix="disclosure-desk/")
    assert "Versions" not in left


class WithoutLock:
    """A store that takes holds, reports them, and deletes all the same, as some servers do."""

    def __init__(self, client):
        self._client = client

    def delete_object(self, **names):
        self._client.put_object_legal_hold(**names, LegalHold={"Status": "OFF"})
        return self._client.delete_object(**names)

    def __getattr__(self, name):
        return getattr(self._client, name)


def test_the_probe_is_not_fooled_by_a_lock_that_does_not_lock(client):
    assert Recordings(WithoutLock(client), "recordings").probe_lock() is False


class LockThatOnlyTalks(WithoutLock):
    """A store whose delete answers well and does nothing: no denial was seen."""

    def delete_object(self, *, Bucket, Key, VersionId):  # noqa: ARG002, N803 — as S3 names them
        return {"VersionId": VersionId}


def test_a_delete_that_is_not_denied_is_no_proof_even_when_the_object_stays(client):
    assert Recordings(LockThatOnlyTalks(client), "recordings").probe_lock() is False


def test_a_bucket_without_versions_is_refused(client):
    client.create_bucket(Bucket="unversioned")

    with pytest.raises(Unusable, match="keeps no versions"):
        Recordings(client, "unversioned").put("k", b"x", media_type="audio/wav")
    with pytest.raises(Unusable, match="without versioning and Object Lock"):
        make_buckets(client, ["unversioned"])


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_buckets_are_made_once_in_any_region(region):
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    client = s3_client(endpoint=f"http://{host}:{port}", region=region, access_key="a", secret_key="b")

    make_buckets(client, [f"once-{region}"])
    make_buckets(client, [f"once-{region}"])

    lock = client.get_object_lock_configuration(Bucket=f"once-{region}")
    assert lock["ObjectLockConfiguration"]["ObjectLockEnabled"] == "Enabled"
    server.stop()
