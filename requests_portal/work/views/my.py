"""What a customer's pages show: frozen values of their own account, and the port that answers them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from requests_portal.model.actor import Actor
from requests_portal.model.case import Case
from requests_portal.model.erasure import Chosen
from requests_portal.model.notice import Notice
from requests_portal.model.production import Production, SignedDocument
from requests_portal.model.recording import Recording
from requests_portal.model.transcript import TranscriptNote
from requests_portal.work.ports import Customer

PAGE_ROWS = 25


@dataclass(frozen=True, kw_only=True)
class ShelfQuery:
    """Which of the recordings are asked for: of one device or all, from the first to the last day, both included."""

    device: str = ""
    first: date | None = None
    last: date | None = None
    page: int = 1


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """One page of a customer's recordings, newest first, with their devices' names by serial and their language."""

    recordings: tuple[Recording, ...]
    devices: Mapping[str, str]
    zone: str
    language: str
    total: int
    page: int
    pages: int
    # How the customer has the transcripts, and which requests of theirs to correct one are open, by recording.
    notes: Mapping[str, TranscriptNote] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """The running number of the page's first recording; 0 when there is none."""
        return (self.page - 1) * PAGE_ROWS + 1 if self.recordings else 0

    @property
    def last(self) -> int:
        """The running number of the page's last recording."""
        return (self.page - 1) * PAGE_ROWS + len(self.recordings)


@dataclass(frozen=True, kw_only=True)
class Given:
    """A released production with its signed documents, its items not read but counted; `at` is when it was first given.

    `ended_at` is when the last way to it ended, None while it can be downloaded; `recalled` says whether we withdrew
    what it says, and `replaced_by` names the production that took its place.
    """

    production: Production
    at: datetime
    documents: tuple[SignedDocument, ...]
    ended_at: datetime | None = None
    recalled: bool = False
    replaced_by: str | None = None
    items: int = 0

    @property
    def holds_records(self) -> bool:
        """Whether there is more to it than a letter."""
        return bool(self.items or self.production.record_sets)


@dataclass(frozen=True, kw_only=True)
class OwnRequest:
    """A customer's request: its case, when the answer is due, how far it has come, and what was released, newest first.

    The documents of what was released are read for one request, not for a list of them, and items are counted alone:
    `is_letter` says that the production has neither these nor tables of records. `copied` is (done, total) of
    the recordings while they are gathered, None before and where there are none.
    """

    case: Case
    due: datetime | None
    production: Production | None
    copied: tuple[int, int] | None
    given: tuple[Given, ...]
    is_letter: bool = False


@dataclass(frozen=True, kw_only=True)
class Erasable:
    """What a customer is about to delete, or may: how many recordings, and the choice itself."""

    chosen: Chosen
    recordings: int
    one: Recording | None = None


class MyViews(Protocol):
    """A customer's read side: their own account and nothing else; another's things do not exist for them."""

    def customer(self, *, by: Actor) -> Customer: ...
    def shelf(self, query: ShelfQuery, *, by: Actor) -> Shelf: ...
    def recording(self, recording_id: str, *, by: Actor) -> Recording: ...
    def erasable(self, query: ShelfQuery, *, recording: str, before: datetime, by: Actor) -> Erasable: ...
    def months(self, *, by: Actor) -> int | None: ...
    def requests(self, *, by: Actor) -> tuple[OwnRequest, ...]: ...
    def notices(self, *, by: Actor) -> tuple[Notice, ...]: ...
    def notice(self, notice_id: str, *, by: Actor) -> Notice: ...
    def request(self, reference: str, *, by: Actor) -> OwnRequest: ...
