"""Streams that know what they should be: no last byte is handed on before length and SHA-256 are right."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from requests_portal.storage.refusals import WrongBytes

CHUNK = 1 << 20


def verified(chunks: Iterable[bytes], *, sha256: str, size: int | None = None) -> Iterator[bytes]:
    """Yield `chunks`, keeping the last one back until all match; raises WrongBytes at the end, or once too long."""
    digest, length, kept = hashlib.sha256(), 0, b""
    for chunk in chunks:
        digest.update(chunk)
        length += len(chunk)
        if size is not None and length > size:
            break
        if kept:
            yield kept
        kept = chunk
    if digest.hexdigest() != sha256 or size not in {None, length}:
        raise WrongBytes(sha256, digest.hexdigest(), length)
    if kept:
        yield kept


def file_chunks(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes, 1 MiB at a time."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def sha256_of(path: Path) -> str:
    """Return a file's SHA-256 as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
