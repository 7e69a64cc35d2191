"""The engine: SQLite with a write lock taken at BEGIN, or PostgreSQL."""

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

# What SQLite says of a moment, not of a mistake of ours: locked by others, no room, or a disk that fails.
PASSING = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL})
# In seconds and milliseconds: a server that is gone without a word is not waited for longer.
PATIENCE = {"connect_timeout": 5, "keepalives_idle": 5, "keepalives_interval": 3, "tcp_user_timeout": 15_000}
# PostgreSQL's word for a statement that somebody stopped.
CANCELLED = "57014"


def connect(url: str) -> Engine:
    """An engine for the app's own tables; SQLite gets WAL, foreign keys and BEGIN IMMEDIATE."""
    # What a restart of PostgreSQL cut off is noticed before it is used.
    patience = {} if url.startswith("sqlite") else {"pool_pre_ping": True, "connect_args": PATIENCE}
    engine = create_engine(url, **patience)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    else:
        event.listen(engine, "connect", _prefer_indexes)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's own BEGIN, below, instead of sqlite3's late one
    for pragma in (
        # First, since it may take the others a lock to be obeyed.
        "busy_timeout=30000",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _prefer_indexes(connection: Any, _record: Any) -> None:
    # What is asked for often lies in memory, where a page of an index is read as fast as the next one of a table.
    connection.execute("SET random_page_cost = 1.1")
    connection.commit()


def is_away(error: BaseException) -> bool:
    """Whether the database does not answer for now, so that the same act can succeed later."""
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.OperationalError):
        return (error.orig.sqlite_errorcode or 0) & 0xFF in PASSING
    passing = isinstance(error, OperationalError | InterfaceError) and getattr(error.orig, "sqlstate", "") != CANCELLED
    return error.connection_invalidated or passing


def reading(engine: Engine) -> Engine:
    """The same engine for transactions that only read: they never wait for a writer."""
    return engine.execution_options(reads_only=True)


def _begin(connection: Connection) -> None:
    # Read-then-write transactions that start as readers fail half of the time under eight threads.
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
