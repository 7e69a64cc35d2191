"""What the pages of holds show: frozen values, and the port that answers them; no customer's name is among them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from requests_portal.model.actor import Actor
from requests_portal.model.hold import HeldVersion, Hold, HoldCounts, HoldKind, LockProbe

PAGE_ROWS = 50
# What the store has not confirmed for so long is shown in red.
PATIENCE = timedelta(minutes=1)
# A bucket's lock that was not tried for so long is as good as untried.
PROBED_WITHIN = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class HoldRow:
    """One hold with the reference of its case, who asked, and what the store says of it."""

    hold: Hold
    reference: str
    organisation: str
    is_open: bool
    counts: HoldCounts

    def is_overdue(self, now: datetime) -> bool:
        """Whether a preservation's period has ended while its case is open, so that a person must decide."""
        ends = self.hold.expires_at
        asked = self.hold.kind is HoldKind.PRESERVATION and self.hold.released_at is None
        return asked and self.is_open and ends is not None and ends <= now


@dataclass(frozen=True, kw_only=True)
class HoldsPage:
    """One page of the holds, the newest first; `view` is "live" or "ended"."""

    rows: tuple[HoldRow, ...]
    view: str
    totals: dict[str, int]
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class HoldPage:
    """One hold, a page of its versions, and those of them that a person has to look at."""

    row: HoldRow
    versions: tuple[HeldVersion, ...]
    # Where the next page begins; empty on the last.
    next_after: str
    gone: tuple[HeldVersion, ...]
    contradicted: tuple[HeldVersion, ...]


@dataclass(frozen=True, kw_only=True)
class HoldAlarms:
    """What is wrong with holds at a moment: nothing of it is allowed to be silent."""

    at: datetime
    unconfirmed: int
    unconfirmed_since: datetime | None
    overdue: tuple[HoldRow, ...]
    probes: tuple[LockProbe, ...]
    # Buckets in which recordings lie and whose lock was never tried.
    untried: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """Each alarm as a sentence that says what to do."""
        return (*self._waiting(), *self._overdue(), *self._probes(), *self._untried())

    def _waiting(self) -> Iterator[str]:
        if self.unconfirmed_since is not None and self.at - self.unconfirmed_since > PATIENCE:
            minutes = int((self.at - self.unconfirmed_since) / timedelta(minutes=1))
            yield (
                f"The store has not confirmed {self.unconfirmed:,} held recordings, the oldest for {minutes:,} min. "
                "It is told again and again; see that the store and a worker are up."
            )

    def _overdue(self) -> Iterator[str]:
        for row in self.overdue:
            yield (
                f"{row.reference}: the period of a preservation request has ended and the case is still open. "
                "Nothing was let go: answer the case, or release or renew its hold."
            )

    def _probes(self) -> Iterator[str]:
        for probe in self.probes:
            name, moment = bucket_words(probe.bucket), f"{probe.at:%Y-%m-%d %H:%M} UTC"
            if probe.denied is False:
                yield (
                    f"{name} deleted a held version when that was tried on {moment}: holds there protect nothing. "
                    "Switch on Object Lock for this bucket."
                )
            elif probe.denied is None:
                yield f"Whether {name} denies deleting what is held could not be told on {moment}: {probe.failure}"
            elif self.at - probe.at > PROBED_WITHIN:
                yield f"Whether {name} denies deleting what is held was last tried {moment}. See that a worker is up."

    def _untried(self) -> Iterator[str]:
        for bucket in self.untried:
            yield f"Nobody has tried yet whether {bucket_words(bucket)} denies deleting what is held. Start a worker."


def bucket_words(bucket: str) -> str:
    """A bucket as a sentence names it."""
    return f"the bucket {bucket}" if bucket else "the recordings' bucket"


class HoldViews(Protocol):
    """The read side of holds."""

    def holds(self, view: str, *, page: int, by: Actor) -> HoldsPage: ...
    def hold(self, hold_id: str, *, after: str, by: Actor) -> HoldPage: ...
    def versions(self, hold_id: str, *, by: Actor) -> Iterator[HeldVersion]: ...
    def alarms(self, now: datetime, *, by: Actor) -> HoldAlarms: ...
    def probes(self) -> Sequence[LockProbe]: ...
