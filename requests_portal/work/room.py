"""Room: a document is only begun where the disk can hold all of it."""

import shutil
from pathlib import Path

from requests_portal.errors import Conflict
from requests_portal.model.production import DocumentDue, DocumentKind
from requests_portal.model.volume import PAGES
from requests_portal.work.compose import Source
from requests_portal.work.volumes import leaves

MEGABYTE = 1_000_000


class NoRoom(Conflict):
    """The disk that documents are written on is too full for this one."""

    code = "no_room"


def refuse_without_room(scratch: Path, source: Source, due: DocumentDue) -> None:
    """Refuse to begin a document that the disk cannot hold, with both figures."""
    needed, free = PAGES + _embedded(source, due), shutil.disk_usage(scratch).free
    if free < needed:
        raise NoRoom(
            f"The disk has no room for this document: it needs {needed // MEGABYTE:,} MB and "
            f"{free // MEGABYTE:,} MB are free. Make room, then start the production again."
        )


def _embedded(source: Source, due: DocumentDue) -> int:
    if due.kind is not DocumentKind.BUNDLE:
        return 0
    volume = source.production.in_volumes[due.volume - 1]
    items = source.production.items[volume.start : volume.end]
    return sum(leaves(item, source.recordings[item.recording]) for item in items)
