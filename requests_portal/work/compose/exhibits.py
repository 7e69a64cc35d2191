"""Exhibits and record sets: each item of a production with exactly the parts that were decided."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from zoneinfo import ZoneInfo

from requests_portal.bundle import Sound, peaks
from requests_portal.bundle.contents import (
    CustodyStep,
    Exhibit,
    ListeningCopy,
    OwnWords,
    RecordSet,
    ReviewNote,
    SilencedSpan,
    SpeakerSpan,
)
from requests_portal.bundle.words import own_words, words_for
from requests_portal.model.actor import Role
from requests_portal.model.case import Track
from requests_portal.model.listening import Heard, Why
from requests_portal.model.production import Item, Production, RecordSetItem
from requests_portal.model.recording import Recording
from requests_portal.model.transcript import Standing, TranscriptNote
from requests_portal.spreadsheet import safe_cell
from requests_portal.work.compose.certifying import signed_off_by
from requests_portal.work.compose.language import phrases
from requests_portal.work.compose.phrases import Phrases
from requests_portal.work.compose.silenced import sound_of, speakers_of, words_of
from requests_portal.work.compose.source import Source
from requests_portal.work.compose.wording import title
from requests_portal.work.selection import SOUND, WORDS

Open = Callable[[str], Iterator[bytes]]
# What only signs and digits make can call no function and open no address.
NUMBER = re.compile(r"[+-][\d ().,/-]*")
SUFFIX = {
    "audio/wav": ".wav",
    "audio/flac": ".flac",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "audio/aiff": ".aiff",
}


def exhibit(source: Source, item: Item, recording: Recording, *, open_spooled: Open, drawn: bool = True) -> Exhibit:
    """One recording as it leaves: its sound, its words, or both, and who of ours heard it where that is to be known.

    What is not drawn here, because another volume embeds it, has no waveform and no length.
    """
    say, production = phrases(source.case), source.production
    own = source.case.track is Track.DATA_SUBJECT
    heard = source.heard_of.get(recording.id, ()) if own else ()
    words = words_of(item, recording) if WORDS in item.classes else ""
    sound = sound_of(item, recording)
    whole = Exhibit(
        bates=item.bates,
        filename=item.bates + SUFFIX.get(sound.media_type, ".bin"),
        media_type=sound.media_type,
        size=sound.size,
        sha256=sound.sha256,
        recorded_at=recording.recorded_at.astimezone(ZoneInfo(recording.zone)),
        zone=recording.zone,
        device=source.devices.get(recording.device, recording.device),
        account=recording.account,
        version_id=recording.version_id,
        seconds=None,
        peaks=(),
        transcript=words or "",
        speakers=_speakers(item, recording) if WORDS in item.classes else (),
        reviews=tuple(heard_note(each, say) for each in heard),
        false_wake=recording.false_wake and own,
        custody=tuple(_custody(item, recording, production, say)),
        open=lambda: open_spooled(sound.sha256),
        silenced=tuple(SilencedSpan(start=each.start, end=each.end, reason=each.reason) for each in item.silences),
        stored_sha256=recording.sha256 if item.produced else "",
        listening=_listening(item, open_spooled),
        words_held_back=words is None,
        own_words=own_words_of(item, recording, production, source.notes.get(recording.id)),
    )
    if SOUND not in item.classes:
        return _words_only(whole, say)
    return _with_sound(whole, recording, stored=lambda: open_spooled(recording.sha256)) if drawn else whole


def own_words_of(
    item: Item, recording: Recording, production: Production, note: TranscriptNote | None
) -> OwnWords | None:
    """How the person concerned has a transcript that leaves, as it stood when the recording was read.

    Beside silenced parts nothing is said: nobody knows which of these words lie in them.
    """
    read_at = production.gathered_at
    if note is None or WORDS not in item.classes or item.silences or (read_at is not None and note.at > read_at):
        return None
    return OwnWords(
        on=note.at.astimezone(ZoneInfo(recording.zone)).date(),
        words=note.words,
        taken_over=note.standing is Standing.CORRECTED,
    )


def heard_note(heard: Heard, say: Phrases) -> ReviewNote:
    """One time that a person of ours listened: when, what for and in which role, never who."""
    if heard.why is Why.SERVICE:
        return ReviewNote(on=heard.at, purpose=heard.purpose, role=heard.role)
    purpose = say["heard_for"].format(say[f"heard_{heard.purpose}"], say[f"heard_{heard.why}"])
    return ReviewNote(on=heard.at, purpose=purpose, role=say["reviewer" if heard.role == Role.REVIEWER else "listener"])


def record_set(item: RecordSetItem, say: Phrases) -> RecordSet:
    """One record set as a table and as the same table in a CSV file."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(item.columns)
    writer.writerows([_as_text(cell) for cell in row] for row in item.rows)
    data = buffer.getvalue().encode(errors="backslashreplace")
    return RecordSet(
        bates=item.bates,
        filename=f"{item.bates}-{item.data_class}.csv",
        title=title(item.data_class, say),
        data_class=item.data_class,
        source=item.source,
        columns=item.columns,
        rows=item.rows,
        csv=data,
        sha256=sha256(data).hexdigest(),
    )


def _as_text(cell: str) -> str:
    """A cell that no spreadsheet runs; telephone numbers and amounts stay as they stand in the source."""
    return cell if NUMBER.fullmatch(cell) else safe_cell(cell)


def _speakers(item: Item, recording: Recording) -> tuple[SpeakerSpan, ...]:
    told = speakers_of(item, recording)
    return tuple(SpeakerSpan(start=span.start, end=span.end, label=span.label) for span in told)


def _listening(item: Item, open_spooled: Open) -> ListeningCopy | None:
    copy = item.listening
    if copy is None:
        return None
    return ListeningCopy(
        filename=f"{item.bates}-listening{SUFFIX[copy.media_type]}",
        media_type=copy.media_type,
        size=copy.size,
        sha256=copy.sha256,
        open=lambda: open_spooled(copy.sha256),
    )


def _with_sound(silent: Exhibit, recording: Recording, *, stored: Callable[[], Iterator[bytes]]) -> Exhibit:
    """The exhibit with its waveform, which is that of what leaves, and with what is wrong with what is stored."""
    made = silent.listening.open if silent.listening else silent.open if silent.stored_sha256 else None
    sound = peaks(stored, recording.media_type, decoded_from=made)
    if not isinstance(sound, Sound):
        return replace(silent, empty=sound.empty)
    return replace(
        silent,
        seconds=sound.seconds,
        peaks=sound.peaks,
        breaks_off=sound.breaks_off,
        holds="" if sound.holds == recording.media_type else sound.holds,
    )


def _words_only(whole: Exhibit, say: Phrases) -> Exhibit:
    """A transcript whose sound stays with us."""
    said = say["transcript_held_back"] if whole.words_held_back else whole.transcript
    if whole.own_words is not None:
        said = f"{said}\n\n{own_words(whole.own_words, words_for(say.locale))}\n"
    data = said.encode(errors="backslashreplace")
    return replace(
        whole,
        filename=f"{whole.bates}.txt",
        media_type="text/plain",
        size=len(data),
        sha256=sha256(data).hexdigest(),
        open=lambda: iter((data,)),
        listening=None,
    )


def _custody(item: Item, recording: Recording, production: Production, say: Phrases) -> Iterator[CustodyStep]:
    yield CustodyStep(at=recording.recorded_at, actor=say["device"], event=say["recorded"])
    if production.gathered_at is not None:
        yield CustodyStep(at=production.gathered_at, actor="Disclosure Desk", event=say["read"])
        if item.produced is not None:
            event = say.counted(len(item.silences), "silenced_part")
            yield CustodyStep(at=production.gathered_at, actor="Disclosure Desk", event=event)
    if production.certificate is not None:
        # When, stands in the certificate itself.
        yield CustodyStep(at=None, actor=signed_off_by(production.certificate, say), event=say["certified"])
