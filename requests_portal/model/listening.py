"""Listening: who may hear which recording, for which case and purpose, and every second that was sent to them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GRANT_PERIOD = timedelta(minutes=30)


class Purpose(StrEnum):
    """What a member of staff listens for; anything else needs words."""

    FIND_OTHERS = "find_others"
    CHECK_SCOPE = "check_scope"
    CHECK_QUALITY = "check_quality"
    OTHER = "other"


class Needed(StrEnum):
    """Why recordings of a case have to be heard: a customer's own request needs it for the latter two alone."""

    DEMAND = "demand"
    CUSTOMERS_CHOICE = "customers_choice"
    LAW = "law"


@dataclass(frozen=True, kw_only=True)
class ToHear:
    """What a lawyer has asked of the reviewers: to hear the recordings of a case."""

    case: str
    needed: Needed
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One person's leave to hear one version of one recording for one case, until it expires."""

    id: str
    case: str
    recording: str
    version_id: str
    purpose: Purpose
    words: str
    by: str
    # The role in which they hear it; empty for a grant of before roles were kept.
    role: str
    at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Play:
    """A span that was sent under a grant, in milliseconds of the recording; 0 to 0 is a header without sound."""

    grant: str
    at: datetime
    from_ms: int
    to_ms: int


class Why(StrEnum):
    """For what somebody of ours listened, as the customer is told it."""

    OWN_REQUEST = "own_request"
    ANOTHERS_REQUEST = "anothers_request"
    DEMAND = "demand"
    SERVICE = "service"


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One time somebody of ours heard a recording: when, for what and in which role, and never who.

    `purpose` is one of `Purpose`, or the company's own words where it was to improve the service; `seconds` is what was
    sent of it, None where nobody counted.
    """

    recording: str
    device: str
    recorded_at: datetime
    zone: str
    at: datetime
    why: Why
    purpose: str
    role: str
    seconds: float | None
