"""What the store holds under a key, beside what the catalogue says of it, and how the two differ."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

LONGEST_KEY = 1024
# No size of an object comes near; a larger one is a slip or an attack.
LARGEST = 1 << 50


class Kind(StrEnum):
    """How catalogue and store differ about one key."""

    NOT_ENTERED = "not_entered"
    NEWER_VERSION = "newer_version"
    OTHER_SIZE = "other_size"
    VERSION_GONE = "version_gone"
    MISSING = "missing"
    DELETE_MARKER = "delete_marker"
    # Of no key: the store says that there is no such bucket.
    BUCKET_ABSENT = "bucket_absent"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A bucket under its name in the store; the house's own has no name in the catalogue."""

    name: str
    is_own: bool

    @property
    def kept_as(self) -> str:
        """The name under which the catalogue keeps what lies there."""
        return "" if self.is_own else self.name

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which anybody may have entered what lies there."""
        return ("", self.name) if self.is_own else (self.name,)


class StoredVersion(NamedTuple):
    """One version under a key, or a delete marker, as the store lists it."""

    key: str
    version_id: str
    size: int
    is_latest: bool
    is_marker: bool


class CataloguedVersion(NamedTuple):
    """One version that the catalogue names: a recording, or with size -1 a transcript or a copy."""

    key: str
    version_id: str
    size: int
    sha256: str
    # The recording's id, and its moment as SQL keeps it.
    id: str
    recorded_at: str

    @property
    def is_recording(self) -> bool:
        """Whether it is a recording itself; transcripts and copies are only known of."""
        return self.size >= 0


@dataclass(frozen=True, kw_only=True)
class Described:
    """What a version says of itself; `sha256()` may have to read all of it."""

    size: int
    media_type: str
    words: Mapping[str, str]
    stored_at: datetime
    sha256: Callable[[], str]


class Difference(NamedTuple):
    """One way in which catalogue and store differ about a key; `version_id` is the one that a person looks for."""

    kind: Kind
    key: str
    version_id: str
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a person has to look at: an object that could not be entered, or a difference that the store confirmed."""

    kind: Kind
    key: str
    version_id: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What looking at the keys that differ came to; `unanswered` are those about which the store said nothing."""

    entered: int
    findings: int
    unanswered: int


@dataclass(frozen=True, kw_only=True)
class OpenFinding:
    """A finding since when it stands, and when it was last seen."""

    finding: Finding
    bucket: str
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """An event message that nobody can read, and why."""

    message_id: str
    at: datetime
    reason: str
    sha256: str


def is_key(text: object) -> bool:
    """Whether text can be a key that both databases keep."""
    if not isinstance(text, str) or not text or "\0" in text:
        return False
    try:
        return len(text.encode()) <= LONGEST_KEY
    except UnicodeEncodeError:
        return False


def differences(
    key: str, catalogued: Sequence[CataloguedVersion], stored: Iterable[StoredVersion]
) -> Iterator[Difference]:
    """How the two differ about a key, whose versions may come in any order; a transcript or a copy is only known of."""
    known = {each.version_id: each for each in catalogued}
    if known and not any(each.is_recording for each in catalogued):
        return
    unseen, latest, marker = dict(known), None, None
    any_version: StoredVersion | None = None
    for version in stored:
        if version.is_marker:
            marker = version if version.is_latest else marker
            continue
        any_version = version
        latest = version if version.is_latest else latest
        found = unseen.pop(version.version_id, None)
        if found is not None and found.is_recording and found.size != version.size:
            yield Difference(Kind.OTHER_SIZE, key, version.version_id, version.size)
    if marker is not None:
        yield Difference(Kind.DELETE_MARKER, key, marker.version_id)
    gone = Kind.MISSING if any_version is None and marker is None else Kind.VERSION_GONE
    yield from (Difference(gone, key, each.version_id, each.size) for each in unseen.values() if each.is_recording)
    if not known and any_version is not None and marker is None:
        new = latest or any_version
        yield Difference(Kind.NOT_ENTERED, key, new.version_id, new.size)
    elif known and latest is not None and latest.version_id not in known:
        yield Difference(Kind.NEWER_VERSION, key, latest.version_id, latest.size)
