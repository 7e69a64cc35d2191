"""Importing a catalogue manifest: read whole, compared with the catalogue, then entered some lines at a time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from requests_portal.app import Desk
from requests_portal.database.entering import compare, enter
from requests_portal.database.waiting_lines import SOME, Refusal, WaitingLines
from requests_portal.model.actor import SYSTEM
from requests_portal.storage.catalogue_manifest import CatalogueManifest, ManifestLine
from requests_portal.storage.manifest_cells import BadManifest
from requests_portal.storage.uploading import ToUpload, Uploads, key_for, measured
from requests_portal.store_access import store_client


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What became of a manifest's lines; `imported` is 0 where one was refused and all or nothing was asked."""

    manifest_sha256: str
    lines: int
    imported: int
    unchanged: int
    refused: int
    uploaded: int


def import_manifest(
    desk: Desk, manifest: Path, waiting: WaitingLines, *, upload_from: Path | None, keep_good: bool
) -> Imported:
    """Enter a manifest's recordings; what is wrong with a line is kept in `waiting` and stops all, or that line alone.

    Killed half-way, it has entered some lines and not the others: the same import again enters the rest.
    """
    with _no_search_for_old_garbage():
        return _import(desk, manifest, waiting, upload_from=upload_from, keep_good=keep_good)


def _import(
    desk: Desk, manifest: Path, waiting: WaitingLines, *, upload_from: Path | None, keep_good: bool
) -> Imported:
    bucket = desk.settings.recordings_bucket
    read = CatalogueManifest(manifest, own_bucket=bucket, now=desk.ledger.now(), upload_from=upload_from)
    lines = _read(desk, read, waiting)
    unchanged = waiting.settle_repeated() + compare(waiting)
    found = Imported(
        manifest_sha256=read.sha256, lines=lines, imported=0, unchanged=unchanged, refused=waiting.refused, uploaded=0
    )
    if found.refused and not keep_good:
        return found
    if waiting.waiting:
        _record(desk, "catalogue_import_begun", found)
    uploaded = _upload(desk, waiting) if upload_from else 0
    imported = sum(enter(waiting, desk.ledger.new_id))
    unchanged, refused = lines - imported - waiting.refused, waiting.refused
    done = replace(found, imported=imported, unchanged=unchanged, refused=refused, uploaded=uploaded)
    _record(desk, "catalogue_imported", done)
    return done


@contextmanager
def _no_search_for_old_garbage() -> Iterator[None]:
    # The collector would look through all that the program itself is made of, again and again: a sixth of the time.
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _read(desk: Desk, read: CatalogueManifest, waiting: WaitingLines) -> int:
    """Have every good line wait and note what is wrong with the others; how many there are."""
    lines, total = iter(read), 0
    while some := list(islice(lines, SOME)):
        total += len(some)
        good, bad = list[tuple[Any, ...]](), list[Refusal]()
        for each in some:
            try:
                good.append(_row(desk, each))
            except BadManifest as wrong:
                bad.append(Refusal(line=wrong.line, column=wrong.column, fault=wrong.fault))
        waiting.add(good)
        waiting.refuse(bad)
    return total


def _row(desk: Desk, line: ManifestLine | BadManifest) -> tuple[Any, ...]:
    """The line as it waits; where it names a file, with what that is and the key under which it is to lie."""
    if isinstance(line, BadManifest):
        raise line
    row = line.row
    if line.path:
        row["size"], row["sha256"] = measured(line.line, Path(line.path), size=row["size"], sha256=row["sha256"])
        told = (row["account"], row["device"], row["recorded_at"], row["sha256"])
        row["key"] = key_for(desk.settings.secret_key, *told)
    return (line.line, line.path, line.copies, *row.values())


def _upload(desk: Desk, waiting: WaitingLines) -> int:
    """Upload the files that wait and note their versions; how many were not in the store yet."""
    uploads, sent = Uploads(store_client(desk.settings), desk.settings.recordings_bucket), 0
    for rows in waiting.to_upload():
        files = [
            ToUpload(path=Path(row.path), key=row.key, size=row.size, sha256=row.sha256, media_type=row.media_type)
            for row in rows
        ]
        stored = list(uploads.upload_all(files))
        waiting.uploaded({row.line: each.version_id for row, (each, _) in zip(rows, stored, strict=True)})
        sent += sum(new for _, new in stored)
    return sent


def _record(desk: Desk, act: str, done: Imported) -> None:
    numbers = {name: getattr(done, name) for name in ("lines", "imported", "unchanged", "refused", "uploaded")}
    with desk.ledger.unit_of_work() as work:
        work.audit.add(act, by=SYSTEM, subjects={"manifest": done.manifest_sha256}, numbers=numbers)
