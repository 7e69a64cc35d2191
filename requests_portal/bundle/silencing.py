"""A new file from a recording, with exact silence where parts of it must not leave.

Streams block by block, so memory does not grow with the recording. Sound that is stored without loss keeps its coding
and every sample outside the silenced parts. Sound stored with loss (MP3, Vorbis, Opus) can be cut at a sample only
once it is decoded; it leaves as 16-bit FLAC: exact, half the size of WAV, taken by every browser and player of today.
Only samples are carried over: no tag, no cover, no comment, no name of a mark.
"""

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import numpy as np
import soundfile

from requests_portal.bundle.decoding import MEDIA_TYPES, Samples, Undecodable, as_16_bit, blocks, opened
from requests_portal.bundle.wav_file import FORMS, TooLong, WavWriter

Write = Callable[[Samples], None]
Span = tuple[int, int]
# The type in which each coding is read without loss; the library puts shorter samples into the upper bits.
_READ_AS = {
    "PCM_S8": "int16",
    "PCM_U8": "int16",
    "PCM_16": "int16",
    "PCM_24": "int32",
    "PCM_32": "int32",
    "FLOAT": "float32",
    "DOUBLE": "float64",
    # Companded to 8 bits: each stands for one value of 16 bits.
    "ULAW": "int16",
    "ALAW": "int16",
}
_FLAC, _AIFF = "FLAC", "AIFF"
_LOSSY = frozenset({"OGG", "MP3"})


class Unsilenceable(Exception):  # noqa: N818 — the recording is then held back
    """Parts of this recording cannot be silenced, so it must not leave."""


def silence(source: Path, target: Path, parts: Sequence[tuple[float, float]]) -> str:
    """Write `source` to `target` with silence in the parts (seconds), and return the media type of what was written.

    A part begins at the sample in which its start lies and ends after that in which its end lies. Raises Unsilenceable
    for a recording that cannot be decoded and for parts that it does not have; `target` is then of no use.
    """
    try:
        with opened(source) as sound:
            spans = _in_frames(parts, sound.samplerate)
            form, subtype = _form(sound)
            with _writer(target, form, subtype, sound) as write:
                frames = _copy_silenced(sound, spans, write, dtype=_READ_AS.get(str(sound.subtype)))
        _check(target, spans, frames)
    except (Undecodable, TooLong) as error:
        raise Unsilenceable from error
    return MEDIA_TYPES[form]


def _in_frames(parts: Sequence[tuple[float, float]], rate: int) -> list[Span]:
    """The parts in whole frames, wide rather than narrow, in order and joined where they touch."""
    spans: list[Span] = []
    for start, end in sorted(_exact(part, rate) for part in parts):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    if not spans:
        raise Unsilenceable
    return spans


def _exact(part: tuple[float, float], rate: int) -> Span:
    try:
        # The number as it is written: 0.1 is a tenth, and not the binary fraction next to it.
        start, end = (Fraction(str(float(moment))) * rate for moment in part)
    except (ValueError, OverflowError) as error:
        raise Unsilenceable from error
    if not 0 <= start < end:
        raise Unsilenceable
    return start.__floor__(), end.__ceil__()


def _form(sound: soundfile.SoundFile) -> tuple[str, str]:
    """The container and the coding in which the new file keeps what the recording holds."""
    container, subtype = str(sound.format), str(sound.subtype)
    if container in _LOSSY:
        return _FLAC, "PCM_16"
    if container == _FLAC or (container == _AIFF and subtype.startswith("PCM_")):
        return container, subtype
    return "WAV", subtype if subtype in FORMS else "PCM_16"


@contextmanager
def _writer(target: Path, form: str, subtype: str, like: soundfile.SoundFile) -> Iterator[Write]:
    rate, channels = like.samplerate, like.channels
    if form == "WAV":
        with target.open("wb") as out, WavWriter(out, subtype=subtype, rate=rate, channels=channels) as wav:
            yield wav.write
        return
    try:
        file = soundfile.SoundFile(target, "w", rate, channels, subtype, format=form)
    except soundfile.SoundFileError as error:
        # More channels or a higher rate than the format has room for.
        raise Unsilenceable from error
    with file:
        yield lambda samples: _written(file, samples)


def _written(file: soundfile.SoundFile, samples: Samples) -> None:
    try:
        file.write(samples)
    except soundfile.SoundFileError as error:
        # A full disk says nothing about the recording: the work is tried again.
        raise OSError(errno.EIO, "the silenced recording could not be written") from error


def _copy_silenced(sound: soundfile.SoundFile, spans: list[Span], write: Write, *, dtype: str | None) -> int:
    at = 0
    for samples in blocks(sound, dtype or "float64"):
        for start, end in spans:
            # Zero is silence in every coding that is written here.
            samples[max(start - at, 0) : max(end - at, 0)] = 0
        write(samples if dtype else as_16_bit(samples))
        at += len(samples)
    if any(start >= at for start, _ in spans):
        # Who marked it heard another recording than the one that is here.
        raise Unsilenceable
    return at


def _check(target: Path, spans: list[Span], frames: int) -> None:
    """Read back what was written: as long as what was read, and silent in every part."""
    with opened(target) as made:
        if made.frames != frames:
            raise Unsilenceable
        at = 0
        for samples in blocks(made, "float64"):
            if any(np.any(samples[max(start - at, 0) : max(end - at, 0)]) for start, end in spans):
                raise Unsilenceable
            at += len(samples)
