"""A CSV of where copies of recordings lie, read strictly; a wrong line is named by its number."""

import csv
from collections.abc import Iterator
from pathlib import Path

from requests_portal.model.in_store import is_key
from requests_portal.model.stored import Stored
from requests_portal.storage.catalogue_manifest import BUCKET, KIND, LONGEST
from requests_portal.storage.manifest_cells import BadManifest

HEADER = ("of_bucket", "of_key", "of_version", "bucket", "key", "version_id", "kind")
LONGEST_LINE = 8192
Line = tuple[int, Stored, Stored, str]


def copies_in(path: Path, *, own_bucket: str) -> Iterator[Line]:
    """Each line's number, the recording's object, its copy's and what the copy is for; raises BadManifest."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader((line[:LONGEST_LINE] for line in file), strict=True)
        try:
            if tuple(next(rows, ())) != HEADER:
                raise BadManifest(1, None, f"it is not {','.join(HEADER)}")
            for cells in rows:
                yield _line(rows.line_num, cells, own_bucket)
        except (csv.Error, UnicodeDecodeError) as error:
            raise BadManifest(rows.line_num + 1, None, "it is no UTF-8 CSV") from error


def _line(number: int, cells: list[str], own_bucket: str) -> Line:
    if len(cells) != len(HEADER):
        raise BadManifest(number, None, f"it has not {len(HEADER)} columns")
    said = dict(zip(HEADER, cells, strict=True))
    of = _stored(number, said, ("of_bucket", "of_key", "of_version"), own_bucket)
    copy = _stored(number, said, ("bucket", "key", "version_id"), own_bucket)
    if of == copy:
        raise BadManifest(number, "key", "it is the recording itself")
    if not KIND.fullmatch(said["kind"]):
        raise BadManifest(number, "kind", "it is no small word such as training")
    return number, of, copy, said["kind"]


def _stored(number: int, said: dict[str, str], columns: tuple[str, str, str], own_bucket: str) -> Stored:
    bucket, key, version = (said[each] for each in columns)
    if bucket and not BUCKET.fullmatch(bucket):
        raise BadManifest(number, columns[0], "it is no bucket's name")
    if not is_key(key):
        raise BadManifest(number, columns[1], "it is no object's key")
    if not version.strip() or version == "null" or len(version) > LONGEST["version_id"] or not version.isprintable():
        raise BadManifest(number, columns[2], "it is no version of an object")
    return Stored(bucket="" if bucket == own_bucket else bucket, key=key, version_id=version)
