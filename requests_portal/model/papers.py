"""Papers: the documents a request came with, kept by digest and shown only when clean."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PaperState(StrEnum):
    """Every paper starts in quarantine; only a clean PDF is ever shown, and then as pictures."""

    QUARANTINED = "quarantined"
    CLEAN = "clean"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One document as received; `reason` says why it is not shown."""

    sha256: str
    size: int
    filename: str
    received_at: datetime
    state: PaperState
    pages: int = 0
    reason: str | None = None
