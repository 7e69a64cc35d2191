"""Speaks script.toml into clips/ and writes clips/index.json: `python -m requests_portal.demonstration.make_clips`.

Needed once, by whoever changes the script: espeak-ng, sox and opusenc (Debian: espeak-ng sox opus-tools).
"""

import hashlib
import json
import subprocess
import tempfile
import tomllib
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CLIPS = HERE / "clips"
MEDIA_TYPES = {".wav": "audio/wav", ".flac": "audio/flac", ".opus": "audio/ogg"}
PAUSE = 0.35  # seconds between two speakers
SPOKEN_RATE, PLAIN_RATE = "16000", "8000"  # Opus keeps the wide band; WAV and FLAC would grow too large with it
OPUS_KBIT = "18"


def make_all() -> list[dict[str, Any]]:
    """Speak every clip of script.toml and return the index, in the script's order."""
    script = tomllib.loads((HERE / "script.toml").read_text(encoding="utf-8"))
    return [make(clip, household, cast) for household, cast in script["household"].items() for clip in cast["clips"]]


def make(clip: dict[str, Any], household: str, cast: dict[str, Any]) -> dict[str, Any]:
    """Write one clip's file and return its entry in the index."""
    target = CLIPS / clip["file"]
    with tempfile.TemporaryDirectory() as folder:
        parts = [speak(words, cast["voices"][label], Path(folder)) for label, words in clip["said"]]
        whole = join(parts, Path(folder))
        encode(whole, target)
        seconds = length(whole)
        speakers = list(spans(clip["said"], [length(part) for part in parts]))
    return {
        "file": target.name,
        "media_type": MEDIA_TYPES[target.suffix],
        "household": household,
        "language": cast["language"],
        "hour": clip["hour"],
        "seconds": round(seconds, 2),
        "sha256": hashlib.sha256(target.read_bytes()).hexdigest(),
        "transcript": " ".join(words for _, words in clip["said"]),
        "speakers": speakers,
        "false_wake": clip.get("false_wake", False),
    }


def speak(words: str, voice: list[Any], folder: Path) -> Path:
    """Speak one speaker's words; -z leaves out the pause that espeak-ng puts after a sentence."""
    name, pitch, speed, volume = voice
    spoken, level = folder / "spoken.wav", folder / f"{hashlib.sha256(words.encode()).hexdigest()}.wav"
    run("espeak-ng", "-z", "-v", name, "-p", str(pitch), "-s", str(speed), "-w", str(spoken), words)
    # -R: no random dither, so that a second run gives the same bytes.
    run("sox", "-R", str(spoken), "-b", "16", str(level), "rate", SPOKEN_RATE, "norm", "-3", "vol", str(volume))
    return level


def join(parts: list[Path], folder: Path) -> Path:
    """Put the speakers one after another with a pause between them."""
    padded = [folder / f"{place}-padded.wav" for place in range(len(parts))]
    for place, (part, out) in enumerate(zip(parts, padded, strict=True)):
        run("sox", str(part), str(out), "pad", "0" if place == 0 else str(PAUSE), "0")
    whole = folder / "whole.wav"
    run("sox", *map(str, padded), str(whole))
    return whole


def encode(whole: Path, target: Path) -> None:
    """Write the clip in the form its name asks for: WAV, FLAC or Opus."""
    if target.suffix == ".opus":
        run("opusenc", "--quiet", "--serial", "1", "--bitrate", OPUS_KBIT, str(whole), str(target))
    else:
        run("sox", "-D", str(whole), str(target), "rate", PLAIN_RATE)


def spans(said: list[list[str]], lengths: list[float]) -> Iterator[dict[str, Any]]:
    """Say who spoke when, in seconds from the clip's start, and which words."""
    start = 0.0
    for (label, words), seconds in zip(said, lengths, strict=True):
        end = start + seconds
        yield {"start": round(start, 2), "end": round(end, 2), "label": label, "words": words}
        start = end + PAUSE


def length(path: Path) -> float:
    """Return a WAV file's length in seconds."""
    with wave.open(str(path), "rb") as opened:
        frames, rate = opened.getnframes(), opened.getframerate()
    return frames / rate


def run(*command: str) -> None:
    """Run one of the three tools, or stop with its own message."""
    subprocess.run(command, check=True)  # noqa: S603 — fixed programs, words from our own script


if __name__ == "__main__":
    CLIPS.mkdir(exist_ok=True)
    index = json.dumps(make_all(), ensure_ascii=False, indent=1)
    (CLIPS / "index.json").write_text(index + "\n", encoding="utf-8")
