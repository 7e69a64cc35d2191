"""Decide: a lawyer's act on an assessment, line by line, with reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from legal_rules.scope import Scope
from requests_portal.errors import Barred, Conflict, Forbidden, Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import AssessmentRecord, Case, CaseState, LineRecord
from requests_portal.model.decision import GIVING, Because, Decision, LineDecision, Selection
from requests_portal.model.digest import digest_of
from requests_portal.model.settlement import RAISED, Settlement
from requests_portal.model.silence import as_digested
from requests_portal.model.standing_policy import UnderPolicy
from requests_portal.work.attest import must_be_attested
from requests_portal.work.bound import facts_digest, recipient_digest, words_of_the_answer
from requests_portal.work.compose.available import does_what_was_asked
from requests_portal.work.follow_up import must_not_be_blocked
from requests_portal.work.four_eyes import why_approval
from requests_portal.work.ports import Work
from requests_portal.work.produce import reserve
from requests_portal.work.selection import match
from requests_portal.work.settle import clock_until_settled, must_be_settled
from requests_portal.work.settle import record as record_settlement
from requests_portal.work.verify import is_known, may_be_done

Move = Literal["accept", "narrow", "object", "refuse"]
# The dispositions that first ask who the requester is.
UNVERIFIED = frozenset({"verify_requester", "verify_identity", "block_release"})
DISPOSITION = {"narrow": "narrow", "object": "object", "refuse": "refuse_all"}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What the lawyer does with one line: accept the proposal, narrow it to a scope, object or refuse."""

    move: Move
    scope: Scope | None = None


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """The whole act: a choice for each line, the grounds the letter raises, the reasons, and what settles the rest."""

    choices: Mapping[str, Choice]
    grounds: Sequence[str]
    reasons: str
    settlement: Settlement = RAISED
    # The standing policy that decides; None where a lawyer does.
    policy: UnderPolicy | None = None


def decide(work: Work, case_id: str, ruling: Ruling, *, by: Actor) -> Case:
    """Record a lawyer's decision; leaving the proposal needs a reason, and nothing beyond the demand can leave."""
    by = by.must(Act.DECIDE)
    if by.is_policy is (ruling.policy is None):
        raise Forbidden("A standing policy decides in its own name, and nobody else does.")
    case = work.cases.get(case_id, by=by)
    assessment = case.assessment
    if assessment is None:
        raise Conflict("This case has not been assessed. Assess it first.")
    lines = _all_decided(assessment, ruling)
    _check_who_asks(case, lines, ruling)
    must_be_attested(case, lines, ruling.reasons)
    if any(line.scope is not None for line in lines):
        must_not_be_blocked(work, case)
    follows = _follows(assessment, lines, ruling)
    if not follows and not ruling.reasons.strip():
        raise Unusable("You are leaving the proposal. Say why; the reason stays with the case.")
    decision = _decision(work, case, assessment, lines, ruling, follows=follows, by=by)
    left_out = must_be_settled(case, assessment, lines, decision.silences)
    settlement = ruling.settlement.checked(work.today) if left_out else None
    decision = replace(decision, settlement=settlement)
    needed = decision.approval_needed
    changed = case.moved(CaseState.DECIDED if needed else CaseState.APPROVED, decision=decision)
    record_decision(work, case, decision, by)
    clock_until_settled(work, case, settlement)
    if settlement is not None and settlement.is_settled:
        record_settlement(work, case, settlement, decision.digest, by)
    kept = work.cases.put(changed)
    return kept if needed else reserve(work, kept, by=by)


def preview(work: Work, case: Case, ruling: Ruling) -> Selection:
    """What would leave if the ruling were made: counted, nothing recorded."""
    lines = _all_decided(case.assessment, ruling) if case.assessment else ()
    return match(work, case, lines).selection


def approval_asked(work: Work, case: Case, ruling: Ruling, selection: Selection) -> tuple[Because, ...]:
    """Why the ruling would need a second person; nothing recorded."""
    lines = _all_decided(case.assessment, ruling) if case.assessment else ()
    return why_approval(work.book.policy, case, lines, selection)


def leaves_out(work: Work, case: Case, ruling: Ruling) -> bool:
    """Whether the ruling lets less leave than a facially valid order reaches, so that this must be settled."""
    assessment = case.assessment
    if assessment is None:
        return False
    lines = _all_decided(assessment, ruling)
    return must_be_settled(case, assessment, lines, match(work, case, lines).silences)


def _all_decided(assessment: AssessmentRecord, ruling: Ruling) -> tuple[LineDecision, ...]:
    return tuple(_decided(record, assessment, ruling.choices.get(record.line.id)) for record in assessment.lines)


def _check_who_asks(case: Case, lines: Sequence[LineDecision], ruling: Ruling) -> None:
    # Whatever the proposal is called, data leave, and are erased or corrected, only for somebody whom we have checked.
    if not is_known(case) and any(line.scope is not None for line in lines):
        raise Barred("Nothing can leave before we know who asks. Record a check of the requester first.")
    if not may_be_done(case) and does_what_was_asked(case, lines, by_lawyer=ruling.policy is None):
        raise Barred("Nothing can be done before we know who asks. Record a check of the requester first, or refuse.")


def proposed_scope(assessment: AssessmentRecord, record: LineRecord) -> Scope | None:
    """What accepting the proposal gives of a line: nothing unless the request as a whole is answered with data."""
    return record.proposed if assessment.disposition in GIVING else None


def _decided(record: LineRecord, assessment: AssessmentRecord, choice: Choice | None) -> LineDecision:
    line = record.line
    if choice is None:
        raise Unusable(f"Line {line.id} has no decision. Decide every line.")
    if choice.move == "accept":
        scope = proposed_scope(assessment, record)
        return LineDecision(line=line.id, disposition=record.disposition, scope=scope)
    if choice.move != "narrow":
        return LineDecision(line=line.id, disposition=DISPOSITION[choice.move], scope=None)
    if choice.scope is None or not choice.scope <= line.scope:
        raise Unusable(f"The scope for line {line.id} goes beyond what was demanded. Choose a part of the demand.")
    if record.permitted is None or not choice.scope <= record.permitted:
        raise Unusable(f"The law forbids part of the scope for line {line.id}. Choose within what it permits.")
    return LineDecision(line=line.id, disposition="narrow", scope=choice.scope)


def _follows(assessment: AssessmentRecord, lines: Sequence[LineDecision], ruling: Ruling) -> bool:
    proposed = {record.line.id: proposed_scope(assessment, record) for record in assessment.lines}
    same_scopes = all(line.scope == proposed[line.line] for line in lines)
    return same_scopes and set(ruling.grounds) == set(raised_grounds(assessment))


def raised_grounds(assessment: AssessmentRecord) -> tuple[str, ...]:
    """The grounds that the proposal raises with the issuer, in the order of its findings."""
    return tuple(dict.fromkeys(f.ground for f in assessment.findings if f.ground and f.outcome not in {"ask", "clear"}))


def _decision(
    work: Work,
    case: Case,
    assessment: AssessmentRecord,
    lines: tuple[LineDecision, ...],
    ruling: Ruling,
    *,
    follows: bool,
    by: Actor,
) -> Decision:
    matched = match(work, case, lines)
    because = why_approval(work.book.policy, case, lines, matched.selection)
    # Read as it would be written; nothing was changed by hand under an act that is new.
    new = work.new_id()
    unbound = Decision(
        id=new,
        lines=lines,
        grounds=tuple(ruling.grounds),
        reasons=ruling.reasons.strip(),
        follows_proposal=follows,
        selection=matched.selection,
        assessment=assessment.digest,
        by=by.id,
        by_name=by.name,
        at=work.now(),
        approval_needed=bool(because),
        digest=new,
        silences=matched.silences,
        because=because,
        hands=(by.id,),
        facts=facts_digest(case),
        recipient=recipient_digest(work, case),
        policy=ruling.policy,
    )
    written = replace(unbound, letter=words_of_the_answer(work, case, unbound))
    return replace(written, digest=_digest(case, written))


def _digest(case: Case, decision: Decision) -> str:
    """The digest of all that an approval binds to."""
    bound = {
        # A later decision of the same content is another act: an approval of the first is none of the second.
        "id": decision.id,
        "case": case.id,
        "facts": digest_of(case.facts),
        "recipient": decision.recipient,
        "letter": decision.letter,
        "assessment": decision.assessment,
        "lines": [
            [each.line, each.disposition, each.scope.as_json() if each.scope else None] for each in decision.lines
        ],
        "grounds": decision.grounds,
        "reasons": decision.reasons,
        "selection": decision.selection.digest,
        "silences": as_digested(decision.silences),
    }
    if decision.policy is not None:
        bound["policy"] = decision.policy.digest
    return digest_of(bound)


def _bound_line(line: LineDecision) -> list[object]:
    return [line.line, line.disposition, line.scope.as_json() if line.scope else None]


def record_decision(work: Work, case: Case, decision: Decision, by: Actor) -> None:
    """Write a decision to the audit log: its digests and counts in clear, its reasons as a commitment."""
    work.audit.add(
        "case_decided",
        by=by,
        case=case.id,
        subjects={
            "decision": decision.digest,
            "assessment": decision.assessment,
            "selection": decision.selection.digest,
            **({"policy": decision.policy.digest} if decision.policy else {}),
        },
        numbers={
            "recordings": decision.selection.recordings,
            "withheld": decision.selection.withheld,
            "silenced": decision.selection.silenced,
        },
        words={
            "follows_proposal": "yes" if decision.follows_proposal else "no",
            "approval": "needed" if decision.approval_needed else "not_needed",
        },
        private={"reasons": decision.reasons},
    )
