"""The load file that review platforms of law firms and authorities read: Concordance DAT."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from requests_portal.bundle.contents import Attachment, BundleContents
from requests_portal.bundle.manifest_files import entries

DAT_NAME = "loadfile.dat"
COLUMNS = (
    "BEGBATES",
    "ENDBATES",
    "BEGATTACH",
    "ENDATTACH",
    "CUSTODIAN",
    "FILENAME",
    "FILESIZE",
    "SHA256HASH",
    "NATIVEPATH",
    "TEXTPATH",
    "PAGECOUNT",
    "CONFIDENTIALITY",
)
_BETWEEN, _QUOTE, _NEWLINE = "\u0014", "\u00fe", "\u00ae"
_INSIDE = dict.fromkeys((*range(32), *range(127, 160), ord(_QUOTE)), " ") | dict.fromkeys(
    map(ord, "\r\n\u0085\u2028\u2029"), _NEWLINE
)
# A listening copy has the number of the recording it was made from, and is no document of its own.
NUMBERED = frozenset({"recording", "silenced recording", "record set"})
_PLAIN_TEXT = "text/plain"


def as_dat(rows: Iterable[dict[str, Any]], *, folders: dict[str, str] | None = None) -> bytes:
    """Return the numbered files of a manifest, one a line, in UTF-8 without BOM; `folders` says where each kind lies.

    A recording is one number and one page; nothing is attached to anything, so the attachment range is its own.
    """
    lines = [COLUMNS, *(_line(row, folders or {}) for row in rows if row["kind"] in NUMBERED)]
    return "".join(f"{_BETWEEN.join(map(_cell, line))}\r\n" for line in lines).encode(errors="backslashreplace")


def load_file(contents: BundleContents, *, description: str) -> Attachment:
    """Return the load file of what this volume embeds."""
    here = entries(replace(contents, elsewhere=()))
    return Attachment(
        filename=DAT_NAME,
        media_type="application/octet-stream",
        description=description,
        data=as_dat(here),
        relationship="Data",
    )


def _line(row: dict[str, Any], folders: dict[str, str]) -> tuple[str, ...]:
    path = folders.get(row["kind"], "") + row["filename"]
    said = {
        "BEGBATES": row["bates"],
        "ENDBATES": row["bates"],
        "BEGATTACH": row["bates"],
        "ENDATTACH": row["bates"],
        # The account's own number: a load file travels further than the production it came with.
        "CUSTODIAN": row.get("account", ""),
        "FILENAME": row["filename"],
        "FILESIZE": row["size"],
        "SHA256HASH": row["sha256"],
        "NATIVEPATH": path,
        "TEXTPATH": path if row["media_type"] == _PLAIN_TEXT else "",
        "PAGECOUNT": 1,
        "CONFIDENTIALITY": "",
    }
    return tuple(str(said[column]) for column in COLUMNS)


def _cell(value: str) -> str:
    """One quoted field: a delimiter or control character inside it would make another field or line of it."""
    return _QUOTE + value.replace("\r\n", "\n").translate(_INSIDE) + _QUOTE
