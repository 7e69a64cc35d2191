"""Answer: a routine request is decided, certified and released by the standing policy; anything else waits for people.

The policy acts through the verbs that people use, so that every check of theirs is made of it too.
"""

import secrets
from dataclasses import replace

from requests_portal.errors import Refused
from requests_portal.model.actor import SYSTEM
from requests_portal.model.case import Case, CaseState, Track
from requests_portal.model.production import Production, ProductionState
from requests_portal.model.standing_policy import NotRoutine, PolicyAdoption, PolicyState
from requests_portal.work.assess import assessed
from requests_portal.work.certified import certified_digest
from requests_portal.work.compose import certificate_paragraphs
from requests_portal.work.decide import Choice, Ruling, decide
from requests_portal.work.pin import new_pin
from requests_portal.work.ports import Work
from requests_portal.work.produce import certify
from requests_portal.work.release import may_leave, release
from requests_portal.work.routine import is_in_hand, why_not_routine
from requests_portal.work.standing import why_it_fell

TOKEN_BYTES = 32


def answer_if_routine(work: Work, case: Case) -> Case:
    """Decide a customer's request by the policy in force, or say on the case why it waits for a lawyer."""
    newest = work.standing_policies.newest()
    if newest is None or case.track is not Track.DATA_SUBJECT:
        return case
    if newest.state is not PolicyState.ADOPTED and case.earlier is None:
        return case
    if reasons := why_not_routine(work, case, newest):
        return _left_to_people(work, case, newest, reasons)
    if case.not_routine:
        case = work.cases.put(replace(case, not_routine=()))
    choices = {line.id: Choice(move="accept") for line in case.lines}
    return decide(work, case.id, Ruling(choices=choices, grounds=(), reasons="", policy=newest.under), by=newest.actor)


def go_on(work: Work, production_id: str) -> None:
    """Take what the policy decided one step on: certify what was gathered, release what was signed; else do nothing."""
    production = work.productions.get(production_id)
    case = work.cases.get(production.case, by=SYSTEM)
    decision = case.decision
    if decision is None or decision.policy is None or production.decision != decision.id:
        return
    if case.not_routine or case.state is not CaseState.APPROVED:
        return
    adoption = work.standing_policies.numbered(decision.policy.number)
    if is_in_hand(case):
        _left_to_people(work, case, adoption, (NotRoutine.IN_HAND,))
        return
    if why_it_fell(work, case):
        # The law, the policy or the recordings are not what they were: it is looked at anew, as if it had just come.
        answer_if_routine(work, assessed(work, case, by=SYSTEM))
        return
    if production.state is ProductionState.GATHERED:
        _certify(work, case, production, adoption)
    elif production.state is ProductionState.OFFERED:
        _release(work, case, production, adoption)


def leave_to_people(work: Work, production_id: str) -> None:
    """Leave to people what the policy decided and was refused to take further; what is not its own stays as it is."""
    production = work.productions.get(production_id)
    case = work.cases.get(production.case, by=SYSTEM)
    decision = case.decision
    if decision is None or decision.policy is None or production.decision != decision.id or case.not_routine:
        return
    _left_to_people(work, case, work.standing_policies.numbered(decision.policy.number), (NotRoutine.GATED,))


def _certify(work: Work, case: Case, production: Production, adoption: PolicyAdoption) -> None:
    # The custodian agreed to words that speak of copies in which nothing is missing or changed.
    if production.discrepancies:
        _left_to_people(work, case, adoption, (NotRoutine.NOT_AS_CATALOGUED,))
        return
    by = adoption.actor
    words = certificate_paragraphs(work, case, production, by=by)
    certify(work, production.id, paragraphs=words, pages=(), digest=certified_digest(production), by=by)


def _release(work: Work, case: Case, production: Production, adoption: PolicyAdoption) -> None:
    """Release into the account: nobody is ever given the link."""
    try:
        may_leave(work, case, production)
    except Refused:
        _left_to_people(work, case, adoption, (NotRoutine.GATED,))
        return
    release(
        work,
        production.id,
        recipient=case.requester.email or case.requester.name,
        token=secrets.token_urlsafe(TOKEN_BYTES),
        pin=new_pin(),
        by=adoption.actor,
    )


def _left_to_people(work: Work, case: Case, adoption: PolicyAdoption, reasons: tuple[NotRoutine, ...]) -> Case:
    work.audit.add(
        "policy_did_not_answer",
        by=SYSTEM,
        case=case.id,
        subjects={"policy": adoption.policy.digest},
        numbers={"version": adoption.number or 0},
        words={"reason": str(reasons[0])},
    )
    return work.cases.put(replace(case, not_routine=reasons))
