"""Restoring a desk from a backup: into a new folder or where a settings file says, checked whole before it is there."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from requests_portal.audit_log.checkpoint import Vkey
from requests_portal.audit_log.export import export
from requests_portal.audit_log.verify import verify
from requests_portal.backup import (
    DATABASE,
    FOLDERS,
    FORM,
    KEYS,
    LOG_KEY,
    MANIFEST,
    NAMED,
    SETTINGS,
    SPOOL,
    Kept,
    Manifest,
    NoBackup,
    as_it_is,
    copied,
    database_file,
    digested,
    named_paths,
    sync_folder,
)
from requests_portal.database.audit_store import entries, newest_checkpoint
from requests_portal.database.schema import HEAD, NewerDatabase, revisions
from requests_portal.database.views.running import pending
from requests_portal.errors import Conflict, Unusable
from requests_portal.keys.log_key import LogKey
from requests_portal.settings import Settings, read
from requests_portal.work.views.running import Pending

BIGGEST_MANIFEST = 16 * 1024 * 1024
# Found beside a database that somebody has open, or that was killed; SQLite would read it into another one.
BESIDE = ("", "-wal", "-shm", "-journal")


class NotWhole(Unusable):
    """What the backup holds is not what was backed up, or has lost what is known to have been there."""

    code = "not_whole"


@dataclass(frozen=True, kw_only=True)
class Restored:
    """A desk that was put back: by which settings it runs, and what had not ended when it was backed up."""

    manifest: Manifest
    settings: Settings
    pending: tuple[Pending, ...]


def restore_into(src: Path, folder: Path, *, older: Sequence[str] = ()) -> Restored:
    """Restore a backup into a new or empty folder, with settings that name everything there."""
    manifest = manifest_of(src)
    _must_be_new(folder)
    with _staged(src, manifest, beside=folder) as part:
        settings = _moved(read(part / SETTINGS), part, folder)
        found = _checked(part, manifest, settings, older)
        (part / SETTINGS).unlink()
        settings.write(part / SETTINGS)
        sync_folder(part)
        part.replace(folder)
    sync_folder(folder.parent)
    return Restored(manifest=manifest, settings=settings, pending=found)


def restore_as(src: Path, file: Path, *, older: Sequence[str] = ()) -> Restored:
    """Restore database and keys to where this settings file says; nothing there is overwritten."""
    settings, manifest = read(file), manifest_of(src)
    database, paths = database_file(settings), named_paths(settings)
    if any(os.path.lexists(f"{database}{each}") for each in BESIDE):
        raise Conflict(f"There is a database {database.name} already, or something of one. Restore to a new place.")
    _must_be_new(paths[KEYS])
    with _staged(src, manifest, beside=database) as part:
        found = _checked(part, manifest, settings, older)
        _put(part, {**paths, SPOOL: Path(settings.spool)})
        # Last: before it is there, there is no desk.
        (part / DATABASE).rename(database)
    sync_folder(database.parent)
    return Restored(manifest=manifest, settings=settings, pending=found)


def manifest_of(src: Path) -> Manifest:
    """What a backup says it holds; raises NoBackup where that is missing or malformed, and NewerDatabase."""
    if not src.is_dir():
        raise NoBackup(f"There is no folder {src.name} with a backup.")
    try:
        with (src / MANIFEST).open("rb") as file:
            manifest = _parsed(json.loads(file.read(BIGGEST_MANIFEST)))
    except FileNotFoundError as error:
        raise NoBackup(f"{MANIFEST} is missing: this is no backup, or one that was not finished.") from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise NoBackup(f"{MANIFEST} is not in its form: it was changed, or is of another release.") from error
    if manifest.migration not in revisions():
        raise NewerDatabase(f"The backup is of a newer release ({manifest.migration}, we know {HEAD}). Use that one.")
    return manifest


def _parsed(raw: Any) -> Manifest:
    if raw.pop("form") != FORM:
        raise ValueError(FORM)
    files = {name: Kept(size=int(each["size"]), sha256=str(each["sha256"])) for name, each in raw.pop("files").items()}
    manifest = Manifest(**raw, files=files)
    datetime.fromisoformat(manifest.taken_at)
    told = [raw[name] for name in ("taken_at", "software", "flow_version", "migration")]
    if type(raw["log_size"]) is not int or not all(isinstance(each, str) and each.isprintable() for each in told):
        raise ValueError(MANIFEST)
    if not {DATABASE, SETTINGS, LOG_KEY} <= files.keys() or not all(map(_is_plain, files)):
        raise ValueError(MANIFEST)
    return manifest


def _is_plain(name: str) -> bool:
    """Whether a name stays within its folder."""
    path = PurePosixPath(name)
    return bool(name) and str(path) == name and not path.is_absolute() and not {"..", "."} & set(path.parts)


def _must_be_new(folder: Path) -> None:
    if os.path.lexists(folder) and (folder.is_symlink() or not folder.is_dir() or any(folder.iterdir())):
        raise Conflict(f"There is something in {folder.name} already. Restore to a new place.")
    if not folder.parent.is_dir():
        raise Conflict(f"There is no folder {folder.parent.name} in which to restore.")


@contextmanager
def _staged(src: Path, manifest: Manifest, *, beside: Path) -> Iterator[Path]:
    """A copy of the backup's files, each as the manifest has it, beside where they go; gone after the block."""
    _must_be_all(src, manifest)
    part = beside.with_name(f".{beside.name}.part-{os.getpid()}")
    part.mkdir(mode=0o700)
    try:
        for name, kept in manifest.files.items():
            if copied(src / name, part / name) != kept:
                raise NotWhole(f"{name} is not as it was backed up: it was cut short or changed. Nothing was restored.")
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _must_be_all(src: Path, manifest: Manifest) -> None:
    for name in manifest.files:
        path = src / name
        if path.is_symlink() or not path.is_file():
            raise NotWhole(f"{name} is missing from the backup. Nothing was restored.")
    there = {str(each.relative_to(src)) for each in src.rglob("*") if not each.is_dir()}
    if more := sorted(there - manifest.files.keys() - {MANIFEST}):
        raise NotWhole(f"{more[0]} was put into the backup later. Nothing was restored.")


def _moved(settings: Settings, part: Path, folder: Path) -> Settings:
    """The settings of a desk whose own things all lie in one folder."""
    top = folder.absolute()
    named = {name: top / name for name in named_paths(settings)}
    changed: dict[str, Any] = {name.split("/")[1]: str(path) for name, path in named.items() if name != KEYS}
    for each in FOLDERS:
        # An empty folder has no file in the backup, and is there all the same.
        if f"{NAMED}/{each}" in named:
            (part / NAMED / each).mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in ("spool", "scratch"):
        (part / each).mkdir(mode=0o700, exist_ok=True)
        changed[each] = str(top / each)
    return replace(settings, database_url=f"sqlite:///{top / DATABASE}", keys=str(top / KEYS), **changed)


def _checked(part: Path, manifest: Manifest, settings: Settings, older: Sequence[str]) -> tuple[Pending, ...]:
    """What had not ended; raises NotWhole for a database or a log that is damaged, changed or shorter than known."""
    engine = as_it_is(part / DATABASE)
    try:
        with Session(engine) as session:
            _must_be_sound(session)
            _must_be_the_log(session, part, manifest, settings, older)
            return tuple(pending(session))
    except DatabaseError as error:
        raise NotWhole(f"{DATABASE} is no sound database. Nothing was restored.") from error
    finally:
        engine.dispose()


def _must_be_sound(session: Session) -> None:
    if session.execute(text("PRAGMA integrity_check(1)")).scalar() != "ok":
        raise NotWhole(f"{DATABASE} is damaged. Nothing was restored.")


def _must_be_the_log(
    session: Session, part: Path, manifest: Manifest, settings: Settings, older: Sequence[str]
) -> None:
    note, key = newest_checkpoint(session), LogKey.load(part / LOG_KEY)
    if note != manifest.checkpoint:
        raise NotWhole(f"{DATABASE} holds another log than the manifest says. Nothing was restored.")
    vkey, folder = str(Vkey(name=settings.log_origin, public_key=key.public_key)), part / ".log"
    try:
        export(entries(session), note, vkey, folder)
        verdict = verify(folder, vkey=vkey, older=older)
    except Unusable as refusal:
        raise NotWhole(f"The audit log in {DATABASE} does not hold. {refusal.sentence} Nothing was restored.") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not verdict.good:
        broken = next(each.sentence for each in verdict.checks if not each.passed)
        raise NotWhole(f"The audit log in {DATABASE} does not hold. {broken} Nothing was restored.")


def _put(part: Path, paths: Mapping[str, Path]) -> None:
    """Put what the settings name into its places: all of it, or nothing; what is there as it was stays."""
    put: list[Path] = []
    try:
        for name, path in paths.items():
            for source in _files_at(part / name):
                target = path / source.relative_to(part / name) if source != part / name else path
                if _is_there(source, target):
                    continue
                put.append(target)
                copied(source, target)
    except BaseException:
        for each in put:
            with suppress(OSError):
                each.unlink()
        raise


def _files_at(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())


def _is_there(source: Path, target: Path) -> bool:
    """Whether the same file is there already; raises Conflict for another."""
    if not os.path.lexists(target):
        return False
    if target.is_file() and digested(target) == digested(source):
        return True
    raise Conflict(f"There is another {target.name} already. Restore to a new place, or move it away.")
