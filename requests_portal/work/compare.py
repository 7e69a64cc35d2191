"""Compare: an inventory's rows with the catalogue's, both in the order of their keys, and neither held in memory."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import TypeVar
from uuid import UUID

from requests_portal.model.in_store import CataloguedVersion, Difference, Kind, StoredVersion, differences

T = TypeVar("T")
FIRST = 10
GONE = frozenset({Kind.MISSING, Kind.VERSION_GONE})
# The version of a UUID that carries the moment of its making.
TIMED = 7


@dataclass
class Tally:
    """What a comparison came to, counted as it goes; of each kind the first few."""

    # Keys whose recordings are in both, the same.
    same: int = 0
    # Recordings catalogued after the inventory was made, and not in it.
    later: int = 0
    recordings: int = 0
    counts: Counter[Kind] = field(default_factory=Counter)
    first: dict[Kind, list[Difference]] = field(default_factory=lambda: {kind: [] for kind in Kind})

    def count(self, difference: Difference) -> None:
        """Count one difference."""
        self.counts[difference.kind] += 1
        if len(self.first[difference.kind]) < FIRST:
            self.first[difference.kind].append(difference)


@dataclass(frozen=True, kw_only=True)
class Listed:
    """What an inventory lists: when it was made, whether versions have names in it, and whether all are in it."""

    made_at: datetime | None
    names_versions: bool
    every_version: bool


def compare(
    stored: Iterable[StoredVersion], catalogued: Iterable[CataloguedVersion], listed: Listed, tally: Tally
) -> Iterator[Difference]:
    """Every difference, in the order of the keys."""
    is_late = entered_after(listed.made_at)
    for key, versions, known in _by_key(stored, catalogued):
        tally.recordings += sum(each.size >= 0 for each in known)
        head = list(islice(versions, 2))
        if _is_the_same(head, known):
            tally.same += 1
            continue
        before = tally.counts.total() + tally.later
        in_it = chain(head, versions)
        found = differences(key, known, in_it if listed.names_versions else _named(in_it, known))
        late = {each.version_id for each in known if is_late(each)}
        for each in found:
            if each.kind in GONE and each.version_id in late:
                tally.later += 1
            elif _can_be_told(each.kind, listed, late=bool(late)):
                tally.count(each)
                yield each
        tally.same += tally.counts.total() + tally.later == before and any(each.is_recording for each in known)


def entered_after(moment: datetime | None) -> Callable[[CataloguedVersion], bool]:
    """Whether a recording was catalogued after a moment: its id says so, or else it was not even made before."""
    if moment is None:
        return lambda _: False
    milliseconds, text = moment.timestamp() * 1000, moment.astimezone(UTC).isoformat()[:19]

    def is_after(version: CataloguedVersion) -> bool:
        try:
            id_ = UUID(version.id)
        except ValueError:
            return version.recorded_at[:19] > text
        return id_.int >> 80 > milliseconds if id_.version == TIMED else version.recorded_at[:19] > text

    return is_after


def _by_key(
    stored: Iterable[StoredVersion], catalogued: Iterable[CataloguedVersion]
) -> Iterator[tuple[str, Iterator[StoredVersion], list[CataloguedVersion]]]:
    here, there = groupby(stored, key=itemgetter(0)), groupby(catalogued, key=itemgetter(0))
    in_store, in_catalogue = next(here, None), next(there, None)
    while in_store is not None or in_catalogue is not None:
        if in_catalogue is None or (in_store is not None and in_store[0] < in_catalogue[0]):
            assert in_store is not None  # noqa: S101 — for the type checker; one of the two is there
            yield in_store[0], in_store[1], []
            in_store = next(here, None)
        elif in_store is None or in_catalogue[0] < in_store[0]:
            yield in_catalogue[0], iter(()), list(in_catalogue[1])
            in_catalogue = next(there, None)
        else:
            yield in_store[0], in_store[1], list(in_catalogue[1])
            in_store, in_catalogue = next(here, None), next(there, None)


def _is_the_same(head: list[StoredVersion], known: list[CataloguedVersion]) -> bool:
    if len(head) != 1 or len(known) != 1:
        return False
    (key, version_id, size, is_latest, is_marker), other = head[0], known[0]
    return bool(is_latest and not is_marker and (key, version_id, size) == (other.key, other.version_id, other.size))


def _named(stored: Iterable[StoredVersion], known: list[CataloguedVersion]) -> Iterator[StoredVersion]:
    """The versions of a list without names, each under that of the catalogued one that it may be."""
    for each in stored:
        alike = [other for other in known if other.size == each.size] or known
        yield each._replace(version_id=alike[0].version_id if alike else each.version_id)


def _can_be_told(kind: Kind, listed: Listed, *, late: bool) -> bool:
    # What was catalogued later may well be the newest version; a list of the newest ones says nothing of older ones.
    if kind is Kind.NEWER_VERSION:
        return not late
    return kind is not Kind.VERSION_GONE or listed.every_version
