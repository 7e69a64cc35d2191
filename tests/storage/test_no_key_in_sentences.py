"""Whatever the store answers, no sentence of ours carries an object's key: it may name a customer."""

import contextlib
import hashlib

import pytest
from conftest import TWO_YEARS, quick_client

from requests_portal.errors import Refused
from requests_portal.model.in_store import Place
from requests_portal.storage.objects import ObjectsInStore
from requests_portal.storage.recordings import Recordings
from requests_portal.storage.uploading import ToUpload, Uploads
from requests_portal.storage.vault import Vault

NAME = "Quillfeather"
KEY = f"voice/Juniper-{NAME}/2026.wav"
SHA256 = hashlib.sha256(b"voice").hexdigest()
NAMED = {"key": KEY, "version_id": "never", "size": 5, "sha256": SHA256}


def acts(client, bucket, folder):
    """Everything that the store is asked about one object, by name."""
    recordings, vault = Recordings(client, bucket), Vault(client, bucket, retention=TWO_YEARS, attempts=1)
    objects, path = ObjectsInStore(client, Place(name=bucket, is_own=True)), folder / "file"
    path.write_bytes(b"voice")
    return {
        "put": lambda: recordings.put(KEY, b"voice", media_type="audio/wav"),
        "read": lambda: list(recordings.read(**NAMED)),
        "opened": lambda: recordings.opened(key=KEY, version_id="never", size=5).read(5),
        "hold": lambda: recordings.hold(KEY, "never"),
        "release_hold": lambda: recordings.release_hold(KEY, "never"),
        "is_held": lambda: recordings.is_held(KEY, "never"),
        "delete": lambda: recordings.delete(KEY, "never"),
        "every_version": lambda: recordings.every_version(KEY),
        "versions": lambda: objects.versions(KEY),
        "described": lambda: objects.described(KEY, "never"),
        "upload": lambda: list(Uploads(client, bucket).upload_all([a_file(path)])),
        "put_bundle": lambda: vault.put_bundle(KEY, path, sha256=SHA256),
        "read_bundle": lambda: list(vault.read_bundle(KEY, "never")),
        "kept_until": lambda: vault.kept_until(KEY, "never"),
    }


def a_file(path):
    return ToUpload(path=path, key=KEY, media_type="audio/wav", size=5, sha256=SHA256)


@pytest.fixture(params=["no such object", "no such bucket", "nobody there"])
def met(request, client, store_endpoint, tmp_path, recordings):
    """What there is to ask, and the bucket that is asked."""
    if request.param == "no such object":
        bucket = recordings.bucket
    else:
        bucket = "nowhere-at-all"
        client = quick_client(store_endpoint if request.param == "no such bucket" else "http://127.0.0.1:9")
    return acts(client, bucket, tmp_path), bucket


def test_no_refusal_of_the_store_says_the_key_and_most_name_the_bucket(met):
    asked, bucket = met
    said = {}

    for name, act in asked.items():
        with contextlib.suppress(ValueError, EOFError):
            try:
                act()
            except Refused as refusal:
                said[name] = refusal.sentence

    assert len(said) >= 5
    assert not [name for name, sentence in said.items() if NAME in sentence or "voice/" in sentence]
    assert [name for name, sentence in said.items() if bucket in sentence]


def test_a_denied_deletion_says_no_key(recordings):
    stored = recordings.put(KEY, b"voice", media_type="audio/wav")
    recordings.hold(KEY, stored.version_id)

    with pytest.raises(Refused) as denied:
        recordings.delete(KEY, stored.version_id)

    assert NAME not in denied.value.sentence
    recordings.release_hold(KEY, stored.version_id)
