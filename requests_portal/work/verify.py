"""Verify: a check of who asks is recorded as a fact, and the case is assessed again."""

from collections.abc import Mapping
from dataclasses import replace

from requests_portal.errors import Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case, Check, Track
from requests_portal.work.assess import assessed
from requests_portal.work.ports import Work

IDENTITY = "identity_verified"
FACT = {Track.LEGAL_DEMAND: "requester_verified", Track.DATA_SUBJECT: IDENTITY}


def record_check(work: Work, case_id: str, *, how: str, passed: bool, by: Actor) -> Case:
    """Record one check of a person who asks for themselves, and what it showed; the proposal follows."""
    by = by.must(Act.VERIFY_REQUESTER)
    case = work.cases.get(case_id, by=by)
    if case.track is Track.LEGAL_DEMAND:
        raise Unusable("Words alone confirm no authority. Call back a number of the agency directory.")
    return checked(work, case, how=how, passed=passed, facts={FACT[case.track]: passed}, by=by)


def checked(work: Work, case: Case, *, how: str, passed: bool, facts: Mapping[str, object], by: Actor) -> Case:
    """Keep a check of whoever asks with the facts that it establishes; the proposal follows."""
    check = Check(how=how, passed=passed, by=by.id, by_name=by.name, at=work.now())
    kept = replace(case, checks=(*case.checks, check), facts={**case.facts, **facts})
    work.audit.add(
        "requester_checked",
        by=by,
        case=case.id,
        words={"outcome": "passed" if passed else "failed"},
        private={"how": how},
    )
    return assessed(work, kept, by=by)
