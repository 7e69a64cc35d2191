"""A transcript as its customer would have it: what they propose on a request, and what then stands beside it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from requests_portal.model.digest import digest_of

LONGEST = 10_000
# What stands where words stood that went with their recording.
FORGOTTEN = "[…]"


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
    # What stays of both once the recording was erased: by it, what somebody shows us can be known again.
    digest: str = ""

    @property
    def is_forgotten(self) -> bool:
        """Whether the words went with their recording."""
        return bool(self.digest)

    def is_quoted_in(self, line: str) -> bool:
        """Whether a line of one of our texts says any line of the one or the other."""
        said = (part.strip() for part in (*self.was.splitlines(), *self.words.splitlines()))
        return any(part in line for part in said if part)

    def forgotten(self) -> "ProposedWords":
        """That a correction was asked for, without a word of it."""
        return replace(self, was="", words="", digest=digest_of([self.was, self.words]))


@dataclass(frozen=True, kw_only=True)
class TranscriptNote:
    """The customer's words beside a transcript, which itself stays as it was catalogued."""

    recording: str
    standing: Standing
    words: str
    case: str
    at: datetime
