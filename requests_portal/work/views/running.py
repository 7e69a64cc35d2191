"""What is running: workers, the work that waits for them, clocks, holds and messages, in numbers without names."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from requests_portal.model.hold import LockProbe
from requests_portal.model.worker import Worker


@dataclass(frozen=True, kw_only=True)
class Pending:
    """Durable work that has not ended: of one version, in one state, begun by one worker ("" where by none yet)."""

    version: str
    state: str
    worker: str
    count: int
    oldest_at: datetime


@dataclass(frozen=True, kw_only=True)
class RoundState:
    """How one round stands: when it is due, when it was made last, and what went wrong then."""

    name: str
    due_at: datetime
    begun_at: datetime
    ended_at: datetime | None
    failure: str


@dataclass(frozen=True, kw_only=True)
class Running:
    """Everything at one moment; `version` is that of this release's work."""

    at: datetime
    version: str
    workers: tuple[Worker, ...]
    pending: tuple[Pending, ...]
    rounds: tuple[RoundState, ...]
    # The last try of each bucket whether it really denies deleting what is held.
    probes: tuple[LockProbe, ...]
    clocks_due: int
    clocks_overdue: int
    clocks_unclaimed: int
    holds_unconfirmed: int
    messages_unsent: int

    @property
    def alive(self) -> tuple[Worker, ...]:
        """The workers that were heard of within their lease."""
        return tuple(each for each in self.workers if each.is_alive(self.at))

    @property
    def stranded(self) -> tuple[Pending, ...]:
        """What a worker began that is not heard of any more: another takes it over, or the worker is started again."""
        names = {each.name for each in self.alive}
        return tuple(each for each in self.pending if each.worker and each.worker not in names)

    @property
    def older(self) -> tuple[Pending, ...]:
        """What was begun or filed under another release's version: only a worker of that release executes it."""
        return tuple(each for each in self.pending if each.version != self.version)


class RunningViews(Protocol):
    """What is running, for operators and for the machines that watch."""

    def running(self, at: datetime) -> Running: ...
