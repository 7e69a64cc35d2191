"""Identify: what shows that somebody may ask for an account's data, each put down as a check and written by no hand."""

from collections.abc import Collection

from legal_rules.conditions.person import HIGH_DEGREE, details_needed
from requests_portal.errors import Conflict, Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case, Track
from requests_portal.model.identity import SAID, Detail
from requests_portal.model.papers import Paper, PaperState
from requests_portal.work.ports import Work
from requests_portal.work.verify import IDENTITY, checked

MATCHED, DECLARED = "data_points_matched", "declaration_signed"
# One of the features of a request: there is no account to sign in to, and details are compared instead.
BY_DETAILS = "identity_by_matching_details"
# By who asks, what a paper must have shown of them.
PERMITS = {"agent": "agent_authority", "guardian": "guardian_verified"}
# What no clerk sets and no form states.
BY_IDENTITY = frozenset({MATCHED, DECLARED, *PERMITS.values()})
PERMISSION = {
    "agent": "The customer's signed permission, among the papers",
    "guardian": "What shows that the parent or guardian is one, among the papers",
}


def compare_details(work: Work, case_id: str, matched: Collection[Detail], *, declared: bool, by: Actor) -> Case:
    """Record which kinds of details match our records, never the details; enough of them confirm the customer.

    Enough is two, and three with a declaration under penalty of perjury where data themselves leave: what California
    lets us ask for (11 CCR § 7062), and our measure elsewhere (GDPR Art. 12(6) names none).
    """
    by = by.must(Act.VERIFY_REQUESTER)
    case = _own(work, case_id, by)
    kinds = [kind for kind in Detail if kind in matched]
    right = case.facts.get("right")
    needed = details_needed(str(right)) if right else HIGH_DEGREE
    passed = len(kinds) >= needed and (declared or needed < HIGH_DEGREE)
    named = case.facts.get("request_features")
    features = {str(each) for each in named} if isinstance(named, list | tuple) else set()
    facts = {
        MATCHED: len(kinds),
        DECLARED: declared,
        "request_features": sorted(features | {BY_DETAILS}),
        IDENTITY: passed,
    }
    return checked(work, case, how=_compared(kinds, declared=declared), passed=passed, facts=facts, by=by)


def show_permission(work: Work, case_id: str, sha256: str, *, passed: bool, by: Actor) -> Case:
    """Record what a paper of the case shows of whoever asks for the customer: an agent, or a parent or guardian."""
    by = by.must(Act.VERIFY_REQUESTER)
    case = _own(work, case_id, by)
    kind = str(case.facts.get("requester_kind"))
    if kind not in PERMITS:
        raise Conflict("The customer asks for themselves here. Correct who asks first, if somebody else does.")
    paper = next((each for each in readable(case) if each.sha256 == sha256), None)
    if paper is None:
        raise Unusable("Choose the paper that shows it. Add it to the request's papers first, if it is not there.")
    how = f"{PERMISSION[kind]}: {paper.filename}."
    return checked(work, case, how=how, passed=passed, facts={PERMITS[kind]: passed}, by=by)


def readable(case: Case) -> tuple[Paper, ...]:
    """The papers of a case that a person can look at."""
    return tuple(each for each in case.papers if each.state is PaperState.CLEAN)


def _compared(kinds: Collection[Detail], *, declared: bool) -> str:
    which = ", ".join(SAID[kind] for kind in kinds) or "none"
    signed = " They declared under penalty of perjury that the data are about them." if declared else ""
    return f"Details that match our records: {which}.{signed}"


def _own(work: Work, case_id: str, by: Actor) -> Case:
    case = work.cases.get(case_id, by=by)
    if case.track is not Track.DATA_SUBJECT:
        raise Conflict("This is no customer's request. Who sends a legal demand is checked on a page of its own.")
    return case
