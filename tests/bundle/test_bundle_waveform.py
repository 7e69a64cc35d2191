"""Waveforms from every kind of recording we keep, and from none."""

import io

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


@pytest.mark.parametrize(
    ("kind", "subtype", "media_type"),
    [
        ("WAV", "PCM_16", "audio/wav"),
        ("FLAC", "PCM_16", "audio/flac"),
        ("OGG", "OPUS", "audio/ogg"),
        ("MP3", "MPEG_LAYER_III", "audio/mpeg"),
    ],
)
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


def test_the_shortest_recording_has_as_many_peaks_as_samples():
    sound = peaks(encoded(np.array([0.0, 1.0, 0.5]), 8000, "WAV", "PCM_16"), "audio/wav")

    assert isinstance(sound, Sound)
    assert sound.peaks == (0, 254, 127)
