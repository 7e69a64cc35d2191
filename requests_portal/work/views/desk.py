"""What the legal team's pages show: frozen values, and the port that answers them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from requests_portal.audit_log.entry import Entry
from requests_portal.model.actor import Actor
from requests_portal.model.case import Case, Track
from requests_portal.model.clock import ClockRow
from requests_portal.model.hold import Hold, HoldCounts
from requests_portal.model.production import (
    ArchivedCopy,
    Envelope,
    Production,
    RecalledProduction,
    Receipt,
    Release,
    SignedDocument,
)
from requests_portal.model.recording import Recording, Totals
from requests_portal.work.views.review import HearingRow, RecordingPage, ReviewPage

PAGE_ROWS = 25
SOON_DAYS = 3
# The groups of the queue in their order; a case that waits for its requester is in none that can be late.
GROUPS = ("overdue", "soon", "later", "waiting", "none", "answered")
VIEWS = ("open", "mine", "decision", "waiting", "approval", "certificate", "release", "answered")
STAGES = (
    "assessment",
    "decision",
    "waiting",
    "approval",
    "gathering",
    "certificate",
    "signing",
    "release",
    "stopped",
    "answered",
    "closed",
)
SORTS = ("due", "request", "check", "owner")
# The value by which the queue is asked for cases that nobody has.
NOBODY = "nobody"
_GDPR_COUNTRIES = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO"


@dataclass(frozen=True, kw_only=True)
class QueueQuery:
    """Which part of the queue is asked for; an empty filter asks for everything."""

    view: str = "open"
    kinds: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    laws: tuple[str, ...] = ()
    assigned: tuple[str, ...] = ()
    find: str = ""
    sort: str = "due"
    descending: bool = False
    page: int = 1


@dataclass(frozen=True, kw_only=True)
class QueueRow:
    """One case in the queue; `due` is when the answer is due, None once it was given or where no limit runs."""

    reference: str
    title: str
    organisation: str
    account: str | None
    track: str
    law: str
    stage: str
    group: str
    due: datetime | None
    disposition: str
    objections: int
    questions: int
    assigned_to: str | None
    received_at: datetime


@dataclass(frozen=True, kw_only=True)
class QueuePage:
    """One page of the queue: its rows in order, what each group, view and filter counts, and where the page stands."""

    rows: tuple[QueueRow, ...]
    groups: Mapping[str, int]
    views: Mapping[str, int]
    open_groups: Mapping[str, int]
    filters: Mapping[str, Mapping[str, int]]
    total: int
    page: int
    pages: int

    @property
    def first(self) -> int:
        """The running number of the page's first row; 0 when there is none."""
        return (self.page - 1) * PAGE_ROWS + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The running number of the page's last row."""
        return (self.page - 1) * PAGE_ROWS + len(self.rows)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How many recordings are demanded, proposed and withheld one by one, and how they lie over time."""

    demanded: int
    proposed: int
    withheld: int
    by_day: tuple[tuple[date, int, int], ...]

    @property
    def held_back(self) -> int:
        """How many recordings are demanded and not proposed."""
        return self.demanded - self.proposed


@dataclass(frozen=True, kw_only=True)
class HoldView:
    """A hold with what the store says of the versions that it keeps."""

    hold: Hold
    counts: HoldCounts


@dataclass(frozen=True, kw_only=True)
class ProductionView:
    """A production with its documents, releases and receipts, the first of its recordings, and its progress.

    A case's page counts its `items` alone; the production's own page has them in the production as well.
    """

    production: Production
    items: int
    documents: tuple[SignedDocument, ...]
    releases: tuple[Release, ...]
    envelopes: tuple[Envelope, ...]
    recalled: RecalledProduction | None
    # The number of the production that replaced it.
    replaced_by: int | None
    receipts: tuple[Receipt, ...]
    progress: Mapping[str, tuple[int, int, float]]
    recordings: Mapping[str, Recording]
    archived: tuple[ArchivedCopy, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """Everything the page of one case shows."""

    case: Case
    reach: Reach
    to_gather: Totals
    clocks: tuple[ClockRow, ...]
    holds: tuple[HoldView, ...]
    productions: tuple[ProductionView, ...]
    history: tuple[Entry, ...]
    recordings: tuple[Recording, ...]
    devices: Mapping[str, str]


class DeskViews(Protocol):
    """The legal team's read side; who may not see a case is told that there is none."""

    def queue(self, query: QueueQuery, *, by: Actor, now: datetime, zone: ZoneInfo) -> QueuePage: ...
    def whole_queue(self, query: QueueQuery, *, by: Actor, now: datetime, zone: ZoneInfo) -> tuple[QueueRow, ...]: ...
    def case(self, reference: str, *, by: Actor) -> CasePage: ...
    def production(self, reference: str, number: int, *, by: Actor) -> tuple[Case, ProductionView]: ...
    def recordings(self, reference: str, *, show: str, page: int, by: Actor) -> ReviewPage: ...
    def recording(self, reference: str, recording_id: str, *, show: str, by: Actor) -> RecordingPage: ...
    def hearings(self, *, by: Actor) -> Sequence[HearingRow]: ...
    def reviewed(self, reference: str, *, show: str, by: Actor) -> Sequence[Recording]: ...


def law_of(case: Case) -> str:
    """The body of law a case is answered under, as lists name it: by issuer, or by where the data subject lives."""
    if case.track is Track.LEGAL_DEMAND:
        return _law_of_issuer(str(case.facts.get("issuer") or ""))
    return _law_of_country(str(case.facts.get("data_subject_country") or ""))


def _law_of_issuer(issuer: str) -> str:
    if issuer.startswith("us_") or issuer in {"civil_party", "defendant"}:
        return "us_sca"
    return {"eu_state": "eu_evidence", "uk": "uk_orders", "foreign_state": "foreign"}.get(issuer, "open")


def _law_of_country(country: str) -> str:
    if country == "GB":
        return "uk_gdpr"
    if country.startswith("US"):
        return "us_privacy"
    return "gdpr" if country in _GDPR_COUNTRIES.split() else "open"
