"""What storing or fetching one object came to; nothing that goes wrong with a recording is silent."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Stored:
    """An object version the store has acknowledged; size in bytes."""

    version_id: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """The catalogued bytes are in the spool, verified."""

    sha256: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Missing:
    """The store says for certain that it does not have this version: deleted, or never there."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Denied:
    """The store says for certain that we may not read this version; whether it is there, it does not say."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Altered:
    """Two readings agreed on other bytes than the catalogued; no digest when they were too many to read."""

    got_sha256: str | None
    got_size: int


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """The store failed to hand the bytes over; they may be well, and trying again later may help."""

    reason: str


Outcome = Fetched | Missing | Denied | Altered | Unreadable
