"""CSV read line by line in constant memory: what is wrong with one line is said of that line, and the next is read."""

import csv
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from requests_portal.errors import Unusable
from requests_portal.storage.manifest_cells import BadManifest

# In bytes: nobody's transcript is longer, and a file that is no CSV at all is one endless line.
LONGEST_LINE = 128 * 1024
BOM = "\ufeff"
# What is no text: control characters other than those that end a line or part words, and bytes that are not UTF-8.
_STRANGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\ud800-\udfff\ufffe\uffff]")
_NOT_UTF8 = re.compile("[\ud800-\udfff]")


class CsvLines:
    """One CSV file: its header first, then each line's cells or what is wrong with it; `sha256` is of what was read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._digest = hashlib.sha256()
        self._overlong = self._strange = 0
        self._line = 0

    @property
    def sha256(self) -> str:
        """The digest of the bytes read so far; of the whole file once every line was read."""
        return self._digest.hexdigest()

    def __iter__(self) -> Iterator[tuple[int, list[str] | BadManifest]]:
        try:
            with self._path.open("rb") as file:
                yield from self._records(file)
        except OSError as error:
            raise Unusable(f"The manifest {self._path.name} cannot be read ({error.strerror}).") from error

    def _records(self, file: BinaryIO) -> Iterator[tuple[int, list[str] | BadManifest]]:
        reader = csv.reader(self._lines(file), strict=True)
        while True:
            # A quoted cell may span lines; a person looks for the first of them.
            line = self._line + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                upto = f", read to line {self._line}" if self._line > line else ""
                yield line, BadManifest(line, None, f"this is not proper CSV ({error}{upto})")
                continue
            if self._overlong >= line:
                yield line, BadManifest(line, None, f"it is longer than {LONGEST_LINE:,} bytes")
            elif cells:
                yield line, cells

    def is_strange(self, line: int) -> bool:
        """Whether the record that began on this line, the newest read, holds what is no text."""
        return self._strange >= line

    def _lines(self, file: BinaryIO) -> Iterator[str]:
        for data in self._physical(file):
            self._digest.update(data)
            text = data.decode("utf-8", "surrogateescape")
            if self._line == 0:
                text = text.removeprefix(BOM)
            self._line += 1
            if len(data) > LONGEST_LINE:
                self._overlong = self._line
                self._skip(file, data)
                text = "\n"
            elif _STRANGE.search(text):
                self._strange = self._line
            yield text

    @staticmethod
    def _physical(file: BinaryIO) -> Iterator[bytes]:
        while data := file.readline(LONGEST_LINE + 1):
            yield data

    def _skip(self, file: BinaryIO, data: bytes) -> None:
        while data and not data.endswith(b"\n"):
            data = file.readline(LONGEST_LINE)
            self._digest.update(data)


def must_be_text(line: int, cells: dict[str, Any]) -> None:
    """Refuse the first cell that holds a control character or bytes that are not UTF-8."""
    for column, written in cells.items():
        if _NOT_UTF8.search(written):
            raise BadManifest(line, column, "the text is not UTF-8; save the manifest as UTF-8")
        if _STRANGE.search(written):
            raise BadManifest(line, column, "it holds a control character")
