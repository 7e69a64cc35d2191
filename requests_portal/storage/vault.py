"""Papers and bundles in the vault bucket, with Object Lock; papers under their SHA-256, bundles under a key of ours."""

import base64
import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from requests_portal.errors import Unusable
from requests_portal.storage.client import STORE_ERRORS, S3Client, code_of, store_errors
from requests_portal.storage.recordings import pause, version_in
from requests_portal.storage.refusals import NoSuchObject, NotKept, StoreUnavailable, TooLarge, WrongBytes
from requests_portal.storage.spool import SHA256
from requests_portal.storage.verified import CHUNK, sha256_of, verified

ATTEMPTS = 4


@dataclass(frozen=True, kw_only=True)
class StoredPaper:
    """A paper as it came in, in quarantine until inspected; size in bytes."""

    sha256: str
    size: int
    version_id: str


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How Object Lock keeps what is stored: in which mode, for how long, and from what moment on."""

    mode: str
    period: timedelta
    now: Callable[[], datetime]

    @property
    def until(self) -> datetime:
        """Until when something stored now is kept."""
        return self.now() + self.period


class Vault:
    """One bucket with versioning and Object Lock for what must not be lost: papers in, bundles out."""

    def __init__(
        self,
        client: S3Client,
        bucket: str,
        *,
        retention: Retention,
        attempts: int = ATTEMPTS,
        backoff: Callable[[int], None] = pause,
    ) -> None:
        self.client = client
        self.bucket = bucket
        self.retention = retention
        self.attempts = attempts
        self.backoff = backoff

    def put_paper(self, chunks: Iterable[bytes], *, max_bytes: int) -> StoredPaper:
        """Store a paper whatever it is; raises TooLarge beyond `max_bytes` and Unusable when empty, storing nothing."""
        with tempfile.TemporaryFile() as file:
            sha256, size = _spooled(chunks, file, max_bytes=max_bytes)
            version_id = self._put_once(f"papers/{sha256}", file, sha256, size, "application/octet-stream")
        return StoredPaper(sha256=sha256, size=size, version_id=version_id)

    def read_paper(self, sha256: str) -> Iterator[bytes]:
        """Yield a paper's bytes; raises NoSuchObject, or WrongBytes before the last chunk."""
        if not SHA256.fullmatch(sha256):
            raise NoSuchObject("A paper is named by 64 lower-case hex digits.")
        with store_errors(self.bucket):
            answer = self.client.get_object(Bucket=self.bucket, Key=f"papers/{sha256}", ChecksumMode="ENABLED")
            with closing(answer["Body"]) as body:
                yield from verified(body.iter_chunks(CHUNK), sha256=sha256, size=answer["ContentLength"])

    def paper_size(self, sha256: str) -> int:
        """Return a paper's length in bytes; raises NoSuchObject."""
        with store_errors(self.bucket):
            return int(self.client.head_object(Bucket=self.bucket, Key=f"papers/{sha256}")["ContentLength"])

    def put_bundle(self, key: str, path: Path, *, sha256: str) -> str:
        """Store a bundle and return its version; the same bytes under the same key again give the same version.

        Raises WrongBytes, storing nothing, when the file is not what `sha256` says.
        """
        got = sha256_of(path)
        if got != sha256:
            raise WrongBytes(sha256, got, path.stat().st_size)
        with path.open("rb") as file:
            return self._put_once(key, file, sha256, path.stat().st_size, "application/pdf")

    def put_bytes(self, key: str, data: bytes, *, media_type: str) -> str:
        """Store a small derived file and return its version, the same one for the same bytes again."""
        with tempfile.SpooledTemporaryFile(max_size=CHUNK) as file:
            file.write(data)
            return self._put_once(key, file, hashlib.sha256(data).hexdigest(), len(data), media_type)

    def read_bundle(self, key: str, version_id: str, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield bytes `start` (included) to `end` (excluded), going on where a broken answer stopped."""
        end = self.size(key, version_id) if end is None else end
        failures = 0
        while start < end:
            try:
                for chunk in self._range(key, version_id, start, end):
                    start += len(chunk)
                    yield chunk
            except StoreUnavailable:
                failures += 1
                if failures >= self.attempts:
                    raise
                self.backoff(failures)

    def size(self, key: str, version_id: str) -> int:
        """Return the version's length in bytes."""
        with store_errors(self.bucket):
            return int(self.client.head_object(Bucket=self.bucket, Key=key, VersionId=version_id)["ContentLength"])

    def kept_until(self, key: str, version_id: str) -> datetime:
        """Return until when the store itself says that it keeps this version; raises NotKept where it does not."""
        with store_errors(self.bucket):
            head = self.client.head_object(Bucket=self.bucket, Key=key, VersionId=version_id)
        until: datetime | None = head.get("ObjectLockRetainUntilDate")
        if until is None or head.get("ObjectLockMode") != self.retention.mode:
            raise NotKept(key)
        return until

    def _range(self, key: str, version_id: str, start: int, end: int) -> Iterator[bytes]:
        with store_errors(self.bucket):
            answer = self.client.get_object(
                Bucket=self.bucket, Key=key, VersionId=version_id, Range=f"bytes={start}-{end - 1}"
            )
            with closing(answer["Body"]) as body:
                yield from body.iter_chunks(CHUNK)

    def _put_once(self, key: str, file: IO[bytes], sha256: str, size: int, media_type: str) -> str:
        stored = self._version_with(key, sha256, size)
        if stored is not None:
            return stored
        file.seek(0)
        with store_errors(self.bucket):
            answer = self.client.put_object(
                Bucket=self.bucket,
                Key=key,
                Body=file,
                ContentLength=size,
                ContentType=media_type,
                ChecksumAlgorithm="SHA256",
                ChecksumSHA256=base64.b64encode(bytes.fromhex(sha256)).decode(),
                Metadata={"sha256": sha256},
                ObjectLockMode=self.retention.mode,
                ObjectLockRetainUntilDate=self.retention.until,
            )
        return version_in(answer)

    def _version_with(self, key: str, sha256: str, size: int) -> str | None:
        try:
            head: Any = self.client.head_object(Bucket=self.bucket, Key=key)
        except STORE_ERRORS as error:
            if code_of(error) in {"404", "NoSuchKey"}:
                return None
            with store_errors(self.bucket):
                raise
        same = head["Metadata"].get("sha256") == sha256 and head["ContentLength"] == size
        if not same:
            return None
        version = version_in(head)
        if head.get("ObjectLockRetainUntilDate") is None:
            self._keep(key, version)
        return version

    def _keep(self, key: str, version_id: str) -> None:
        """Begin to keep what was stored without retention."""
        kept = {"Mode": self.retention.mode, "RetainUntilDate": self.retention.until}
        with store_errors(self.bucket):
            self.client.put_object_retention(Bucket=self.bucket, Key=key, VersionId=version_id, Retention=kept)


def _spooled(chunks: Iterable[bytes], file: IO[bytes], *, max_bytes: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise TooLarge(size, max_bytes)
        digest.update(chunk)
        file.write(chunk)
    if not size:
        raise Unusable("The file is empty.")
    return digest.hexdigest(), size
