"""A record source that is a query: one read-only statement with bound values, bounded in time, rows and bytes."""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from requests_portal.database.record_sources import Asked, BadRecords, Row
from requests_portal.errors import Away, Unusable

SECONDS = 30
CONNECT_SECONDS = 10
MOST_ROWS = 100_000
MOST_CHARACTERS = 32 << 20
PARAMETERS = frozenset({"account", "from", "to", "device"})
# How often SQLite looks whether its time is up, in steps of its machine.
STEPS = 10_000
# What SQLite says of the statement itself; everything else is about the file, and may pass.
OF_THE_STATEMENT = frozenset({"SQLITE_ERROR", "SQLITE_READONLY", "SQLITE_MISMATCH", "SQLITE_AUTH", "SQLITE_RANGE"})


class Query:
    """One query at one database; `:account` is bound, and so are `:from`, `:to` and `:device` where it names them."""

    def __init__(self, name: str, url: str, sql: str, *, seconds: float = SECONDS) -> None:
        self._name, self._sql, self._seconds = name, sql, seconds
        self._named = frozenset(text(sql).compile().params)
        if "account" not in self._named or not self._named <= PARAMETERS:
            named = ", ".join(f":{each}" for each in sorted(self._named)) or "nothing"
            raise Unusable(f"The query of {name} must name :account, and may name :from, :to and :device, not {named}.")
        try:
            self._engine = self._read_only(url)
        except ArgumentError as error:
            raise Unusable(f"The url of {name} is no address of a database.") from error

    def read(self, asked: Asked) -> tuple[Row, Iterable[Row]]:
        """The columns and the rows, once for each device where the query names one."""
        columns: Row = ()
        rows: list[Row] = []
        with self._errors(), self._engine.connect() as connection:
            for values in self._values(asked):
                columns = self._read(connection, values, rows)
        return columns, rows

    def _read(self, connection: Connection, values: Mapping[str, str | None], rows: list[Row]) -> Row:
        characters = 0
        result = connection.execution_options(stream_results=True).execute(text(self._sql), values)
        if not result.returns_rows:
            raise BadRecords(f"The query of {self._name} gives no table. Have it looked at.")
        for row in result.yield_per(1_000):
            cells = tuple(map(self._as_text, row))
            rows.append(cells)
            characters += sum(map(len, cells))
            if len(rows) > MOST_ROWS or characters > MOST_CHARACTERS:
                raise BadRecords(
                    f"{self._name} gives more than {MOST_ROWS:,} rows or {MOST_CHARACTERS:,} characters. "
                    "Narrow the decision, or have its query looked at."
                )
        return tuple(result.keys())

    def _values(self, asked: Asked) -> Iterator[dict[str, str | None]]:
        moments = {"from": asked.interval.start.isoformat(), "to": asked.interval.end.isoformat()}
        every = "device" not in self._named or asked.devices is None
        for device in [None] if every else sorted(asked.devices or ()):
            values = {"account": asked.account, **moments, "device": device}
            yield {name: value for name, value in values.items() if name in self._named}

    def _as_text(self, cell: object) -> str:
        if cell is None:
            return ""
        if isinstance(cell, bool):
            return "true" if cell else "false"
        if isinstance(cell, str | int | float | Decimal):
            return str(cell)
        if isinstance(cell, datetime | date):
            return cell.isoformat()
        raise BadRecords(f"{self._name} gave a cell that is no text, number or moment. Have its query cast it.")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            if _is_of_the_statement(error):
                raise BadRecords(f"The query of {self._name} is refused by its database. Have it looked at.") from error
            raise Away(f"{self._name} does not answer, or not in time. It is asked again.") from error
        except sqlite3.Error as error:
            raise Away(f"{self._name} does not answer, or not in time. It is asked again.") from error
        except SQLAlchemyError as error:
            raise BadRecords(f"The query of {self._name} cannot be asked. Have it looked at.") from error

    def _read_only(self, url: str) -> Engine:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            path = str(address.database or "")
            return create_engine("sqlite://", creator=lambda: self._sqlite(path), poolclass=NullPool)
        milliseconds = int(self._seconds * 1000)
        options = f"-c default_transaction_read_only=on -c statement_timeout={milliseconds}"
        arguments = {"options": options, "connect_timeout": CONNECT_SECONDS}
        return create_engine(address, connect_args=arguments, poolclass=NullPool)

    def _sqlite(self, path: str) -> sqlite3.Connection:
        connection = sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, timeout=CONNECT_SECONDS)
        connection.execute("PRAGMA query_only=ON")
        until = time.monotonic() + self._seconds
        connection.set_progress_handler(lambda: time.monotonic() > until, STEPS)
        return connection


def _is_of_the_statement(error: DBAPIError) -> bool:
    """Whether the database found fault with the query, rather than being away or too slow."""
    if error.connection_invalidated:
        return False
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorname", "SQLITE_ERROR") in OF_THE_STATEMENT
    # PostgreSQL: classes 08, 53, 55, 57 and 58 are about the server; what never reached it has no code at all.
    code = getattr(error.orig, "sqlstate", None) or ""
    return bool(code) and not code.startswith(("08", "53", "55", "57", "58", "40"))
