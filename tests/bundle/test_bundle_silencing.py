"""Silenced parts are exact silence, everything else is what it was, and nothing but samples is carried over."""

import struct

import numpy as np
import pytest
import soundfile

from requests_portal.bundle.silencing import Unsilenceable, silence

RATE = 16_000
SECONDS = 3
LOSSLESS = [
    ("WAV", "PCM_U8"),
    ("WAV", "PCM_16"),
    ("WAV", "PCM_24"),
    ("WAV", "PCM_32"),
    ("WAV", "FLOAT"),
    ("WAV", "DOUBLE"),
    ("WAVEX", "PCM_24"),
    ("AIFF", "PCM_S8"),
    ("AIFF", "PCM_16"),
    ("AIFF", "PCM_24"),
    ("FLAC", "PCM_S8"),
    ("FLAC", "PCM_16"),
    ("FLAC", "PCM_24"),
]
COMPANDED = [("WAV", "ULAW"), ("WAV", "ALAW"), ("AIFF", "ULAW"), ("AU", "PCM_16"), ("AIFF", "FLOAT")]
LOSSY = [("MP3", "MPEG_LAYER_III"), ("OGG", "VORBIS"), ("OGG", "OPUS"), ("WAV", "IMA_ADPCM"), ("WAV", "GSM610")]
PARTS = [(1.0, 1.25), (2.5, 2.75)]


def a_sound(channels=1, rate=RATE, seconds=SECONDS):
    """Noise that is never silent, different in each channel."""
    noise = np.random.default_rng(7).uniform(0.05, 0.6, (seconds * rate, channels))
    return noise * np.where(np.arange(seconds * rate) % 2, 1, -1)[:, None]


@pytest.fixture
def recorded(tmp_path):
    def write(form, subtype, *, channels=1, rate=RATE, **tags):
        path = tmp_path / f"{form}-{subtype}-{channels}"
        with soundfile.SoundFile(path, "w", rate, channels, subtype, format=form) as file:
            for name, value in tags.items():
                setattr(file, name, value)
            file.write(a_sound(channels, rate))
        return path

    return write


def decoded(path, dtype="float64"):
    return soundfile.read(path, dtype=dtype, always_2d=True)[0]


def outside(samples, spans):
    kept = np.ones(len(samples), bool)
    for start, end in spans:
        kept[start:end] = False
    return samples[kept]


SPANS = [(16_000, 20_000), (40_000, 44_000)]


@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize(("form", "subtype"), LOSSLESS)
def test_sound_stored_without_loss_keeps_its_coding_and_every_other_sample(tmp_path, recorded, form, subtype, channels):
    source, target = recorded(form, subtype, channels=channels), tmp_path / "silenced"

    silence(source, target, PARTS)

    before, after = soundfile.info(source), soundfile.info(target)
    assert (after.subtype, after.samplerate, after.channels) == (before.subtype, RATE, channels)
    assert after.format == ("WAV" if form == "WAVEX" else form)
    as_stored = "float64" if subtype == "DOUBLE" else "float32" if subtype == "FLOAT" else "int32"
    was, made = decoded(source, as_stored), decoded(target, as_stored)
    assert outside(made, SPANS).tobytes() == outside(was, SPANS).tobytes()
    assert all(not made[start:end].any() and was[start:end].all() for start, end in SPANS)


@pytest.mark.parametrize(("form", "subtype"), COMPANDED)
def test_a_coding_that_players_refuse_leaves_as_wav_with_the_same_values(tmp_path, recorded, form, subtype):
    source, target = recorded(form, subtype), tmp_path / "silenced"

    assert silence(source, target, PARTS) == "audio/wav"

    was, made = decoded(source), decoded(target)
    assert np.array_equal(outside(made, SPANS), outside(was, SPANS))
    assert not any(made[start:end].any() for start, end in SPANS)


@pytest.mark.parametrize(("form", "subtype"), LOSSY)
def test_sound_stored_with_loss_leaves_decoded_to_16_bits(tmp_path, recorded, form, subtype):
    source, target = recorded(form, subtype), tmp_path / "silenced"

    media_type = silence(source, target, PARTS)

    assert media_type == ("audio/flac" if form in {"MP3", "OGG"} else "audio/wav")
    was, made = decoded(source), decoded(target)
    assert len(made) == len(was)
    assert np.abs(outside(made, SPANS) - np.clip(outside(was, SPANS), -1, 1)).max() <= 1 / 32768
    assert not any(made[start:end].any() for start, end in SPANS)


@pytest.mark.parametrize(
    ("parts", "span"),
    [
        ([(0.5, 0.75)], (8000, 12_000)),
        ([(0.50001, 0.50002)], (8000, 8001)),
        ([(0.5, 0.75 + 1e-9)], (8000, 12_001)),
        ([(0.0, 0.1)], (0, 1600)),
        ([(2.9, 999.0)], (46_400, 48_000)),
        ([(0.6, 0.7), (0.5, 0.65), (0.7, 0.75)], (8000, 12_000)),
    ],
)
def test_a_part_covers_every_sample_it_touches_and_no_other(tmp_path, recorded, parts, span):
    source, target = recorded("WAV", "PCM_16"), tmp_path / "silenced"

    silence(source, target, parts)

    silent = np.flatnonzero(decoded(target)[:, 0] == 0)
    assert (silent[0], silent[-1] + 1, len(silent)) == (*span, span[1] - span[0])


def test_parts_that_cross_the_blocks_in_which_it_is_read_are_silent_throughout(tmp_path):
    source, target = tmp_path / "long", tmp_path / "silenced"
    soundfile.write(source, a_sound(seconds=20), RATE, format="WAV", subtype="PCM_16")

    silence(source, target, [(3.9, 12.5)])

    silent = np.flatnonzero(decoded(target)[:, 0] == 0)
    start, end = 62_400, 200_000
    assert (silent[0], silent[-1] + 1, len(silent)) == (start, end, end - start)


@pytest.mark.parametrize(("form", "subtype"), [*LOSSLESS, *LOSSY])
def test_the_same_parts_give_the_same_bytes(tmp_path, recorded, form, subtype):
    source = recorded(form, subtype)

    for name in ("first", "second"):
        silence(source, tmp_path / name, PARTS)

    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


@pytest.mark.parametrize(
    ("form", "subtype"),
    [("WAV", "PCM_16"), ("AIFF", "PCM_16"), ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III")],
)
def test_no_tag_of_the_recording_is_carried_over(tmp_path, recorded, form, subtype):
    secret = "Wilhelmina said the safe is behind the clock"
    source, target = recorded(form, subtype, title=secret, artist=secret, comment=secret), tmp_path / "silenced"
    assert secret.encode() in source.read_bytes()

    silence(source, target, PARTS)

    assert b"Wilhelmina" not in target.read_bytes()


def test_no_chunk_of_a_wav_is_carried_over(tmp_path, recorded):
    source, target = recorded("WAV", "PCM_16"), tmp_path / "silenced"
    label = b"labl" + struct.pack("<II", 16, 1) + b"Wilhelmina\0\0"
    chunks = b"LIST" + struct.pack("<I", 4 + len(label)) + b"adtl" + label
    chunks += b"id3 " + struct.pack("<I", 12) + b"Wilhelmina\0\0"
    data = source.read_bytes() + chunks
    source.write_bytes(data[:4] + struct.pack("<I", len(data) - 8) + data[8:])

    silence(source, target, PARTS)

    made = target.read_bytes()
    assert (made[12:16], made[36:40], len(made)) == (b"fmt ", b"data", 44 + 2 * SECONDS * RATE)


@pytest.mark.parametrize(
    "parts",
    [[], [(1.0, 1.0)], [(1.0, 0.5)], [(-0.5, 1.0)], [(float("nan"), 1.0)], [(0.0, float("inf"))], [(3.0, 4.0)]],
)
def test_parts_that_the_recording_does_not_have_are_refused(tmp_path, recorded, parts):
    with pytest.raises(Unsilenceable):
        silence(recorded("WAV", "PCM_16"), tmp_path / "silenced", parts)


@pytest.mark.parametrize(
    "data", [b"", b"RIFF", b"no sound at all " * 64, b"OggS" + bytes(200), b"\xff\xfb\x90\x64" * 8]
)
def test_what_is_no_sound_cannot_be_silenced(tmp_path, data):
    source = tmp_path / "broken"
    source.write_bytes(data)

    with pytest.raises(Unsilenceable):
        silence(source, tmp_path / "silenced", PARTS)


@pytest.mark.parametrize(("form", "subtype"), [("WAV", "PCM_16"), ("FLAC", "PCM_16"), ("OGG", "OPUS")])
def test_a_recording_that_breaks_off_is_silenced_as_far_as_it_goes_or_refused(tmp_path, recorded, form, subtype):
    source, target = recorded(form, subtype), tmp_path / "silenced"
    source.write_bytes(source.read_bytes()[: source.stat().st_size * 2 // 3])

    try:
        silence(source, target, [(1.0, 1.25)])
    except Unsilenceable:
        return

    made = decoded(target)
    assert not made[16_000:20_000].any()
    assert len(made) < SECONDS * RATE
