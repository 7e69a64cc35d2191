"""Silence: a part of a recording that leaves without its sound and words, because the decision says so."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from requests_portal.errors import Unusable

# No recording is longer than a day, and no reason longer than a line of the log.
LONGEST = 24 * 60 * 60
LONGEST_REASON = 120


@dataclass(frozen=True, kw_only=True)
class Silence:
    """From `start` (included) to `end` (excluded), in seconds of one recording; the reason names no person."""

    recording: str
    start: float
    end: float
    reason: str

    def checked(self) -> "Silence":
        """Itself with a tidy reason; raises Unusable with a sentence for what is no part of a recording."""
        reason = " ".join(self.reason.split())
        if not math.isfinite(self.start) or not math.isfinite(self.end) or not 0 <= self.start < self.end <= LONGEST:
            raise Unusable("A silenced part begins at second 0 or later and ends after its beginning.")
        if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
            raise Unusable(f"Say in at most {LONGEST_REASON} characters why each part is silenced, and name nobody.")
        return replace(self, start=float(self.start), end=float(self.end), reason=reason)


@dataclass(frozen=True, kw_only=True)
class DerivedFile:
    """A file that we made from a recording while gathering, kept in the spool under its own digest; size in bytes."""

    sha256: str
    size: int
    media_type: str


def of_recording(silences: Iterable[Silence], recording: str) -> tuple[Silence, ...]:
    """The silences of one recording, in the order in which they are heard."""
    found = (silence for silence in silences if silence.recording == recording)
    return tuple(sorted(found, key=lambda each: (each.start, each.end, each.reason)))


def by_recording(silences: Iterable[Silence]) -> dict[str, tuple[Silence, ...]]:
    """The silences of each recording, in the order in which they are heard; one pass, however many recordings."""
    found: dict[str, list[Silence]] = {}
    for silence in silences:
        found.setdefault(silence.recording, []).append(silence)
    return {name: of_recording(own, name) for name, own in found.items()}


def as_digested(silences: Sequence[Silence]) -> list[list[object]]:
    """Silences as a digest binds them."""
    return [[each.recording, each.start, each.end, each.reason] for each in silences]
