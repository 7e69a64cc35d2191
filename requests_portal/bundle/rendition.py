"""A recording as browsers hear it: decoded piece by piece into WAV, so that each byte is a known moment of it."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from requests_portal.bundle.decoding import NO_SOUND, Seekable, Undecodable, as_16_bit, opened
from requests_portal.bundle.sound import Unreadable

HEADER = 44
MEDIA_TYPE = "audio/wav"
# What one step of sending may hold at most, so that little counts as heard that never was.
SPAN_SECONDS = 10
_BYTES = 2
_MOST = 0xFFFFFFFF


@dataclass(frozen=True, kw_only=True)
class Span:
    """Bytes of the rendition, from `start` (included) to `end` (excluded), and the milliseconds heard in them."""

    start: int
    end: int
    from_ms: int
    to_ms: int


@dataclass(frozen=True, kw_only=True)
class Rendition:
    """A WAV of 16 bits with the recording's own rate and channels; nothing of it exists before it is read."""

    file: Seekable
    frames: int
    rate: int
    channels: int

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return HEADER + self.frames * self._block

    def spans(self, start: int, end: int) -> Iterator[Span]:
        """The bytes asked for in steps of at most SPAN_SECONDS; a frame of which one byte is sent counts as heard."""
        if start < min(HEADER, end):
            yield Span(start=start, end=min(HEADER, end), from_ms=0, to_ms=0)
        at = max(start, HEADER)
        while at < end:
            first = (at - HEADER) // self._block
            until = min(end, HEADER + (first + SPAN_SECONDS * self.rate) * self._block)
            last = -((HEADER - until) // self._block)
            yield Span(start=at, end=until, from_ms=first * 1000 // self.rate, to_ms=-(last * -1000 // self.rate))
            at = until

    def read(self, start: int, end: int) -> bytes:
        """These bytes; what can no longer be decoded is silence."""
        head = self._header()[start:end]
        if end <= HEADER:
            return head
        skip = max(start - HEADER, 0)
        first, last = skip // self._block, -((HEADER - end) // self._block)
        sound = self._decoded(first, last - first)
        return head + sound[skip - first * self._block : end - HEADER - first * self._block]

    @property
    def _block(self) -> int:
        return self.channels * _BYTES

    def _decoded(self, first: int, frames: int) -> bytes:
        self.file.seek(0)
        whole = np.zeros((frames, self.channels), dtype="<i2")
        try:
            with opened(self.file) as sound:
                sound.seek(first)
                got = as_16_bit(sound.read(frames, dtype="float32", always_2d=True))
        except (Undecodable, *NO_SOUND):
            got = whole[:0]
        _check(self.file)
        whole[: len(got)] = got
        return whole.tobytes()

    def _header(self) -> bytes:
        data = min(self.frames * self._block, _MOST - HEADER)
        return struct.pack(
            "<4sI4s4sIHHIIHH4sI",
            b"RIFF",
            HEADER - 8 + data,
            b"WAVE",
            b"fmt ",
            16,
            1,
            self.channels,
            self.rate,
            self.rate * self._block,
            self._block,
            8 * _BYTES,
            b"data",
            data,
        )


def rendition(file: Seekable, *, seconds: float) -> Rendition | Unreadable:
    """The recording as WAV, as long as its waveform was found to be; never raises for what the recording holds."""
    try:
        with opened(file) as sound:
            rate, channels = int(sound.samplerate), int(sound.channels)
    except Undecodable:
        _check(file)
        return Unreadable(reason="The recording could not be decoded.")
    return Rendition(file=file, frames=round(seconds * rate), rate=rate, channels=channels)


def _check(file: Seekable) -> None:
    # A store that fails must not be heard as silence.
    if file.failure is not None:
        raise file.failure
