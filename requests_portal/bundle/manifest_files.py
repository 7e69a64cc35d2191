"""The manifest as files: what machines check an embedded file against."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import chain
from typing import Any

from requests_portal.bundle.contents import BundleContents, Exhibit, ListeningCopy
from requests_portal.spreadsheet import safe_cell

FORMAT = "disclosure-desk-manifest/1"
JSON_NAME = "manifest.json"
CSV_NAME = "manifest.csv"
# What the manifest of an index calls its document.
INDEX = "index"
_COLUMNS = (
    "bates",
    "filename",
    "kind",
    "media_type",
    "size",
    "sha256",
    "recorded_at",
    "zone",
    "device",
    "account",
    "version_id",
    "seconds",
    "derived_from_sha256",
    "silenced",
    "volume",
)
# A spreadsheet runs a cell that starts with one of these (OWASP, CSV injection).


def entries(contents: BundleContents) -> Iterator[dict[str, Any]]:
    """Yield one entry for every embedded file but the manifests themselves, in the order of the Bates numbers.

    What other volumes embed comes between, each entry with its volume.
    """
    for exhibit in contents.exhibits:
        yield from _recordings(exhibit, contents.volume)
    for each in contents.elsewhere:
        yield from _recordings(each.exhibit, each.volume)
    yield from _record_sets(contents)
    yield from _others(contents)


def _recordings(exhibit: Exhibit, volume: int) -> Iterable[dict[str, Any]]:
    yield {
        "bates": exhibit.bates,
        "filename": exhibit.filename,
        "kind": "silenced recording" if exhibit.stored_sha256 else "recording",
        "media_type": exhibit.media_type,
        "size": exhibit.size,
        "sha256": exhibit.sha256,
        "recorded_at": exhibit.recorded_at.isoformat(),
        "zone": exhibit.zone,
        "device": exhibit.device,
        "account": exhibit.account,
        "version_id": exhibit.version_id,
        "seconds": exhibit.seconds,
        "derived_from_sha256": exhibit.stored_sha256 or None,
        "silenced": "; ".join(each.times for each in exhibit.silenced) or None,
        "volume": volume,
    }
    if exhibit.listening is not None:
        yield _listening(exhibit.listening, exhibit, volume)


def _listening(copy: ListeningCopy, exhibit: Exhibit, volume: int) -> dict[str, Any]:
    return {
        "bates": exhibit.bates,
        "filename": copy.filename,
        "kind": "listening copy",
        "media_type": copy.media_type,
        "size": copy.size,
        "sha256": copy.sha256,
        "derived_from_sha256": exhibit.sha256,
        "volume": volume,
    }


def _record_sets(contents: BundleContents) -> Iterable[dict[str, Any]]:
    for each in contents.record_sets:
        yield {
            "bates": each.bates,
            "filename": each.filename,
            "kind": "record set",
            "media_type": "text/csv",
            "size": len(each.csv),
            "sha256": each.sha256,
            "volume": contents.volume,
        }


def _others(contents: BundleContents) -> Iterable[dict[str, Any]]:
    for each in contents.attachments:
        yield {
            "bates": None,
            "filename": each.filename,
            "kind": "supplement",
            "media_type": each.media_type,
            "size": len(each.data),
            "sha256": sha256(each.data).hexdigest(),
            "volume": contents.volume,
        }


def as_csv(rows: Iterable[dict[str, Any]], columns: Sequence[str] = _COLUMNS) -> bytes:
    """Return the manifest as CSV (RFC 4180) in UTF-8."""
    return b"".join(csv_lines(rows, columns))


def csv_lines(rows: Iterable[dict[str, Any]], columns: Sequence[str] = _COLUMNS) -> Iterator[bytes]:
    """Yield the manifest as CSV (RFC 4180) in UTF-8, line by line."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    for cells in chain([columns], ([safe_cell(row.get(name)) for name in columns] for row in rows)):
        writer.writerow(cells)
        yield line.getvalue().encode(errors="backslashreplace")
        line.seek(0)
        line.truncate()


def json_parts(contents: BundleContents, rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Yield the manifest as JSON, file by file."""
    said = {
        "format": FORMAT,
        "reference": contents.reference,
        "production": contents.production,
        "volume": contents.volume,
        "volumes": contents.volumes,
        "supplements": contents.supplements,
        "replaces": contents.replaces,
        "document_id": contents.document_id,
        "made_at": contents.made_at.isoformat(),
        "rule_book": contents.book_digest,
        "bates": [contents.bates_first, contents.bates_last],
        "discrepancies": [
            {"bates": each.bates, "recording": each.recording, "kind": each.kind, "sentence": each.sentence}
            for each in contents.discrepancies
        ],
    }
    yield _json(said).removesuffix(b"\n}") + b',\n "files": ['
    for number, row in enumerate(rows):
        yield (b"," if number else b"") + _json_row(row)
    yield b"\n ]\n}"


def _json_row(row: dict[str, Any]) -> bytes:
    """A flat row, as `_json` would write it inside the list; without an indent Python encodes five times as fast."""
    inside = json.dumps(row, ensure_ascii=False, separators=(",\n   ", ": "))[1:-1]
    return f"\n  {{\n   {inside}\n  }}".encode(errors="backslashreplace")


def of_csv(contents: BundleContents, *, size: int, digest: str) -> dict[str, Any]:
    """The entry of the manifest's CSV file, by which the JSON file holds every embedded file but itself."""
    return {
        "bates": None,
        "filename": CSV_NAME,
        "kind": "manifest",
        "media_type": "text/csv",
        "size": size,
        "sha256": digest,
        "volume": contents.volume,
    }


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode(errors="backslashreplace")
