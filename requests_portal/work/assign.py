"""Assign: a case is given to somebody, or waits for the requester."""

from dataclasses import replace

from requests_portal.errors import Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case, CaseState
from requests_portal.work.ports import Work

SEALED = "This request is sealed. Give it to somebody whom it names, or name them first."


def assign(work: Work, case_id: str, *, to: str | None, by: Actor) -> Case:
    """Give the case to a member of staff, or to nobody yet."""
    by = by.must(Act.ASSIGN)
    case = work.cases.get(case_id, by=by)
    if not case.may_go_to(to):
        raise Unusable(SEALED)
    work.audit.add("case_assigned", by=by, case=case.id, words={"to": to or "nobody"})
    return work.cases.put(replace(case, assigned_to=to))


def wait_for_requester(work: Work, case_id: str, *, for_what: str, by: Actor) -> Case:
    """The requester must supply something before we can go on; until then the case is not ours to be late with."""
    by = by.must(Act.DECIDE)
    if not for_what.strip():
        raise Unusable("Say what we are waiting for; the requester is told the same.")
    case = work.cases.get(case_id, by=by)
    waiting = case.moved(CaseState.WAITING, waiting_for=for_what.strip())
    work.audit.add("waiting_for_requester", by=by, case=case.id, private={"for_what": for_what.strip()})
    return work.cases.put(waiting)
