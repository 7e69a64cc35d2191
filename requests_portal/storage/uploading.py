"""Uploading recordings from files: each under a key that only this desk could have chosen, and never twice."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from requests_portal.errors import Conflict
from requests_portal.storage.client import S3Client, store_errors
from requests_portal.storage.manifest_cells import BadManifest
from requests_portal.storage.outcomes import Stored
from requests_portal.storage.recordings import version_in
from requests_portal.storage.refusals import NoSuchObject

# What S3 takes in one piece.
LARGEST = 5 * 1024**3
AT_ONCE = 8
CHUNK = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class ToUpload:
    """One file, the object it is to become, and what it must be."""

    path: Path
    key: str
    size: int
    sha256: str
    media_type: str


class _Read:
    """A file as the client reads it, and the digest of what it read; from the beginning again when it is sent again."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._digest.update(data)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        at = self._file.seek(offset, whence)
        if at == 0:
            self._digest = hashlib.sha256()
        return at

    def tell(self) -> int:
        return self._file.tell()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def measured(line: int, path: Path, *, size: int, sha256: str) -> tuple[int, str]:
    """The file's length and digest; refuses one that is not what the manifest says of it, where it says it."""
    digest, length = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                length += len(chunk)
    except OSError as error:
        raise BadManifest(line, "path", f"the file cannot be read ({error.strerror})") from error
    if not 0 < length <= LARGEST:
        raise BadManifest(line, "path", "the file is empty" if not length else "the file is larger than 5 GiB")
    if size not in {0, length}:
        raise BadManifest(line, "size", f"the file has {length} bytes")
    if sha256 not in {"", digest.hexdigest()}:
        raise BadManifest(line, "sha256", "the file has another digest")
    return length, digest.hexdigest()


def key_for(secret: str, *told: str) -> str:
    """A key that says nothing about whose recording it is, and is the same whenever the same is told of it."""
    message = "\0".join(told).encode()
    return f"voice/{hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()[:32]}"


class Uploads:
    """The recordings' bucket, for files that become objects."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def upload_all(self, files: Iterable[ToUpload]) -> Iterator[tuple[Stored, bool]]:
        """Each file's version in the store, in order, and whether it was sent now or lay there already."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            yield from pool.map(self._upload, files)

    def _upload(self, file: ToUpload) -> tuple[Stored, bool]:
        there = self._there(file)
        return (there, False) if there else (self._put(file), True)

    def _there(self, file: ToUpload) -> Stored | None:
        try:
            with store_errors(self._bucket):
                answer = self._client.head_object(Bucket=self._bucket, Key=file.key)
        except NoSuchObject:
            return None
        # Only what was sent whole has an object, and only we write under these keys.
        same = answer.get("Metadata", {}).get("sha256") == file.sha256 and answer["ContentLength"] == file.size
        return Stored(version_id=version_in(answer), size=file.size, sha256=file.sha256) if same else None

    def _put(self, file: ToUpload) -> Stored:
        with file.path.open("rb") as opened, store_errors(self._bucket):
            body = _Read(opened)
            answer = self._client.put_object(
                Bucket=self._bucket,
                Key=file.key,
                Body=body,
                ContentType=file.media_type,
                ContentLength=file.size,
                ChecksumSHA256=base64.b64encode(bytes.fromhex(file.sha256)).decode(),
                Metadata={"sha256": file.sha256},
            )
        if body.sha256 != file.sha256:
            raise Conflict(f"{file.path.name} changed while it was uploaded. Import the manifest again.")
        return Stored(version_id=version_in(answer), size=file.size, sha256=file.sha256)
