"""Waveforms from every kind of recording we keep, and from none."""

import io
import tracemalloc

import numpy as np
import pytest
import soundfile
from bundle_samples import a_wav

from requests_portal.bundle import Sound, Unreadable, peaks


def encoded(samples: np.ndarray, rate: int, kind: str, subtype: str) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, samples, rate, format=kind, subtype=subtype)
    return out.getvalue()


def half_silent(rate: int) -> np.ndarray:
    at = np.arange(2 * rate) / rate
    return np.where(at < 1, 0.0, np.sin(2 * np.pi * 300 * at) * 0.5)


KINDS = [
    ("WAV", "PCM_16", "audio/wav"),
    ("AIFF", "PCM_16", "audio/aiff"),
    ("FLAC", "PCM_16", "audio/flac"),
    ("OGG", "VORBIS", "audio/ogg"),
    ("OGG", "OPUS", "audio/ogg"),
    ("MP3", "MPEG_LAYER_III", "audio/mpeg"),
]


@pytest.mark.parametrize(("kind", "subtype", "media_type"), KINDS)
def test_loudness_over_time_is_seen_in_every_format(kind, subtype, media_type):
    sound = peaks(encoded(half_silent(16_000), 16_000, kind, subtype), media_type)

    assert isinstance(sound, Sound)
    assert sound.seconds == pytest.approx(2.0, abs=0.15)
    assert len(sound.peaks) == 200
    assert max(sound.peaks[:90]) < 12
    assert min(sound.peaks[110:180]) > 90


def test_the_bytes_may_come_in_pieces():
    data = a_wav(1.0, 200)

    assert peaks(lambda: iter((data[:10], data[10:])), "audio/wav") == peaks(data, "audio/wav")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"not a sound at all", "could not be decoded"),
        (b"RIFF\xff\xff\xff\xffWAVEfmt ", "could not be decoded"),
        (a_wav(1.0, 200)[:44], "no sound"),
    ],
    ids=["empty", "text", "a bare header", "no samples"],
)
def test_what_cannot_be_decoded_has_a_reason_and_no_waveform(data, reason):
    found = peaks(data, "audio/wav")

    assert isinstance(found, Unreadable)
    assert reason in found.reason


def test_a_truncated_recording_shows_what_is_left():
    whole = a_wav(2.0, 200)

    sound = peaks(whole[: len(whole) // 2], "audio/wav")

    assert isinstance(sound, Sound)
    assert sound.seconds == pytest.approx(1.0, abs=0.05)
    assert sound.breaks_off


@pytest.mark.parametrize(("kind", "subtype"), [(kind, subtype) for kind, subtype, _ in KINDS])
def test_a_recording_that_was_cut_off_is_told_from_a_whole_one(kind, subtype):
    whole = encoded(half_silent(16_000), 16_000, kind, subtype)

    cut = peaks(whole[: len(whole) * 3 // 4], "audio/any")

    assert not peaks(whole, "audio/any").breaks_off
    # A FLAC file may end within its last block, which then cannot be decoded at all.
    assert isinstance(cut, Unreadable) or cut.breaks_off


@pytest.mark.parametrize(("kind", "subtype", "media_type"), KINDS)
def test_what_a_recording_holds_is_read_from_it_and_not_from_its_label(kind, subtype, media_type):
    assert peaks(encoded(half_silent(16_000), 16_000, kind, subtype), "audio/mislabelled").holds == media_type


def test_half_an_hour_is_reduced_without_being_held():
    out = io.BytesIO()
    with soundfile.SoundFile(out, "w", 8000, 1, "PCM_16", format="FLAC") as file:
        for minute in range(30):
            file.write(np.full(60 * 8000, 0.5 if minute == 20 else 0.0))
    tracemalloc.start()

    sound = peaks(out.getvalue(), "audio/flac")

    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(sound, Sound)
    assert sound.seconds == 1800
    assert [at for at, loud in enumerate(sound.peaks) if loud > 100] == list(range(133, 140))
    assert most < 8 << 20


def test_the_shortest_recording_has_as_many_peaks_as_samples():
    sound = peaks(encoded(np.array([0.0, 1.0, 0.5]), 8000, "WAV", "PCM_16"), "audio/wav")

    assert isinstance(sound, Sound)
    assert sound.peaks == (0, 254, 127)
