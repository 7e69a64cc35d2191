"""A lawyer's decision on an assessment, and the second person's approval of exactly that decision."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from legal_rules.scope import Scope
from requests_portal.model.settlement import Settlement
from requests_portal.model.silence import Silence
from requests_portal.model.standing_policy import UnderPolicy

# The dispositions under which the proposal gives, or does, what was asked for.
GIVING = frozenset({"comply", "comply_voluntarily", "narrow", "extend"})


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
    # How long those are together whose length is known, and of how many it is not; None where nobody looked.
    seconds: float = 0.0
    unknown_lengths: int | None = None


class Because(StrEnum):
    """Why house policy asks for a second person."""

    CONTENTS = "contents"
    EMERGENCY = "emergency"
    MANY = "many"
    REFUSAL = "refusal"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A lawyer's act on an assessment, or a policy's; `digest` binds facts, findings, lines, text and the selection."""

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
    # Why a second person is needed; empty where none is.
    because: tuple[Because, ...] = ()
    # Whoever had a hand in it: who decided the lines, and each who changed the letter's words since.
    hands: tuple[str, ...] = ()
    # What else was read when it was made: the facts and whom we write to, by digest, and every line of the letter.
    facts: str = ""
    recipient: str = ""
    letter: tuple[str, ...] = ()
    # The standing policy that decided; None where a lawyer did.
    policy: UnderPolicy | None = None

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
