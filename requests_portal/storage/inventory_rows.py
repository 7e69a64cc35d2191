"""The rows of an inventory's files, read strictly and with bounded memory, whatever the files hold."""

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from requests_portal.errors import Unusable
from requests_portal.model.in_store import LARGEST, StoredVersion, is_key

BUCKET, KEY, VERSION, SIZE = "bucket", "key", "versionid", "size"
LATEST, MARKER = "islatest", "isdeletemarker"
READ = (BUCKET, KEY, VERSION, SIZE, LATEST, MARKER)
# A row names a key of at most 1,024 bytes, three times as long when encoded, and a dozen short words.
LONGEST_LINE = 16_384
# Names and digests compress to a third; what swells far more is made to fill a disk.
SWELLS_TO = 250
AT_LEAST = 16 << 20
AT_ONCE = 8_192
AT_LEAST_ROWS = 1_000_000
# What one group of rows may take.
LARGEST_GROUP = 1 << 31
GZIP = b"\x1f\x8b"
TRUTH = {"true": True, "false": False, "True": True, "False": False, "TRUE": True, "FALSE": False}


class BadInventory(Unusable):
    """An inventory that cannot be believed; `file` is the name of the file and `line` counts its rows from 1."""

    code = "bad_inventory"

    def __init__(self, file: str, fault: str, line: int | None = None) -> None:
        where = f"The inventory's {file}" if line is None else f"The inventory's {file}, row {line}"
        super().__init__(f"{where}: {fault}.")
        self.file, self.fault, self.line = file, fault, line

    def __reduce__(self) -> tuple[type["BadInventory"], tuple[str, str, int | None]]:
        return type(self), (self.file, self.fault, self.line)


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Which columns a file has, in its order; `encoded` says that its keys are written as in an address."""

    names: tuple[str, ...]
    encoded: bool
    has_header: bool = False

    @classmethod
    def named(cls, names: Sequence[str], *, encoded: bool, where: str, has_header: bool = False) -> "Columns":
        """The columns of these names; raises BadInventory where no key or size is among them, or one is there twice."""
        found = tuple(map(_plainly, names))
        missing = [name for name in (KEY, SIZE) if name not in found]
        if missing:
            raise BadInventory(where, f"its schema has no column for the {' and the '.join(missing)}")
        if len(set(found)) != len(found):
            raise BadInventory(where, "its schema names a column twice")
        return cls(names=found, encoded=encoded, has_header=has_header)

    @property
    def names_versions(self) -> bool:
        """Whether each row names its version."""
        return VERSION in self.names

    @property
    def lists_every_version(self) -> bool:
        """Whether older versions are listed beside the newest."""
        return self.names_versions and LATEST in self.names

    def place(self, name: str) -> int | None:
        """Where a column stands."""
        return self.names.index(name) if name in self.names else None


def plain_csv_columns(path: Path, name: str) -> Columns:
    """The columns that the first row of a plain CSV names."""
    with closing(_lines(path, name)) as lines:
        try:
            header = next(csv.reader(lines, strict=True), [])
        except csv.Error as error:
            raise BadInventory(name, f"this is not proper CSV ({error})", 1) from error
    if KEY not in map(_plainly, header):
        raise BadInventory(name, "it has no header that names its columns; add one, or name the manifest.json", 1)
    return Columns.named(header, encoded=False, where=name, has_header=True)


def plain_parquet_columns(path: Path, name: str) -> Columns:
    """The columns that a Parquet file says it has."""
    with _parquet(path, name) as file:
        return Columns.named(file.schema_arrow.names, encoded=False, where=name)


def csv_rows(path: Path, name: str, columns: Columns, *, bucket: str) -> Iterator[StoredVersion]:
    """The rows of a CSV file, which may be compressed with gzip."""
    width, row = len(columns.names), _reader(columns, name, bucket)
    number = 0
    with closing(_lines(path, name)) as lines:
        try:
            for number, cells in enumerate(csv.reader(lines, strict=True), start=1):
                if columns.has_header and number == 1:
                    continue
                if len(cells) != width:
                    raise BadInventory(name, f"it has {len(cells)} cells and the schema {width}", number)
                yield row(cells, number)
        except csv.Error as error:
            raise BadInventory(name, f"this is not proper CSV ({error})", number + 1) from error


def parquet_rows(path: Path, name: str, columns: Columns, *, bucket: str) -> Iterator[StoredVersion]:
    """The rows of a Parquet file, a few thousand at a time."""
    with _parquet(path, name) as file:
        _refuse_swollen(file, path, name)
        present = {_plainly(each): each for each in file.schema_arrow.names}
        for each in READ:
            if each in columns.names and each not in present:
                raise BadInventory(name, f"it lacks the column {each} of the manifest's schema")
        wanted = [each for each in READ if each in present]
        row = _reader(Columns.named(wanted, encoded=False, where=name), name, bucket)
        number = 0
        for batch in file.iter_batches(AT_ONCE, columns=[present[each] for each in wanted], use_threads=False):
            for cells in zip(*(each.to_pylist() for each in batch.columns), strict=True):
                number += 1
                yield row(cells, number)


@contextmanager
def _parquet(path: Path, name: str) -> Iterator[Any]:
    import pyarrow as pa  # noqa: PLC0415 — sixty megabytes that only this needs
    import pyarrow.parquet  # noqa: PLC0415

    try:
        with pa.parquet.ParquetFile(path, pre_buffer=False, buffer_size=1 << 16) as file:
            yield file
    except (pa.ArrowException, OSError, ValueError, TypeError, OverflowError) as error:
        raise BadInventory(name, "it is not a Parquet file that can be read to its end; fetch it again") from error


def _plainly(name: str) -> str:
    """A column's name as both forms have it: "VersionId" and "version_id" are one."""
    return "".join(each for each in name.lower() if each.isalnum())


def _reader(columns: Columns, name: str, bucket: str) -> Callable[[Sequence[Any], int], StoredVersion]:
    """A function from cells to a version; what is not listed is the newest version, and none is a marker."""
    key_at, size_at = columns.place(KEY) or 0, columns.place(SIZE) or 0
    bucket_at, version_at = columns.place(BUCKET), columns.place(VERSION)
    latest_at, marker_at = columns.place(LATEST), columns.place(MARKER)
    encoded = columns.encoded

    def row(cells: Sequence[Any], number: int) -> StoredVersion:
        if bucket_at is not None and cells[bucket_at] not in {bucket, bucket.encode()}:
            raise BadInventory(name, f"it is of another bucket than {bucket}", number)
        key = cells[key_at]
        if isinstance(key, bytes):
            key = _decoded(key, name, number)
        if encoded and ("%" in key or "+" in key):
            key = _unquoted(key, name, number)
        if not is_key(key):
            raise BadInventory(name, "its key is empty, too long or holds what no key can hold", number)
        marker = marker_at is not None and _truth(cells[marker_at], name, number)
        return StoredVersion(
            key,
            "" if version_at is None else _version(cells[version_at], name, number),
            0 if marker else _size(cells[size_at], name, number),
            latest_at is None or _truth(cells[latest_at], name, number),
            marker,
        )

    return row


def _decoded(key: bytes, name: str, number: int) -> str:
    try:
        return key.decode()
    except UnicodeDecodeError as error:
        raise BadInventory(name, "its key is not UTF-8", number) from error


def _unquoted(key: str, name: str, number: int) -> str:
    try:
        return unquote_plus(key, errors="strict")
    except UnicodeDecodeError as error:
        raise BadInventory(name, "its key is not UTF-8", number) from error


def _version(cell: Any, name: str, number: int) -> str:
    version = cell.decode(errors="replace") if isinstance(cell, bytes) else cell or ""
    # An object from before versions were kept has none; the store calls it "null".
    if not isinstance(version, str) or (version and not is_key(version)):
        raise BadInventory(name, "its version is none", number)
    return version or "null"


def _size(cell: Any, name: str, number: int) -> int:
    size = cell
    if isinstance(cell, str):
        size = int(cell) if cell.isascii() and cell.isdecimal() and len(cell) < 20 else None  # noqa: PLR2004 — digits
    if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= LARGEST:
        raise BadInventory(name, "its size is no number of bytes that an object has", number)
    return size


def _truth(cell: Any, name: str, number: int) -> bool:
    if isinstance(cell, bool):
        return cell
    if cell in TRUTH:
        return TRUTH[cell]
    raise BadInventory(name, "a cell that must be true or false is neither", number)


def _lines(path: Path, name: str) -> Generator[str]:
    """The file's lines, none longer than a row can be, and no more in all than honest rows come to."""
    allowed = AT_LEAST + SWELLS_TO * path.stat().st_size
    with path.open("rb") as file:
        compressed = file.read(len(GZIP)) == GZIP
        file.seek(0)
        raw: Any = gzip.GzipFile(fileobj=file) if compressed else file
        text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
        total = number = 0
        try:
            while line := text.readline(LONGEST_LINE):
                number += 1
                total += len(line)
                if len(line) == LONGEST_LINE and not line.endswith("\n"):
                    raise BadInventory(name, f"the line is longer than {LONGEST_LINE:,} characters", number)
                if total > allowed:
                    raise BadInventory(name, f"it swells to more than {SWELLS_TO} times its size", number)
                yield line
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise BadInventory(name, "it is cut off or damaged; fetch it again", number + 1) from error
        except UnicodeDecodeError as error:
            raise BadInventory(name, "it is not UTF-8", number + 1) from error


def _refuse_swollen(file: Any, path: Path, name: str) -> None:
    size, stated = path.stat().st_size, file.metadata
    groups = [stated.row_group(number).total_byte_size for number in range(stated.num_row_groups)]
    if sum(groups) > AT_LEAST + SWELLS_TO * size or any(not 0 <= each <= LARGEST_GROUP for each in groups):
        raise BadInventory(name, f"it swells to {sum(groups):,} bytes, which no honest inventory does")
    # A row said again and again takes no room at all; honest ones differ in their keys.
    if stated.num_rows > AT_LEAST_ROWS + size:
        raise BadInventory(name, f"it swells to {stated.num_rows:,} rows, which no honest inventory does")
