"""Opens a PDF in the one form we write: one revision, one classic cross-reference table, nothing between objects."""

import hashlib
import re
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from requests_portal.bundle.pdf_objects import OutOfBytes, parse

CHUNK = 1 << 20
_TAIL = 2048
_MOST_OBJECTS = 3_000_000
_LARGEST_OBJECT = 32 << 20
_FIRST_WINDOW = 1 << 16
_ENTRY = 20
_HEADER = re.compile(rb"%PDF-[12]\.\d\n")
_END = re.compile(rb"startxref\n(\d{1,12})\n%%EOF\n\Z")
_ENTRY_FORM = re.compile(rb"(?:(\d{10}) 00000 n \n)+")
_DELIMITER = b"endobj\n"


class Doubt(Exception):  # noqa: N818 — what a check found, not a malfunction
    """A check failed; the message is the sentence that says so."""


@dataclass(frozen=True, kw_only=True)
class Digests:
    """SHA-256 of the whole file, and of what its signature covers."""

    whole: str
    signed: bytes


class StrictFile:
    """A PDF whose every object is known by its place; reads no more than it must."""

    def __init__(self, file: BinaryIO, size: int, still_time: Callable[[], None]) -> None:
        self._file = file
        self._still_time = still_time
        self.size = size
        self.start = self._table_start()
        self.offsets, self.trailer = self._table()

    def read(self, start: int, length: int) -> bytes:
        """Return up to `length` bytes from `start`."""
        self._file.seek(start)
        return self._file.read(length)

    def _table_start(self) -> int:
        if self.size == 0:
            raise Doubt("The file is empty.")
        if not _HEADER.match(self.read(0, 16)):
            raise Doubt("This is not a PDF file as we write them.")
        found = _END.search(self.read(max(self.size - _TAIL, 0), _TAIL))
        if not found:
            raise Doubt("The file does not end as a PDF ends: it is cut off, or something was appended.")
        start = int(found.group(1))
        if not 0 < start < self.size:
            raise Doubt("The file's table of contents lies outside the file.")
        return start

    def _table(self) -> tuple["array[int]", dict[str, Any]]:
        head = re.match(rb"xref\n0 (\d{1,8})\n0000000000 65535 f \n", self.read(self.start, 64))
        if not head:
            raise Doubt("The file's table of contents is not where the file says, or not in our form.")
        count = int(head.group(1)) - 1
        at = self.start + head.end()
        if not 0 < count < _MOST_OBJECTS or at + count * _ENTRY > self.size:
            raise Doubt("The file's table of contents does not fit the file.")
        entries = self.read(at, count * _ENTRY)
        if not _all_in_use(entries):
            raise Doubt("The file's table of contents has gaps or later generations, which ours never have.")
        offsets = array("Q", [0]) + array("Q", map(int, entries.split()[::3]))
        return offsets, self._trailer(at + count * _ENTRY)

    def _trailer(self, at: int) -> dict[str, Any]:
        rest = self.read(at, self.size - at) if self.size - at < _TAIL else b""
        if not rest.startswith(b"trailer\n"):
            raise Doubt("The file's table of contents is followed by something else than its trailer.")
        trailer, end = parse(rest, len(b"trailer\n"))
        if not isinstance(trailer, dict) or not _END.fullmatch(rest[end:].lstrip(b"\n")):
            raise Doubt("The file's trailer is not in our form.")
        return trailer

    def object_at(self, number: int) -> tuple[Any, int]:
        """Return an object and the place in the file right after it; places in it count from the file's start."""
        if not 0 < number < len(self.offsets):
            raise Doubt(f"The file refers to an object {number} that it does not have.")
        self._still_time()
        start = self.offsets[number]
        window = _FIRST_WINDOW
        while True:
            data = self.read(start, window)
            try:
                return self._parsed(data, number, start)
            except OutOfBytes:
                if window >= _LARGEST_OBJECT or len(data) < window:
                    raise
                window *= 16

    @staticmethod
    def _parsed(data: bytes, number: int, start: int) -> tuple[Any, int]:
        head = b"%d 0 obj\n" % number
        if not data.startswith(head):
            raise Doubt(f"Object {number} is not where the file's table of contents says.")
        value, end = parse(data, len(head))
        return value, start + end

    def digests(self, signed: Sequence[tuple[int, int]]) -> Digests:
        """Read the file once: hash all of it and its signed ranges (start, end), and look between its objects."""
        whole, covered = hashlib.sha256(), hashlib.sha256()
        places = sorted(self.offsets[1:])
        at, before, upcoming = 0, b"", 0
        self._file.seek(0)
        while chunk := self._file.read(CHUNK):
            self._still_time()
            whole.update(chunk)
            for start, end in signed:
                covered.update(memoryview(chunk)[max(start - at, 0) : max(end - at, 0)])
            upcoming = _look_between(before + chunk, at - len(before), places, upcoming)
            before = chunk[-16:]
            at += len(chunk)
        if upcoming < len(places) or at != self.size:
            raise Doubt("The file changed or ended while it was read.")
        return Digests(whole=whole.hexdigest(), signed=covered.digest())


def _all_in_use(entries: bytes) -> bool:
    step = 1 << 16
    pieces = (entries[first : first + step * _ENTRY] for first in range(0, len(entries), step * _ENTRY))
    return all(_ENTRY_FORM.fullmatch(piece) for piece in pieces)


def _look_between(data: bytes, start: int, places: list[int], upcoming: int) -> int:
    """Check that each object in `data`, which starts at `start`, follows another; return the next one's index."""
    first = upcoming == 0
    while upcoming < len(places) and places[upcoming] <= start + len(data):
        at = places[upcoming] - start
        if not first and data[at - len(_DELIMITER) : at] != _DELIMITER:
            raise Doubt("There are bytes between the file's objects, where something could be hidden.")
        first = False
        upcoming += 1
    return upcoming


def size_of(path: Path) -> int:
    """Return a file's size in bytes, or raise Doubt when there is no such file."""
    try:
        return path.stat().st_size
    except OSError as error:
        raise Doubt("The file can't be opened.") from error
