"""Everything that was released to a customer, as files: sounds, transcripts, tables, and a page that opens offline."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import render_template

from requests_portal.bundle.contents import RecordSet
from requests_portal.model.case import Case
from requests_portal.model.production import Item, Production
from requests_portal.model.recording import Recording
from requests_portal.web import display
from requests_portal.web.my.recordings import format_of, heard, reviewed
from requests_portal.work.compose import Source
from requests_portal.work.compose.exhibits import SUFFIX, record_set
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
)
IN_THE_BUNDLE = "{}: the recording, parts of which are silenced, is inside bundle.pdf."
# A spreadsheet reads a cell that begins so as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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

    @property
    def about(self) -> str:
        """Format and size."""
        return f"{format_of(self.recording)}, {display.size(self.recording.size)}"

    def read(self, store: RecordingStore, spool: Spool) -> Iterator[bytes]:
        """The sound, checked on its way against the catalogue, or against what was made of it."""
        kept = self.recording
        if self.made:
            return spool.open(kept.sha256)
        return store.read(key=kept.key, version_id=kept.version_id, size=kept.size, sha256=kept.sha256)


@dataclass(frozen=True, kw_only=True)
class Everything:
    """What the ZIP holds besides the signed documents; `missing` says of each recording why it is not there."""

    case: Case
    entries: tuple[SoundFile, ...]
    record_sets: tuple[RecordSet, ...]
    missing: tuple[str, ...]
    left_out: str

    @property
    def files(self) -> tuple[SoundFile, ...]:
        """The entries that have a sound file."""
        return tuple(entry for entry in self.entries if entry.path)


def contents(source: Source, zone: ZoneInfo, spool: Spool) -> Everything:
    """What a released production gives its customer, from the same decision as the signed bundle."""
    production = source.production
    missing = {each.bates: each.sentence for each in production.discrepancies}
    enclosed = [item for item in production.items if item.bates not in missing]
    elsewhere = [item for item in enclosed if item.produced is not None and not spool.has(item.produced.sha256)]
    return Everything(
        case=source.case,
        entries=tuple(_entry(source, item, zone, at_hand=item not in elsewhere) for item in enclosed),
        record_sets=tuple(record_set(item, ENGLISH) for item in production.record_sets),
        missing=(*missing.values(), *(IN_THE_BUNDLE.format(item.bates) for item in elsewhere)),
        left_out=left_out(production),
    )


def listing(found: Everything) -> str:
    """The page inside the ZIP: it lists and plays everything without the network."""
    return render_template("my/everything.html", found=found)


def left_out(production: Production) -> str:
    """How many recordings were held back, in words; empty where none was."""
    held_back = len(production.withheld)
    return (
        f"{display.count(held_back, 'recording')} {'was' if held_back == 1 else 'were'} left out" if held_back else ""
    )


def sheet(found: Everything) -> bytes:
    """The same list as CSV."""
    return _csv([_COLUMNS, *(_cells(entry) for entry in found.entries)])


def _entry(source: Source, item: Item, zone: ZoneInfo, *, at_hand: bool) -> SoundFile:
    recording = as_it_left(item, source.recordings[item.recording])
    name = f"recordings/{item.bates}{SUFFIX.get(recording.media_type, '.bin')}"
    return SoundFile(
        number=item.bates,
        path=name if SOUND in item.classes and at_hand else "",
        at=recording.recorded_at.astimezone(zone),
        moment=display.moment(recording.recorded_at, zone),
        device=source.devices.get(recording.device, recording.device),
        recording=recording,
        transcript=recording.transcript,
        heard=heard(recording),
        reviews=reviewed(recording, zone),
        made=item.produced is not None,
        silenced=tuple(f"{each.start:g} to {each.end:g} s: {each.reason}" for each in item.silences),
    )


def as_it_left(item: Item, recording: Recording) -> Recording:
    """The recording with the sound, the words and the voices that left of it, and no others."""
    sound, words = sound_of(item, recording), WORDS in item.classes
    return replace(
        recording,
        sha256=sound.sha256,
        size=sound.size,
        media_type=sound.media_type,
        transcript=(words_of(item, recording) or "") if words else "",
        speakers=speakers_of(item, recording) if words else None,
        words=None,
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
    )


def _csv(rows: list[tuple[str, ...]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([_safe(cell) for cell in row] for row in rows)
    # The mark at the beginning makes spreadsheets read UTF-8.
    return ("\ufeff" + buffer.getvalue()).encode()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
