"""The catalogue manifest that `desk catalogue import` reads: its columns, and each line as a recording."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from requests_portal.database.codec import to_json
from requests_portal.database.moments import to_text
from requests_portal.database.waiting_lines import UNSAID
from requests_portal.model.recording import ReviewEntry, SpeakerSpan, TimedWord
from requests_portal.storage.csv_lines import CsvLines, must_be_text
from requests_portal.storage.manifest_cells import BadManifest, inside, moment

REQUIRED = ("key", "version_id", "size", "sha256", "recorded_at", "zone", "account", "device")
# What a file that is to be uploaded says of itself, or is said of it by the store's answer.
OF_FILES = ("key", "version_id", "size", "sha256")
OPTIONAL = (
    "bucket",
    "media_type",
    "seconds",
    "transcript",
    "transcript_key",
    "transcript_version",
    "speakers",
    "words",
    "human_review",
    "retain_until",
    "false_wake",
    "copies",
    "path",
)
COLUMNS = (*REQUIRED, *OPTIONAL)

# In characters, but for the key: S3 counts that in bytes.
LONGEST = {
    "account": 64,
    "device": 64,
    "zone": 64,
    "key": 1024,
    "transcript_key": 1024,
    "version_id": 200,
    "transcript_version": 200,
    "media_type": 64,
    "path": 4096,
}
# S3 allows no larger object.
LARGEST = 5 * 1024**4
LONGEST_SECONDS = 1_000_000
MOST_ENTRIES = 10_000
SHORT, MOST_KEPT = 200, 4096
# Clocks of speakers run ahead a little.
AHEAD = timedelta(days=1)

SHA256 = re.compile(r"[0-9a-fA-F]{64}")
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
MEDIA_TYPE = re.compile(r"audio/[a-z0-9][a-z0-9.+-]*")
DIGITS = re.compile(r"[0-9]{1,13}")
DECIMAL = re.compile(r"[0-9]{1,7}(\.[0-9]{1,9})?")
KIND = re.compile(r"[a-z][a-z_]{0,31}")
# Most lines look so: every cell that a line must have, one below the other.
_LOOKED_AT = ("account", "device", "zone", "key", "version_id", "size", "sha256")
PLAIN = re.compile(
    r"[!-~]{1,64}\n[!-~]{1,64}\n[!-~]{1,64}\n[!-~]{1,1024}\n(?!null\n)[!-~]{1,200}\n[1-9][0-9]{0,11}\n[0-9a-f]{64}"
)
_BREAKS = re.compile("[\t\r\n]")
MEDIA_TYPES = {
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".mp3": "audio/mpeg",
    ".aif": "audio/aiff",
    ".aiff": "audio/aiff",
}
TRUTH = {"": False, "true": True, "false": False}
_AUDIO_NAMED = "name it in media_type, such as audio/wav; the ending does not say it"


class ManifestLine(NamedTuple):
    """One line: the recording's row, where copies of it lie (JSON), and the file that is to be uploaded if one is."""

    line: int
    row: dict[str, Any]
    copies: str
    path: str


class CatalogueManifest:
    """A catalogue manifest, read in constant memory; each line is a recording or says what is wrong with it."""

    def __init__(self, manifest: Path, *, own_bucket: str, now: datetime, upload_from: Path | None = None) -> None:
        self._csv = CsvLines(manifest)
        self._own_bucket = own_bucket
        self._latest = now + AHEAD
        self._folder = upload_from.resolve() if upload_from else None
        self._kept: dict[tuple[str, str], object] = {}

    @property
    def sha256(self) -> str:
        """The digest of the manifest, once it was read."""
        return self._csv.sha256

    def __iter__(self) -> Iterator[ManifestLine | BadManifest]:
        lines = iter(self._csv)
        columns = _Columns(self._header(lines))
        for line, cells in lines:
            if isinstance(cells, BadManifest):
                yield cells
                continue
            try:
                yield self._line(line, columns, cells)
            except BadManifest as bad:
                yield bad

    def _header(self, lines: Iterator[tuple[int, list[str] | BadManifest]]) -> list[str]:
        line, names = next(lines, (1, list[str]()))
        if isinstance(names, BadManifest):
            raise names
        if self._csv.is_strange(line):
            raise BadManifest(line, None, "the header is not UTF-8 text; save the manifest as UTF-8")
        required = [name for name in REQUIRED if self._folder is None or name not in OF_FILES]
        if self._folder is not None:
            required.append("path")
        missing = [name for name in required if name not in names]
        unknown = [name for name in names if name not in COLUMNS]
        twice = sorted({name for name in names if names.count(name) > 1})
        told = (("lacks", missing), ("has unknown", unknown), ("names twice", twice))
        faults = [f"{kind} {', '.join(map(_shown, which))}" for kind, which in told if which]
        if faults:
            raise BadManifest(line, None, f"the header {' and '.join(faults)}; columns are {', '.join(COLUMNS)}")
        return names

    def _line(self, line: int, columns: "_Columns", cells: list[str]) -> ManifestLine:
        if len(cells) != len(columns.names):
            raise BadManifest(line, None, f"it has {len(cells)} cells and needs {len(columns.names)}")
        read = _Cells(line, dict(zip(columns.names, cells, strict=True)))
        if self._csv.is_strange(line):
            must_be_text(line, read.cells)
        path = self._path(read) if read.cells.get("path") else None
        row = UNSAID | (columns.plainly(cells) or _strictly(read, stored=path is None))
        row["recorded_at"] = self._recorded_at(read)
        for name in columns.others:
            if text := read.cells[name]:
                row[_OPTIONAL_CELLS[name][0]] = self._optional(read, name, text)
        if not row["media_type"]:
            row["media_type"] = read.by_ending(row["key"] if path is None else path.name)
        if row["transcript_key"] and not row["transcript_version"]:
            raise BadManifest(line, "transcript_version", "it is empty; name the version that transcript_key means")
        copies = read.copies(own_bucket=self._own_bucket) if read.cells.get("copies") else ""
        return ManifestLine(line, row, copies, "" if path is None else str(path))

    def _optional(self, read: "_Cells", name: str, text: str) -> object:
        # What is short is often the same on many lines.
        found = self._kept.get((name, text))
        if found is not None:
            return found
        found = _OPTIONAL_CELLS[name][1](read, name)
        if name == "bucket" and found == self._own_bucket:
            found = ""
        if len(text) <= SHORT:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[name, text] = found
        return found

    def _recorded_at(self, read: "_Cells") -> str:
        at = moment(read.line, "recorded_at", read.needed("recorded_at"))
        if at > self._latest:
            raise BadManifest(read.line, "recorded_at", "it lies in the future")
        return to_text(at)

    def _path(self, read: "_Cells") -> Path | None:
        if self._folder is None:
            return None
        for column in ("key", "version_id"):
            if read.cells.get(column):
                raise BadManifest(read.line, column, "it is for what is stored already; leave it empty beside a path")
        if read.cells.get("bucket") not in {None, "", self._own_bucket}:
            raise BadManifest(read.line, "bucket", "files are uploaded to the desk's own bucket; leave it empty")
        return inside(
            read.line, read.short("path", read.cells["path"]), self._folder, called="the folder to upload from"
        )


class _Columns:
    """A manifest's columns, and a quick look at the cells that every line has."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.others = [name for name in names if name in _OPTIONAL_CELLS]
        self._needed = itemgetter(*map(names.index, _LOOKED_AT)) if set(_LOOKED_AT) <= set(names) else None

    def plainly(self, cells: list[str]) -> dict[str, Any] | None:
        """The cells every line has, where one look shows that all are well; None where each is to be read."""
        needed: tuple[str, ...] = self._needed(cells) if self._needed else ()
        if not PLAIN.fullmatch("\n".join(needed)):
            return None
        row: dict[str, Any] = dict(zip(_LOOKED_AT, needed, strict=True))
        row["size"] = int(row["size"])
        return row if _is_zone(row["zone"]) else None


def _strictly(read: "_Cells", *, stored: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"account": read.name("account"), "device": read.name("device"), "zone": read.zone()}
    if stored:
        row |= {"key": read.key("key"), "version_id": read.version("version_id")}
    if stored or read.cells.get("size"):
        row["size"] = read.size()
    if stored or read.cells.get("sha256"):
        row["sha256"] = read.sha256()
    return row


class _Cells:
    """The cells of one line by column, each read in its own way."""

    def __init__(self, line: int, cells: dict[str, str]) -> None:
        self.line, self.cells = line, cells

    def needed(self, column: str) -> str:
        written = self.cells.get(column, "")
        if not written.strip():
            raise BadManifest(self.line, column, "it is empty")
        return written

    def short(self, column: str, written: str) -> str:
        if len(written) > LONGEST[column]:
            raise BadManifest(self.line, column, f"it is longer than {LONGEST[column]:,} characters")
        if not written.isprintable() and _BREAKS.search(written):
            raise BadManifest(self.line, column, "it holds a tab or a line break")
        return written

    def name(self, column: str) -> str:
        written = self.short(column, self.needed(column))
        if written != written.strip():
            raise BadManifest(self.line, column, "it begins or ends with a space")
        return written

    def key(self, column: str) -> str:
        written = self.short(column, self.needed(column))
        if len(written) * 4 > LONGEST[column] and len(written.encode()) > LONGEST[column]:
            raise BadManifest(self.line, column, f"it is longer than {LONGEST[column]:,} bytes")
        return written

    def version(self, column: str) -> str:
        written = self.name(column)
        if written == "null":
            raise BadManifest(self.line, column, "it is that of a bucket that keeps no versions; switch them on")
        return written

    def size(self) -> int:
        written = self.needed("size")
        if not DIGITS.fullmatch(written) or not 0 < int(written) <= LARGEST:
            raise BadManifest(self.line, "size", "it is no number of bytes from 1 to 5 TiB")
        return int(written)

    def sha256(self) -> str:
        written = self.needed("sha256")
        if not SHA256.fullmatch(written):
            raise BadManifest(self.line, "sha256", "it is not 64 hexadecimal digits")
        return written.lower()

    def zone(self) -> str:
        written = self.name("zone")
        if not _is_zone(written):
            raise BadManifest(self.line, "zone", "it is no time zone such as Europe/Berlin or UTC")
        return written

    def bucket(self, column: str) -> str:
        return self.bucket_named(column, self.cells[column])

    def bucket_named(self, column: str, written: str) -> str:
        if written and not BUCKET.fullmatch(written):
            raise BadManifest(self.line, column, "it is no bucket's name")
        return written

    def media_type(self, column: str) -> str:
        written = self.short(column, self.cells[column])
        if not MEDIA_TYPE.fullmatch(written):
            raise BadManifest(self.line, column, "it is no type of sound such as audio/wav")
        return written

    def by_ending(self, name: str) -> str:
        found = MEDIA_TYPES.get(name[name.rfind(".") :].lower())
        if found is None:
            raise BadManifest(self.line, "media_type", _AUDIO_NAMED)
        return found

    def text(self, column: str) -> str:
        return self.cells[column]

    def seconds(self, column: str) -> float:
        found = float(self.cells[column]) if DECIMAL.fullmatch(self.cells[column]) else 0.0
        if not 0 < found <= LONGEST_SECONDS:
            raise BadManifest(self.line, column, f"it is no number of seconds above 0 and up to {LONGEST_SECONDS:,}")
        return found

    def truth(self, column: str) -> bool:
        if self.cells[column] not in TRUTH:
            raise BadManifest(self.line, column, "it must be true, false or empty")
        return TRUTH[self.cells[column]]

    def until(self, column: str) -> str:
        try:
            return to_text(moment(self.line, column, self.cells[column]))
        except OverflowError as error:
            raise BadManifest(self.line, column, "it lies too far in the future") from error

    def speakers(self, column: str) -> str:
        return to_json(tuple(SpeakerSpan(start=a, end=b, label=text) for a, b, text in self._spans(column)))

    def words(self, column: str) -> str:
        return to_json(tuple(TimedWord(start=a, end=b, text=text) for a, b, text in self._spans(column)))

    def reviews(self, column: str) -> str:
        found = []
        for each in self._list(column):
            at, purpose, role = self._texts(column, each, ("at", "purpose", "role"))
            try:
                found.append(ReviewEntry(at=moment(self.line, column, at).astimezone(UTC), purpose=purpose, role=role))
            except OverflowError as error:
                raise BadManifest(self.line, column, "a time in it lies too far in the future") from error
        return to_json(tuple(found))

    def copies(self, *, own_bucket: str) -> str:
        """The copies as JSON lists of bucket, key, version and kind; the own bucket is "" as for a recording."""
        read = (self._copy(each) for each in self._list("copies"))
        found = [("" if bucket == own_bucket else bucket, *others) for bucket, *others in read]
        if len({each[:3] for each in found}) != len(found):
            raise BadManifest(self.line, "copies", "it names the same copy twice")
        return json.dumps(found) if found else ""

    def _copy(self, each: object) -> tuple[str, str, str, str]:
        bucket, key, version, kind = self._texts("copies", each, ("bucket", "key", "version_id", "kind"))
        named = _Cells(self.line, {"key": key, "version_id": version})
        if not KIND.fullmatch(kind):
            raise BadManifest(self.line, "copies", "a kind is one small word such as training")
        try:
            return self.bucket_named("copies", bucket), named.key("key"), named.version("version_id"), kind
        except BadManifest as bad:
            raise BadManifest(self.line, "copies", f"of a copy's {bad.column}, {bad.fault}") from bad

    def _spans(self, column: str) -> Iterator[tuple[float, float, str]]:
        for each in self._list(column):
            if not (isinstance(each, list) and len(each) == 3 and isinstance(each[2], str) and each[2]):  # noqa: PLR2004
                raise BadManifest(self.line, column, 'each entry must be like [0.5, 2.25, "account holder"]')
            start, end = self._second(column, each[0]), self._second(column, each[1])
            if end < start:
                raise BadManifest(self.line, column, "an entry ends before it begins")
            yield start, end, self._plain(column, each[2])

    def _second(self, column: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LONGEST_SECONDS:
            raise BadManifest(self.line, column, "a time in it is no number of seconds")
        return float(value)

    def _list(self, column: str) -> Sequence[object]:
        try:
            found = json.loads(self.cells[column])
        except (ValueError, RecursionError) as error:
            raise BadManifest(self.line, column, "it is no JSON list") from error
        if not isinstance(found, list) or len(found) > MOST_ENTRIES:
            raise BadManifest(self.line, column, f"it is no JSON list of at most {MOST_ENTRIES:,} entries")
        return found

    def _texts(self, column: str, value: object, names: tuple[str, ...]) -> tuple[str, ...]:
        good = isinstance(value, dict) and set(value) == set(names)
        if not good or not all(isinstance(value[name], str) for name in names):  # type: ignore[index]
            raise BadManifest(self.line, column, f"each entry must be an object of the texts {', '.join(names)}")
        return tuple(self._plain(column, value[name]) for name in names)  # type: ignore[index]

    def _plain(self, column: str, text: str) -> str:
        # JSON can spell what the cell itself may not hold.
        must_be_text(self.line, {column: text})
        if len(text) > LONGEST["key"]:
            raise BadManifest(self.line, column, f"a text in it is longer than {LONGEST['key']:,} characters")
        return text


@lru_cache(maxsize=1024)
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return False
    return True


def _shown(name: str) -> str:
    return name[:40] or "a column without a name"


# The column of the table, and how the cell is read.
_OPTIONAL_CELLS: dict[str, tuple[str, Callable[[_Cells, str], object]]] = {
    "bucket": ("bucket", _Cells.bucket),
    "media_type": ("media_type", _Cells.media_type),
    "seconds": ("seconds", _Cells.seconds),
    "transcript": ("transcript", _Cells.text),
    "transcript_key": ("transcript_key", _Cells.key),
    "transcript_version": ("transcript_version", _Cells.version),
    "speakers": ("speakers", _Cells.speakers),
    "words": ("words", _Cells.words),
    "human_review": ("reviews", _Cells.reviews),
    "retain_until": ("retain_until", _Cells.until),
    "false_wake": ("false_wake", _Cells.truth),
}
