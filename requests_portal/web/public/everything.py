"""Everything that was released, as files: sounds, transcripts, tables, lists, and a page that opens offline."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template

from requests_portal.bundle.contents import RecordSet
from requests_portal.bundle.words import own_words
from requests_portal.bundle.words_en import ENGLISH as ENGLISH_WORDS
from requests_portal.model.case import Case, Track
from requests_portal.model.production import Item, Production, SignedDocument
from requests_portal.model.recording import Recording
from requests_portal.model.silence import DerivedFile
from requests_portal.spreadsheet import MARK, safe_cell
from requests_portal.web import display
from requests_portal.web.my import wording
from requests_portal.web.my.recordings import format_of, heard
from requests_portal.work.compose import Source
from requests_portal.work.compose.exhibits import SUFFIX, own_words_of, record_set
from requests_portal.work.compose.phrases_en import ENGLISH
from requests_portal.work.compose.silenced import sound_of, speakers_of, words_of
from requests_portal.work.outside import RecordingStore, Spool
from requests_portal.work.selection import SOUND, WORDS

_COLUMNS = (
    "Number",
    "File",
    "Recorded",
    "Device",
    "Format",
    "Bytes",
    "SHA-256",
    "Transcript",
    "Who speaks",
    "Recorded by mistake",
    "Listened to by us",
    "Silenced",
    "In the words of the person concerned",
)
IN_THE_BUNDLE = "{}: the recording, parts of which are silenced, is inside bundle.pdf."
# Where each kind of file lies in the ZIP.
FOLDERS = {"recording": "recordings/", "silenced recording": "recordings/", "record set": "records/"}


@dataclass(frozen=True, kw_only=True)
class SoundFile:
    """One recording of the copy, as it left; `path` is empty where its sound did not leave or is not at hand."""

    number: str
    path: str
    at: datetime
    moment: str
    device: str
    recording: Recording
    transcript: str
    heard: str
    reviews: tuple[str, ...]
    made: bool = False
    silenced: tuple[str, ...] = ()
    copy: DerivedFile | None = None
    own_words: str = ""
    copy_path: str = ""

    @property
    def plays(self) -> str:
        """The file that ordinary players take."""
        return self.copy_path or self.path

    @property
    def about(self) -> str:
        """Format and size."""
        return f"{format_of(self.recording)}, {display.size(self.recording.size)}"

    def read(self, store: RecordingStore, spool: Spool) -> Iterator[bytes]:
        """The sound, checked on its way against the catalogue, or against what was made of it."""
        kept = self.recording
        if self.made:
            return spool.open(kept.sha256)
        store = store.of_bucket(kept.bucket)
        return store.read(key=kept.key, version_id=kept.version_id, size=kept.size, sha256=kept.sha256)


@dataclass(frozen=True, kw_only=True)
class Everything:
    """What the ZIP holds besides the signed documents; `missing` says of each recording why it is not there."""

    case: Case
    production: Production
    documents: tuple[str, ...]
    entries: tuple[SoundFile, ...]
    record_sets: tuple[RecordSet, ...]
    missing: tuple[str, ...]
    left_out: str

    @property
    def title(self) -> str:
        """What the page is called: a copy for its owner, a production for an authority."""
        return "Your copy" if self.case.track is Track.DATA_SUBJECT else f"Production {self.production.number}"

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices that were recorded on, each once."""
        return tuple(sorted({entry.device for entry in self.entries}))

    @property
    def files(self) -> tuple[SoundFile, ...]:
        """The entries that have a sound file."""
        return tuple(entry for entry in self.entries if entry.path)


def contents(source: Source, zone: ZoneInfo, spool: Spool, documents: Sequence[SignedDocument]) -> Everything:
    """What a released production gives its recipient, from the same decision as the signed bundle."""
    production = source.production
    missing = {each.bates: each.sentence for each in production.discrepancies}
    enclosed = [item for item in production.items if item.bates not in missing]
    elsewhere = [item for item in enclosed if item.produced is not None and not spool.has(item.produced.sha256)]
    return Everything(
        case=source.case,
        production=production,
        documents=tuple(f"{each.name}.pdf" for each in documents),
        entries=tuple(_entry(source, item, zone, spool, at_hand=item not in elsewhere) for item in enclosed),
        record_sets=tuple(record_set(item, ENGLISH) for item in production.record_sets),
        missing=(*missing.values(), *(IN_THE_BUNDLE.format(item.bates) for item in elsewhere)),
        left_out=left_out(production),
    )


def listing(found: Everything) -> str:
    """The page inside the ZIP: it lists and plays everything without the network."""
    return render_template("public/everything.html", found=found)


def rows(found: Everything) -> list[dict[str, Any]]:
    """The numbered files of the ZIP as a manifest lists them."""
    return [*(_row(entry) for entry in found.files), *(_record_row(each) for each in found.record_sets)]


def _row(entry: SoundFile) -> dict[str, Any]:
    kept = entry.recording
    return {
        "bates": entry.number,
        "filename": entry.path.removeprefix(FOLDERS["recording"]),
        "kind": "silenced recording" if entry.made else "recording",
        "media_type": kept.media_type,
        "size": kept.size,
        "sha256": kept.sha256,
        "recorded_at": entry.at.isoformat(),
        "zone": kept.zone,
        "device": entry.device,
        "account": kept.account,
        "version_id": kept.version_id,
    }


def _record_row(each: RecordSet) -> dict[str, Any]:
    return {
        "bates": each.bates,
        "filename": each.filename,
        "kind": "record set",
        "media_type": "text/csv",
        "size": len(each.csv),
        "sha256": each.sha256,
    }


def left_out(production: Production) -> str:
    """How many recordings were held back, in words; empty where none was."""
    held_back = len(production.withheld)
    return (
        f"{display.count(held_back, 'recording')} {'was' if held_back == 1 else 'were'} left out" if held_back else ""
    )


def sheet(found: Everything) -> bytes:
    """The same list as CSV."""
    return _csv([_COLUMNS, *(_cells(entry) for entry in found.entries)])


def _entry(source: Source, item: Item, zone: ZoneInfo, spool: Spool, *, at_hand: bool) -> SoundFile:
    own = source.case.track is Track.DATA_SUBJECT
    recording = as_it_left(item, source.recordings[item.recording], own=own)
    stated = own_words_of(item, recording, source.production, source.notes.get(recording.id))
    copy = item.listening if item.listening and spool.has(item.listening.sha256) else None
    name = f"recordings/{item.bates}{SUFFIX.get(recording.media_type, '.bin')}"
    return SoundFile(
        number=item.bates,
        path=name if SOUND in item.classes and at_hand else "",
        at=recording.recorded_at.astimezone(zone),
        moment=display.moment(recording.recorded_at, zone),
        device=source.devices.get(recording.device, recording.device),
        recording=recording,
        transcript=recording.transcript,
        heard=heard(recording) if own else ", ".join(dict.fromkeys(span.label for span in recording.speakers or ())),
        reviews=tuple(wording.heard(each, zone) for each in source.heard_of.get(item.recording, ())),
        made=item.produced is not None,
        silenced=tuple(f"{each.start:g} to {each.end:g} s: {each.reason}" for each in item.silences),
        copy=copy,
        own_words=own_words(stated, ENGLISH_WORDS) if stated else "",
        copy_path=f"recordings/{item.bates}-listening{SUFFIX[copy.media_type]}" if copy else "",
    )


def as_it_left(item: Item, recording: Recording, *, own: bool) -> Recording:
    """The recording with the sound, the words and the voices that left of it."""
    sound, words = sound_of(item, recording), WORDS in item.classes
    return replace(
        recording,
        sha256=sound.sha256,
        size=sound.size,
        media_type=sound.media_type,
        transcript=(words_of(item, recording) or "") if words else "",
        speakers=speakers_of(item, recording) if words else None,
        words=None,
        reviews=(),
        false_wake=recording.false_wake and own,
    )


def _cells(entry: SoundFile) -> tuple[str, ...]:
    return (
        entry.number,
        entry.path,
        entry.at.isoformat(),
        entry.device,
        format_of(entry.recording),
        str(entry.recording.size),
        entry.recording.sha256,
        entry.transcript,
        entry.heard,
        "yes" if entry.recording.false_wake else "no",
        "; ".join(entry.reviews),
        "; ".join(entry.silenced),
        entry.own_words,
    )


def _csv(rows: list[tuple[str, ...]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([safe_cell(cell) for cell in row] for row in rows)
    return (MARK + buffer.getvalue()).encode()
