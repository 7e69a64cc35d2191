"""Volumes: how a gathered production is split, and what has no room in any file."""

from collections.abc import Sequence

from requests_portal.model.actor import SYSTEM
from requests_portal.model.production import Discrepancy, Item, Production, RecordSetItem
from requests_portal.model.recording import Recording
from requests_portal.model.volume import LARGEST, Limits, Volume, split
from requests_portal.work.ports import Work
from requests_portal.work.selection import SOUND

TOO_LARGE = "{bates}: this recording is too large for a PDF; it is handed over on a medium of its own."
# A row of a record set is printed, tagged and kept as CSV.
PRINTED = 6
# So many recordings are in memory at once.
SOME = 500


def volumes_of(
    work: Work, production: Production, discrepancies: Sequence[Discrepancy], limits: Limits
) -> tuple[tuple[Volume, ...], tuple[Discrepancy, ...]]:
    """The volumes of what was gathered, and a finding for each recording that no PDF can hold."""
    missing = {each.bates for each in discrepancies}
    sizes = _sizes(work, production, missing)
    too_large = tuple(
        Discrepancy(
            bates=item.bates,
            recording=item.recording,
            kind="too_large",
            sentence=TOO_LARGE.format(bates=item.bates),
        )
        for item in production.items
        if sizes[item.bates] > LARGEST
    )
    for each in too_large:
        sizes[each.bates] = 0
    first = sum(map(_printed, production.record_sets))
    return split([sizes[item.bates] for item in production.items], first=first, limits=limits), too_large


def leaves(item: Item, recording: Recording) -> int:
    """How many bytes of a recording leave: the file made from it where there is one, and its listening copy."""
    if SOUND not in item.classes:
        return len(recording.transcript.encode())
    sound = item.produced.size if item.produced else recording.size
    return sound + (item.listening.size if item.listening else 0)


def _sizes(work: Work, production: Production, missing: set[str]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for start in range(0, len(production.items), SOME):
        some = production.items[start : start + SOME]
        found = work.catalogue.of([item.recording for item in some], by=SYSTEM)
        sizes |= {item.bates: 0 if item.bates in missing else leaves(item, found[item.recording]) for item in some}
    return sizes


def _printed(item: RecordSetItem) -> int:
    return PRINTED * sum(len(cell.encode()) for row in item.rows for cell in row)
