"""Reads a whole PDF once: what its bytes digest to, what its signed bytes digest to, and what lies between objects."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import FileIO

import numpy as np

from requests_portal.bundle.strict_file import HEADER_LENGTH, Doubt, StrictFile, fill

_CHUNK = 1 << 20
_DELIMITER = np.frombuffer(b"endobj\n", np.uint8)
_BEFORE = np.arange(-len(_DELIMITER), 0)
_CHANGED = "The file changed or ended while it was read."


@dataclass(frozen=True, kw_only=True)
class Digests:
    """SHA-256 of the whole file, and of what its signature covers."""

    whole: str
    signed: bytes


def digests(stream: FileIO, file: StrictFile, hole: tuple[int, int], still_time: Callable[[], None]) -> Digests:
    """Hash a file from its start, without its signature's hole too; raises Doubt for bytes between its objects.

    Up to the hole both digests are one.
    """
    passing = _Passing(stream, file, still_time)
    start, end = hole
    whole = hashlib.sha256()
    for piece in passing.up_to(start):
        whole.update(piece)
    signed = whole.copy()
    for piece in passing.up_to(end):
        whole.update(piece)
    for piece in passing.up_to(file.size):
        whole.update(piece)
        signed.update(piece)
    passing.must_end()
    return Digests(whole=whole.hexdigest(), signed=signed.digest())


class _Passing:
    """A file going by in pieces, which are valid until the next one; it looks between the objects as they pass."""

    def __init__(self, stream: FileIO, file: StrictFile, still_time: Callable[[], None]) -> None:
        self._stream = stream
        self._still_time = still_time
        places = np.sort(np.append(file.offsets[1:], file.start))
        if places[0] != HEADER_LENGTH:
            raise Doubt("There are bytes before the file's first object, where something could be hidden.")
        self._places = places[1:]
        if (np.diff(places) == 0).any():
            raise Doubt("Two of the file's objects are at one place.")
        self._at = 0
        # What came last stays in front of what comes next, so that a delimiter is seen across pieces.
        self._room = bytearray(len(_DELIMITER) + _CHUNK)
        self._seen = np.frombuffer(self._room, np.uint8)

    def up_to(self, end: int) -> Iterator[memoryview]:
        """Yield what comes next, up to the place `end`."""
        while self._at < end:
            self._still_time()
            length = min(_CHUNK, end - self._at)
            piece = memoryview(self._room)[len(_DELIMITER) :][:length]
            if fill(self._stream, piece) < length:
                raise Doubt(_CHANGED)
            self._look_between(length)
            yield piece
            self._at += length
            self._room[: len(_DELIMITER)] = self._room[length : length + len(_DELIMITER)]

    def _look_between(self, length: int) -> None:
        """Check that each object that starts in this piece, or right behind it, follows another."""
        first, last = np.searchsorted(self._places, (self._at, self._at + length), side="right")
        starts = self._places[first:last] - self._at + len(_DELIMITER)
        if (self._seen[starts[:, None] + _BEFORE] != _DELIMITER).any():
            raise Doubt("There are bytes between the file's objects, where something could be hidden.")

    def must_end(self) -> None:
        """Raise Doubt if the file goes on."""
        if self._stream.read(1):
            raise Doubt(_CHANGED)
