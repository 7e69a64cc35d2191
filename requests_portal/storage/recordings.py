"""Recordings in their versioned S3 bucket: stored, read by exact version, verified, held and deleted."""

import base64
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import Any, Protocol, TypeVar

from requests_portal.errors import Forbidden, Unusable
from requests_portal.storage.buckets import answer, is_absent
from requests_portal.storage.client import DENIED, GONE, STORE_ERRORS, S3Client, code_of, store_errors
from requests_portal.storage.fast_reader import FastReader
from requests_portal.storage.gathering import in_parallel
from requests_portal.storage.listing import pages_of
from requests_portal.storage.lock_probe import Probed, probe_lock
from requests_portal.storage.outcomes import Altered, Denied, Fetched, Missing, Outcome, Stored, Unreadable
from requests_portal.storage.ranged import RangedFile
from requests_portal.storage.refusals import NoSuchObject, StillHeld, WrongBytes
from requests_portal.storage.spool import Spool
from requests_portal.storage.verified import CHUNK, verified

ATTEMPTS = 4
# A body this much longer than catalogued is not read to its end just to say what it was.
OVERLONG = 16 * CHUNK
# What AWS, and what SeaweedFS, answers of a version that never had a hold.
NEVER_HELD = frozenset({"NoSuchObjectLockConfiguration", "NoSuchObjectLegalHold"})


class Catalogued(Protocol):
    """What the catalogue knows of a recording's bytes."""

    @property
    def bucket(self) -> str:
        """The bucket it lies in; empty for the house's own."""

    @property
    def key(self) -> str:
        """The object's key."""

    @property
    def version_id(self) -> str:
        """The exact version that was catalogued."""

    @property
    def size(self) -> int:
        """Its length in bytes."""

    @property
    def sha256(self) -> str:
        """Its SHA-256 as hex."""


Item = TypeVar("Item", bound=Catalogued)
Backoff = Callable[[int], None]


def pause(attempt: int) -> None:
    """Wait 0.2 s after the first failed read, twice as long after each further one."""
    time.sleep(0.2 * 2 ** (attempt - 1))


def never() -> bool:
    """Say that nobody cancels."""
    return False


class _BodyBroken(Exception):  # noqa: N818 — stays inside this file; an answer of the store, not of ours
    """The answer began and could not be read to its end, or was not the object at all."""


class Recordings:
    """One bucket with versioning and Object Lock; every read names the version and checks the bytes."""

    def __init__(
        self,
        client: S3Client,
        bucket: str,
        *,
        attempts: int = ATTEMPTS,
        backoff: Backoff = pause,
        fast: FastReader | None = None,
    ) -> None:
        self.client = client
        self.bucket = bucket
        self.attempts = attempts
        self.backoff = backoff
        self.fast = fast

    def of_bucket(self, bucket: str) -> "Recordings":
        """The same door to another bucket of the store; without a name to the house's own."""
        if bucket in {"", self.bucket}:
            return self
        return Recordings(self.client, bucket, attempts=self.attempts, backoff=self.backoff, fast=self.fast)

    def put(self, key: str, data: bytes, *, media_type: str) -> Stored:
        """Store a recording and return its version; the store is told the SHA-256 and refuses other bytes."""
        digest = hashlib.sha256(data)
        with store_errors(self.bucket):
            answer = self.client.put_object(
                Bucket=self.bucket,
                Key=key,
                Body=data,
                ContentType=media_type,
                ChecksumSHA256=base64.b64encode(digest.digest()).decode(),
            )
        return Stored(version_id=version_in(answer), size=len(data), sha256=digest.hexdigest())

    def read(self, *, key: str, version_id: str, size: int, sha256: str) -> Iterator[bytes]:
        """Yield the version's bytes in 1 MiB chunks; raises WrongBytes before the last one if they are others.

        One reading, not retried; raises NoSuchObject, Forbidden or StoreUnavailable as the store does.
        """
        with store_errors(self.bucket):
            answer = self._get(key, version_id)
            with closing(answer["Body"]) as body:
                yield from verified(body.iter_chunks(CHUNK), sha256=sha256, size=size)

    def opened(self, *, key: str, version_id: str, size: int) -> RangedFile:
        """The version as a file whose parts are read as they are asked for; only a whole reading checks its digest."""

        def part(start: int, end: int) -> bytes:
            with store_errors(self.bucket):
                answer = self.client.get_object(
                    Bucket=self.bucket, Key=key, VersionId=version_id, Range=f"bytes={start}-{end - 1}"
                )
                with closing(answer["Body"]) as body:
                    return bytes(body.read())

        return RangedFile(part, size)

    def fetch(self, *, key: str, version_id: str, size: int, sha256: str, into: Spool) -> Outcome:
        """Bring the version into the spool, verified, with whole-object retries; what is there is not read again.

        The fast reader goes first; the plain one judges what it does not bring. Altered only when two readings agree;
        a disk that fails raises OSError, since it says nothing of the recording.
        """
        if into.holds(sha256, size=size) or self._is_brought(key, version_id, size, sha256, into):
            return Fetched(sha256=sha256, size=size)
        seen: set[tuple[str | None, int]] = set()
        failed: Outcome = Unreadable(reason="It was never tried.")
        for attempt in range(1, self.attempts + 1):
            if attempt > 1:
                self.backoff(attempt - 1)
            outcome = self._fetch_once(key, version_id, size, sha256, into)
            if isinstance(outcome, Fetched | Missing | Denied):
                return outcome
            if isinstance(outcome, Altered):
                found = (outcome.got_sha256, outcome.got_size)
                if found in seen:
                    return outcome
                seen.add(found)
                outcome = Unreadable(reason="The store gave other bytes at each reading.")
            failed = outcome
        return failed

    def gather_many(
        self, items: Iterable[Item], into: Spool, *, workers: int = 8, cancelled: Callable[[], bool] = never
    ) -> Iterator[tuple[Item, Outcome]]:
        """Fetch many at once and yield (item, outcome) as each finishes; raises GatherCancelled when cancelled."""

        def fetch(item: Item) -> Outcome:
            store = self.of_bucket(item.bucket)
            return store.fetch(key=item.key, version_id=item.version_id, size=item.size, sha256=item.sha256, into=into)

        return in_parallel(items, fetch, workers=workers, cancelled=cancelled)

    def answers(self) -> bool:
        """Whether the store answers at all, so that what it says of one recording is about that one."""
        return answer(self.client, self.bucket)

    def hold(self, key: str, version_id: str) -> None:
        """Put a legal hold on the exact version; holding it twice is the same as once."""
        self._set_hold(key, version_id, "ON")

    def release_hold(self, key: str, version_id: str) -> None:
        """Take the legal hold off; only for when the last of our holds on the version ends."""
        self._set_hold(key, version_id, "OFF")

    def is_held(self, key: str, version_id: str) -> bool:
        """Ask the store whether a legal hold is on; raises rather than guess when it can't say."""
        try:
            answer = self.client.get_object_legal_hold(Bucket=self.bucket, Key=key, VersionId=version_id)
        except STORE_ERRORS as error:
            if code_of(error) in NEVER_HELD:
                return False
            with store_errors(self.bucket):
                raise
        return bool(answer.get("LegalHold", {}).get("Status") == "ON")

    def delete(self, key: str, version_id: str) -> None:
        """Delete the exact version for good; raises StillHeld when the store denies it. Deleting twice is well."""
        try:
            with store_errors(self.bucket):
                self.client.delete_object(Bucket=self.bucket, Key=key, VersionId=version_id)
        except Forbidden as denied:
            raise StillHeld(key, version_id) from denied
        except NoSuchObject:
            return

    def every_version(self, key: str) -> list[str]:
        """The id of every version and delete marker under exactly this key that the store lists."""
        with store_errors(self.bucket):
            return list(dict.fromkeys(_versions(pages_of(self.client, self.bucket, key), key)))

    def has(self, key: str, version_id: str) -> bool:
        """Whether the store has the exact version, listed or not; a delete marker it has not."""
        try:
            with store_errors(self.bucket):
                self.client.head_object(Bucket=self.bucket, Key=key, VersionId=version_id)
        except NoSuchObject:
            return False
        return True

    def is_absent(self) -> bool:
        """Whether the store answers that there is no such bucket."""
        return is_absent(self.client, self.bucket)

    def probe_lock(self, left: str = "") -> Probed:
        """Try whether the store really denies deleting a held version, and only while it is held."""
        return probe_lock(self, left)

    def _set_hold(self, key: str, version_id: str, status: str) -> None:
        with store_errors(self.bucket):
            self.client.put_object_legal_hold(
                Bucket=self.bucket, Key=key, VersionId=version_id, LegalHold={"Status": status}
            )

    def _get(self, key: str, version_id: str) -> Any:
        return self.client.get_object(Bucket=self.bucket, Key=key, VersionId=version_id, ChecksumMode="ENABLED")

    def _is_brought(self, key: str, version_id: str, size: int, sha256: str, into: Spool) -> bool:
        return self.fast is not None and self.fast.brings(
            self.bucket, key=key, version_id=version_id, size=size, sha256=sha256, into=into
        )

    def _fetch_once(self, key: str, version_id: str, size: int, sha256: str, into: Spool) -> Outcome:
        try:
            answer = self._get(key, version_id)
        except STORE_ERRORS as error:
            return _without_answer(code_of(error))
        with closing(answer["Body"]) as body:
            if answer["ContentLength"] > size + OVERLONG:
                return Altered(got_sha256=None, got_size=answer["ContentLength"])
            try:
                into.write(_object_chunks(body), sha256=sha256, size=size)
            except _BodyBroken as broken:
                return Unreadable(reason=f"The store's answer broke off or was not the recording ({broken}).")
            except WrongBytes as wrong:
                return Altered(got_sha256=wrong.got_sha256, got_size=wrong.got_size)
        return Fetched(sha256=sha256, size=size)


def version_in(answer: Any) -> str:
    """Return the version id in the store's answer; raises Unusable where the bucket keeps no versions."""
    version = answer.get("VersionId", "null")
    if version == "null":
        raise Unusable("The bucket keeps no versions; switch on versioning and Object Lock before using it.")
    return str(version)


def _versions(pages: Iterable[Any], key: str) -> Iterator[str]:
    for page in pages:
        for kind in ("Versions", "DeleteMarkers"):
            yield from (str(each["VersionId"]) for each in page.get(kind, ()) if each["Key"] == key)


def _without_answer(code: str) -> Missing | Denied | Unreadable:
    if code in GONE:
        return Missing(reason=f"The store no longer has this version ({code}).")
    if code in DENIED:
        return Denied(reason=f"The store denies reading this version ({code}).")
    return Unreadable(reason=f"The store did not answer with the recording ({code}).")


def _object_chunks(body: Any) -> Iterator[bytes]:
    first = True
    try:
        for chunk in body.iter_chunks(CHUNK):
            # S3 may answer 200 and then send an error document; a voice recording never begins so.
            if first and b"<Error>" in chunk[:512] and chunk.lstrip().startswith(b"<"):
                raise _BodyBroken("200 with an error document")
            first = False
            yield chunk
    except STORE_ERRORS as error:
        raise _BodyBroken(code_of(error)) from error
