"""Opens a PDF in the one form we write: one revision, one classic cross-reference table, nothing between objects."""

import re
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np

from requests_portal.bundle.pdf_objects import Malformed, OutOfBytes, parse

_TAIL = 2048
_MOST_OBJECTS = 3_000_000
# Our largest object lists 20,000 files.
_LARGEST_OBJECT = 1 << 20
_FIRST_WINDOW = 1 << 12
_ENTRY = 20
_ENTRIES_AT_ONCE = 1 << 15
_IN_USE = np.frombuffer(b" 00000 n \n", np.uint8)
_POWERS = 10 ** np.arange(9, -1, -1, dtype=np.int64)
# ISO 19005-3, 6.1.2: the version, and a comment of four bytes above 127.
_HEADER = re.compile(rb"%PDF-1\.\d\n%[\x80-\xff]{4}\n")
HEADER_LENGTH = 15
_END = re.compile(rb"startxref\n(\d{1,12})\n%%EOF\n\Z")
_AFTER = (b"\nendobj\n", b"\nstream\n")
# ISO 19005-3, 6.1.12 (through ISO 32000-1, annex C): no place in a PDF/A lies beyond the largest 32-bit integer.
_LARGEST_FILE = (1 << 31) - 1


class Doubt(Exception):  # noqa: N818 — what a check found, not a malfunction
    """A check failed; the message is the sentence that says so."""


class StrictFile:
    """A PDF whose every object is known by its place; reads no more than it must."""

    def __init__(self, file: FileIO, size: int, still_time: Callable[[], None]) -> None:
        self._file = file
        self._still_time = still_time
        self.size = size
        self.start = self._table_start()
        self.offsets, self.trailer = self._table()

    def read(self, start: int, length: int) -> bytes:
        """Return up to `length` bytes from `start`."""
        self._file.seek(start)
        return self._file.read(length)

    def read_into(self, start: int, room: memoryview) -> int:
        """Fill `room` with the bytes from `start` and return how many there were."""
        self._file.seek(start)
        return fill(self._file, room)

    def _table_start(self) -> int:
        if self.size == 0:
            raise Doubt("The file is empty.")
        if self.size > _LARGEST_FILE:
            raise Doubt("The file is larger than 2 GB; ours never are.")
        if not _HEADER.match(self.read(0, 16)):
            raise Doubt("This is not a PDF file as we write them.")
        found = _END.search(self.read(max(self.size - _TAIL, 0), _TAIL))
        if not found:
            raise Doubt("The file does not end as a PDF ends: it is cut off, or something was appended.")
        start = int(found.group(1))
        if not 0 < start < self.size:
            raise Doubt("The file's table of contents lies outside the file.")
        return start

    def _table(self) -> tuple["np.ndarray[Any, np.dtype[np.int64]]", dict[str, Any]]:
        head = re.match(rb"xref\n0 (\d{1,8})\n0000000000 65535 f \n", self.read(self.start, 64))
        if not head:
            raise Doubt("The file's table of contents is not where the file says, or not in our form.")
        count = int(head.group(1)) - 1
        at = self.start + head.end()
        if not 0 < count < _MOST_OBJECTS or at + count * _ENTRY > self.size:
            raise Doubt("The file's table of contents does not fit the file.")
        offsets = np.zeros(count + 1, np.int64)
        for first in range(0, count, _ENTRIES_AT_ONCE):
            last = min(first + _ENTRIES_AT_ONCE, count)
            offsets[first + 1 : last + 1] = _offsets_in(self.read(at + first * _ENTRY, (last - first) * _ENTRY))
        if offsets.max() >= self.start:
            raise Doubt("The file's table of contents names a place behind itself.")
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
        start = int(self.offsets[number])
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
        after = data[end : end + len(_AFTER[0])]
        if after not in _AFTER:
            raise OutOfBytes("cut off after the object") if len(after) < len(_AFTER[0]) else Malformed("no end")
        return value, start + end


def _offsets_in(data: bytes) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """Return the places in some entries of the table (ISO 32000-1, 7.5.4), each of which must be in use."""
    entries = np.frombuffer(data, np.uint8).reshape(-1, _ENTRY)
    digits = entries[:, :10] - ord("0")
    if (digits > 9).any() or (entries[:, 10:] != _IN_USE).any():  # noqa: PLR2004 — unsigned: what is no digit is above 9
        raise Doubt("The file's table of contents has gaps or later generations, which ours never have.")
    return digits @ _POWERS


def fill(file: FileIO, room: memoryview) -> int:
    """Read from a file until `room` is full or the file ends; return how many bytes there were."""
    got = 0
    while got < len(room):
        more = file.readinto(room[got:])
        if not more:
            break
        got += more
    return got


def size_of(path: Path) -> int:
    """Return a file's size in bytes, or raise Doubt when there is no such file."""
    try:
        return path.stat().st_size
    except OSError as error:
        raise Doubt("The file can't be opened.") from error
