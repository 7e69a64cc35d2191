"""Backing up a desk on SQLite while it runs: database, settings and keys in one new folder, each by its SHA-256."""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import file_digest, sha256
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError
from sqlalchemy.orm import Session

from requests_portal.app import FLOW_VERSION
from requests_portal.audit_log.checkpoint import read_unverified
from requests_portal.database.audit_store import newest_checkpoint
from requests_portal.database.productions import SqlProductions
from requests_portal.database.schema import revision
from requests_portal.errors import Conflict, Unusable
from requests_portal.settings import Settings, read
from requests_portal.storage.spool import Spool

FORM = "disclosure-desk-backup/1"
MANIFEST, DATABASE, SETTINGS, KEYS, NAMED = "manifest.json", "desk.db", "settings.toml", "keys", "files"
SPOOL = "spool"
LOG_KEY = f"{KEYS}/log.key"
# What else the settings name and a desk cannot do without.
FOLDERS = ("retired_certificates", "revocation_lists")
FILES = ("signing_key", "signing_certificates", "tsa_certificates", "house_policy", "people")
CHUNK = 1024 * 1024
OTHER_WAY = (
    "This desk is on PostgreSQL, which has a tool of its own: back it up with pg_dump, "
    'as the README says under "Back up and restore".'
)


class NoBackup(Unusable):
    """What was to be backed up, or restored from, is not there or of another form."""

    code = "no_backup"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One file of a backup; size in bytes."""

    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup holds, of which release it is, and how far the audit log had come."""

    taken_at: str
    software: str
    flow_version: str
    migration: str
    log_size: int
    checkpoint: str
    files: Mapping[str, Kept]

    def as_json(self) -> dict[str, object]:
        """The manifest as it is written."""
        return {"form": FORM, **asdict(self)}


def back_up(file: Path, dest: Path, *, at: datetime) -> Manifest:
    """Write a backup of the desk of this settings file to a new folder, whole or not at all; the desk may run."""
    settings = read(file)
    database = database_file(settings)
    if os.path.lexists(dest):
        raise Conflict(f"There is something at {dest.name} already. Name a new folder for the backup.")
    if not dest.parent.is_dir():
        raise NoBackup(f"There is no folder {dest.parent.name} in which to make the backup.")
    part = dest.with_name(f".{dest.name}.part-{os.getpid()}")
    part.mkdir(mode=0o700)
    try:
        manifest = _written(settings, file, database, part, at=at)
        part.rename(dest)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    sync_folder(dest.parent)
    return manifest


def database_file(settings: Settings) -> Path:
    """The one file that holds this desk's database; raises NoBackup on PostgreSQL."""
    try:
        url = make_url(settings.database_url)
    except ArgumentError as error:
        raise NoBackup("database_url in the settings is no address of a database.") from error
    if url.get_backend_name() != "sqlite":
        raise NoBackup(OTHER_WAY)
    if not url.database or url.database == ":memory:":
        raise NoBackup("database_url in the settings names no file.")
    return Path(url.database)


def named_paths(settings: Settings) -> dict[str, Path]:
    """Where each folder and file that the settings name lies, by its place in a backup."""
    paths = {KEYS: Path(settings.keys)}
    paths |= {f"{NAMED}/{each}": Path(value) for each in FOLDERS if (value := getattr(settings, each))}
    named = {each: Path(value) for each in FILES if (value := getattr(settings, each))}
    return paths | {f"{NAMED}/{each}/{path.name}": path for each, path in named.items()}


def as_it_is(database: Path) -> Engine:
    """An engine that reads a database file nobody writes, and changes nothing beside it."""
    return create_engine(f"sqlite:///file:{quote(str(database.absolute()))}?mode=ro&immutable=1&uri=true")


def copied(source: Path, target: Path) -> Kept:
    """Copy a file to a new one that its owner alone can read, and say what was written."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with source.open("rb") as read_from, new_file(target) as file:
        digest, size = sha256(), 0
        while chunk := read_from.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
    return Kept(size=size, sha256=digest.hexdigest())


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A new file, open for writing, that its owner alone can read; it is on the disk when the block ends."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Have the disk know the names in a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _written(settings: Settings, file: Path, database: Path, part: Path, *, at: datetime) -> Manifest:
    kept = {SETTINGS: copied(file, part / SETTINGS)}
    kept |= {name: copied(source, part / name) for name, source in _files(settings)}
    if LOG_KEY not in kept:
        raise NoBackup("There is no log.key in the keys folder. Look at keys in the settings.")
    kept[DATABASE] = _copied_database(database, part / DATABASE)
    size, checkpoint, migration = _standing(part / DATABASE)
    kept |= {name: copied(source, part / name) for name, source in _made(settings, part / DATABASE)}
    manifest = Manifest(
        taken_at=at.isoformat(timespec="seconds"),
        software=version("disclosure-desk"),
        flow_version=FLOW_VERSION,
        migration=migration,
        log_size=size,
        checkpoint=checkpoint,
        files=dict(sorted(kept.items())),
    )
    with new_file(part / MANIFEST) as written:
        written.write(json.dumps(manifest.as_json(), indent=1).encode())
    sync_folder(part)
    return manifest


def _files(settings: Settings) -> Iterator[tuple[str, Path]]:
    for name, path in named_paths(settings).items():
        if not path.exists():
            raise NoBackup(f"The settings name {path.name}, which is not there. Look at the settings.")
        if path.is_file():
            yield name, path
        else:
            yield from ((f"{name}/{each.relative_to(path)}", each) for each in _inside(path))


def _made(settings: Settings, database: Path) -> Iterator[tuple[str, Path]]:
    """What was made of recordings and waits in the spool: nothing else in there cannot be read again."""
    spool, engine = Spool(Path(settings.spool)), as_it_is(database)
    try:
        with Session(engine) as session:
            paths = {spool.path(each) for each in SqlProductions(session).made() if spool.has(each)}
    finally:
        engine.dispose()
    yield from ((f"{SPOOL}/{each.relative_to(settings.spool)}", each) for each in sorted(paths))


def _inside(folder: Path) -> Iterator[Path]:
    """The files of a folder; what is hidden is being written, or is a mount's own."""
    for each in sorted(folder.iterdir()):
        if each.name.startswith("."):
            continue
        if each.is_dir():
            yield from _inside(each)
        elif each.is_file():
            yield each


def _copied_database(source: Path, target: Path) -> Kept:
    """Copy the database as it is at one moment; whoever writes meanwhile is neither stopped nor seen."""
    if not source.is_file():
        raise NoBackup(f"There is no database {source.name}. Look at database_url in the settings.")
    with new_file(target):
        pass
    address = f"file:{quote(str(source.absolute()))}?mode=rw"
    try:
        with closing(sqlite3.connect(address, uri=True)) as theirs, closing(sqlite3.connect(target)) as ours:
            theirs.backup(ours)
            # One file alone, with nothing beside it.
            ours.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise NoBackup(f"The database could not be copied: {error}.") from error
    return digested(target)


def digested(path: Path) -> Kept:
    """A file's size and SHA-256."""
    with path.open("rb") as file:
        return Kept(size=path.stat().st_size, sha256=file_digest(file, "sha256").hexdigest())


def _standing(database: Path) -> tuple[int, str, str]:
    """How far the log of a copied database had come, with its newest checkpoint; and its tables' revision."""
    engine = as_it_is(database)
    try:
        with Session(engine) as session:
            found, note = revision(session.connection()), newest_checkpoint(session)
    except DatabaseError as error:
        raise NoBackup("The database is not that of a desk. Look at database_url in the settings.") from error
    finally:
        engine.dispose()
    if found is None or note is None:
        raise NoBackup("The database holds no audit log yet, so there is nothing to back up.")
    return read_unverified(note).size, note, found
