"""Verify: a check of who asks is recorded as a fact, and the case is assessed again."""

from dataclasses import replace

from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case, Check, Track
from requests_portal.work.assess import assessed
from requests_portal.work.ports import Work

FACT = {Track.LEGAL_DEMAND: "requester_verified", Track.DATA_SUBJECT: "identity_verified"}


def record_check(work: Work, case_id: str, *, how: str, passed: bool, by: Actor) -> Case:
    """Record one check of the requester and what it showed; the proposal follows."""
    by.must(Act.VERIFY_REQUESTER)
    case = work.cases.get(case_id, by=by)
    check = Check(how=how, passed=passed, by=by.id, by_name=by.name, at=work.now())
    checked = replace(case, checks=(*case.checks, check), facts={**case.facts, FACT[case.track]: passed})
    work.audit.add(
        "requester_checked",
        by=by,
        case=case.id,
        words={"outcome": "passed" if passed else "failed"},
        private={"how": how},
    )
    return assessed(work, checked, by=by)
