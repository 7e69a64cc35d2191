"""An inventory's rows in the order of their keys' bytes: sorted on disk, since S3 promises no order."""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from requests_portal.model.in_store import StoredVersion

CACHE_KILOBYTES = 32_000


class SortedRows:
    """A scratch file that is gone when the block ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = sqlite3.connect(path, isolation_level=None)
        # Nothing here outlives a crash, so nothing is written twice.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{CACHE_KILOBYTES}", "temp_store=FILE"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute(
            "CREATE TABLE listed (key TEXT, version TEXT, size INTEGER, latest INTEGER, marker INTEGER)"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._connection.close()
        self._path.unlink(missing_ok=True)

    def take(self, rows: Iterable[StoredVersion]) -> int:
        """Take rows in whatever order they come; returns how many."""
        self._connection.execute("BEGIN")
        taken = self._connection.executemany("INSERT INTO listed VALUES (?, ?, ?, ?, ?)", rows)
        self._connection.execute("COMMIT")
        return taken.rowcount

    def in_order(self) -> Iterator[StoredVersion]:
        """All of them by key and version, each different one once."""
        before: tuple[object, ...] = ()
        for row in self._connection.execute("SELECT * FROM listed ORDER BY key, version, size, latest, marker"):
            if row != before:
                yield StoredVersion._make(row)
            before = row
