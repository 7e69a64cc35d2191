"""The waveform of a recording, drawn from the bytes of its exact version and kept in the scratch folder."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from requests_portal.bundle.sound import Sound, Unreadable
from requests_portal.bundle.waveform import peaks
from requests_portal.errors import NotFound, Refused
from requests_portal.model.recording import Recording
from requests_portal.work.outside import Outside

BARS = 200
FOLDER = "waveforms"
GONE = "The store no longer has this recording in the version that was catalogued."
OTHER_BYTES = "What the store has is not what was catalogued; its digest differs."
NO_ANSWER = "The store cannot be read now. Try again later."


def waveform(outside: Outside, recording: Recording) -> Sound | Unreadable:
    """Length and loudness, decoded once; where the bytes are not to be had, why, and that is asked anew each time."""
    kept = known(outside, recording)
    if kept is not None:
        return kept
    try:
        found = peaks(lambda: _stored(outside, recording), recording.media_type, BARS)
    except NotFound:
        return Unreadable(reason=GONE)
    except Refused as refusal:
        return Unreadable(reason=OTHER_BYTES if refusal.code == "wrong_bytes" else NO_ANSWER)
    if isinstance(found, Sound):
        _keep(outside, recording, found)
    return found


def known(outside: Outside, recording: Recording) -> Sound | None:
    """What was decoded before, without asking the store."""
    path = _path(outside, recording)
    if not path.is_file():
        return None
    kept = json.loads(path.read_text(encoding="ascii"))
    return Sound(**{**kept, "peaks": tuple(kept["peaks"])})


def _stored(outside: Outside, recording: Recording) -> Iterator[bytes]:
    return outside.store.of_bucket(recording.bucket).read(
        key=recording.key, version_id=recording.version_id, size=recording.size, sha256=recording.sha256
    )


def _keep(outside: Outside, recording: Recording, sound: Sound) -> None:
    path = _path(outside, recording)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two pages may draw the same one at once: each writes a file of its own, and the last one stays.
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="ascii") as file:
        json.dump(asdict(sound), file)
    Path(file.name).replace(path)


def _path(outside: Outside, recording: Recording) -> Path:
    return outside.scratch / FOLDER / f"{recording.sha256}.json"
