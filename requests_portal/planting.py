"""Planting canaries: invented sounds in the store, catalogued so that they look like the recordings beside them."""

import io
import re
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import soundfile

from requests_portal.database.unit_of_work import Ledger
from requests_portal.demonstration.voices import Clip, clips
from requests_portal.errors import Conflict
from requests_portal.model.actor import Actor
from requests_portal.model.recording import Recording, SpeakerSpan
from requests_portal.storage.recordings import Recordings
from requests_portal.work.canaries import plant

# So many share an invented account, as the recordings of a household do.
OF_ONE_ACCOUNT = 5
TRIES = 100
_NUMBERED = re.compile(r"[A-Za-z]*\d[A-Za-z0-9]*")
_DIGITS, _HEX = "0123456789", "abcdef"
FORMATS = {"audio/wav": "WAV", "audio/flac": "FLAC"}


def plant_canaries(ledger: Ledger, store: Recordings, number: int, *, by: Actor) -> int:
    """Put so many canaries among the recordings; returns how many. Refuses while there is nothing to look like."""
    with ledger.reading() as work:
        patterns = work.canaries.patterns(number)
    if not patterns:
        raise Conflict("The catalogue is empty, so a canary would stand alone. Import recordings first.")
    planted: list[Recording] = []
    home = _home(ledger, patterns[0])
    for made in range(number):
        pattern = patterns[made % len(patterns)]
        if made and made % OF_ONE_ACCOUNT == 0:
            home = _home(ledger, pattern)
        pattern = replace(pattern, account=home.account, device=home.device, zone=home.zone)
        planted.append(_planted(store, pattern, id=ledger.new_id(), now=ledger.now()))
    with ledger.unit_of_work() as work:
        plant(work, planted, by=by)
    return len(planted)


def like(text: str) -> str:
    """Another text of the same form: digits for digits, letters of hexadecimal numbers for such, words as they are."""
    return _NUMBERED.sub(lambda found: "".join(map(_other, found[0])), text)


def _home(ledger: Ledger, pattern: Recording) -> Recording:
    """The pattern with an account that no customer has and a device of its own."""
    with ledger.reading() as work:
        for _ in range(TRIES):
            made = replace(pattern, account=like(pattern.account), device=like(pattern.device))
            if made.account != pattern.account and not work.catalogue.accounts([made.account]):
                return made
    raise Conflict("No account number was found that no customer has. Try again, or plant fewer.")


def _planted(
    store: Recordings,
    pattern: Recording,
    *,
    id: str,  # noqa: A002 — the word for it
    now: datetime,
) -> Recording:
    clip = secrets.choice(clips())
    data, seconds = _sound(clip, pattern.media_type)
    media_type = pattern.media_type if pattern.media_type in FORMATS else "audio/wav"
    key = like(pattern.key)
    kept = store.put(key, data, media_type=media_type)
    moved = pattern.recorded_at - timedelta(
        seconds=secrets.randbelow(30 * 86_400), milliseconds=secrets.randbelow(1000)
    )
    return replace(
        pattern,
        id=id,
        recorded_at=min(moved, now),
        key=key,
        version_id=kept.version_id,
        bucket="",
        size=kept.size,
        sha256=kept.sha256,
        media_type=media_type,
        transcript=clip.transcript,
        transcript_key="",
        transcript_version="",
        words=None,
        speakers=(SpeakerSpan(start=0.0, end=seconds, label="account holder"),),
        reviews=(),
        false_wake=False,
        pseudonym="",
        # Nothing of the pattern's own: neither when it ends nor what it holds.
        retain_until=None,
        seconds=seconds,
    )


def _sound(clip: Clip, media_type: str) -> tuple[bytes, float]:
    """A synthesised voice with its loudness and its ends changed, so that its digest tells of nothing."""
    frames, rate = soundfile.read(clip.path, dtype="float32")
    start, loudness = secrets.randbelow(max(rate // 10, 1)), 0.5 + secrets.randbelow(450) / 1000
    changed = np.asarray(frames[start:]) * loudness
    made = io.BytesIO()
    soundfile.write(made, changed, rate, format=FORMATS.get(media_type, "WAV"))
    return made.getvalue(), round(len(changed) / rate, 3)


def _other(letter: str) -> str:
    if letter.isdigit():
        return secrets.choice(_DIGITS)
    if letter.lower() in _HEX:
        other = secrets.choice(_HEX)
        return other.upper() if letter.isupper() else other
    return letter
