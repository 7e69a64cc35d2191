"""Volumes of a production as its documents name them."""

from uuid import NAMESPACE_URL, uuid5

from requests_portal.model.production import Production
from requests_portal.model.volume import Volume

Ranges = tuple[tuple[str, str], ...]


def ranges(production: Production, volume: Volume) -> Ranges:
    """The Bates numbers of a volume, each run by its first and last; record sets are in volume 1."""
    items = [item.bates for item in production.items[volume.start : volume.end]]
    sets = [item.bates for item in production.record_sets] if volume.number == 1 else []
    if volume.end == len(production.items):
        items, sets = items + sets, []
    return tuple((run[0], run[-1]) for run in (items, sets) if run)


def document_id(production: Production, part: str) -> str:
    """An id for one of several files of a production, the same one each time it is made."""
    return str(uuid5(NAMESPACE_URL, f"{production.document_id}/{part}"))
