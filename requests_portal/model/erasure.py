"""Erasure: what a customer or a rule has deleted, and what the store still has to lose of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from requests_portal.model.stored import Stored


class Because(StrEnum):
    """Why a recording is erased."""

    CUSTOMER = "customer"
    # A request under a law that a lawyer decided.
    REQUEST = "request"
    # The customer's own choice of how long we keep recordings, or the company's rule.
    RETENTION = "retention"
    # What was erased before was entered once more.
    AGAIN = "again"


class Erasing(StrEnum):
    """Where one erasure stands in the store."""

    ASKED = "asked"
    DELETING = "deleting"
    # The store does not let it be deleted: somebody else's hold, a retention period, or a missing permission.
    DENIED = "denied"
    AWAY = "away"
    # The store says that a bucket does not exist that something of it lies in.
    NO_BUCKET = "no_bucket"
    # The store has a version that it does not list, so that it may have others.
    UNLISTED = "unlisted"


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Which recordings of an account: one by its id, or of a device and a time, none of it from `before` on.

    Of those that are over, by the company's own rule, only what it kept until `before` and no longer.
    """

    account: str
    recording: str = ""
    device: str = ""
    start: datetime | None = None
    end: datetime | None = None
    before: datetime
    is_over: bool = False


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How many recordings an act erases, and the digest over them to which the audit log commits."""

    recordings: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class ToDelete:
    """What the store is to lose of one recording, the recording itself first; `spooled` is what our spool may have.

    Of what a hold keeps these are the copies alone, and never what another recording still needs.
    """

    recording: str
    is_held: bool
    objects: tuple[Stored, ...]
    spooled: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ErasureCounts:
    """How many erasures the store has still to carry out, since when the oldest waits, and why some others cannot be.

    What a hold keeps is in none of these.
    """

    waiting: int
    denied: int
    since: datetime | None
    unlisted: int = 0


@dataclass(frozen=True, kw_only=True)
class AbsentBucket:
    """A bucket that the store says does not exist, since when, and how many recordings wait for what lay in it."""

    name: str
    since: datetime
    is_taken_as_gone: bool
    waiting: int
