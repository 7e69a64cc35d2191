import hashlib
import shutil
import tomllib

import pytest
import soundfile

from requests_portal.demonstration import make_clips
from requests_portal.demonstration.voices import CLIPS, LABELS, clips

SCRIPT = tomllib.loads((make_clips.HERE / "script.toml").read_text(encoding="utf-8"))


def test_at_least_sixty_four_clips_in_three_forms_weigh_less_than_a_megabyte():
    shipped = [path for path in CLIPS.iterdir() if path.is_file()]

    assert len(clips()) >= 64
    assert {clip.media_type for clip in clips()} == {"audio/wav", "audio/flac", "audio/ogg"}
    assert sum(path.stat().st_size for path in shipped) < 1_000_000


def test_every_file_is_in_the_index_and_nothing_else_lies_beside_it():
    assert {path.name for path in CLIPS.iterdir()} == {clip.file for clip in clips()} | {"index.json"}


@pytest.mark.parametrize("clip", clips(), ids=lambda clip: clip.file)
def test_a_clip_is_what_the_index_says(clip):
    samples, rate = soundfile.read(clip.path)

    assert hashlib.sha256(clip.path.read_bytes()).hexdigest() == clip.sha256
    assert len(samples) / rate == pytest.approx(clip.seconds, abs=0.02)
    assert abs(samples).max() > 0.1


@pytest.mark.parametrize("clip", clips(), ids=lambda clip: clip.file)
def test_speakers_follow_one_another_within_the_clip(clip):
    ends = [span.end for span in clip.speakers]

    assert all(span.label in LABELS and span.start < span.end for span in clip.speakers)
    assert all(later.start > end for later, end in zip(clip.speakers[1:], ends, strict=False))
    assert clip.speakers[0].start == 0
    assert ends[-1] == pytest.approx(clip.seconds, abs=0.02)


def test_transcripts_are_the_words_of_the_script():
    said = {clip["file"]: clip["said"] for cast in SCRIPT["household"].values() for clip in cast["clips"]}

    assert {clip.file: [[span.label, span.words] for span in clip.speakers] for clip in clips()} == said
    assert all(clip.transcript == " ".join(span.words for span in clip.speakers) for clip in clips())


def test_several_languages_many_voices_and_false_wake_ups_are_heard():
    assert {clip.language[:2] for clip in clips()} == {"en", "es", "de", "fr", "pt", "el", "hi", "ar", "he"}
    assert {span.label for clip in clips() for span in clip.speakers} == set(LABELS)
    assert sum(clip.false_wake for clip in clips()) >= 8
    assert sum(len(clip.speakers) > 1 for clip in clips()) >= 10


def test_the_script_speaks_the_same_clip_again(tmp_path, monkeypatch):
    for tool in ("espeak-ng", "sox", "opusenc"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is missing: apt-get install espeak-ng sox opus-tools")
    monkeypatch.setattr(make_clips, "CLIPS", tmp_path)
    cast = SCRIPT["household"]["passoire"]
    clip = next(clip for clip in cast["clips"] if clip["file"] == "passoire-musique.opus")

    entry = make_clips.make(clip, "passoire", cast)

    shipped = next(clip for clip in clips() if clip.file == "passoire-musique.opus")
    assert entry["seconds"] == pytest.approx(shipped.seconds, abs=0.5)
    assert [span["label"] for span in entry["speakers"]] == ["account holder", "visitor"]
    assert (tmp_path / "passoire-musique.opus").read_bytes()[:4] == b"OggS"


def test_every_word_of_a_transcript_is_timed_within_the_part_of_who_says_it():
    for clip in clips():
        said = iter(clip.words)
        for span in clip.speakers:
            for text in span.words.split():
                word = next(said)
                assert (word.text, span.start <= word.start < word.end <= span.end) == (text, True)
        assert next(said, None) is None
        assert " ".join(word.text for word in clip.words) == clip.transcript
