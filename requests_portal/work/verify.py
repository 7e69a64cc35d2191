"""Verify: a check of who asks is recorded as a fact, and the case is assessed again; words alone stay a note."""

from collections.abc import Mapping
from dataclasses import replace

from requests_portal.errors import Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case, Check, Track
from requests_portal.model.decision import GIVING
from requests_portal.work.assess import assessed
from requests_portal.work.ports import Work

IDENTITY = "identity_verified"
FACT = {Track.LEGAL_DEMAND: "requester_verified", Track.DATA_SUBJECT: IDENTITY}
PERMISSION, CONFIRMED, POWER = "agent_authority", "agent_confirmed", "agent_power_of_attorney"
CHOICES = frozenset({"opt_out", "limit"})


def is_known(case: Case) -> bool:
    """Whether we know who asks and, of somebody who asks in a customer's name, that the customer sent them."""
    if case.facts.get(FACT[case.track]) is not True:
        return False
    # 11 CCR § 7063(b): a power of attorney needs no confirmation, in California alone.
    empowered = case.facts.get(POWER) is True and case.facts.get("data_subject_country") == "US-CA"
    stands_by = case.facts.get(CONFIRMED) is True or empowered
    return not case.is_by_agent or (case.facts.get(PERMISSION) is True and stands_by)


def may_be_done(case: Case) -> bool:
    """Whether enough is known of who asks to do what they ask.

    Who opts out or limits proves nothing, and their agent shows the signed permission alone: 11 CCR §§ 7026(d), (j),
    7027(e), (i). Where that holds the book proposes it; everywhere else we must know them.
    """
    proposed = case.assessment is not None and case.assessment.disposition in GIVING
    return is_known(case) or (case.facts.get("right") in CHOICES and proposed)


def note_check(work: Work, case_id: str, *, how: str, by: Actor) -> Case:
    """Keep in words what was done to find out who asks; it confirms nobody."""
    by = by.must(Act.VERIFY_REQUESTER)
    case = work.cases.get(case_id, by=by)
    if case.track is Track.LEGAL_DEMAND:
        raise Unusable("Words alone confirm no authority. Call back a number of the agency directory.")
    note = Check(how=how, passed=None, by=by.id, by_name=by.name, at=work.now())
    work.audit.add("check_noted", by=by, case=case.id, private={"how": how})
    return work.cases.put(replace(case, checks=(*case.checks, note)))


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
