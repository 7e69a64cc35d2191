"""What was silenced is looked for in everything that leaves: every stream, string, page, embedded file and sound."""

import io
from functools import cache

import numpy as np
import pikepdf
import pypdfium2
import pytest
import soundfile
from a_silenced_bundle import (
    END,
    KEPT,
    MEDIA_TYPES,
    RATE,
    REASON,
    SECRET,
    START,
    make,
    secret_sound,
    tagged,
    whole_sound,
)

from requests_portal.bundle import verify
from requests_portal.bundle.words_en import ENGLISH

FORMS = {
    "24-bit wav": ("WAV", "PCM_24"),
    "flac": ("FLAC", "PCM_16"),
    "mp3": ("MP3", "MPEG_LAYER_III"),
    "vorbis": ("OGG", "VORBIS"),
    "opus": ("OGG", "OPUS"),
}
HIDDEN = (SECRET, "clockwork")


@pytest.fixture(scope="module", params=FORMS)
def made(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("silenced")
    form, subtype = FORMS[request.param]
    return make(folder, (tagged(folder / "source", form, subtype), MEDIA_TYPES[form]))


def files_in(path) -> dict[str, bytes]:
    with pikepdf.open(path) as pdf:
        return {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}


@cache
def everything_in(path) -> list[bytes]:
    """The file as it lies there, each of its objects and inflated streams, its pages' text, and each file inside."""
    pieces = [path.read_bytes(), *files_in(path).values()]
    with pikepdf.open(path) as pdf:
        for each in pdf.objects:
            if isinstance(each, pikepdf.Stream):
                pieces += [each.read_bytes(), str(each.stream_dict.unparse()).encode()]
            elif isinstance(each, (pikepdf.Dictionary, pikepdf.Array)):
                pieces += [each.unparse(), *_strings(each)]
    text = pypdfium2.PdfDocument(path)
    pieces += [page.get_textpage().get_text_bounded().encode() for page in text]
    return pieces


def _strings(value) -> list[bytes]:
    if isinstance(value, pikepdf.String):
        return [str(value).encode()]
    if getattr(value, "is_indirect", False) and not isinstance(value, (pikepdf.Dictionary, pikepdf.Array)):
        return []
    if isinstance(value, pikepdf.Dictionary):
        return [found for each in value.values() if not getattr(each, "is_indirect", False) for found in _strings(each)]
    if isinstance(value, pikepdf.Array):
        return [found for each in value if not getattr(each, "is_indirect", False) for found in _strings(each)]
    return []


def words_found(path) -> set[str]:
    spellings = {
        word: [word.encode(code) for code in ("utf-8", "utf-16-be", "utf-16-le")] + [word.encode().hex().encode()]
        for word in (each.lower() for each in HIDDEN)
    }
    pieces = [piece.lower() for piece in everything_in(path)]
    return {word for word, ways in spellings.items() if any(way in piece for way in ways for piece in pieces)}


def sounds_in(path) -> dict[str, np.ndarray]:
    return {
        name: soundfile.read(io.BytesIO(data))[0]
        for name, data in files_in(path).items()
        if not name.endswith((".csv", ".json", ".dat", ".txt"))
    }


def likeness(sound: np.ndarray, pattern: np.ndarray) -> float:
    """The greatest correlation of the pattern with any stretch of the sound: 1 where it occurs, about 0 elsewhere."""
    size = 1 << (len(sound) + len(pattern)).bit_length()
    product = np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(pattern, size)), size)
    running = np.concatenate([[0.0], np.cumsum(sound**2)])
    energy = running[len(pattern) :] - running[: -len(pattern)]
    loudest = np.sqrt(max(energy.max(), 1e-9) * np.sum(pattern**2))
    return float(np.abs(product).max() / loudest)


def samples_found(path, source: np.ndarray) -> bool:
    """Whether any run of the removed samples lies in any piece, as 16 or 24 bits of either order."""
    part = source[int(START * RATE) : int(END * RATE)]
    runs = []
    for at in range(100, len(part) - 100, 997):
        as_16 = np.rint(part[at : at + 24] * 32768)
        runs += [as_16.astype(kind).tobytes() for kind in ("<i2", ">i2")]
        as_24 = np.rint(part[at : at + 24] * 8_388_608).astype("<i4").view(np.uint8).reshape(-1, 4)[:, :3]
        runs += [as_24.tobytes(), as_24[:, ::-1].tobytes()]
    return any(run in piece for piece in everything_in(path) for run in runs)


def test_no_word_survives_in_text_in_tags_in_metadata_or_in_a_name(made):
    assert words_found(made.path) == set()


def test_no_sound_survives_as_samples_or_to_an_ear(made, tmp_path):
    assert not samples_found(made.path, whole_sound())
    for sound in sounds_in(made.path).values():
        assert likeness(sound, secret_sound()) < 0.15
        # Everything else is there: what was not silenced can be heard as before.
        assert likeness(sound, whole_sound()[: int(START * RATE)]) > 0.8
        assert not sound[int(START * RATE) : int(END * RATE)].any()


def test_the_drawn_waveform_shows_nothing_of_it(made):
    (exhibit,) = made.contents.exhibits
    first, last = (round(moment / exhibit.seconds * len(exhibit.peaks)) for moment in (START, END))

    assert not any(exhibit.peaks[first + 1 : last - 1])
    assert min(exhibit.peaks[: first - 1]) > 0


def test_the_document_says_what_was_silenced_and_why_and_from_what_it_was_made(made):
    (exhibit,) = made.contents.exhibits
    item = made.production.items[0]
    said = " ".join(" ".join(piece.decode("utf-8", "ignore").split()) for piece in everything_in(made.path))

    assert exhibit.transcript == KEPT
    assert (exhibit.sha256, exhibit.size) == (item.produced.sha256, item.produced.size)
    assert exhibit.stored_sha256 == f"{exhibit.stored_sha256:0>64}" != exhibit.sha256
    assert [
        (group.what, group.reason, group.count) for group in made.contents.withheld if "silenced" in group.what
    ] == [("Parts of 1 recording (silenced)", REASON, 1)]
    assert f"2.000\N{EN DASH}3.500 s ({REASON})" in said
    assert said.count(exhibit.stored_sha256) >= 3
    assert ENGLISH["silenced_row"] in said
    assert verify(made.path).failed == ()


def test_without_the_silence_all_of_it_is_found(tmp_path):
    """The search is one that finds: the same recording, not silenced."""
    open_one = make(tmp_path, (tagged(tmp_path / "source", "WAV", "PCM_16"), "audio/wav"), silenced=False)

    assert words_found(open_one.path) == {word.lower() for word in HIDDEN}
    assert samples_found(open_one.path, soundfile.read(tmp_path / "source")[0])
    assert max(likeness(sound, secret_sound()) for sound in sounds_in(open_one.path).values()) > 0.5


def test_where_nobody_knows_when_each_word_was_said_no_word_leaves(tmp_path):
    untimed = make(tmp_path, (tagged(tmp_path / "source", "WAV", "PCM_16"), "audio/wav"), timed=False)

    (exhibit,) = untimed.contents.exhibits
    assert (exhibit.transcript, exhibit.words_held_back) == ("", True)
    assert [group.count for group in untimed.contents.withheld if group.what == "Transcripts"] == [1]
    assert words_found(untimed.path) == set()
    assert b"morning" not in b"".join(everything_in(untimed.path))


def test_what_cannot_be_silenced_is_held_back_whole_and_named(tmp_path):
    broken = tmp_path / "broken"
    broken.write_bytes(b"OggS" + SECRET.encode() * 40)

    made = make(tmp_path, (tagged(tmp_path / "source", "WAV", "PCM_16"), "audio/wav"), (broken, "audio/ogg"))

    assert [exhibit.bates for exhibit in made.contents.exhibits] == ["HV-000000001"]
    assert [(each.bates, each.kind) for each in made.contents.discrepancies] == [("HV-000000002", "unsilenced")]
    assert words_found(made.path) == set()


@pytest.mark.parametrize(
    ("data", "media_type"),
    [(b"", "audio/wav"), (b"no sound at all", "audio/mpeg"), (b"RIFF\xff\xff\xff\xffWAVEfmt ", "audio/wav")],
    ids=["empty", "unreadable", "a header alone"],
)
def test_a_recording_that_holds_no_sound_leaves_as_it_is_and_says_so(tmp_path, data, media_type):
    stored = tmp_path / "stored"
    stored.write_bytes(data)

    made = make(tmp_path, (stored, media_type), silenced=False)

    (exhibit,) = made.contents.exhibits
    assert (exhibit.seconds, exhibit.peaks, exhibit.listening, exhibit.empty) == (None, (), None, data == b"")
    assert files_in(made.path)[exhibit.filename] == data
    assert verify(made.path).failed == ()


def test_a_recording_called_what_it_is_not_leaves_as_it_is_with_a_copy_that_plays(tmp_path):
    stored = tagged(tmp_path / "source", "FLAC", "PCM_16")

    made = make(tmp_path, (stored, "audio/mpeg"), silenced=False)

    (exhibit,) = made.contents.exhibits
    assert (exhibit.filename, exhibit.holds) == ("HV-000000001.mp3", "audio/flac")
    assert exhibit.listening.filename == "HV-000000001-listening.wav"
    files = files_in(made.path)
    assert files[exhibit.filename] == stored.read_bytes()
    assert np.array_equal(
        soundfile.read(io.BytesIO(files[exhibit.listening.filename]), dtype="int16")[0],
        soundfile.read(stored, dtype="int16")[0],
    )


def test_a_recording_that_breaks_off_is_shown_as_far_as_it_goes(tmp_path):
    stored = tagged(tmp_path / "source", "WAV", "PCM_16")
    stored.write_bytes(stored.read_bytes()[:100_000])

    made = make(tmp_path, (stored, "audio/wav"), silenced=False)

    (exhibit,) = made.contents.exhibits
    assert exhibit.breaks_off
    assert 3.0 < exhibit.seconds < 3.2
