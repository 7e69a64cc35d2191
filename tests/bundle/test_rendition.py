"""What staff hear is the recording decoded into WAV, and every byte of it is a known moment."""

import io
import itertools

import numpy as np
import pytest
import soundfile

from requests_portal.bundle.rendition import HEADER, rendition
from requests_portal.bundle.sound import Unreadable
from requests_portal.bundle.waveform import peaks
from requests_portal.errors import NotFound
from requests_portal.storage.ranged import BLOCK, RangedFile

RATE = 16_000
FORMATS = {"WAV": "PCM_16", "FLAC": "PCM_16", "AIFF": "PCM_24", "OGG": "VORBIS", "RF64": "FLOAT"}


def a_tone(seconds=3.0, *, kind="WAV", channels=1, rate=RATE):
    """A tone whose loudness says which second it is."""
    at = np.arange(int(seconds * rate)) / rate
    tone = np.sin(2 * np.pi * 440 * at) * (np.floor(at) + 1) / 10
    made = io.BytesIO()
    soundfile.write(made, np.repeat(tone[:, None], channels, axis=1), rate, format=kind, subtype=FORMATS[kind])
    return made.getvalue()


def opened(data):
    return RangedFile(lambda start, end: data[start:end], len(data))


def rendered(data):
    return rendition(opened(data), seconds=peaks(data, "audio").seconds)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_heard_as_a_wav_of_the_same_sound(kind):
    data = a_tone(kind=kind, channels=2)
    made = rendered(data)

    heard, rate = soundfile.read(io.BytesIO(made.read(0, made.size)))

    wanted, _ = soundfile.read(io.BytesIO(data))
    assert (rate, heard.shape) == (RATE, wanted.shape)
    assert np.abs(heard - wanted).max() < 0.001


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG"])
def test_any_range_is_the_same_bytes_as_in_the_whole(kind):
    made = rendered(a_tone(kind=kind))
    whole = made.read(0, made.size)

    for start, end in [(0, 1), (43, 45), (44, 46), (45, 47), (31_001, 63_334), (made.size - 3, made.size), (7, 20)]:
        assert made.read(start, end) == whole[start:end]


def test_spans_cover_what_is_asked_for_and_say_outwards_which_milliseconds_are_in_it():
    made = rendered(a_tone(25))

    spans = list(made.spans(0, made.size))
    middle = list(made.spans(HEADER + 1, HEADER + 2 * RATE + 1))

    assert [(each.from_ms, each.to_ms) for each in spans] == [(0, 0), (0, 10_000), (10_000, 20_000), (20_000, 25_000)]
    assert [each.start for each in spans[1:]] == [each.end for each in itertools.islice(spans, 3)]
    # Half a frame of 62.5 µs counts as its whole millisecond.
    assert [(each.start, each.end, each.from_ms, each.to_ms) for each in middle] == [(45, 32_045, 0, 1001)]


def test_a_header_alone_is_no_second_of_sound():
    made = rendered(a_tone())

    assert [(each.from_ms, each.to_ms) for each in made.spans(0, HEADER)] == [(0, 0)]
    assert [(each.from_ms, each.to_ms) for each in made.spans(0, HEADER + 1)] == [(0, 0), (0, 1)]


def test_the_middle_of_a_long_recording_is_heard_without_the_rest():
    data = a_tone(600)
    fetched = set()

    def fetch(start, end):
        fetched.add(start // BLOCK)
        return data[start:end]

    made = rendition(RangedFile(fetch, len(data)), seconds=600)
    heard = made.read(HEADER + 300 * RATE * 2, HEADER + 310 * RATE * 2)

    assert heard == data[HEADER + 300 * RATE * 2 : HEADER + 310 * RATE * 2]
    assert len(data) // BLOCK > 2 * len(fetched)


def test_what_is_no_sound_is_no_rendition():
    assert isinstance(rendition(opened(b"no sound at all" * 99), seconds=1), Unreadable)


def test_a_store_that_fails_is_not_heard_as_silence():
    def gone(_start, _end):
        raise NotFound("The store has no such version.")

    with pytest.raises(NotFound):
        rendition(RangedFile(gone, 1000), seconds=1)

    data = a_tone()
    made = rendition(opened(data), seconds=3)
    made.file._fetch = gone
    made.file._blocks.clear()
    with pytest.raises(NotFound):
        made.read(HEADER, made.size)


def test_a_recording_that_lost_its_end_keeps_its_length():
    made = rendition(opened(a_tone(3)), seconds=4)

    assert len(made.read(0, made.size)) == made.size == HEADER + 4 * RATE * 2
