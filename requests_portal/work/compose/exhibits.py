"""Exhibits and record sets: each item of a production with exactly the parts that were decided."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from zoneinfo import ZoneInfo

from requests_portal.bundle import Sound, peaks
from requests_portal.bundle.contents import CustodyStep, Exhibit, RecordSet, ReviewNote, SpeakerSpan
from requests_portal.bundle.manifest_files import safe_cell
from requests_portal.model.case import Case, Track
from requests_portal.model.production import Item, Production, RecordSetItem
from requests_portal.model.recording import Recording
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


def exhibit(
    case: Case,
    production: Production,
    item: Item,
    recording: Recording,
    *,
    devices: Mapping[str, str],
    classes: frozenset[str],
    open_spooled: Open,
) -> Exhibit:
    """One recording as it leaves: its sound, its words, or both; reviews only for the person who was heard."""
    own = case.track is Track.DATA_SUBJECT
    words = WORDS in classes
    whole = Exhibit(
        bates=item.bates,
        filename=item.bates + SUFFIX.get(recording.media_type, ".bin"),
        media_type=recording.media_type,
        size=recording.size,
        sha256=recording.sha256,
        recorded_at=recording.recorded_at.astimezone(ZoneInfo(recording.zone)),
        zone=recording.zone,
        device=devices.get(recording.device, recording.device),
        account=recording.account,
        version_id=recording.version_id,
        seconds=None,
        peaks=(),
        transcript=recording.transcript if words else "",
        speakers=_speakers(recording) if words else (),
        reviews=tuple(ReviewNote(on=r.at, purpose=r.purpose, role=r.role) for r in recording.reviews) if own else (),
        false_wake=recording.false_wake and own,
        custody=tuple(_custody(recording, production)),
        open=lambda: open_spooled(recording.sha256),
    )
    return _with_sound(whole) if SOUND in classes else _words_only(whole)


def record_set(item: RecordSetItem) -> RecordSet:
    """One record set as a table and as the same table in a CSV file."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(item.columns)
    writer.writerows([_as_text(cell) for cell in row] for row in item.rows)
    data = buffer.getvalue().encode()
    return RecordSet(
        bates=item.bates,
        filename=f"{item.bates}-{item.data_class}.csv",
        title=title(item.data_class),
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


def _speakers(recording: Recording) -> tuple[SpeakerSpan, ...]:
    return tuple(SpeakerSpan(start=span.start, end=span.end, label=span.label) for span in recording.speakers or ())


def _with_sound(silent: Exhibit) -> Exhibit:
    sound = peaks(silent.open, silent.media_type)
    return replace(silent, seconds=sound.seconds, peaks=sound.peaks) if isinstance(sound, Sound) else silent


def _words_only(whole: Exhibit) -> Exhibit:
    """A transcript whose sound stays with us."""
    data = whole.transcript.encode()
    return replace(
        whole,
        filename=f"{whole.bates}.txt",
        media_type="text/plain",
        size=len(data),
        sha256=sha256(data).hexdigest(),
        open=lambda: iter((data,)),
    )


def _custody(recording: Recording, production: Production) -> Iterator[CustodyStep]:
    yield CustodyStep(at=recording.recorded_at, actor="Device", event="Recorded, stored and catalogued with its digest")
    if production.gathered_at is not None:
        event = "Read from the store by version; length and SHA-256 as catalogued"
        yield CustodyStep(at=production.gathered_at, actor="Disclosure Desk", event=event)
    if production.certificate is not None:
        sign_off = production.certificate
        yield CustodyStep(at=sign_off.at, actor=sign_off.custodian_name, event="Certified by the custodian")
