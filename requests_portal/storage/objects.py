"""What the store says of its own objects: the versions under a key, and what each says of itself."""

import base64
import binascii
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import islice
from typing import Any

from requests_portal.model.in_store import Described, Place, StoredVersion
from requests_portal.storage.client import S3Client, store_errors
from requests_portal.storage.listing import pages_of
from requests_portal.storage.refusals import StoreUnavailable
from requests_portal.storage.verified import CHUNK

# A key that was written again more often than this is for a person.
PAGES = 10
READINGS = 3
SHA256_BASE64 = 44


class ObjectsInStore:
    """One bucket as it is, asked by key; nothing here is changed."""

    def __init__(self, client: S3Client, place: Place) -> None:
        self._client = client
        self.place = place

    def versions(self, key: str) -> tuple[StoredVersion, ...]:
        """Every version and delete marker under exactly this key, the newest first; at most PAGES thousand."""
        with store_errors(self.place.name):
            return tuple(self._listed(key))

    def described(self, key: str, version_id: str) -> Described:
        """What a version says of itself; its SHA-256 is the store's checksum of all of it, or is made by reading."""
        with store_errors(self.place.name):
            answer = self._client.head_object(
                Bucket=self.place.name, Key=key, VersionId=version_id, ChecksumMode="ENABLED"
            )
        size = int(answer["ContentLength"])
        return Described(
            size=size,
            media_type=str(answer.get("ContentType", "")),
            words=_words(answer.get("Metadata", {})),
            stored_at=answer["LastModified"],
            sha256=lambda: _stated(answer) or self._read(key, version_id, size),
        )

    def _listed(self, key: str) -> Iterator[StoredVersion]:
        seen: set[str] = set()
        for page in islice(pages_of(self._client, self.place.name, key), PAGES):
            versions = [_version(each, is_marker=False) for each in page.get("Versions", ()) if each["Key"] == key]
            markers = [_version(each, is_marker=True) for each in page.get("DeleteMarkers", ()) if each["Key"] == key]
            new = [each for each in versions + markers if each.version_id not in seen]
            seen |= {each.version_id for each in new}
            # Which is the newest is marked; the rest keep their order.
            yield from sorted(new, key=lambda each: not each.is_latest)

    def _read(self, key: str, version_id: str, size: int) -> str:
        broke: Exception | None = None
        for _ in range(READINGS):
            try:
                return self._read_once(key, version_id, size)
            except StoreUnavailable as error:
                broke = error
        raise StoreUnavailable(
            f"The bucket {self.place.name} broke off an object each time; try again later."
        ) from broke

    def _read_once(self, key: str, version_id: str, size: int) -> str:
        digest, length = hashlib.sha256(), 0
        with store_errors(self.place.name):
            answer = self._client.get_object(
                Bucket=self.place.name, Key=key, VersionId=version_id, ChecksumMode="ENABLED"
            )
            with closing(answer["Body"]) as body:
                for chunk in body.iter_chunks(CHUNK):
                    digest.update(chunk)
                    length += len(chunk)
        if length != size:
            raise StoreUnavailable(
                f"The bucket {self.place.name} sent {length:,} bytes of an object that has {size:,}; try again later."
            )
        return digest.hexdigest()


def _version(listed: Mapping[str, Any], *, is_marker: bool) -> StoredVersion:
    return StoredVersion(
        key=listed["Key"],
        version_id=listed["VersionId"],
        size=int(listed.get("Size", 0)),
        is_latest=bool(listed["IsLatest"]),
        is_marker=is_marker,
    )


def _words(metadata: Mapping[str, str]) -> dict[str, str]:
    """The user metadata; some proxies drop underscores, so that both spellings are in use."""
    return {name.lower().replace("_", "-"): value for name, value in metadata.items()}


def _stated(answer: Mapping[str, Any]) -> str | None:
    """The store's SHA-256 of the whole object, which it checked when the object came; one made of parts' is none.

    An object that came in parts has a dash in its ETag; not every store says so of its checksum.
    """
    checksum = str(answer.get("ChecksumSHA256", ""))
    in_parts = answer.get("ChecksumType", "FULL_OBJECT") != "FULL_OBJECT" or "-" in str(answer.get("ETag", ""))
    if in_parts or len(checksum) != SHA256_BASE64:
        return None
    try:
        return base64.b64decode(checksum, validate=True).hex()
    except binascii.Error:
        return None
