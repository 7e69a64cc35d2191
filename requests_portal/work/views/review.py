"""What the review pages show: the recordings that the decision or the proposal reaches, and what is marked on them."""

from collections.abc import Mapping
from dataclasses import dataclass

from requests_portal.model.case import Case
from requests_portal.model.listening import ToHear
from requests_portal.model.recording import Recording
from requests_portal.model.silence import Silence

REVIEW_ROWS = 25
# Which of the recordings are listed: all, those with other people, those where nobody knows, those with marks.
SHOWN = ("all", "others", "unknown", "marked")


@dataclass(frozen=True, kw_only=True)
class ReviewRow:
    """One recording, the ground on which it is withheld if it is, and what is to be silenced of it."""

    recording: Recording
    ground: str | None
    silences: tuple[Silence, ...]


@dataclass(frozen=True, kw_only=True)
class HearingRow:
    """A case of which recordings are to be heard, by its reference, and what was asked."""

    reference: str
    asked: ToHear


@dataclass(frozen=True, kw_only=True)
class ReviewPage:
    """One page of a case's recordings, how many there are of each kind, and how much of them is marked."""

    case: Case
    rows: tuple[ReviewRow, ...]
    counts: Mapping[str, int]
    parts: int
    show: str
    page: int
    pages: int

    @property
    def total(self) -> int:
        """How many recordings are of the kind that is shown."""
        return self.counts[self.show]

    @property
    def first(self) -> int:
        """The running number of the page's first row; 0 when there is none."""
        return (self.page - 1) * REVIEW_ROWS + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The running number of the page's last row."""
        return (self.page - 1) * REVIEW_ROWS + len(self.rows)


@dataclass(frozen=True, kw_only=True)
class RecordingPage:
    """One recording of a case under review, between its neighbours, and how many changes of its marks can be undone."""

    case: Case
    row: ReviewRow
    number: int
    total: int
    previous: str | None
    following: str | None
    undoable: int
