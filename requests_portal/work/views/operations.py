"""What an operator looks at: frozen values without contents or names, and the port that answers them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from requests_portal.model.actor import Actor
from requests_portal.model.duty import Duty
from requests_portal.model.erasure import AbsentBucket, ErasureCounts
from requests_portal.model.escalation import Unclaimed
from requests_portal.model.production import ProductionState
from requests_portal.model.recount import Recount


@dataclass(frozen=True, kw_only=True)
class CaseDue:
    """An open case by its reference, and when its answer is due."""

    reference: str
    due: datetime | None
    claimed: bool = True


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A production that is not done and not a person's to go on with, or has stopped."""

    id: str
    case: CaseDue
    number: int
    state: ProductionState
    version: int
    failure: str
    next_try_at: datetime | None

    @property
    def name(self) -> str:
        """What it is called: its case's reference and its number."""
        return f"{self.case.reference} production {self.number}"


@dataclass(frozen=True, kw_only=True)
class Unsent:
    """A message that waits to be sent; where it goes to is nobody's business here."""

    template: str
    at: datetime
    tries: int
    failure: str


@dataclass(frozen=True, kw_only=True)
class HoldWaits:
    """A case with versions that the store has not confirmed as held, and since when the oldest waits."""

    case: CaseDue
    count: int
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Operations:
    """What stands still, is late or unclaimed, at one moment; cases that the actor may not know of are left out."""

    standing: tuple[Standing, ...]
    overdue: tuple[CaseDue, ...]
    unclaimed: tuple[Unclaimed, ...]
    unsent: tuple[Unsent, ...]
    holds: tuple[HoldWaits, ...]
    duties: tuple[Duty, ...]
    erasures: ErasureCounts
    # What a person has to look at in the store, counted by kind.
    in_store: Mapping[str, int]
    absent: tuple[AbsentBucket, ...] = ()
    # Alarms that nobody has looked into.
    alarms: int = 0
    # None before what triggers keep was first compared with reading.
    recount: Recount | None = None


class OperationsViews(Protocol):
    """What an operator looks at."""

    def operations(self, *, by: Actor, at: datetime) -> Operations: ...
