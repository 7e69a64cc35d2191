"""Silence: a part of a recording that leaves without its sound and words, because the decision says so."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Silence:
    """From `start` (included) to `end` (excluded), in seconds of one recording; the reason names no person."""

    recording: str
    start: float
    end: float
    reason: str


@dataclass(frozen=True, kw_only=True)
class DerivedFile:
    """A file that we made from a recording while gathering, kept in the spool under its own digest; size in bytes."""

    sha256: str
    size: int
    media_type: str
