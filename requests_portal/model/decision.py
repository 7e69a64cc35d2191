"""A lawyer's decision on an assessment, and the second person's approval of exactly that decision."""

from dataclasses import dataclass
from datetime import datetime

from legal_rules.scope import Scope
from requests_portal.model.settlement import Settlement
from requests_portal.model.silence import Silence


@dataclass(frozen=True, kw_only=True)
class LineDecision:
    """What is decided for one demand line: the disposition, and the scope that leaves (None: nothing)."""

    line: str
    disposition: str
    scope: Scope | None


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What a decided scope matches in the catalogue: counted, measured and bound by digest."""

    recordings: int
    bytes: int
    withheld: int
    record_sets: tuple[str, ...]
    digest: str
    # How many of the recordings leave with silenced parts.
    silenced: int = 0


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A lawyer's act on an assessment; `digest` binds facts, findings, lines, text and what the lines match."""

    id: str
    lines: tuple[LineDecision, ...]
    grounds: tuple[str, ...]
    reasons: str
    follows_proposal: bool
    selection: Selection
    assessment: str
    by: str
    by_name: str
    at: datetime
    approval_needed: bool
    digest: str
    # How it is settled that less leaves than an order reaches; None where nothing of one is left out.
    settlement: Settlement | None = None
    silences: tuple[Silence, ...] = ()

    @property
    def gives(self) -> bool:
        """Whether anything leaves under this decision."""
        return any(line.scope is not None for line in self.lines)

    @property
    def objects(self) -> bool:
        """Whether an objection letter goes out under this decision."""
        return bool(self.grounds) or not self.gives


@dataclass(frozen=True, kw_only=True)
class Approval:
    """The second person's answer to one decision, bound to its digest; a refusal carries its reason."""

    decision: str
    digest: str
    granted: bool
    reason: str
    by: str
    by_name: str
    at: datetime
