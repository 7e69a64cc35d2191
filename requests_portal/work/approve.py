"""Approve: a second, different person confirms exactly what will leave, or says why not."""

from dataclasses import replace

from requests_portal.errors import Forbidden, Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case, CaseState
from requests_portal.model.decision import Approval, Decision
from requests_portal.work.follow_up import must_not_be_blocked
from requests_portal.work.four_eyes import why_not
from requests_portal.work.ports import Work
from requests_portal.work.produce import reserve_matched
from requests_portal.work.standing import MovedOn, still_stands


def approve(work: Work, case_id: str, *, digest: str, by: Actor) -> Case:
    """Approve the decision with this digest; the law of today and the catalogue must still say the same."""
    by = by.must(Act.APPROVE)
    case, decision = _to_approve(work, case_id, digest, by)
    if decision.gives:
        must_not_be_blocked(work, case)
    matched = still_stands(work, case)
    approved = _answered(work, case, decision, granted=True, reason="", by=by)
    kept = work.cases.put(approved.moved(CaseState.APPROVED))
    return reserve_matched(work, kept, matched, by=by)


def refuse_approval(work: Work, case_id: str, *, digest: str, reason: str, by: Actor) -> Case:
    """Send the decision back with a reason; the case is the first lawyer's again."""
    by = by.must(Act.APPROVE)
    if not reason.strip():
        raise Unusable("Say why you do not approve; the first lawyer reads it.")
    case, decision = _to_approve(work, case_id, digest, by)
    refused = _answered(work, case, decision, granted=False, reason=reason.strip(), by=by)
    return work.cases.put(refused.moved(CaseState.ASSESSED, decision=None, earlier=decision))


def _to_approve(work: Work, case_id: str, digest: str, by: Actor) -> tuple[Case, Decision]:
    case = work.cases.get(case_id, by=by)
    reason = why_not(case, by)
    if reason is not None or case.decision is None:
        raise Forbidden(reason or "Nothing waits for approval here.")
    if case.decision.digest != digest:
        raise MovedOn("The decision changed since you opened it. Read it again before you approve.")
    return case, case.decision


def _answered(work: Work, case: Case, decision: Decision, *, granted: bool, reason: str, by: Actor) -> Case:
    approval = Approval(
        decision=decision.id,
        digest=decision.digest,
        granted=granted,
        reason=reason,
        by=by.id,
        by_name=by.name,
        at=work.now(),
    )
    work.audit.add(
        "decision_approved" if granted else "approval_refused",
        by=by,
        case=case.id,
        subjects={"decision": decision.digest},
        private={"reason": reason} if reason else None,
    )
    return replace(case, approvals=(*case.approvals, approval))
