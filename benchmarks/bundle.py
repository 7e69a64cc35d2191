"""A whole bundle, stage by stage, beside the floor of what must happen to its bytes.

python benchmarks/bundle.py [--recordings 1000] [--kilobytes 100] [--json]

The floor of attaching is a plain copy with two SHA-256 digests of the same bytes, in the same run.
"""

import argparse
import hashlib
import io
import json
import resource
import sys
import tempfile
import time
import wave
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "bundle"))
from bundle_samples import a_bundle, a_key

from requests_portal.bundle import Sound, peaks, verify, write_bundle
from requests_portal.bundle.contents import CustodyStep, Exhibit, SpeakerSpan

TARGET_SECONDS, TARGET_MB = 12.0, 250
CHUNK = 1 << 20
START = datetime(2026, 1, 14, 8, tzinfo=UTC)


def a_clip(number: int, size: int) -> bytes:
    """Return a WAV of nearly `size` bytes, 16 kHz, different for each number."""
    samples = (size - 44) // 2
    at = np.arange(samples) / 16_000
    loud = np.abs(np.sin(at * (1 + number % 9))) * 20_000
    tone = np.sin(at * 2 * np.pi * (110 + number % 400)) * loud + np.random.default_rng(number).normal(0, 300, samples)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(tone.astype("<i2").tobytes())
    return out.getvalue()


def spooled(folder: Path, count: int, size: int) -> list[Path]:
    paths = [folder / f"{number:06d}.wav" for number in range(1, count + 1)]
    for number, path in enumerate(paths):
        path.write_bytes(a_clip(number, size))
    return paths


def read(path: Path) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def floor(paths: list[Path], out: Path) -> None:
    """Copy all files into one and hash each byte twice."""
    whole = hashlib.sha256()
    with out.open("wb") as copy:
        for path in paths:
            each = hashlib.sha256()
            for chunk in read(path):
                each.update(chunk)
                whole.update(chunk)
                copy.write(chunk)


def an_exhibit(number: int, path: Path) -> Exhibit:
    data = path.read_bytes()
    sound = peaks(data, "audio/wav")
    if not isinstance(sound, Sound):
        raise TypeError(sound.reason)
    at = START + timedelta(minutes=37 * number)
    return Exhibit(
        bates=f"HH-{number:09d}",
        filename=f"HH-{number:09d}.wav",
        media_type="audio/wav",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        recorded_at=at,
        zone="UTC",
        device=f"Kitchen speaker {number % 14}",
        account="acct-3107",
        version_id=f"v-{number:08x}",
        seconds=sound.seconds,
        peaks=sound.peaks,
        transcript=f"Set a timer for {number} minutes, and remind me to take the bread out of the oven.",
        speakers=(SpeakerSpan(start=0, end=sound.seconds, label="account holder"),),
        reviews=(),
        false_wake=False,
        custody=(
            CustodyStep(at=at, actor="device", event="recorded and stored"),
            CustodyStep(at=at + timedelta(days=40), actor="gather", event="read and compared with the catalogue"),
        ),
        open=lambda: read(path),
    )


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = act()
    return time.perf_counter() - started, result


def measured(count: int, size: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = spooled(folder, count, size)
        floor(paths, folder / "warm")
        floor_seconds, _ = timed(lambda: floor(paths, folder / "floor"))
        decode, exhibits = timed(lambda: [an_exhibit(number, path) for number, path in enumerate(paths, start=1)])
        last = exhibits[-1].bates
        contents = a_bundle(0, 1, exhibits=tuple(exhibits), bates_last=last)
        out = folder / "bundle.pdf"
        with out.open("wb") as file:
            total, written = timed(lambda: write_bundle(contents, file, signer=a_key("Benchmark")))
        check, verdict = timed(lambda: verify(out))
        plain, _ = timed(lambda: hashlib.file_digest(out.open("rb"), "sha256"))
        if not verdict.good:
            raise RuntimeError(verdict.failed)
    stages = {"decode and peaks": decode, **written.stages}
    return {
        "recordings": count,
        "megabytes": round(written.size / 1e6, 1),
        "pages": written.pages,
        "seconds": {stage: round(seconds, 3) for stage, seconds in stages.items()},
        "seconds_in_all": round(decode + total, 3),
        "floor_of_attach_seconds": round(floor_seconds, 3),
        "attach_speed_against_floor": round(floor_seconds / written.stages["attach"], 2),
        "verify_seconds": round(check, 3),
        "verify_speed_against_sha256": round(plain / check, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "target": {"seconds": TARGET_SECONDS, "peak_mb": TARGET_MB},
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--recordings", type=int, default=1000)
    options.add_argument("--kilobytes", type=int, default=100)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    result = measured(chosen.recordings, chosen.kilobytes * 1000)
    if chosen.json:
        print(json.dumps(result))
        return
    for name, value in result.items():
        if isinstance(value, dict):
            for part, number in value.items():
                print(f"{name + ': ' + part:38} {number:>12,}")
        else:
            print(f"{name:38} {value:>12,}")


if __name__ == "__main__":
    main()
