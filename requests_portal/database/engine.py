"""The engine: SQLite with a write lock taken at BEGIN, or PostgreSQL."""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event


def connect(url: str) -> Engine:
    """An engine for the app's own tables; SQLite gets WAL, foreign keys and BEGIN IMMEDIATE."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's own BEGIN, below, instead of sqlite3's late one
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "busy_timeout=30000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def reading(engine: Engine) -> Engine:
    """The same engine for transactions that only read: they never wait for a writer."""
    return engine.execution_options(reads_only=True)


def _begin(connection: Connection) -> None:
    # Read-then-write transactions that start as readers fail half of the time under eight threads.
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
