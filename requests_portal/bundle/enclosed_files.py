"""The files inside a strict file: what the document says of them, what the manifest says, and what their bytes are."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from requests_portal.bundle.certification import dictionary
from requests_portal.bundle.long_json import LongObject
from requests_portal.bundle.manifest_files import CSV_NAME, FORMAT, JSON_NAME, csv_lines
from requests_portal.bundle.pdf_objects import Name, Reference, Text
from requests_portal.bundle.strict_file import Doubt, StrictFile

_CHUNK = 1 << 20
_MOST_FILES = 20_000
_LARGEST_MANIFEST = 64 << 20
# Each comma, colon or bracket of a manifest becomes a value in memory; 100,000 files need 2.5 million.
_MOST_VALUES = 2_500_000
_LONGEST_HEAD = 1000
_RELATIONSHIPS = frozenset({"Source", "Data", "Supplement", "Alternative", "Unspecified"})


@dataclass(frozen=True, kw_only=True)
class Enclosed:
    """One embedded file: its name and where its bytes are."""

    name: str
    start: int
    size: int


def enclosed_files(file: StrictFile, catalog: dict[str, Any]) -> dict[str, Enclosed]:
    """Return the embedded files by name; raises Doubt unless the two lists of them are the same."""
    associated = _associated(file, catalog)
    named = dict(_named(file, catalog))
    if sorted(associated) != sorted(named.values()):
        raise Doubt("The list of associated files and the list of attachments differ: a file was added or removed.")
    files = {}
    for name, number in named.items():
        each = _enclosed(file, number)
        if each.name != name:
            raise Doubt(f"An attachment is listed as {name} but calls itself {each.name}.")
        files[name] = each
    _apart(files.values())
    return files


def _apart(files: Iterable[Enclosed]) -> None:
    """Refuse files that share bytes: each of ours has its own, and nobody has to read the same ones many times."""
    end = 0
    for each in sorted(files, key=lambda one: one.start):
        if each.start < end:
            raise Doubt(f"The attachment {each.name} lies inside another one.")
        end = each.start + each.size


def _associated(file: StrictFile, catalog: dict[str, Any]) -> list[int]:
    listed = catalog.get("AF", [])
    if isinstance(listed, Reference):
        listed, _ = file.object_at(listed.number)
    if not isinstance(listed, list) or len(listed) > _MOST_FILES:
        raise Doubt("The list of associated files is not in our form.")
    return [_number(each) for each in listed]


def _number(value: Any) -> int:
    if not isinstance(value, Reference):
        raise Doubt("A list of files is not in our form.")
    return value.number


def _named(file: StrictFile, catalog: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield names and file specifications of the tree of attachments, which in our form is two levels deep."""
    if "Names" not in catalog:
        return
    names = dictionary(file, catalog["Names"], "list of attachments")
    root = dictionary(file, names.get("EmbeddedFiles"), "list of attachments")
    leaves = root.get("Kids")
    if not isinstance(leaves, list) or len(leaves) > _MOST_FILES or set(names) != {"EmbeddedFiles"}:
        raise Doubt("The list of attachments is not in our form.")
    seen: set[str] = set()
    for leaf in leaves:
        pairs = dictionary(file, leaf, "list of attachments").get("Names")
        if not isinstance(pairs, list) or len(pairs) % 2:
            raise Doubt("The list of attachments is not in our form.")
        for name, spec in zip(pairs[::2], pairs[1::2], strict=True):
            if not isinstance(name, Text) or str(name) in seen or len(seen) > _MOST_FILES:
                raise Doubt("Two attachments have one name, or there are too many.")
            seen.add(str(name))
            yield str(name), _number(spec)


def _enclosed(file: StrictFile, number: int) -> Enclosed:
    spec = dictionary(file, Reference(number), "description of an attachment")
    name, place = spec.get("UF"), spec.get("EF")
    if not isinstance(name, Text) or not isinstance(place, dict) or spec.get("AFRelationship") not in _RELATIONSHIPS:
        raise Doubt("An attachment is not described as we describe ours.")
    if len(set(place.values())) != 1 or str(spec.get("F")) != str(name):
        raise Doubt(f"The attachment {name} has two contents or two names.")
    return _stream(file, str(name), _number(place.get("F")))


def _stream(file: StrictFile, name: str, number: int) -> Enclosed:
    head, end = file.object_at(number)
    if not isinstance(head, dict) or set(head) != {"Type", "Subtype", "Length", "Params"}:
        raise Doubt(f"The attachment {name} is stored in another form than ours, such as compressed.")
    size = head["Length"]
    if head["Type"] != Name("EmbeddedFile") or not isinstance(size, int) or not 0 <= size < file.size:
        raise Doubt(f"The attachment {name} does not say its true length.")
    start = end + len(b"\nstream\n")
    if file.read(end, 8) != b"\nstream\n" or file.read(start + size, 18) != b"\nendstream\nendobj\n":
        raise Doubt(f"The attachment {name} does not have the length it claims.")
    return Enclosed(name=name, start=start, size=size)


def digests_of(file: StrictFile, files: Iterable[Enclosed], still_time: Callable[[], None]) -> dict[str, str]:
    """Return the SHA-256 of each embedded file, read in chunks."""
    room = memoryview(bytearray(_CHUNK))
    return {each.name: _digest(file, each, room, still_time) for each in files}


def _digest(file: StrictFile, each: Enclosed, room: memoryview, still_time: Callable[[], None]) -> str:
    digest = hashlib.sha256()
    at, end = each.start, each.start + each.size
    while at < end:
        still_time()
        got = file.read_into(at, room[: min(len(room), end - at)])
        if not got:
            raise Doubt("The file ended while it was read.")
        digest.update(room[:got])
        at += got
    return digest.hexdigest()


@dataclass(frozen=True, kw_only=True)
class Listed:
    """What a manifest says: of the document, and the size and SHA-256 of each file that this volume embeds."""

    head: Mapping[str, Any]
    files: Mapping[str, tuple[int, str]]


def listed_in(file: StrictFile, files: Mapping[str, Enclosed]) -> Listed:
    """Return what the embedded manifests list, gone through once, row by row.

    Raises Doubt where they are missing or not in our format, name other files than the document embeds, or differ: the
    manifest for people (CSV) must say in every cell what the one for machines (JSON) says.
    """
    each = files.get(JSON_NAME)
    if each is None or each.size > _LARGEST_MANIFEST:
        raise Doubt("The document has attachments but no manifest that lists them.")
    try:
        tree = LongObject(_Within(file, each).counted, last="files")
        if tree.head.get("format") != FORMAT:
            raise Doubt("The manifest is not in our format.")
        rows = _Rows(tree)
        differ = _differ(file, files.get(CSV_NAME), rows)
    except (ValueError, RecursionError) as error:
        raise Doubt("The manifest can't be read.") from error
    _compare_names(files, rows)
    if differ:
        raise Doubt(differ)
    return Listed(head=tree.head, files=rows.here)


class _Within:
    """One embedded file, read from its start to its end."""

    def __init__(self, file: StrictFile, each: Enclosed) -> None:
        self._file = file
        self._at, self._end = each.start, each.start + each.size
        self._values = 0

    def next(self, length: int) -> bytes:
        """Return up to so many of the next bytes."""
        data = self._file.read(self._at, min(length, self._end - self._at))
        self._at += len(data)
        return data

    def counted(self, length: int) -> bytes:
        """Return the next bytes of a manifest; raises Doubt where it holds more values than any of ours."""
        data = self.next(length)
        self._values += sum(map(data.count, (b",", b":", b"[", b"{")))
        if self._values > _MOST_VALUES:
            raise Doubt("The manifest holds more than any of ours.")
        return data


class _Rows:
    """The rows of a manifest as they go by; what is to be known of them afterwards stays."""

    def __init__(self, tree: LongObject) -> None:
        self._tree = tree
        self._volume = tree.head.get("volume")
        self._names = {JSON_NAME}
        self.is_doubled = False
        # What this volume embeds; volume 1 lists what the others do too.
        self.here: dict[str, tuple[int, str]] = {}

    def all(self) -> Iterator[dict[str, Any]]:
        """Yield every row but that of the other manifest, which cannot hold itself."""
        for row in self._tree.elements():
            if not _is_row(row):
                raise Doubt("The manifest is not in our format.")
            name = row["filename"]
            self.is_doubled |= name in self._names
            self._names.add(name)
            if row.get("volume", self._volume) == self._volume:
                self.here[name] = row["size"], row["sha256"]
            if name != CSV_NAME:
                yield row


def _is_row(row: Any) -> bool:
    return (
        isinstance(row, dict)
        and isinstance(row.get("filename"), str)
        and isinstance(row.get("sha256"), str)
        and isinstance(row.get("size"), int)
    )


def _compare_names(files: Mapping[str, Enclosed], rows: _Rows) -> None:
    """Raise Doubt unless manifest and attachments name the same files."""
    if rows.is_doubled:
        raise Doubt("The manifest lists a file twice.")
    listed = {*rows.here, JSON_NAME}
    missing, extra = sorted(listed - set(files)), sorted(set(files) - listed)
    if missing:
        raise Doubt(f"The manifest lists {missing[0]}, which is not in the document.")
    if extra:
        raise Doubt(f"The document holds {extra[0]}, which the manifest does not list.")


def _differ(file: StrictFile, each: Enclosed | None, rows: _Rows) -> str:
    """Go through all rows; what is to be said of the manifest for spreadsheets, or nothing where it says the same."""
    if each is None or each.size > _LARGEST_MANIFEST:
        deque(rows.all(), maxlen=0)
        return "The manifest for spreadsheets is missing."
    head = file.read(each.start, min(each.size, _LONGEST_HEAD))
    columns = head[: max(head.find(b"\r\n"), 0)].decode("ascii", "replace").split(",")
    same, sheet, left = {"filename", "size", "sha256"} <= set(columns), _Within(file, each), each.size
    for line in csv_lines(rows.all(), columns):
        same = same and sheet.next(len(line)) == line
        left -= len(line)
    return "" if same and left == 0 else "The two manifests, for spreadsheets and for machines, differ."
