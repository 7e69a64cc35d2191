"""Identify: what shows that somebody may ask for an account's data, each put down as a check and written by no hand."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from legal_rules.conditions.person import HIGH_DEGREE, details_needed
from legal_rules.scope import Every
from requests_portal.errors import Conflict, Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.agency import folded
from requests_portal.model.agent import NamedAgent
from requests_portal.model.case import Case, Track
from requests_portal.model.identity import HEARD, HEARD_ENOUGH, SAID, Declaration, Detail, HeardDetail
from requests_portal.model.papers import Paper, PaperState
from requests_portal.model.recording import Recording
from requests_portal.work.answer_agent import LANGUAGES
from requests_portal.work.assess import day_of_receipt
from requests_portal.work.compose.wording import paragraphs
from requests_portal.work.ports import Work
from requests_portal.work.selection import OF_RECORDINGS
from requests_portal.work.verify import CONFIRMED, IDENTITY, PERMISSION, POWER, checked

MATCHED, DECLARED = "data_points_matched", "declaration_signed"
# One of the features of a request: there is no account to sign in to, and details are compared instead.
# More recordings than a person can go through one by one.
MOST_COMPARED = 1000
ONE_HOME = (
    "What somebody who is heard on another's device asks for is looked for in one account. Name that account, and file "
    "a request of its own for each other home."
)
BY_DETAILS = "identity_by_matching_details"
# By who asks, what a paper must have shown of them.
PERMITS = {"agent": PERMISSION, "guardian": "guardian_verified"}
# What no clerk sets and no form states.
BY_IDENTITY = frozenset({MATCHED, DECLARED, CONFIRMED, POWER, *PERMITS.values()})
SHOWN = {
    "agent": "The customer's signed permission, among the papers",
    "guardian": "What shows that the parent or guardian is one, among the papers",
}
POWER_SHOWN = "The customer's power of attorney (Cal. Prob. Code §§ 4121 to 4130), among the papers"


def compare_details(work: Work, case_id: str, matched: Collection[Detail], *, by: Actor) -> Case:
    """Record which kinds of details match our records, never the details; enough of them confirm the customer.

    Enough is two, and three with a declaration under penalty of perjury where data themselves leave: what California
    lets us ask for (11 CCR § 7062), and our measure elsewhere (GDPR Art. 12(6) names none).
    """
    by = by.must(Act.VERIFY_REQUESTER)
    case = _own(work, case_id, by)
    if case.is_by_person_heard:
        raise Conflict("We have no records of them to compare with. Record what they told of when they were heard.")
    kinds = [kind for kind in Detail if kind in matched]
    passed = _suffices(case, len(kinds), declared=case.declaration is not None)
    named = case.facts.get("request_features")
    features = {str(each) for each in named} if isinstance(named, list | tuple) else set()
    facts = {
        MATCHED: len(kinds),
        DECLARED: case.declaration is not None,
        "request_features": sorted(features | {BY_DETAILS}),
        IDENTITY: passed,
    }
    which = ", ".join(SAID[kind] for kind in kinds) or "none"
    return checked(work, case, how=f"Details that match our records: {which}.", passed=passed, facts=facts, by=by)


def compare_heard(work: Work, case_id: str, told: Collection[HeardDetail], *, fits: Collection[str], by: Actor) -> Case:
    """Record what somebody told of when they were heard, and which recordings it fits; no other leaves for them.

    Time and words together are enough (GDPR Art. 11(2), 12(2): whom we cannot tell apart brings what lets us). Nothing
    is played to them, nobody listens and no voice is compared: the marks of the recognition and the transcript are held
    against what they tell. Raises Unusable for a recording on which they cannot be the only one.
    """
    by = by.must(Act.VERIFY_REQUESTER)
    case = _own(work, case_id, by)
    if not case.is_by_person_heard:
        raise Conflict("This is for somebody who is heard on the device of another's account.")
    kinds = [kind for kind in HeardDetail if kind in told]
    fitting = tuple(each.id for each in to_compare(work, case) if each.id in fits)
    if len(fitting) < len(set(fits)):
        raise Unusable("Choose from the recordings of the days they named on which nobody but them is marked.")
    passed = set(kinds) >= HEARD_ENOUGH and bool(fitting)
    which = ", ".join(HEARD[kind] for kind in kinds) or "nothing"
    how = f"What they told that fits: {which}. The recordings that it fits: {', '.join(fitting) or 'none'}."
    case = replace(case, heard_on=fitting if passed else ())
    return checked(work, case, how=how, passed=passed, facts={IDENTITY: passed}, by=by)


def to_compare(work: Work, case: Case) -> Sequence[Recording]:
    """The recordings of the days that somebody named on which they may be the only one heard, oldest first.

    Raises Unusable where the request names no single account, or days with more recordings than anybody goes through.
    """
    if len({line.account for line in case.lines}) != 1 or isinstance(case.lines[0].account, Every):
        raise Unusable(ONE_HOME)
    of_any = replace(case.lines[0].scope, classes=OF_RECORDINGS)
    if work.catalogue.count_for_customer(of_any) > MOST_COMPARED:
        raise Unusable("The days they named have too many recordings to compare. Ask them for fewer, and correct them.")
    alone = frozenset({str(case.facts.get("heard_as"))})
    return [each for each in work.catalogue.find_for_customer(of_any) if each.heard_outside(()) == alone]


def declarant(work: Work, case: Case) -> str:
    """The name of who declares: the customer, whoever asks for them; raises Conflict where no customer does.

    An agent or guardian is not the person whose data it is, and would declare what is false.
    """
    if case.account is None or case.is_by_person_heard:
        raise Conflict("They have no account to show as theirs. Record what they told of when they were heard.")
    return work.customers.get(case.account).name


def declared_text(work: Work, case: Case, language: str) -> str:
    """What the customer declares to show who they are, in this language: the words that they sign."""
    said = {"requester": declarant(work, case), "reference": case.reference, "company": work.house.name}
    return "\n".join(paragraphs(work, "declaration_of_identity", language, said))


def record_declaration(
    work: Work, case_id: str, sha256: str, *, language: str, signed_by: str, signed_on: date, by: Actor
) -> Case:
    """Keep what the customer declared under penalty of perjury, with the paper that they signed (11 CCR § 7062(c)).

    It names this request, so that it is signed by them, no earlier than the request came and no later than today.
    Whoever can sign in to the account declares nothing: signing in is more than a declaration.
    """
    by = by.must(Act.VERIFY_REQUESTER)
    case = _own(work, case_id, by)
    paper = _readable(case, sha256)
    if language not in LANGUAGES:
        raise Unusable("Say in which language it is.")
    if not signed_by.strip() or folded(signed_by) != folded(declarant(work, case)):
        raise Unusable("Only the customer declares this, and signs it with the name we know them by. Ask for theirs.")
    if not day_of_receipt(case) <= signed_on <= work.now().astimezone(ZoneInfo(case.zone)).date():
        raise Unusable("The day of the signature lies between the day the request came and today.")
    text = declared_text(work, case, language)
    declared = Declaration(
        text=text,
        language=language,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        paper=paper.sha256,
        signed_by=signed_by.strip(),
        signed_on=signed_on,
        by=by.id,
        by_name=by.name,
        at=work.now(),
    )
    work.audit.add(
        "declaration_recorded",
        by=by,
        case=case.id,
        subjects={"paper": declared.paper},
        words={"language": language},
        # The text holds a name, so that its bare digest could be guessed.
        private={"text": text, "signed_by": declared.signed_by, "signed_on": signed_on.isoformat()},
    )
    facts: dict[str, object] = {DECLARED: True}
    matched = case.facts.get(MATCHED)
    if isinstance(matched, int):
        facts[IDENTITY] = case.facts.get(IDENTITY) is True or _suffices(case, matched, declared=True)
    how = f"A declaration under penalty of perjury, signed on {signed_on:%Y-%m-%d}: {paper.filename}."
    return checked(work, replace(case, declaration=declared), how=how, passed=True, facts=facts, by=by)


def show_permission(
    work: Work, case_id: str, sha256: str, *, passed: bool, is_power_of_attorney: bool = False, by: Actor
) -> Case:
    """Record what a paper of the case shows of whoever asks for the customer: an agent, or a parent or guardian."""
    by = by.must(Act.VERIFY_REQUESTER)
    case = _for_another(work, case_id, by)
    kind = str(case.facts["requester_kind"])
    paper = _readable(case, sha256)
    facts: dict[str, object] = {PERMITS[kind]: passed}
    if case.is_by_agent:
        facts[POWER] = passed and is_power_of_attorney
        case = replace(case, named_agent=None)
    if is_power_of_attorney and case.facts.get(CONFIRMED) is False:
        raise Conflict("The customer says that they did not send the agent, and may take back any power of attorney.")
    shown = POWER_SHOWN if is_power_of_attorney else SHOWN[kind]
    return checked(work, case, how=f"{shown}: {paper.filename}.", passed=passed, facts=facts, by=by)


def show_naming(work: Work, case_id: str, agent_id: str, *, by: Actor) -> Case:
    """Record that the customer named whoever asks as their agent beforehand, in their account."""
    by = by.must(Act.VERIFY_REQUESTER)
    case = _for_another(work, case_id, by)
    named = next((each for each in namings(work, case) if each.id == agent_id), None)
    if named is None:
        raise Unusable("The customer has named no such agent who may ask for this. Choose a paper that shows it.")
    how = f"The customer named them in their account on {named.named_at:%Y-%m-%d}, until {named.until:%Y-%m-%d}."
    facts = {PERMISSION: True, POWER: False}
    return checked(work, replace(case, named_agent=named.id), how=how, passed=True, facts=facts, by=by)


def namings(work: Work, case: Case) -> Sequence[NamedAgent]:
    """Whom the customer named who may ask for what an agent's request asks for, on the day it was received."""
    if not case.is_by_agent or case.account is None:
        return ()
    right, on = str(case.facts.get("right")), day_of_receipt(case)
    return [each for each in work.named_agents.of(case.account) if each.permits(right, on=on)]


def readable(case: Case) -> tuple[Paper, ...]:
    """The papers of a case that a person can look at."""
    return tuple(each for each in case.papers if each.state is PaperState.CLEAN)


def _readable(case: Case, sha256: str) -> Paper:
    for paper in readable(case):
        if paper.sha256 == sha256:
            return paper
    raise Unusable("Choose the paper that shows it. Add it to the request's papers first, if it is not there.")


def _suffices(case: Case, matched: int, *, declared: bool) -> bool:
    """Whether so many details that match, with a declaration or without, show that the customer asks."""
    right = case.facts.get("right")
    needed = details_needed(str(right)) if right else HIGH_DEGREE
    return matched >= needed and (declared or needed < HIGH_DEGREE)


def _own(work: Work, case_id: str, by: Actor) -> Case:
    case = work.cases.get(case_id, by=by)
    if case.track is not Track.DATA_SUBJECT:
        raise Conflict("This is no customer's request. Who sends a legal demand is checked on a page of its own.")
    return case


def _for_another(work: Work, case_id: str, by: Actor) -> Case:
    case = _own(work, case_id, by)
    if case.facts.get("requester_kind") not in PERMITS:
        raise Conflict("The customer asks for themselves here. Correct who asks first, if somebody else does.")
    return case
