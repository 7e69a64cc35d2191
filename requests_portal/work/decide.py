"""Decide: a lawyer's act on an assessment, line by line, with reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from legal_rules.scope import Scope
from legal_rules.vocabulary.groups import CONTENT_CLASSES
from requests_portal.errors import Conflict, Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import AssessmentRecord, Case, CaseState, LineRecord, Track
from requests_portal.model.decision import Decision, LineDecision, Selection
from requests_portal.model.digest import digest_of
from requests_portal.model.settlement import RAISED, Settlement
from requests_portal.model.silence import as_digested
from requests_portal.work.ports import Work
from requests_portal.work.produce import reserve
from requests_portal.work.selection import classes_decided, match
from requests_portal.work.settle import clock_until_settled, must_be_settled
from requests_portal.work.settle import record as record_settlement
from requests_portal.work.verify import FACT

Move = Literal["accept", "narrow", "object", "refuse"]
# The dispositions under which the proposal gives data, and those that first ask who the requester is.
GIVING = frozenset({"comply", "comply_voluntarily", "narrow", "extend"})
UNVERIFIED = frozenset({"verify_requester", "verify_identity", "block_release"})
# Contents of every kind, and what the law guards like them: no one person gives these to an authority.
OF_A_WARRANT = CONTENT_CLASSES | {"location", "voiceprint"}
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


def decide(work: Work, case_id: str, ruling: Ruling, *, by: Actor) -> Case:
    """Record a lawyer's decision; leaving the proposal needs a reason, and nothing beyond the demand can leave."""
    by.must(Act.DECIDE)
    case = work.cases.get(case_id, by=by)
    assessment = case.assessment
    if assessment is None:
        raise Conflict("This case has not been assessed. Assess it first.")
    lines = _all_decided(assessment, ruling)
    _check_who_asks(case, lines)
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


def leaves_out(work: Work, case: Case, ruling: Ruling) -> bool:
    """Whether the ruling lets less leave than a facially valid order reaches, so that this must be settled."""
    assessment = case.assessment
    if assessment is None:
        return False
    lines = _all_decided(assessment, ruling)
    return must_be_settled(case, assessment, lines, match(work, case, lines).silences)


def _all_decided(assessment: AssessmentRecord, ruling: Ruling) -> tuple[LineDecision, ...]:
    return tuple(_decided(record, assessment, ruling.choices.get(record.line.id)) for record in assessment.lines)


def _check_who_asks(case: Case, lines: Sequence[LineDecision]) -> None:
    # Whatever the proposal is called, data leave only to somebody whom we have checked.
    if case.facts.get(FACT[case.track]) is not True and any(line.scope is not None for line in lines):
        raise Conflict("Nothing can leave before we know who asks. Record a check of the requester first.")


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
    selection, silences = matched.selection, matched.silences
    grounds, reasons = tuple(ruling.grounds), ruling.reasons.strip()
    decision = work.new_id()
    bound = {
        # A later decision of the same content is another act: an approval of the first is none of the second.
        "id": decision,
        "case": case.id,
        "facts": digest_of(case.facts),
        "assessment": assessment.digest,
        "lines": [[line.line, line.disposition, line.scope.as_json() if line.scope else None] for line in lines],
        "grounds": grounds,
        "reasons": reasons,
        "selection": selection.digest,
        "silences": as_digested(silences),
    }
    return Decision(
        id=decision,
        lines=lines,
        grounds=grounds,
        reasons=reasons,
        follows_proposal=follows,
        selection=selection,
        assessment=assessment.digest,
        by=by.id,
        by_name=by.name,
        at=work.now(),
        approval_needed=_approval_needed(work, case, lines, selection),
        digest=digest_of(bound),
        silences=silences,
    )


def _approval_needed(work: Work, case: Case, lines: Sequence[LineDecision], selection: Selection) -> bool:
    """House policy: what only a warrant reaches, many recordings, and refusing a data subject take a second person."""
    to_authority = case.track is Track.LEGAL_DEMAND
    contents_leave = bool(classes_decided(lines) & OF_A_WARRANT)
    refuses_everything = all(line.scope is None for line in lines)
    return (
        (to_authority and contents_leave)
        or (not to_authority and refuses_everything)
        or selection.recordings > work.house.approval_above
    )


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
