"""A WAV file of samples and nothing else: no tags, no marks, no date, so that the same sound is the same bytes."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Self

import numpy as np

# What the two length fields of RIFF can say, less the header.
LARGEST = (1 << 32) - 1 - 64
_PCM, _FLOAT = 1, 3


@dataclass(frozen=True, kw_only=True)
class SampleForm:
    """How samples are stored: WAVE format tag, bits of one sample, and how decoded ones become bytes."""

    tag: int
    bits: int
    packed: Callable[[np.ndarray], bytes]


def _eight_bit(samples: np.ndarray) -> bytes:
    return ((samples >> 8) + 128).astype(np.uint8).tobytes()


def _three_bytes(samples: np.ndarray) -> bytes:
    return samples.astype("<i4").reshape(-1, 1).view(np.uint8)[:, 1:].tobytes()


def _as(kind: str) -> Callable[[np.ndarray], bytes]:
    return lambda samples: samples.astype(kind, copy=False).tobytes()


FORMS = {
    "PCM_U8": SampleForm(tag=_PCM, bits=8, packed=_eight_bit),
    "PCM_S8": SampleForm(tag=_PCM, bits=8, packed=_eight_bit),
    "PCM_16": SampleForm(tag=_PCM, bits=16, packed=_as("<i2")),
    "PCM_24": SampleForm(tag=_PCM, bits=24, packed=_three_bytes),
    "PCM_32": SampleForm(tag=_PCM, bits=32, packed=_as("<i4")),
    "FLOAT": SampleForm(tag=_FLOAT, bits=32, packed=_as("<f4")),
    "DOUBLE": SampleForm(tag=_FLOAT, bits=64, packed=_as("<f8")),
}


class TooLong(Exception):  # noqa: N818 — an answer about the recording
    """More sound than a WAV file can hold."""


class WavWriter:
    """Writes samples as they come; the header is right once the block is left."""

    def __init__(self, out: IO[bytes], *, subtype: str, rate: int, channels: int) -> None:
        self._out, self._form, self._rate, self._channels = out, FORMS[subtype], rate, channels
        self._size = 0

    def __enter__(self) -> Self:
        self._out.write(self._header())
        return self

    def write(self, samples: np.ndarray) -> None:
        """Add frames by channels; raises TooLong beyond 4 GiB."""
        data = self._form.packed(samples)
        self._size += len(data)
        if self._size > LARGEST:
            raise TooLong
        self._out.write(data)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._out.write(b"\0" * (self._size % 2))
        self._out.seek(0)
        self._out.write(self._header())

    def _header(self) -> bytes:
        frame = self._channels * self._form.bits // 8
        told = (self._form.tag, self._channels, self._rate, self._rate * frame, frame, self._form.bits)
        chunks = b"fmt " + struct.pack("<IHHIIHH", 16, *told)
        if self._form.tag == _FLOAT:
            # A format that is not PCM counts its frames (RIFF, New Multimedia Data Types, 1994).
            chunks += b"fact" + struct.pack("<II", 4, self._size // frame)
        chunks += b"data" + struct.pack("<I", self._size)
        return b"RIFF" + struct.pack("<I", 4 + len(chunks) + self._size + self._size % 2) + b"WAVE" + chunks
