"""An S3 Inventory as it is delivered: a manifest.json and its files, or one plain file; read strictly, a row at a time.

Each file's MD5 is checked against the manifest before a row of it is believed. The keys of S3's own CSV files are
encoded as in an address; those of Parquet files, and of a plain CSV with a header, are not.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, Protocol
from urllib.parse import urlsplit

from requests_portal.model.in_store import StoredVersion
from requests_portal.storage.client import S3Client, store_errors
from requests_portal.storage.inventory_rows import (
    BadInventory,
    Columns,
    csv_rows,
    parquet_rows,
    plain_csv_columns,
    plain_parquet_columns,
)
from requests_portal.storage.verified import CHUNK, sha256_of

MANIFEST = "manifest.json"
CHECKSUM = "manifest.checksum"
LARGEST_MANIFEST = 32 << 20
# S3 makes no larger object in one piece, and no inventory file comes near.
LARGEST_FILE = 5 << 30
CLOCKS_DIFFER = timedelta(days=1)
MD5_TEXT = 200
MD5 = re.compile(r"[0-9a-f]{32}")
CSV, PARQUET = "CSV", "Parquet"
SCHEMA_WORD = re.compile(r"\b(?:required|optional)\s+\w+(?:\(\d+\))?\s+(\w+)")


@dataclass(frozen=True, kw_only=True)
class InventoryFile:
    """One file of an inventory; a plain one has no digest to be checked against."""

    key: str
    size: int | None
    md5: str | None


class Source(Protocol):
    """Where an inventory lies."""

    def manifest(self) -> bytes | None:
        """The manifest's bytes; None for a plain file."""

    def checksum(self) -> str | None:
        """What `manifest.checksum` beside it says, where there is one."""

    def fetched(self, file: InventoryFile) -> AbstractContextManager[Path]:
        """The file on this machine's disk."""


@dataclass(frozen=True, kw_only=True)
class Inventory:
    """What the store held at a moment, as it listed it itself; None where the list does not say."""

    bucket: str
    made_at: datetime | None
    # Of the manifest, or of the one plain file.
    sha256: str
    form: str
    columns: Columns
    files: tuple[InventoryFile, ...]
    source: Source

    def rows(self) -> Iterator[StoredVersion]:
        """Every row, file by file; raises BadInventory at the first that cannot be believed."""
        for file in self.files:
            with self.source.fetched(file) as path:
                _check(file, path)
                rows = csv_rows if self.form == CSV else parquet_rows
                yield from rows(path, file.key, self.columns, bucket=self.bucket)


def opened(where: str, *, client: Callable[[], S3Client], own_bucket: str, scratch: Path, now: datetime) -> Inventory:
    """The inventory that a folder, a file or an s3:// address names; raises BadInventory for one that is none.

    A plain file does not say of which bucket it is; it is taken to be of our own.
    """
    source = InBucket(client(), where, scratch) if where.startswith("s3://") else OnDisk(Path(where))
    manifest = source.manifest()
    if manifest is None:
        assert isinstance(source, OnDisk)  # noqa: S101 — for the type checker; a store's is always a manifest
        return _plain(source, own_bucket)
    stated = source.checksum()
    if stated is not None and stated.strip().lower() != _md5_of(manifest):
        raise BadInventory(MANIFEST, f"its digest is not the one that {CHECKSUM} states; fetch both again")
    digest = hashlib.sha256(manifest).hexdigest()
    return _of_manifest(_parsed(manifest), digest, source, now=now)


class OnDisk:
    """An inventory in a local folder, as the bucket it was delivered to was copied, or flat."""

    def __init__(self, path: Path) -> None:
        found = path / MANIFEST if path.is_dir() else path
        if not found.is_file():
            raise BadInventory(path.name, f"there is no such file, or no {MANIFEST} in that folder")
        self.path = found

    def manifest(self) -> bytes | None:
        """The manifest's bytes; None where one plain file was named."""
        if self.path.suffix.lower() != ".json":
            return None
        with self.path.open("rb") as file:
            return file.read(LARGEST_MANIFEST + 1)

    def checksum(self) -> str | None:
        """What S3 wrote beside the manifest."""
        beside = self.path.with_name(CHECKSUM)
        if not beside.is_file():
            return None
        with beside.open("rb") as file:
            return file.read(MD5_TEXT).decode(errors="replace")

    def fetched(self, file: InventoryFile) -> AbstractContextManager[Path]:
        """The file, beside the manifest or where its key leads below one of the manifest's folders."""
        for candidate in self._candidates(PurePosixPath(file.key)):
            if candidate.is_file():
                return nullcontext(candidate)
        raise BadInventory(file.key, "the manifest names it and it is not there; copy the whole inventory")

    def _candidates(self, key: PurePosixPath) -> Iterator[Path]:
        if key.is_absolute() or ".." in key.parts or "\0" in str(key):
            raise BadInventory(str(key), "its name leads out of the inventory's folder")
        folder = self.path.resolve().parent
        yield folder / key.name
        yield folder / "data" / key.name
        yield folder.parent / "data" / key.name
        for above in (folder, *folder.parents)[: len(key.parts) + 1]:
            yield above / key


class InBucket:
    """An inventory where S3 delivered it; each file lies on this machine's disk only while it is read."""

    def __init__(self, client: S3Client, address: str, scratch: Path) -> None:
        parts = urlsplit(address, allow_fragments=False)
        self._client, self._scratch = client, scratch
        self._bucket, self._key = parts.netloc, address.removeprefix(f"s3://{parts.netloc}").lstrip("/")
        if not self._bucket or not self._key.endswith(".json"):
            raise BadInventory(
                address, f"name the manifest, such as s3://bucket/inventory/2026-11-27T01-00Z/{MANIFEST}"
            )

    def manifest(self) -> bytes:
        """The manifest's bytes."""
        return b"".join(self._read(self._key, LARGEST_MANIFEST))

    def checksum(self) -> str | None:
        """Nothing: the way from the store is checked by its own checksums."""
        return None

    def fetched(self, file: InventoryFile) -> AbstractContextManager[Path]:
        """The file, copied to the scratch folder until it was read."""
        return _Copied(self._scratch, self._read(file.key, file.size or 0))

    def _read(self, key: str, size: int) -> Iterator[bytes]:
        length = 0
        with store_errors(self._bucket), closing(self._client.get_object(Bucket=self._bucket, Key=key)["Body"]) as body:
            for chunk in body.iter_chunks(CHUNK):
                length += len(chunk)
                if length > size:
                    raise BadInventory(key, "it is larger than the manifest says, or than any manifest is")
                yield chunk


class _Copied:
    def __init__(self, scratch: Path, chunks: Iterator[bytes]) -> None:
        self._folder = TemporaryDirectory(dir=scratch, prefix="inventory-")
        self._chunks = chunks

    def __enter__(self) -> Path:
        path = Path(self._folder.name) / "file"
        try:
            with path.open("wb") as file:
                file.writelines(self._chunks)
        except BaseException:
            self._folder.cleanup()
            raise
        return path

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


def _plain(source: OnDisk, bucket: str) -> Inventory:
    name = source.path.name
    file = InventoryFile(key=name, size=None, md5=None)
    if name.lower().endswith((".csv", ".csv.gz")):
        form, columns = CSV, plain_csv_columns(source.path, name)
    elif name.lower().endswith(".parquet"):
        form, columns = PARQUET, plain_parquet_columns(source.path, name)
    else:
        raise BadInventory(name, f"name a {MANIFEST}, its folder, or a .csv, .csv.gz or .parquet file")
    return Inventory(
        bucket=bucket,
        made_at=None,
        sha256=sha256_of(source.path),
        form=form,
        columns=columns,
        files=(file,),
        source=source,
    )


def _parsed(manifest: bytes) -> dict[str, Any]:
    if len(manifest) > LARGEST_MANIFEST:
        raise BadInventory(MANIFEST, f"it is larger than {LARGEST_MANIFEST:,} bytes, as no manifest is")
    try:
        found = json.loads(manifest)
    except (ValueError, RecursionError) as error:
        raise BadInventory(MANIFEST, "it is not JSON; name the manifest.json that S3 wrote") from error
    if not isinstance(found, dict):
        raise BadInventory(MANIFEST, "it is not the manifest of an inventory")
    return found


def _of_manifest(manifest: dict[str, Any], sha256: str, source: Source, *, now: datetime) -> Inventory:
    form = _text(manifest, "fileFormat")
    if form not in {CSV, PARQUET}:
        raise BadInventory(MANIFEST, f"its files are {form[:20]}; have S3 deliver CSV or Parquet")
    schema = _text(manifest, "fileSchema")
    names = schema.split(",") if form == CSV else SCHEMA_WORD.findall(schema)
    files = manifest.get("files")
    if not isinstance(files, list):
        raise BadInventory(MANIFEST, "it names no files")
    listed = tuple(_file(each) for each in files)
    if len({each.key for each in listed}) != len(listed):
        raise BadInventory(MANIFEST, "it names a file twice")
    return Inventory(
        bucket=_text(manifest, "sourceBucket"),
        sha256=sha256,
        made_at=_moment(_text(manifest, "creationTimestamp"), now),
        form=form,
        columns=Columns.named([each.strip() for each in names], encoded=form == CSV, where=MANIFEST),
        files=listed,
        source=source,
    )


def _text(manifest: dict[str, Any], name: str) -> str:
    value = manifest.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise BadInventory(MANIFEST, f"it states no {name}")
    return value.strip()


def _moment(milliseconds: str, now: datetime) -> datetime:
    try:
        made_at = datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadInventory(MANIFEST, "its creationTimestamp is not a number of milliseconds") from error
    if made_at > now + CLOCKS_DIFFER:
        raise BadInventory(MANIFEST, f"it says that it was made at {made_at:%Y-%m-%d %H:%M} UTC, which is not yet")
    return made_at


def _file(raw: object) -> InventoryFile:
    if not isinstance(raw, dict) or not isinstance(raw.get("key"), str) or not raw["key"]:
        raise BadInventory(MANIFEST, "it names a file without a key")
    key, size, md5 = raw["key"], raw.get("size"), raw.get("MD5checksum")
    if not isinstance(md5, str) or not MD5.fullmatch(md5.lower()):
        raise BadInventory(key, "the manifest states no MD5checksum for it")
    if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= LARGEST_FILE:
        raise BadInventory(key, f"the manifest states no size for it between 0 and {LARGEST_FILE:,} bytes")
    return InventoryFile(key=key, size=size, md5=md5.lower())


def _check(file: InventoryFile, path: Path) -> None:
    if file.md5 is None:
        return
    if path.stat().st_size != file.size:
        raise BadInventory(file.key, f"it has {path.stat().st_size:,} bytes and the manifest says {file.size:,}")
    with path.open("rb") as opened_file:
        found = hashlib.file_digest(opened_file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if found != file.md5:
        raise BadInventory(file.key, "its MD5 is not the manifest's; fetch it again")


def _md5_of(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
