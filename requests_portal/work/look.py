"""Look: what the store holds under a key is compared with the catalogue; what is known is entered, the rest is found.

The store is asked, whatever an event or an inventory claims, so that no order and no repetition of claims matters.
The first version of a key is the recording; a later one with other bytes is a finding, and no row is ever changed.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol

from requests_portal.errors import Forbidden, NotFound, Refused
from requests_portal.model.in_store import (
    CataloguedVersion,
    Described,
    Difference,
    Finding,
    Kind,
    Place,
    StoredVersion,
    differences,
)
from requests_portal.model.recording import Recording
from requests_portal.work.described import NotKnown, recording_of
from requests_portal.work.outside import UnitOfWork
from requests_portal.work.ports import Work

LOOKERS = 8


class Objects(Protocol):
    """One bucket as it is, asked by key."""

    @property
    def place(self) -> Place:
        """Which bucket it is."""

    def versions(self, key: str) -> Sequence[StoredVersion]:
        """Every version and delete marker under exactly this key, the newest first."""

    def described(self, key: str, version_id: str) -> Described:
        """What a version says of itself."""


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What the store holds under one key that the catalogue does not know, and what a person has to look at."""

    key: str
    new: Recording | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """How many recordings were entered, and how many findings stand of the keys that were looked at."""

    entered: int
    findings: int


def look(
    reading: UnitOfWork, objects: Objects, keys: Sequence[str], *, new_id: Callable[[], str]
) -> tuple[list[Looked], list[str]]:
    """Ask the store about each key; those about which it gave no answer come second."""
    with reading() as work:
        catalogued = work.in_store.of_keys(keys, place=objects.place)

    def asked(key: str) -> Looked | None:
        try:
            return _look(objects, key, catalogued.get(key, ()), new_id)
        except Refused:
            return None

    with ThreadPoolExecutor(LOOKERS, thread_name_prefix="look") as pool:
        answers = list(zip(keys, pool.map(asked, keys), strict=True))
    return [each for _, each in answers if each is not None], [key for key, each in answers if each is None]


def record_looks(work: Work, looked: Sequence[Looked], *, place: Place) -> Recorded:
    """Enter what is new, unless somebody entered it meanwhile, and keep what was found."""
    keys = [each.key for each in looked]
    known = work.in_store.of_keys([each.key for each in looked if each.new is not None], place=place)
    new = [each.new for each in looked if each.new is not None and each.key not in known]
    findings = [finding for each in looked for finding in each.findings]
    work.catalogue.add(new)
    work.in_store.looked_at(keys, findings, place=place, at=work.now())
    return Recorded(entered=len(new), findings=len(findings))


def _look(objects: Objects, key: str, catalogued: Sequence[CataloguedVersion], new_id: Callable[[], str]) -> Looked:
    stored = objects.versions(key)
    if catalogued:
        found = differences(key, catalogued, stored)
        known = {each.size: each.sha256 for each in catalogued}
        return Looked(key=key, new=None, findings=tuple(_findings(objects, found, known)))
    versions = [each for each in stored if not each.is_marker]
    if not versions:
        return Looked(key=key, new=None, findings=())
    first, newest = versions[-1], stored[0]
    if newest.is_marker:
        return _not_entered(first, "deleted", "a delete marker hides it")
    try:
        described = objects.described(key, first.version_id)
        new = replace(recording_of(key, first.version_id, described, id=new_id()), bucket=objects.place.kept_as)
    except (NotKnown, NotFound, Forbidden) as why:
        return _not_entered(first, *_why(why))
    later = [Difference(Kind.NEWER_VERSION, key, newest.version_id, newest.size)] if newest is not first else []
    return Looked(key=key, new=new, findings=tuple(_findings(objects, iter(later), {new.size: new.sha256})))


def _why(error: Exception) -> tuple[str, str]:
    if isinstance(error, NotKnown):
        return error.reason, error.detail
    if isinstance(error, Forbidden):
        return "denied", "the store denies reading it"
    return "gone", "it went while it was looked at"


def _not_entered(version: StoredVersion, reason: str, detail: str) -> Looked:
    finding = Finding(
        kind=Kind.NOT_ENTERED, key=version.key, version_id=version.version_id, reason=reason, detail=detail
    )
    return Looked(key=version.key, new=None, findings=(finding,))


def _findings(objects: Objects, found: Iterator[Difference], known: dict[int, str]) -> Iterator[Finding]:
    for each in found:
        # A device that sends its recording twice makes two versions of the same bytes.
        if each.kind is Kind.NEWER_VERSION and _same_bytes(objects, each, known):
            continue
        detail = f"{each.size} bytes" if each.kind in {Kind.NEWER_VERSION, Kind.OTHER_SIZE} else ""
        yield Finding(kind=each.kind, key=each.key, version_id=each.version_id, reason=str(each.kind), detail=detail)


def _same_bytes(objects: Objects, newer: Difference, known: dict[int, str]) -> bool:
    if newer.size not in known:
        return False
    try:
        return objects.described(newer.key, newer.version_id).sha256() == known[newer.size]
    except (NotFound, Forbidden):
        return False
