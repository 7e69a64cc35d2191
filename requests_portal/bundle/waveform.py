"""Decodes a recording and reduces it to the peaks of a waveform, block by block, however long it is."""

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

import numpy as np
import soundfile

from requests_portal.bundle.decoding import BLOCK, Samples, Undecodable, blocks, breaks_off, media_type, opened
from requests_portal.bundle.sound import Sound, Unreadable

Source = Callable[[], Iterator[bytes]] | bytes
# Up to here a recording is decoded from memory, above from a file that goes with it.
_IN_MEMORY = 16 << 20
_LOUDEST = 255
_MOST_STEPS = 1 << 14
_MOST_HALVINGS = BLOCK.bit_length() - 1


def peaks(source: Source, called: str, buckets: int = 200, *, decoded_from: Source | None = None) -> Sound | Unreadable:
    """Return length in seconds and loudness from 0 to 255 in `buckets` steps, or why there is none.

    Reads what libsndfile reads (WAV, FLAC, Ogg with Vorbis or Opus, MP3, AIFF …) by what it holds, whatever it is
    called; never raises for what a recording holds. Where a file was made from the recording (`decoded_from`), loudness
    and length are those of that file; of the recording itself no sample is decoded then.
    """
    with _held(source) as file, _held(decoded_from or b"") as made:
        try:
            with opened(file) as sound:
                return _reduced(sound, file, made, buckets)
        except Undecodable:
            empty = not _size(file)
            reason = "The recording is empty." if empty else f"The recording could not be decoded as {called}."
            return Unreadable(reason=reason, empty=empty)


@contextmanager
def _held(source: Source) -> Iterator[IO[bytes]]:
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        for chunk in (source,) if isinstance(source, bytes) else source():
            file.write(chunk)
        file.seek(0)
        yield file


def _size(file: IO[bytes]) -> int:
    return file.seek(0, io.SEEK_END)


def _reduced(sound: soundfile.SoundFile, file: IO[bytes], made: IO[bytes], buckets: int) -> Sound | Unreadable:
    if _size(made):
        made.seek(0)
        with opened(made) as other:
            (steps, decoded), rate = _loudest(other), int(other.samplerate)
    else:
        (steps, decoded), rate = _loudest(sound), int(sound.samplerate)
    if not decoded:
        return Unreadable(reason="The recording holds no sound.", empty=True)
    return Sound(
        seconds=decoded / rate,
        peaks=_bucketed(steps, buckets),
        holds=media_type(sound),
        breaks_off=breaks_off(sound, file, _size(file), decoded),
    )


def _loudest(sound: soundfile.SoundFile) -> tuple[Samples, int]:
    """The loudest sample of each step, and how many frames there are; steps double while there are too many."""
    steps, halvings, decoded = np.zeros(0, dtype=np.float32), 0, 0
    for samples in blocks(sound, "float32"):
        decoded += len(samples)
        steps = np.concatenate([steps, _halved(_loud(samples), halvings)])
        while len(steps) > _MOST_STEPS and halvings < _MOST_HALVINGS:
            steps, halvings = _halved(steps, 1), halvings + 1
    return steps, decoded


def _loud(samples: Samples) -> Samples:
    """The loudest channel of each frame; a channel at a time, since numpy is slow along a short axis."""
    loud: Samples = np.abs(samples[:, 0])
    for channel in range(1, samples.shape[1]):
        loud = np.maximum(loud, np.abs(samples[:, channel]))
    return loud


def _halved(loud: Samples, times: int) -> Samples:
    """The louder of each two neighbours, so many times over."""
    for _ in range(times):
        even = loud if len(loud) % 2 == 0 else np.append(loud, np.float32(0))
        loud = np.maximum(even[::2], even[1::2])
    return loud


def _bucketed(steps: Samples, buckets: int) -> tuple[int, ...]:
    edges = np.linspace(0, len(steps), min(buckets, len(steps)), endpoint=False).astype(int)
    loud = np.nan_to_num(np.maximum.reduceat(steps, edges), nan=0.0, posinf=1.0)
    return tuple(np.clip(loud * _LOUDEST, 0, _LOUDEST).astype(int).tolist())
