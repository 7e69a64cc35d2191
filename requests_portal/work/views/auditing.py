"""What the auditor's pages show: the log as it is kept, and the port that answers them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from requests_portal.audit_log.entry import Entry
from requests_portal.audit_log.proof import InclusionProof
from requests_portal.audit_log.verdict import Verdict
from requests_portal.model.actor import Actor

PAGE_ROWS = 50


@dataclass(frozen=True, kw_only=True)
class LogQuery:
    """Which entries are asked for: of one act, of one case by reference or id, or all."""

    act: str = ""
    case: str = ""
    page: int = 1


@dataclass(frozen=True, kw_only=True)
class LogPage:
    """One page of the log, newest entry first, each with its index from 0; None stands for bytes that are no entry.

    `references` names the cases by id.
    """

    entries: tuple[tuple[int, Entry | None], ...]
    references: Mapping[str, str]
    total: int
    page: int
    pages: int
    size: int
    checkpoint: str | None

    @property
    def first(self) -> int:
        """The running number of the page's first row; 0 when there is none."""
        return (self.page - 1) * PAGE_ROWS + 1 if self.entries else 0

    @property
    def last(self) -> int:
        """The running number of the page's last row."""
        return (self.page - 1) * PAGE_ROWS + len(self.entries)


@dataclass(frozen=True, kw_only=True)
class EntryPage:
    """One entry with its canonical bytes' proof against the newest checkpoint, and what checking that proof found.

    `entry` is None for bytes that are no entry; `reference` names the entry's case.
    """

    entry: Entry | None
    proof: InclusionProof
    leaf: str
    root: str
    reference: str | None
    verdict: Verdict
    last: int


class AuditViews(Protocol):
    """The auditor's read side; nothing here changes anything."""

    def log(self, query: LogQuery, *, by: Actor) -> LogPage: ...
    def verify(self, *, by: Actor) -> Verdict: ...
    def entry(self, index: int, *, by: Actor) -> EntryPage: ...
    def checkpoint(self, *, by: Actor) -> str: ...
    def export(self, folder: Path, *, by: Actor) -> None: ...
