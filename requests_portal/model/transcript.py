"""A transcript as its customer would have it: what they propose on a request, and what then stands beside it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LONGEST = 10_000


class Standing(StrEnum):
    """Whether we took over the customer's words, or keep them as their statement after we refused."""

    CORRECTED = "corrected"
    CONTESTED = "contested"


@dataclass(frozen=True, kw_only=True)
class ProposedWords:
    """How a customer says that the transcript of one version of a recording should read, and how it read then."""

    recording: str
    version_id: str
    was: str
    words: str


@dataclass(frozen=True, kw_only=True)
class TranscriptNote:
    """The customer's words beside a transcript, which itself stays as it was catalogued."""

    recording: str
    standing: Standing
    words: str
    case: str
    at: datetime
