"""A case: our file on one request, from filing to closing, and the moves it may make."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from legal_rules.narrowing import WithholdingRule
from legal_rules.scope import DemandLine, Scope
from requests_portal.errors import Conflict
from requests_portal.model.agent import AgentAnswer
from requests_portal.model.attestation import Attestation
from requests_portal.model.decision import Approval, Decision
from requests_portal.model.follow_up import Clearing, ProcessCame
from requests_portal.model.identity import Declaration
from requests_portal.model.letter import LetterVersion
from requests_portal.model.notice import ToldByHand, Untold
from requests_portal.model.papers import Paper
from requests_portal.model.silence import Silence
from requests_portal.model.standing_policy import NotRoutine
from requests_portal.model.transcript import ProposedWords


class Track(StrEnum):
    """Who asks: an authority, or the person the data is about."""

    LEGAL_DEMAND = "legal_demand"
    DATA_SUBJECT = "data_subject"


class CaseState(StrEnum):
    """Where a case stands; productions have states of their own."""

    RECEIVED = "received"
    ASSESSED = "assessed"
    WAITING = "waiting"
    DECIDED = "decided"
    APPROVED = "approved"
    ANSWERED = "answered"
    CLOSED = "closed"


class ClosedBecause(StrEnum):
    """Why a request needs no answer any more."""

    ERASED = "erased"
    WITHDRAWN = "withdrawn"


MOVES: dict[CaseState, frozenset[CaseState]] = {
    CaseState.RECEIVED: frozenset({CaseState.ASSESSED, CaseState.CLOSED}),
    CaseState.ASSESSED: frozenset(
        {CaseState.ASSESSED, CaseState.WAITING, CaseState.DECIDED, CaseState.APPROVED, CaseState.CLOSED}
    ),
    CaseState.WAITING: frozenset({CaseState.ASSESSED, CaseState.CLOSED}),
    CaseState.DECIDED: frozenset({CaseState.ASSESSED, CaseState.APPROVED, CaseState.CLOSED}),
    CaseState.APPROVED: frozenset({CaseState.ASSESSED, CaseState.ANSWERED, CaseState.CLOSED}),
    CaseState.ANSWERED: frozenset({CaseState.ASSESSED, CaseState.CLOSED}),
    CaseState.CLOSED: frozenset(),
}


@dataclass(frozen=True, kw_only=True)
class Requester:
    """The person we answer: an issuer's officer, or the customer."""

    name: str
    organisation: str = ""
    email: str = ""
    address: tuple[str, ...] = ()
    country: str = ""
    file_number: str = ""

    @property
    def plain_file_number(self) -> str:
        """The file number by which the same matter is found again: capital letters and digits alone."""
        return re.sub("[^A-Z0-9]", "", self.file_number.upper())[:64]


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check of who the requester is: what was done, by whom, when; `passed` None where it is only noted."""

    how: str
    passed: bool | None
    by: str
    by_name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Quote:
    """Words of the paper as written, with the place they stand."""

    words: str
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class FindingRecord:
    """What one rule said of the case, as it was assessed."""

    rule: str
    ground: str | None
    outcome: str
    kind: str
    about: str
    basis: str
    title: str
    cite: tuple[str, ...]
    remedy: str
    letter: str | None
    missing: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LineRecord:
    """The proposal for one demand line, as it was assessed; `permitted` is the most that a lawyer may give of it."""

    line: DemandLine
    disposition: str
    proposed: Scope | None
    permitted: Scope | None
    grounds: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AssessmentRecord:
    """An assessment as it was made: the book's digest, the day's law, and the digest that later acts bind to."""

    digest: str
    book: str
    at: datetime
    disposition: str
    lines: tuple[LineRecord, ...]
    findings: tuple[FindingRecord, ...]
    withheld: tuple[WithholdingRule, ...]
    nondisclosure: str | None
    nondisclosure_grounds: tuple[str, ...]
    release_gates: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One request with everything decided about it; `version` counts its changes."""

    id: str
    reference: str
    track: Track
    title: str
    state: CaseState
    requester: Requester
    received_at: datetime
    zone: str
    language: str
    facts: dict[str, object]
    lines: tuple[DemandLine, ...] = ()
    quotes: tuple[Quote, ...] = ()
    papers: tuple[Paper, ...] = ()
    checks: tuple[Check, ...] = ()
    account: str | None = None
    filed_by: str = ""
    assigned_to: str | None = None
    assessment: AssessmentRecord | None = None
    decision: Decision | None = None
    # The decision that stood before: whoever approves sees what changed since.
    earlier: Decision | None = None
    approvals: tuple[Approval, ...] = ()
    letters: tuple[LetterVersion, ...] = ()
    # What a lawyer has marked to be silenced so far; a decision takes it over.
    silences: tuple[Silence, ...] = ()
    waiting_for: str = ""
    # Why data may leave before the customer is told of it.
    untold: Untold | None = None
    # How the customer was told otherwise than by the desk's own notice.
    by_hand: tuple[ToldByHand, ...] = ()
    closed_because: str = ""
    # When whoever filed it last showed who they are; None where it was not the customer.
    signed_in_at: datetime | None = None
    # By what they showed it; empty where it is not known.
    signed_in_by: str = ""
    # What the customer says of the agent who asks in their name; None until they say it.
    agent_answer: AgentAnswer | None = None
    # What the requester declared under penalty of perjury to show who they are.
    declaration: Declaration | None = None
    # The recordings that fit what somebody told of when they were heard on another's device; no other leaves for them.
    heard_on: tuple[str, ...] = ()
    # The naming in the account that showed the agent's permission, where no paper did.
    named_agent: str | None = None
    # Why the standing policy in force did not answer it.
    not_routine: tuple[NotRoutine, ...] = ()
    # The agency of our directory that the requester's was matched with.
    agency: str | None = None
    # What the officer of an emergency request declared true; it stays in the case, and out of the log.
    attestation: Attestation | None = None
    # The legal process that followed what left in an emergency, and who cleared that it did not come in time.
    process_came: ProcessCame | None = None
    clearing: Clearing | None = None
    # How the customer says that a transcript of theirs should read, where they ask for that.
    proposed: ProposedWords | None = None
    # Who alone may know of it; nobody where it is not sealed.
    named: tuple[str, ...] = ()
    version: int = 0

    def moved(self, state: CaseState, **changes: object) -> "Case":
        """The case in a new state, where the table of moves allows it."""
        if state not in MOVES[self.state]:
            raise Conflict(
                f"This case is {self.state}; it cannot become {state}. Reload the page to see where it stands."
            )
        return replace(self, state=state, **changes)  # type: ignore[arg-type]

    @property
    def approval(self) -> Approval | None:
        """The granted approval of the decision that stands, if there is one."""
        for approval in reversed(self.approvals):
            if self.decision and approval.granted and approval.digest == self.decision.digest:
                return approval
        return None

    @property
    def is_open(self) -> bool:
        """Whether we still owe an answer."""
        return self.state not in {CaseState.ANSWERED, CaseState.CLOSED}

    @property
    def is_by_agent(self) -> bool:
        """Whether somebody asks in the customer's name."""
        return self.track is Track.DATA_SUBJECT and self.facts.get("requester_kind") == "agent"

    @property
    def asks_for_another(self) -> bool:
        """Whether somebody else than the customer asks for the customer: an agent, or a parent or guardian."""
        return self.track is Track.DATA_SUBJECT and self.facts.get("requester_kind") in {"agent", "guardian"}

    @property
    def is_by_person_heard(self) -> bool:
        """Whether somebody asks who is heard on a device of an account that is not theirs."""
        return self.track is Track.DATA_SUBJECT and self.facts.get("requester_kind") == "person_heard"

    @property
    def opens_in_account_alone(self) -> bool:
        """Whether the answer is read in the customer's account and by no link."""
        agent = self.agent_answer
        agent_receives = self.is_by_agent and agent is not None and agent.is_confirmed and agent.receives
        return self.track is Track.DATA_SUBJECT and self.account is not None and not agent_receives

    def may_go_to(self, person: str | None) -> bool:
        """Whether somebody may have it; a sealed case is always with one of those whom it names."""
        return not self.named or person in self.named

    @property
    def is_cleared(self) -> bool:
        """Whether what was decided may be produced: decided, and approved where that is needed."""
        decision = self.decision
        return decision is not None and (not decision.approval_needed or self.approval is not None)
