"""Decodes a recording and reduces it to the peaks of a waveform."""

import io
from collections.abc import Callable, Iterator

import numpy as np
import soundfile

from requests_portal.bundle.sound import Sound, Unreadable

# Three hours at 48 kHz in one channel: longer recordings are sampled from their start, never refused.
_MOST_FRAMES = 3 * 3600 * 48_000
_BLOCK = 1 << 16
_LARGEST = 256 << 20
_LOUDEST = 255


def peaks(source: Callable[[], Iterator[bytes]] | bytes, media_type: str, buckets: int = 200) -> Sound | Unreadable:
    """Return length in seconds and loudness from 0 to 255 in `buckets` steps, or why there is none.

    Reads WAV, FLAC, Ogg (Vorbis, Opus) and MP3; never raises for what a recording holds.
    """
    data = source if isinstance(source, bytes) else _read(source)
    if data is None:
        return Unreadable(reason="The recording is too large to be decoded here.")
    if not data:
        return Unreadable(reason="The recording is empty.")
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as sound:
            return _reduced(sound, buckets)
    except (soundfile.LibsndfileError, RuntimeError, ValueError, MemoryError):
        return Unreadable(reason=f"The recording could not be decoded as {media_type}.")


def _read(source: Callable[[], Iterator[bytes]]) -> bytes | None:
    parts = []
    size = 0
    for chunk in source():
        size += len(chunk)
        if size > _LARGEST:
            return None
        parts.append(chunk)
    return b"".join(parts)


def _reduced(sound: soundfile.SoundFile, buckets: int) -> Sound | Unreadable:
    """Take the loudest sample of short steps, block by block, then the loudest step of each bucket."""
    frames = min(int(sound.frames), _MOST_FRAMES)
    rate = int(sound.samplerate)
    step = max(frames // (buckets * 8), 1)
    loudest: list[np.ndarray] = []
    decoded = 0
    block = max(_BLOCK // step, 1) * step
    while decoded < frames:
        samples = sound.read(min(block, frames - decoded), dtype="float32", always_2d=True)
        if not len(samples):
            break
        decoded += len(samples)
        loudest.append(_loudest_of_steps(np.abs(samples).max(axis=1), step))
    if not decoded:
        return Unreadable(reason="The recording holds no sound.")
    return Sound(seconds=decoded / rate, peaks=_bucketed(np.concatenate(loudest), buckets))


def _loudest_of_steps(samples: np.ndarray, step: int) -> np.ndarray:
    starts = np.arange(0, len(samples), step)
    return np.maximum.reduceat(samples, starts)


def _bucketed(steps: np.ndarray, buckets: int) -> tuple[int, ...]:
    edges = np.linspace(0, len(steps), min(buckets, len(steps)), endpoint=False).astype(int)
    loud = np.nan_to_num(np.maximum.reduceat(steps, edges), nan=0.0, posinf=1.0)
    return tuple(int(one) for one in np.clip(loud * _LOUDEST, 0, _LOUDEST))
