"""A package for whoever helps from outside: how a desk stands, in numbers and known words, without personal data.

Nothing is taken over as it is written somewhere: what is not a number, a moment, or a word that this release knows
stays out, and settings are told by whether they are set.
"""

import json
import os
import platform
import re
import sqlite3
import zipfile
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from importlib.metadata import PackageNotFoundError, requires, version
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Engine, Table, func, select

from requests_portal.app import FLOW_VERSION
from requests_portal.database.engine import connect, reading
from requests_portal.database.schema import HEAD, revision
from requests_portal.database.tables import cases, held_recordings, metadata, productions, rounds, workers
from requests_portal.diagnosis import doctor, free_disks, is_no_file, open_to_look
from requests_portal.errors import Conflict
from requests_portal.model.actor import COMMAND_LINE
from requests_portal.model.case import CaseState
from requests_portal.model.hold import Held
from requests_portal.model.production import ProductionState
from requests_portal.rounds import ROUNDS
from requests_portal.settings import Settings

PRODUCT = "disclosure-desk"
OTHER = "other"
# Settings whose text is one of ours; of every other text it is told only whether there is one.
TOLD = {"reader": ("fast", "plain"), "vault_retention_mode": ("GOVERNANCE", "COMPLIANCE")}
LOG_LINES = 2000
LONGEST_LINE = 20_000
LOG_SHAPES: Mapping[str, re.Pattern[str]] = {
    "time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(\+00:00|Z)"),
    "level": re.compile(r"debug|info|warning|error|critical"),
    "error": re.compile(r"[A-Z][A-Za-z]{0,60}"),
    "at": re.compile(r"\w{1,60}\.py:\d{1,6}( > \w{1,60}\.py:\d{1,6})*"),
    "from": re.compile(r"\w{1,60} \w{1,60}\.py:\d{1,6}"),
}
REVISION = re.compile(r"\d{4}")
NAME_OF_A_PACKAGE = re.compile(r"[A-Za-z0-9._-]+")
READ_ME = """What this package holds: versions, which settings are set, rows and states counted, what desk doctor found
(by name), rounds and workers (numbered), and the last lines of a log, of which only times, levels, kinds of errors and
places in the program are kept. It names no person, no case and no machine. Look through it before you send it.
"""


def write_package(path: Path, settings: Settings, *, at: datetime, log: Path | None = None) -> Mapping[str, Any]:
    """Write the package to a new file that only its owner may read; returns what it says of the desk."""
    told = diagnostics(settings, at=at)
    lines = list(log_lines(log)) if log else []
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("README.txt", READ_ME)
        package.writestr("desk.json", json.dumps(told, indent=2) + "\n")
        if log:
            package.writestr("log.jsonl", "".join(json.dumps(each) + "\n" for each in lines))
    return told


def diagnostics(settings: Settings, *, at: datetime) -> dict[str, Any]:
    """How the desk stands; a part that cannot be looked at says what kind of error stopped it."""
    if is_no_file(settings.database_url):
        raise Conflict("There is no desk here yet. Look at database_url in the settings, or run desk setup.")
    engine = connect(settings.database_url)
    parts: dict[str, Callable[[], Any]] = {
        "versions": lambda: _versions(engine),
        "settings": lambda: _settings(settings),
        "tables": lambda: _tables(engine),
        "rows": lambda: _rows(engine),
        "states": lambda: _states(engine),
        "rounds": lambda: _rounds(engine),
        "workers": lambda: _workers(engine),
        "free_bytes": lambda: {each.name: each.free for each in free_disks(settings)},
        "doctor": lambda: _doctor(settings),
    }
    try:
        return {"at": at.isoformat(), **{name: _tried(look) for name, look in parts.items()}}
    finally:
        engine.dispose()


def log_lines(path: Path) -> Iterable[dict[str, str]]:
    """The last lines of a desk's log, each with what is known to name nobody."""
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in deque(iter(lambda: file.readline(LONGEST_LINE), ""), maxlen=LOG_LINES):
            yield _kept(line)


def _kept(line: str) -> dict[str, str]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        return {"left_out": "not a line of ours"}
    found = {name: said.get(name) for name in LOG_SHAPES}
    return {
        name: value for name, value in found.items() if isinstance(value, str) and LOG_SHAPES[name].fullmatch(value)
    }


def _tried(look: Callable[[], Any]) -> Any:
    try:
        return look()
    except Exception as error:  # noqa: BLE001 — what is broken is why somebody asks; its own words may name somebody
        return {"failed": type(error).__name__}


def _versions(engine: Engine) -> dict[str, str]:
    names = {NAME_OF_A_PACKAGE.match(each) for each in requires(PRODUCT) or () if "extra ==" not in each}
    packages = {found.group(): _version(found.group()) for found in names if found}
    return {
        PRODUCT: _version(PRODUCT),
        "flow": FLOW_VERSION,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "database": engine.dialect.name,
        "sqlite": sqlite3.sqlite_version,
        **dict(sorted(packages.items())),
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _settings(settings: Settings) -> dict[str, Any]:
    return {each.name: _told(each.name, getattr(settings, each.name)) for each in fields(settings)}


def _told(name: str, value: object) -> object:
    if isinstance(value, bool | int):
        return value
    if isinstance(value, tuple):
        return len(value)
    if value in TOLD.get(name, ()):
        return value
    return "set" if value else "empty"


def _tables(engine: Engine) -> dict[str, object]:
    with reading(engine).connect() as connection:
        found = revision(connection) or ""
    return {"found": found if REVISION.fullmatch(found) else OTHER, "known": HEAD}


def _rows(engine: Engine) -> dict[str, int]:
    with reading(engine).connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def _states(engine: Engine) -> dict[str, dict[str, int]]:
    return {
        "cases": _by_state(engine, cases, CaseState),
        "productions": _by_state(engine, productions, ProductionState),
        "held recordings": _by_state(engine, held_recordings, Held),
    }


def _by_state(engine: Engine, table: Table, known: Iterable[str]) -> dict[str, int]:
    words, counted = {str(each) for each in known}, Counter[str]()
    state: Column[Any] = table.c.state
    with reading(engine).connect() as connection:
        for found, count in connection.execute(select(state, func.count()).group_by(state)):
            counted[found if found in words else OTHER] += count
    return dict(counted)


def _rounds(engine: Engine) -> list[dict[str, Any]]:
    # A machine's own round has the machine's name behind its word.
    known = {each.name.partition(" ")[0] for each in ROUNDS}
    with reading(engine).connect() as connection:
        return [
            {
                "name": word if (word := row.name.partition(" ")[0]) in known else OTHER,
                "due_at": _moment(row.due_at),
                "begun_at": _moment(row.begun_at),
                "ended_at": _moment(row.ended_at),
                "failed": bool(row.failure),
            }
            for row in connection.execute(select(rounds).order_by(rounds.c.name))
        ]


def _workers(engine: Engine) -> list[dict[str, Any]]:
    with reading(engine).connect() as connection:
        found = connection.execute(select(workers).order_by(workers.c.name))
        return [
            {
                "worker": number,
                "of_this_release": row.version == FLOW_VERSION,
                "began_at": _moment(row.began_at),
                "beat_at": _moment(row.beat_at),
                "ended_at": _moment(row.ended_at),
                "draining": bool(row.draining),
            }
            for number, row in enumerate(islice(found, LOG_LINES), start=1)
        ]


def _moment(kept: str | None) -> str | None:
    try:
        return datetime.fromisoformat(kept).isoformat() if kept else None
    except ValueError:
        return OTHER


def _doctor(settings: Settings) -> dict[str, Any]:
    desk = open_to_look(settings)
    try:
        found = doctor(desk)(COMMAND_LINE)
    finally:
        desk.close()
    return {
        "well": list(found.well),
        "faults": [
            {
                "name": each.name,
                "severity": str(each.severity),
                "cases": len(each.cases),
                "deadline": each.deadline.isoformat() if each.deadline else None,
            }
            for each in found.faults
        ],
        "services": dict(found.seen.answers),
    }
