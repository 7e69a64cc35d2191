"""Attest: what an emergency's officer declared true is put down, and a supervisor is called on a directory's number.

Until both are done nothing leaves but a preservation: mailboxes of authorities are broken into, and a hurried clerk
is whom a forged emergency is written for.
"""

from collections.abc import Sequence
from dataclasses import replace

from requests_portal.errors import Barred, Conflict, Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.attestation import Attestation, Statement
from requests_portal.model.case import Case
from requests_portal.model.decision import LineDecision
from requests_portal.model.officer_check import CheckKind, Outcome, RequestText
from requests_portal.work.assess import assessed
from requests_portal.work.four_eyes import gives_contents, is_emergency, who_attested
from requests_portal.work.officer_checks import ATTESTED, asking, callable_number, record, said, unattested
from requests_portal.work.ports import Work

NO_EMERGENCY = "This is no emergency request, so there is nothing to attest."
NOT_ATTESTED = (
    "Nothing but a preservation can leave in an emergency before its officer has declared the danger true and a "
    "supervisor has confirmed it when called. Record both under “Who asks”."
)
WHY_CONTENTS = (
    "In an emergency recordings leave only where less does not do. Say why connections, subscriber and location do "
    "not; the second lawyer reads it."
)


def attest(work: Work, case_id: str, statement: Statement, *, declared: bool, by: Actor) -> Case:
    """Put down what the officer stated and declared true; whatever a supervisor confirmed before was something else."""
    by = by.must(Act.VERIFY_REQUESTER)
    case = _emergency(work, case_id, by)
    if not declared:
        raise Unusable("Only what the officer signed as true counts. Ask them for a signed statement first.")
    attesters = tuple(dict.fromkeys((*who_attested(case), by.id)))
    new = Attestation(statement=statement.checked(), by=by.id, by_name=by.name, at=work.now(), hands=attesters)
    work.audit.add("emergency_attested", by=by, case=case.id, private={"attestation": new.digest})
    return _kept(work, replace(case, attestation=new), unattested(case.facts), by=by)


def call_supervisor(
    work: Work, case_id: str, number: str, *, told: str, outcome: Outcome, request: RequestText, by_eye: bool, by: Actor
) -> Case:
    """Record a call to the supervisor whom the attestation names, on a number that the directory has."""
    by = by.must(Act.VERIFY_REQUESTER)
    case = _emergency(work, case_id, by)
    if case.attestation is None:
        raise Conflict("Put down first what the officer declared, and which supervisor stands behind it.")
    phone = callable_number(work, case, number, request)
    if request.unread and not by_eye:
        raise Unusable("Some papers have no words that we can read. Look through them for this number, and say so.")
    facts = unattested(case.facts)
    if outcome is not Outcome.NOT_SHOWN:
        facts |= {ATTESTED: outcome is Outcome.PASSED}
    who = case.attestation.statement.supervisor
    how = f"Called {phone.number}, found in {phone.source}, for {who}: {said(told)}"
    subject = case.attestation.digest
    return record(work, case, CheckKind.SUPERVISOR, outcome, how, facts=facts, by=by, subject=subject)


def must_be_attested(case: Case, lines: Sequence[LineDecision], reasons: str) -> None:
    """Refuse to give anything in an emergency that is not attested, and recordings without saying why less won't do."""
    if not is_emergency(case) or not any(line.scope is not None for line in lines):
        return
    if case.facts.get(ATTESTED) is not True:
        raise Barred(NOT_ATTESTED)
    if gives_contents(lines) and not reasons.strip():
        raise Unusable(WHY_CONTENTS)


def _emergency(work: Work, case_id: str, by: Actor) -> Case:
    case = asking(work, case_id, by)
    if not is_emergency(case):
        raise Conflict(NO_EMERGENCY)
    return case


def _kept(work: Work, case: Case, facts: dict[str, object], *, by: Actor) -> Case:
    """The case with these facts; assessed again where they changed, which voids what rested on them."""
    return work.cases.put(case) if facts == case.facts else assessed(work, replace(case, facts=facts), by=by)
