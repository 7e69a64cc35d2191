"""What the store says of its own objects, on every store that the contract is tested on."""

import base64
import hashlib

import pytest

from requests_portal.errors import NotFound
from requests_portal.model.in_store import Place, StoredVersion
from requests_portal.storage.client import S3Client
from requests_portal.storage.objects import ObjectsInStore
from requests_portal.storage.refusals import StoreUnavailable

SOUND = b"RIFF" + bytes(range(256)) * 3
DIGEST = hashlib.sha256(SOUND).hexdigest()
CHECKSUM = base64.b64encode(hashlib.sha256(SOUND).digest()).decode()


@pytest.fixture
def objects(client):
    return ObjectsInStore(client, Place(name="recordings", is_own=True))


def put(client: S3Client, key: str, body: bytes = SOUND, **more) -> str:
    return client.put_object(Bucket="recordings", Key=key, Body=body, ContentType="audio/wav", **more)["VersionId"]


def test_every_version_under_a_key_is_listed_the_newest_first_and_no_other_key_s(client, objects):
    key = "heard/küche 1+2.wav"
    first, second = put(client, key), put(client, key, SOUND + b"!")
    put(client, f"{key}.bak")
    marker = client.delete_object(Bucket="recordings", Key=key)["VersionId"]

    found = objects.versions(key)

    assert found == (
        StoredVersion(key, marker, 0, True, True),
        StoredVersion(key, second, len(SOUND) + 1, False, False),
        StoredVersion(key, first, len(SOUND), False, False),
    )
    assert objects.versions("heard/k") == ()


def test_more_versions_than_fit_one_answer_are_all_listed(client, objects, monkeypatch):
    versions = [put(client, "heard/often", bytes([number])) for number in range(7)]
    put(client, "heard/often-not")
    page = client.get_paginator
    monkeypatch.setattr(client, "get_paginator", lambda name: _Paged(page(name)))

    found = objects.versions("heard/often")

    assert [each.version_id for each in found] == versions[::-1]


class _Paged:
    """Three versions in each answer."""

    def __init__(self, pages):
        self._pages = pages

    def paginate(self, **arguments):
        return self._pages.paginate(**arguments, PaginationConfig={"PageSize": 3})


@pytest.mark.parametrize("stated", [{"ChecksumSHA256": CHECKSUM}, {"ChecksumAlgorithm": "CRC32"}])
def test_an_object_says_its_words_size_type_and_digest(client, objects, stated):
    version = put(client, "heard/words", Metadata={"account": "A-1", "recorded-at": "2026-03-14T21:04:00Z"}, **stated)
    put(client, "heard/words", b"later")

    found = objects.described("heard/words", version)

    assert (found.size, found.media_type, found.sha256()) == (len(SOUND), "audio/wav", DIGEST)
    assert dict(found.words) == {"account": "A-1", "recorded-at": "2026-03-14T21:04:00Z"}
    assert found.stored_at.tzinfo is not None


def test_a_digest_of_parts_is_not_taken_for_that_of_the_whole(client, objects):
    large = bytes(5 << 20) + SOUND
    upload = client.create_multipart_upload(Bucket="recordings", Key="heard/parts", ChecksumAlgorithm="SHA256")[
        "UploadId"
    ]
    parts = []
    for number, part in enumerate((large[: 5 << 20], large[5 << 20 :]), start=1):
        told = {"PartNumber": number, "ChecksumSHA256": base64.b64encode(hashlib.sha256(part).digest()).decode()}
        answer = client.upload_part(Bucket="recordings", Key="heard/parts", UploadId=upload, Body=part, **told)
        parts.append({**told, "ETag": answer["ETag"]})
    version = client.complete_multipart_upload(
        Bucket="recordings", Key="heard/parts", UploadId=upload, MultipartUpload={"Parts": parts}
    )["VersionId"]

    assert objects.described("heard/parts", version).sha256() == hashlib.sha256(large).hexdigest()


def test_a_version_that_is_gone_is_told_from_a_store_that_is_away(client, objects, monkeypatch):
    version = put(client, "heard/gone", ChecksumAlgorithm="CRC32")
    before = objects.described("heard/gone", version)
    client.delete_object(Bucket="recordings", Key="heard/gone", VersionId=version)

    with pytest.raises(NotFound):
        objects.described("heard/gone", version)
    with pytest.raises(NotFound):
        before.sha256()
    monkeypatch.setattr(client, "head_object", _away)
    with pytest.raises(StoreUnavailable):
        objects.described("heard/gone", version)


def _away(**_):
    raise ConnectionError
