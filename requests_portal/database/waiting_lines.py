"""Lines of a manifest that wait to be entered, in tables of the database that only this connection sees.

The tables are temporary: on disk, so that a million lines need no more memory than one, and gone after a kill.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Integer,
    MetaData,
    Row,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import OperationalError

from requests_portal.database.engine import reading
from requests_portal.database.tables import recordings
from requests_portal.errors import Away

NAMES = tuple(column.name for column in recordings.columns)
# What a line says of an object besides the random id that it was given.
SAID = tuple(name for name in ("copies", *NAMES) if name not in {"id", "pseudonym"})
SOME, AT_ONCE = 1_000, 64
# KiB that SQLite may keep of each of its two files, so that it need not read the same pages again and again.
CACHES = {"main": 128 * 1024, "temp": 32 * 1024}

_temporary = MetaData()
waiting = Table(
    "waiting",
    _temporary,
    Column("line", Integer, primary_key=True),
    Column("path", Text, nullable=False),
    Column("copies", Text, nullable=False),
    *(Column(each.name, each.type) for each in recordings.columns),
    prefixes=["TEMPORARY"],
)
refused = Table(
    "refused",
    _temporary,
    Column("number", Integer, primary_key=True),
    Column("line", Integer, nullable=False),
    Column("column", Text),
    Column("fault", Text, nullable=False),
    prefixes=["TEMPORARY"],
)
# The lines in the order in which the catalogue lies, each with the id that its recording is to have.
in_order = Table(
    "in_order",
    _temporary,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("line", Integer, nullable=False),
    Column("id", recordings.c.id.type, nullable=False),
    prefixes=["TEMPORARY"],
)
# What a line may leave open, and how that is written.
OPEN: dict[str, Any] = {
    **dict.fromkeys(("transcript", "transcript_key", "transcript_version"), ""),
    **dict.fromkeys(("words", "retain_until", "seconds")),
    "speakers": "null",
    "reviews": "[]",
    "false_wake": False,
}
# A row of which nothing is known, in the order of the columns.
UNSAID: dict[str, Any] = {name: OPEN.get(name, "") for name in NAMES} | {"size": 0}


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """What is wrong with one line."""

    line: int
    column: str | None
    fault: str


class WaitingLines:
    """Lines that wait, and what was refused of others; every change is a transaction of its own."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, lines: Sequence[tuple[Any, ...]]) -> None:
        """Have lines wait, each a value for each column."""
        with self.connection.begin():
            _load(self.connection, waiting, lines)

    def refuse(self, refusals: Iterable[Refusal]) -> None:
        """Note what is wrong with lines."""
        rows = [vars(each) for each in refusals]
        if rows:
            with self.connection.begin():
                self.connection.execute(insert(refused), rows)

    def settle_repeated(self) -> int:
        """Of lines about one object let the first wait, and refuse what says otherwise; how many say the same."""
        with self.connection.begin():
            _analyze(self.connection, waiting)
            same = and_(*(_first.c[name].is_not_distinct_from(waiting.c[name]) for name in SAID))
            said_again = _repeated(waiting.c.line).where(same)
            gone = self.connection.execute(delete(waiting).where(waiting.c.line.in_(said_again)))
        self.settle(_repeated(waiting, *beside(_first)).order_by(waiting.c.line), _said_otherwise)
        return gone.rowcount

    def settle(self, query: Select[Any], judge: Callable[[Row[Any]], list[Refusal]]) -> None:
        """Refuse what the judge finds wrong with each row, a few at a time; these lines wait no longer."""
        with self.connection.begin():
            for some in self.connection.execute(query, execution_options={"yield_per": SOME}).partitions():
                rows = [vars(each) for row in some for each in judge(row)]
                if rows:
                    self.connection.execute(insert(refused), rows)
            self.connection.execute(delete(waiting).where(waiting.c.line.in_(select(refused.c.line))))

    @property
    def refused(self) -> int:
        """How many lines were refused."""
        return self._count(select(func.count(refused.c.line.distinct())))

    @property
    def waiting(self) -> int:
        """How many lines wait."""
        return self._count(select(func.count()).select_from(waiting))

    def refusals(self) -> Iterator[Refusal]:
        """What was refused, in the order of the manifest."""
        query = select(refused).order_by(refused.c.line, refused.c.number).execution_options(yield_per=1000)
        with self.connection.begin():
            for row in self.connection.execute(query):
                yield Refusal(line=row.line, column=row.column, fault=row.fault)

    def lay_in_order(self, new_id: Callable[[], str]) -> int:
        """Number the lines that wait in the order in which the catalogue lies; the last number."""
        order = (waiting.c.account, waiting.c.device, waiting.c.recorded_at, waiting.c.line)
        query, last = select(waiting.c.line).order_by(*order), 0
        with self.connection.begin():
            for some in self.connection.execute(query, execution_options={"yield_per": SOME}).partitions():
                # Ids that grow with the order are entered at the end of their index.
                rows = [(number, row.line, new_id()) for number, row in enumerate(some, last + 1)]
                _load(self.connection, in_order, rows)
                last += len(rows)
            _analyze(self.connection, in_order)
        return last

    def to_upload(self) -> Iterator[Sequence[Row[Any]]]:
        """The lines whose files are still to be uploaded, a few at a time."""
        last, query = 0, select(waiting).where(waiting.c.version_id == "").order_by(waiting.c.line).limit(AT_ONCE)
        while some := self._rows(query.where(waiting.c.line > last)):
            yield some
            last = some[-1].line

    def uploaded(self, versions: Mapping[int, str]) -> None:
        """Note under which version the store has each of these lines' files."""
        values = [{"of": line, "version": version} for line, version in versions.items()]
        noted = update(waiting).where(waiting.c.line == bindparam("of")).values(version_id=bindparam("version"))
        with self.connection.begin():
            self.connection.execute(noted, values)

    def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        with self.connection.begin():
            return self.connection.execute(query).all()

    def _count(self, query: Select[Any]) -> int:
        with self.connection.begin():
            found: int = self.connection.execute(query).scalar_one()
            return found


@contextmanager
def waiting_lines(engine: Engine) -> Iterator[WaitingLines]:
    """A connection on which nothing waits yet."""
    with reading(engine).connect() as connection:
        if connection.dialect.name == "sqlite":
            for schema, size in CACHES.items():
                connection.exec_driver_sql(f"PRAGMA {schema}.cache_size = -{size}")
            connection.commit()
        with connection.begin():
            _temporary.create_all(connection, checkfirst=False)
        try:
            yield WaitingLines(connection)
        except OperationalError as error:
            raise Away(f"The database could not go on ({error.orig}). Import the manifest again.") from error
        finally:
            # The tables and the larger caches go with the connection.
            connection.invalidate()


def _load(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    if connection.dialect.name == "postgresql":
        cursor: Any = connection.connection.cursor()
        with cursor, cursor.copy(f"COPY {table.name} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    elif rows:
        marks = ", ".join("?" * len(table.columns))
        connection.exec_driver_sql(f"INSERT INTO {table.name} VALUES ({marks})", list(rows))  # noqa: S608 — our own names


def _analyze(connection: Connection, table: Table) -> None:
    # SQLite plans these queries well without; PostgreSQL takes an unknown table for a small one.
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ANALYZE {table.name}"))


_first = waiting.alias("first_line")


def _repeated(*columns: Any) -> Select[Any]:
    """Each line about an object that a line before it is about, beside the first of these."""
    of_object = ("bucket", "key", "version_id")
    objects = [waiting.c[name] for name in of_object]
    firsts = select(*objects, func.min(waiting.c.line).label("first")).group_by(*objects).having(func.count() > 1)
    known = firsts.subquery("firsts")
    again = and_(*(waiting.c[name] == known.c[name] for name in of_object), waiting.c.line != known.c.first)
    joined = known.join(_first, _first.c.line == known.c.first).join(waiting, again)
    return select(*columns).select_from(joined)


def beside(table: FromClause) -> list[ColumnElement[Any]]:
    """The table's columns under names that do not clash with those of the waiting lines."""
    return [column.label(f"there_{column.name}") for column in table.columns]


def differing(row: Row[Any], names: Iterable[str]) -> list[str]:
    """The columns in which a waiting line and what stands beside it differ."""
    said = row._mapping  # noqa: SLF001 — SQLAlchemy's public name for it
    return [name for name in names if said[name] != said[f"there_{name}"]]


def _said_otherwise(row: Row[Any]) -> list[Refusal]:
    fault = f"line {row.there_line} says otherwise of the same object"
    return [Refusal(line=row.line, column=name, fault=fault) for name in differing(row, SAID)]
