"""A record source that is a CSV file with a header: read as a stream, an account's rows kept, bounded."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from requests_portal.database.record_sources import Asked, BadRecords, Row
from requests_portal.errors import Away

LONGEST_LINE = 1 << 16
MOST_ROWS = 100_000


class RecordFile:
    """One file, of which one column names the account."""

    def __init__(self, name: str, path: Path, *, account_column: str) -> None:
        self._name, self._path, self._account_column = name, path, account_column

    def read(self, asked: Asked) -> tuple[Row, Iterable[Row]]:
        """The columns and the account's rows; raises Away for a file that is not there or that somebody writes to."""
        try:
            before = self._path.stat()
            with self._path.open(encoding="utf-8-sig", newline="") as file:
                columns, rows = self._read(self._lines(file), asked.account)
            after = self._path.stat()
        except OSError as error:
            raise Away(f"The file of {self._name} cannot be read now. It is tried again.") from error
        except UnicodeDecodeError as error:
            raise BadRecords(f"The file of {self._name} is not UTF-8. Save it again.") from error
        if (before.st_size, before.st_mtime_ns, before.st_ino) != (after.st_size, after.st_mtime_ns, after.st_ino):
            raise Away(f"The file of {self._name} was written to while it was read. It is tried again.")
        return columns, rows

    def _read(self, lines: Iterator[str], account: str) -> tuple[Row, list[Row]]:
        reader, rows = csv.reader(lines, strict=True), []
        try:
            columns = tuple(next(reader, ()))
            if self._account_column not in columns:
                raise BadRecords(f"The file of {self._name} has no column {self._account_column}.")
            whose = columns.index(self._account_column)
            for cells in reader:
                if len(cells) != len(columns):
                    raise self._bad(reader.line_num, f"it has {len(cells)} cells and the header {len(columns)}")
                if cells[whose] == account:
                    rows.append(tuple(cells))
                if len(rows) > MOST_ROWS:
                    raise self._bad(reader.line_num, f"more than {MOST_ROWS:,} rows are of one account")
        except csv.Error as error:
            raise self._bad(max(reader.line_num, 1), f"this is not proper CSV ({error})") from error
        return columns, rows

    def _lines(self, file: Iterable[str]) -> Iterator[str]:
        number = 0
        while line := file.readline(LONGEST_LINE):  # type: ignore[attr-defined]
            number += 1
            if len(line) == LONGEST_LINE and not line.endswith("\n"):
                raise self._bad(number, f"it is longer than {LONGEST_LINE:,} characters")
            yield line

    def _bad(self, line: int, fault: str) -> BadRecords:
        return BadRecords(f"The file of {self._name}, line {line}: {fault}.")
