"""Notices: what a customer is told of a demand for their data, and why they were not told before it was answered."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What one customer was told of one demand; its words stay as they were on that day."""

    id: str
    case: str
    account: str
    at: datetime
    paragraphs: tuple[str, ...]
    # The digest of the decision that it told of.
    decision: str


@dataclass(frozen=True, kw_only=True)
class Untold:
    """Why a lawyer lets data leave before the customer is told of it."""

    reason: str
    by: str
    by_name: str
    at: datetime
    # The digest of the decision that it is about; of which one nobody knows, where it is empty.
    decision: str = ""


@dataclass(frozen=True, kw_only=True)
class ToldByHand:
    """How and on which day a customer was told otherwise than by the desk's own notice, as a lawyer records it."""

    how: str
    on: date
    by: str
    by_name: str
    at: datetime
    # The digest of the decision that it was about; nothing where none stood.
    decision: str
    # Whose customers were told; where it is empty, those of all accounts that the demand names.
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EndingSilence:
    """A case whose silence towards the customer ends on a day."""

    case: str
    reference: str
    ends_at: datetime
