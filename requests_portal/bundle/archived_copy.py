"""Checks an archived copy: what was appended to a document is an archive's update of ours, and nothing else."""

import hashlib
import re
from collections.abc import Callable, Sequence
from io import FileIO
from pathlib import Path
from typing import Any

from cryptography import x509

from requests_portal.bundle.archive import HOLE, STREAM_END, Proofs, chunks, delivered_part, is_list_of, update_of
from requests_portal.bundle.cms import Signed, issued, vouches_for
from requests_portal.bundle.strict_file import Doubt
from requests_portal.bundle.timestamp import stamp_in, trust_in

_STREAM = re.compile(rb"(\d+) 0 obj\n<</Length (\d{1,7})>>\nstream\n")
_STORE = re.compile(rb"\d+ 0 obj\n<</Type/DSS/Certs\[([\d R]*)\](?:/CRLs\[([\d R]*)\])?>>\nendobj\n")
_TABLE = re.compile(rb"xref\n\d+ 1\n\d{10} 00000 n \n\d+ \d+\n(\d{10}) 00000 n \n")
_END = re.compile(rb"startxref\n(\d{1,12})\n%%EOF\n\Z")
_MOST_BYTES = 8 << 20
# Each is compared with each.
_MOST_PROOFS = 64
_TAIL = 64
_HEAD = 256
_STRANGE = "What was appended to the document is not an archive's update as we write it."


class Beginning(FileIO):
    """The first bytes of a file, as if it ended there."""

    def __init__(self, path: Path, size: int) -> None:
        super().__init__(path, "rb")
        self._size = size

    def read(self, size: int | None = -1) -> bytes:
        """Return what lies before the end, at most `size` bytes of it."""
        left = max(self._size - self.tell(), 0)
        return super().read(left if size is None or size < 0 else min(size, left))

    def readinto(self, room: Any) -> int:
        """Fill what of `room` lies before the end."""
        left = max(self._size - self.tell(), 0)
        return super().readinto(memoryview(room)[:left])


def start_of_update(path: Path, size: int) -> int | None:
    """Return where an archived copy's update starts, or None for a file that does not end in one of our form."""
    with path.open("rb", buffering=0) as file:
        end = _END.search(_read(file, max(size - _TAIL, 0), _TAIL))
        table = int(end.group(1)) if end else size
        found = _TABLE.match(_read(file, table, _HEAD)) if size - _MOST_BYTES < table < size else None
    start = int(found.group(1)) if found else size
    return start if max(size - _MOST_BYTES, 0) < start < table else None


def archive_shows(
    path: Path,
    start: int,
    size: int,
    *,
    signed: Signed,
    pinned: Sequence[x509.Certificate],
    still_time: Callable[[], None],
) -> tuple[bool | None, str]:
    """Say what an archived copy's update shows, as `timestamp_of` does; raises Doubt unless it is one of ours.

    Reads the whole file once, in pieces.
    """
    with path.open("rb", buffering=0) as file:
        data = _read(file, start, size - start)
        proofs = _proofs_in(data)
        token, digest = _token_in(file, start, data, proofs, still_time)
    stamp = stamp_in(token, digest)
    _check_proofs(proofs, (signed, stamp.signed, *_stampers(signed)))
    shown, said = trust_in(stamp, "all of it", [each for each in pinned if not vouches_for(each, signed)], pinned)
    return (
        shown,
        f"This is an archived copy: proofs follow the delivered document, which is unchanged. {said}",
    )


def _token_in(
    file: FileIO, start: int, data: bytes, proofs: Proofs, still_time: Callable[[], None]
) -> tuple[bytes, bytes]:
    """Return an update's token and the SHA-256 that it has to be over."""
    update = update_of(delivered_part(file, start), proofs)
    hole, rest = len(update.before), len(update.before) + HOLE + 2
    digits = data[hole + 1 : rest - 1]
    brackets = data[hole : hole + 1] + data[rest - 1 : rest]
    if (data[:hole], brackets, data[rest:]) != (update.before, b"<>", update.after):
        raise Doubt(_STRANGE)
    if not re.fullmatch(rb"[0-9a-f]+", digits):
        raise Doubt("The archive's timestamp is not written as we write it.")
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in chunks(file, start):
        still_time()
        digest.update(chunk)
    digest.update(update.before + update.after)
    return bytes.fromhex(digits.decode()), digest.digest()


def _proofs_in(data: bytes) -> Proofs:
    """Read the certificates and lists of an update; whether they are written as they should is seen afterwards."""
    streams, at = [], 0
    while found := _STREAM.match(data, at):
        at = found.end() + int(found.group(2))
        streams.append(data[found.end() : at])
        at += len(STREAM_END)
    store = _STORE.match(data, at)
    if not store or len(streams) > _MOST_PROOFS:
        raise Doubt(_STRANGE)
    certificates = store.group(1).count(b"R")
    return Proofs(certificates=tuple(streams[:certificates]), revocations=tuple(streams[certificates:]))


def _stampers(signed: Signed) -> tuple[Signed, ...]:
    if signed.token is None:
        return ()
    return (stamp_in(signed.token, hashlib.sha256(signed.value).digest()).signed,)


def _check_proofs(proofs: Proofs, signers: Sequence[Signed]) -> None:
    """Check that every proof belongs to a signature of the file, so that none is a hiding place."""
    known = [each for signed in signers for each in (signed.certificate, *signed.others)]
    for data in proofs.certificates:
        found = x509.load_der_x509_certificate(data)
        if found not in known and not any(issued(found, each) for each in known):
            raise Doubt("A certificate was appended to the document that belongs to none of its signatures.")
        known.append(found)
    for data in proofs.revocations:
        found_list = x509.load_der_x509_crl(data)
        if not any(is_list_of(found_list, each) for each in known):
            raise Doubt("A revocation list was appended to the document that belongs to none of its signatures.")


def _read(file: FileIO, start: int, length: int) -> bytes:
    file.seek(start)
    data = b""
    while len(data) < length and (more := file.read(length - len(data))):
        data += more
    return data
