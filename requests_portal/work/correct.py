"""Correct: a fact is put right, which assesses the case again and voids what rested on the old one."""

from collections.abc import Mapping
from dataclasses import replace

from legal_rules.facts import dump, parse
from legal_rules.scope import demand_lines
from requests_portal.errors import Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case, Track
from requests_portal.model.digest import digest_of
from requests_portal.work.answer_agent import ask_the_customer
from requests_portal.work.assess import assessed
from requests_portal.work.hold import hold_what_is_demanded
from requests_portal.work.identify import BY_IDENTITY, MATCHED, ONE_HOME
from requests_portal.work.officer_checks import BY_CHECKS, by_channel_as_corrected, unattested
from requests_portal.work.ports import Work
from requests_portal.work.verify import CONFIRMED, FACT, IDENTITY


def correct_facts(work: Work, case_id: str, corrections: Mapping[str, object], *, reason: str, by: Actor) -> Case:
    """Replace some of the case's facts (None: no longer established); decision and approvals no longer stand."""
    by = by.must(Act.CORRECT_FACTS)
    if not reason.strip():
        raise Unusable("Say why the facts change; the reason stays with the case.")
    if checked := sorted(corrections.keys() & {*FACT.values(), *BY_CHECKS, *BY_IDENTITY}):
        raise Unusable(f"{', '.join(checked)} is established by a check. Record the check instead.")
    case = work.cases.get(case_id, by=by)
    kind = corrections.get("requester_kind", case.facts.get("requester_kind"))
    if (kind == "person_heard") is not case.is_by_person_heard:
        raise Unusable("Who is heard on another's device has a request of their own. File it anew, and close this one.")
    known = parse({name: value for name, value in {**case.facts, **corrections}.items() if value is not None})
    if case.is_by_person_heard and len(known.accounts or ()) != 1:
        raise Unusable(ONE_HOME)
    facts, lines = by_channel_as_corrected(dump(known), case.facts), demand_lines(known)
    if lines != case.lines or facts.get("process") != case.facts.get("process"):
        # A supervisor confirmed what was demanded then, so they are called again about what is demanded now.
        facts = unattested(facts)
    corrected = replace(case, facts=facts, lines=lines)
    if facts.get("requester_kind") != case.facts.get("requester_kind"):
        corrected = _asked_by_another(work, corrected)
    elif _asks_otherwise(corrected, case):
        corrected = _asked_otherwise(work, _unshown(corrected))
    work.audit.add(
        "facts_corrected",
        by=by,
        case=case.id,
        numbers={"facts": len(corrections)},
        private={"before": digest_of(case.facts), "after": digest_of(corrected.facts), "reason": reason},
    )
    if case.track is Track.LEGAL_DEMAND and corrected.lines != case.lines:
        hold_what_is_demanded(work, corrected, by=by)
    return assessed(work, corrected, by=by)


def _asked_by_another(work: Work, case: Case) -> Case:
    """The case without what was established of whoever was taken to ask; a customer hears who asks in their name."""
    unproven = {name: value for name, value in case.facts.items() if name not in {IDENTITY, *BY_IDENTITY}}
    case = replace(case, facts=unproven, agent_answer=None, named_agent=None)
    ask_the_customer(work, case)
    return case


def _asks_otherwise(case: Case, before: Case) -> bool:
    asked = ("right", "heard_as")
    return case.lines != before.lines or any(case.facts.get(each) != before.facts.get(each) for each in asked)


def _unshown(case: Case) -> Case:
    """The case without what was compared with other recordings, or with the records of another account.

    Where the case is of one account, what was compared is that account's, whatever is asked for of it.
    """
    if case.account is not None:
        return case
    facts = {name: value for name, value in case.facts.items() if name not in {IDENTITY, MATCHED}}
    return replace(case, facts=facts, heard_on=())


def _asked_otherwise(work: Work, case: Case) -> Case:
    """The case without the customer's word for an agent who, as it turns out, asks for something else."""
    if case.agent_answer is None or not case.agent_answer.is_confirmed:
        return case
    case = replace(case, facts={n: v for n, v in case.facts.items() if n != CONFIRMED}, agent_answer=None)
    ask_the_customer(work, case)
    return case
