"""A recording under review in words and pictures: when it was made, who is heard, what of it is to be silenced."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from requests_portal.bundle.sound import Sound, Unreadable
from requests_portal.model.listening import Grant
from requests_portal.model.recording import ACCOUNT_HOLDER, Recording, SpeakerSpan
from requests_portal.model.silence import Silence
from requests_portal.model.transcript import Standing, TranscriptNote
from requests_portal.web import charts, display
from requests_portal.web.desk import wording
from requests_portal.web.portal import Portal
from requests_portal.work.views.review import RecordingPage, ReviewRow

SHOWN = {
    "all": "All",
    "others": "Somebody else is heard",
    "unknown": "Not established who is heard",
    "marked": "Parts to be silenced",
}
FORMATS = {
    "audio/wav": "WAV",
    "audio/x-wav": "WAV",
    "audio/flac": "FLAC",
    "audio/ogg": "Ogg",
    "audio/opus": "Opus",
    "audio/mpeg": "MP3",
    "audio/aiff": "AIFF",
    "audio/x-aiff": "AIFF",
}
_LOUDEST = 255
_VOICES = {"account holder": "holder", "account_holder": "holder", "family member": "family"} | {
    name: name for name in ("visitor", "child", "staff")
}


def own_words(note: TranscriptNote, recording: Recording) -> str:
    """What the customer's words beside a transcript are, with their day."""
    day = display.day(note.at.astimezone(ZoneInfo(recording.zone)).date())
    return f"Corrected on {day}" if note.standing is Standing.CORRECTED else f"The customer's statement of {day}"


def row(each: ReviewRow, sound: Sound | None) -> dict[str, Any]:
    """A recording in the list."""
    recording = each.recording
    zone = ZoneInfo(recording.zone)
    at = recording.recorded_at
    seconds = sound.seconds if sound else recording.seconds
    return {
        "id": recording.id,
        "customer": recording.pseudonym,
        "iso": at.isoformat(),
        "day": display.day(at.astimezone(zone).date()),
        "clock": f"{display.clock(at, zone)} ({display.utc_offset(at, zone)})",
        "length": "" if seconds is None else length(seconds),
        "heard": heard(recording),
        "others": bool(recording.other_voices),
        "unknown": recording.speakers is None,
        "standing": standing(each),
        "parts": len(each.silences),
        "silenced": length(_union(each.silences)) if each.silences else "",
    }


def standing(each: ReviewRow) -> tuple[str, str]:
    """Whether the recording leaves, as (words, tone)."""
    return ("Withheld", "warn") if each.ground else ("Leaves", "ok")


def facts(found: RecordingPage, sound: Sound | Unreadable) -> list[tuple[str, str]]:
    """What is known of the recording without hearing it."""
    recording = found.row.recording
    zone = ZoneInfo(recording.zone)
    known = length(sound.seconds) if isinstance(sound, Sound) else "not known"
    return [
        ("Customer", recording.pseudonym),
        ("Recorded", display.moment(recording.recorded_at, zone)),
        ("Length", known),
        ("Heard", heard(recording)),
        ("Format", FORMATS.get(recording.media_type, recording.media_type)),
        ("Size", display.size(recording.size)),
        ("To be silenced", _parts(found.row.silences)),
    ]


def heard(recording: Recording) -> str:
    """Who is marked as speaking, by role."""
    if recording.speakers is None:
        return "not established"
    return ", ".join(dict.fromkeys(_role(span.label) for span in recording.speakers)) or "nobody"


def length(seconds: float) -> str:
    """A length of sound: 4.2 s, 3 min 20 s."""
    if seconds < 60:  # noqa: PLR2004 — a minute
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def silenced(marks: Sequence[Silence]) -> str:
    """How much is marked: “5 parts of 3 recordings are marked to be silenced”; empty where nothing is."""
    if not marks:
        return ""
    recordings = len({each.recording for each in marks})
    verb = "is" if len(marks) == 1 else "are"
    return (
        f"{display.count(len(marks), 'part')} of {display.count(recordings, 'recording')} {verb} marked to be silenced"
    )


def proposed(told: Mapping[str, str]) -> str:
    """What proposing from the speaker marks did, as the address after it says; empty where it says nothing."""
    numbers = {name: told[name] for name in ("recordings", "parts", "unknown") if told.get(name, "").isdecimal()}
    if len(numbers) != len(("recordings", "parts", "unknown")):
        return ""
    recordings, parts, unknown = (int(numbers[name][:9]) for name in ("recordings", "parts", "unknown"))
    marked = f"{display.count(parts, 'part')} of {display.count(recordings, 'recording')} newly marked."
    done = marked if parts else "Nothing was added: every part in which somebody else is marked is marked already."
    if not unknown:
        return done
    return f"{done} On {display.count(unknown, 'recording')} nobody has established who is heard; listen there."


def granted(grant: Grant, portal: Portal) -> dict[str, str]:
    """The grant that runs, in words."""
    zone = ZoneInfo(portal.zone)
    return {
        "until": f"{grant.expires_at.astimezone(zone):%H:%M}",
        "purpose": grant.words if grant.purpose == "other" else wording.PURPOSES[grant.purpose].lower(),
    }


def drawn(each: ReviewRow, sound: Sound | Unreadable) -> dict[str, Any] | None:
    """The waveform with the silenced parts, and below it the strip of who speaks; None where nothing can be drawn."""
    if isinstance(sound, Unreadable):
        return None
    parts = [(part.start, part.end) for part in each.silences]
    sentence = f"Loudness over {length(sound.seconds)}; {_parts(each.silences)} to be silenced."
    speakers = each.recording.speakers
    return {
        "svg": charts.waveform(
            [peak / _LOUDEST for peak in sound.peaks], seconds=sound.seconds, sentence=sentence, silenced=parts
        ),
        "strip": strip(speakers, sound.seconds) if speakers else None,
        "legend": list(dict.fromkeys((_voice(span.label), _role(span.label)) for span in speakers or ())),
        "turns": [(_role(span.label), f"{span.start:.2f}", f"{span.end:.2f}") for span in speakers or ()],
        "unknown": speakers is None,
        "seconds": sound.seconds,
        "times": [length(sound.seconds * share / 4) for share in range(5)],
    }


def strip(speakers: Sequence[SpeakerSpan], seconds: float) -> Markup:
    """Who speaks when, as bars across the width; the words of it stand in the legend and the table below."""
    bars = Markup("").join(
        Markup('<rect class="voice-{voice}" x="{x:.2f}%" y="0" width="{width:.2f}%" height="10"/>').format(
            voice=_voice(span.label),
            x=_share(span.start, seconds),
            width=max(_share(span.end, seconds) - _share(span.start, seconds), 0),
        )
        for span in speakers
    )
    return Markup('<svg class="voices" width="100%" height="10" aria-hidden="true">{bars}</svg>').format(bars=bars)


def _share(at: float, seconds: float) -> float:
    return 100 * min(max(at / seconds, 0), 1) if seconds else 0.0


def _role(label: str) -> str:
    return "account holder" if label in ACCOUNT_HOLDER else label


def _voice(label: str) -> str:
    return _VOICES.get(label, "other")


def _parts(silences: Sequence[Silence]) -> str:
    if not silences:
        return "nothing"
    return f"{display.count(len(silences), 'part')}, {length(_union(silences))}"


def _union(silences: Sequence[Silence]) -> float:
    """The seconds that the parts cover together; where they overlap they count once."""
    total = until = 0.0
    for part in sorted(silences, key=lambda each: each.start):
        total += max(part.end - max(part.start, until), 0)
        until = max(until, part.end)
    return total
