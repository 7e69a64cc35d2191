"""A recording opened by what it holds, not by what it is called, and decoded block by block."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

import numpy as np
import soundfile

BLOCK = 1 << 16
MEDIA_TYPES = {
    "WAV": "audio/wav",
    "WAVEX": "audio/wav",
    "RF64": "audio/wav",
    "FLAC": "audio/flac",
    "OGG": "audio/ogg",
    "MP3": "audio/mpeg",
    "AIFF": "audio/aiff",
}
Samples = np.ndarray
# A day at 48 kHz: what goes on for longer is no recording of ours, but may be a small file that unpacks without end.
_MOST_BLOCKS = 24 * 3600 * 48_000 // BLOCK
_UNKNOWN, _UNKNOWN_FRAMES = 0x7FFFFFFF, 1 << 60
_PAGE_HEADER, _LARGEST_PAGE = 27, 65_307
# The last three come from headers that claim the impossible.
NO_SOUND = (soundfile.SoundFileError, ValueError, TypeError, MemoryError)


class Seekable(Protocol):
    """The stored bytes, to be read from any place; what kept them from being read is in `failure`."""

    @property
    def failure(self) -> Exception | None:
        """What kept the bytes from being read, if something did."""

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place."""

    def tell(self) -> int:
        """Where the next byte is read."""


class Undecodable(Exception):  # noqa: N818 — an answer about a recording, said in its exhibit
    """What is stored as a recording holds no sound that can be decoded."""


@contextmanager
def opened(source: Path | IO[bytes] | Seekable) -> Iterator[soundfile.SoundFile]:
    """Open a recording; raises Undecodable for whatever it holds that is no sound."""
    try:
        sound = soundfile.SoundFile(source)
    except NO_SOUND as error:
        raise Undecodable from error
    with sound:
        yield sound


def media_type(sound: soundfile.SoundFile) -> str:
    """What the recording holds, whatever it is called."""
    return MEDIA_TYPES.get(str(sound.format), "application/octet-stream")


def blocks(sound: soundfile.SoundFile, dtype: str) -> Iterator[Samples]:
    """Yield frames by channels, at most BLOCK at a time, to the true end; raises Undecodable where decoding stops."""
    for _ in range(_MOST_BLOCKS):
        try:
            samples = sound.read(BLOCK, dtype=dtype, always_2d=True)
        except NO_SOUND as error:
            raise Undecodable from error
        if not len(samples):
            return
        yield samples
    raise Undecodable


def breaks_off(sound: soundfile.SoundFile, file: IO[bytes], size: int, decoded: int) -> bool:
    """Whether a recording of `size` bytes ends before the end that it announces itself, as far as its form tells."""
    container = str(sound.format)
    if container in {"WAV", "WAVEX", "AIFF"}:
        announced = _announced(file, big_endian=container == "AIFF")
        # A recorder that does not know the length when it begins writes the largest number; some forget the last pad.
        return announced < _UNKNOWN and announced + 8 > size + 1
    if container == "OGG":
        return not _has_last_page(file, size)
    return bool(decoded < sound.frames < _UNKNOWN_FRAMES)


def _announced(file: IO[bytes], *, big_endian: bool) -> int:
    file.seek(4)
    return int.from_bytes(file.read(4), "big" if big_endian else "little")


def _has_last_page(file: IO[bytes], size: int) -> bool:
    """Whether the last page says that it is the last, and is there to its end (RFC 3533 § 6)."""
    file.seek(max(size - _LARGEST_PAGE, 0))
    tail = file.read()
    page = tail[max(tail.rfind(b"OggS"), 0) :]
    segments = page[_PAGE_HEADER : _PAGE_HEADER + page[26]] if len(page) > _PAGE_HEADER else b""
    return bool(segments and page[5] & 4 and len(page) >= _PAGE_HEADER + len(segments) + sum(segments))


def as_16_bit(samples: Samples) -> Samples:
    """Round decoded samples, from -1 to 1, to 16 bits; what is louder than full scale is cut there."""
    scaled = np.rint(np.nan_to_num(samples) * 32768.0)
    cut: Samples = np.clip(scaled, -32768, 32767).astype(np.int16)
    return cut
