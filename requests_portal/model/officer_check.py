"""Checks of who sends a legal demand: what was checked, what it showed, by whom and when."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from requests_portal.model.agency import digits

# So many last digits tell a number from the others that a paper holds.
TELLING_DIGITS = 9


class CheckKind(StrEnum):
    """What is checked of whoever asks."""

    DOMAIN = "domain"
    CALL_BACK = "call_back"
    CHANNEL = "channel"
    MESSAGE = "message"
    SIGNATURE = "signature"
    PAPERS = "papers"
    SUPERVISOR = "supervisor"


class Outcome(StrEnum):
    """What a check showed; `not_shown` says neither that they are who they say nor that they are not."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_SHOWN = "not_shown"


@dataclass(frozen=True, kw_only=True)
class OfficerCheck:
    """One check as it was made; `subject` is the digest of a file that was looked at."""

    id: str
    case: str
    kind: CheckKind
    outcome: Outcome
    how: str
    by: str
    by_name: str
    at: datetime
    agency: str | None = None
    subject: str = ""


@dataclass(frozen=True, kw_only=True)
class RequestText:
    """Everything written in a request and its papers; `unread` counts the papers whose words no machine can read."""

    words: str
    unread: int


@dataclass(frozen=True, kw_only=True)
class MessageRead:
    """What a message showed: who it says it is from, the domain whose signature shows it, and its digest."""

    address: str
    host: str
    signed_by: str
    signatures: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class PaperSignature:
    """One signature of a paper, by what its certificate says of itself; `whole` is of the file as it reached us."""

    signer: str
    issuer: str
    intact: bool
    whole: bool
    said_at: str


def names_number(text: str, number: str) -> bool:
    """Whether a text holds a number, however it is set apart there and in whatever digits."""
    written = (unicodedata.digit(each, None) for each in unicodedata.normalize("NFKC", text))
    return digits(number)[-TELLING_DIGITS:] in "".join(str(each) for each in written if each is not None)
