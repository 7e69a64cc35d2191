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
    at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Play:
    """A span that was sent under a grant, in milliseconds of the recording; 0 to 0 is a header without sound."""

    grant: str
    at: datetime
    from_ms: int
    to_ms: int
