"""The recordings bucket against a real S3 server: versions, holds, and deletion that a hold denies."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError
from conftest import quick_client
from moto.server import ThreadedMotoServer

from requests_portal.errors import NoBucket, Unusable
from requests_portal.model.in_store import Place
from requests_portal.storage.buckets import make_buckets
from requests_portal.storage.client import s3_client
from requests_portal.storage.lock_probe import Probed
from requests_portal.storage.objects import ObjectsInStore
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


def test_a_store_on_this_machine_is_reached_past_a_proxy(recordings, store_endpoint, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    near = quick_client(store_endpoint)

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

    with pytest.raises(StillHeld, match="denied deleting a version"):
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
    assert recordings.probe_lock() == Probed(denied=True)

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
    assert Recordings(WithoutLock(client), "recordings").probe_lock() == Probed(denied=False)


class LockThatOnlyTalks(WithoutLock):
    """A store whose delete answers well and does nothing: no denial was seen."""

    def delete_object(self, *, Bucket, Key, VersionId):  # noqa: ARG002, N803 — as S3 names them
        return {"VersionId": VersionId}


def test_a_delete_that_is_not_denied_is_no_proof_even_when_the_object_stays(client):
    talks = Recordings(LockThatOnlyTalks(client), "recordings")

    first = talks.probe_lock()
    assert first.denied is False
    assert talks.probe_lock(first.left) == first
    assert Recordings(client, "recordings").probe_lock(first.left) == Probed(denied=True)


class WithoutTheRight(WithoutLock):
    """A role that may hold and may not delete at all."""

    def delete_object(self, **_names):
        raise ClientError({"Error": {"Code": "AccessDenied"}}, "DeleteObject")


def test_a_role_that_may_delete_nothing_proves_nothing_and_its_probe_is_used_again(client):
    cannot = Recordings(WithoutTheRight(client), "recordings")

    first = cannot.probe_lock()
    second = cannot.probe_lock(first.left)

    assert first.denied is None
    assert "give our role the right to delete" in first.failure
    assert second == first
    recordings = Recordings(client, "recordings")
    assert recordings.probe_lock(first.left) == Probed(denied=True)


def test_a_probe_that_breaks_off_is_used_again(client, monkeypatch):
    recordings = Recordings(client, "recordings")
    monkeypatch.setattr(recordings, "release_hold", away)

    broken = recordings.probe_lock()
    monkeypatch.undo()

    assert (broken.denied, broken.failure) == (None, "It went away.")
    assert recordings.probe_lock(broken.left) == Probed(denied=True)
    assert "Versions" not in client.list_object_versions(Bucket="recordings", Prefix="disclosure-desk/")


def away(*_):
    raise StoreUnavailable("It went away.")


def test_a_bucket_without_versions_is_refused(client):
    client.create_bucket(Bucket="unversioned")

    with pytest.raises(Unusable, match="keeps no versions"):
        Recordings(client, "unversioned").put("k", b"x", media_type="audio/wav")
    with pytest.raises(Unusable, match="without versioning and Object Lock"):
        make_buckets(client, ["unversioned"])


def test_every_version_of_a_key_is_listed_without_listing_its_neighbours(client, recordings, monkeypatch):
    versions = {recordings.put("often", bytes([number]), media_type="audio/wav").version_id for number in range(5)}
    marker = client.delete_object(Bucket="recordings", Key="often")["VersionId"]
    for number in range(30):
        recordings.put(f"often~{number}", KETTLE, media_type="audio/wav")
    real, pages = client.get_paginator, []

    class Paged:
        def paginate(self, **arguments):
            for page in real("list_object_versions").paginate(**arguments, PaginationConfig={"PageSize": 3}):
                pages.append(page)
                yield page

    monkeypatch.setattr(client, "get_paginator", lambda _name: Paged())

    assert set(recordings.every_version("often")) == {*versions, marker}
    assert len(pages) <= 6


def test_every_version_is_listed_of_a_key_with_a_thousand_longer_neighbours(client, recordings):
    versions = {recordings.put("near", bytes([number]), media_type="audio/wav").version_id for number in range(3)}
    marker = client.delete_object(Bucket="recordings", Key="near")["VersionId"]
    with ThreadPoolExecutor(8) as writers:
        list(writers.map(lambda number: recordings.put(f"near-{number:04}", b"", media_type="audio/wav"), range(1001)))

    listed = recordings.every_version("near")

    assert sorted(listed) == sorted({*versions, marker})
    objects = ObjectsInStore(client, Place(name="recordings", is_own=True))
    assert {each.version_id for each in objects.versions("near")} == {*versions, marker}


def test_a_version_is_had_until_it_is_deleted(recordings):
    version = recordings.put("had", KETTLE, media_type="audio/wav").version_id

    assert recordings.has("had", version)

    recordings.delete("had", version)

    assert not recordings.has("had", version)


def test_a_bucket_is_absent_only_where_the_store_says_so(recordings):
    assert not recordings.is_absent()
    assert recordings.of_bucket("never-made").is_absent()
    with pytest.raises(NoBucket):
        recordings.of_bucket("never-made").every_version("anything")
    assert not Recordings(quick_client("http://127.0.0.1:9"), "never-made").is_absent()


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
