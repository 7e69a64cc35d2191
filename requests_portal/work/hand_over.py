"""Hand over: the open work of somebody who moves or leaves goes to a colleague, or back to where anybody takes it."""

from collections.abc import Sequence
from dataclasses import replace

from requests_portal.errors import Unusable
from requests_portal.model.actor import SYSTEM, Act, Actor
from requests_portal.work.assign import SEALED
from requests_portal.work.people import person_of
from requests_portal.work.ports import Work


def open_work(work: Work, person_id: str, *, by: Actor) -> Sequence[str]:
    """The references of the open requests that somebody has, oldest first; of sealed ones only whom they name knows."""
    by.must(Act.MANAGE_PEOPLE)
    return [reference for _, reference in work.cases.assigned_to(person_id, by=by)]


def hand_over(work: Work, person_id: str, *, to: str | None, by: Actor) -> int:
    """Give all open requests that somebody has to a colleague, or to nobody yet; how many there were."""
    by = by.must(Act.MANAGE_PEOPLE)
    taker = None if to is None else person_of(work, to)
    if taker is not None and (taker.id == person_id or not taker.actor.may(Act.READ_QUEUE)):
        raise Unusable("Name a colleague who works on requests.")
    given = taker.id if taker else None
    mine = work.cases.assigned_to(person_id, by=by)
    for case_id, _ in mine:
        # An administrator sees no request; that it changes hands is all that is done with it here.
        case = work.cases.get(case_id, by=SYSTEM)
        if not case.may_go_to(given):
            raise Unusable(SEALED)
        work.audit.add("case_assigned", by=by, case=case.id, words={"to": given or "nobody"})
        work.cases.put(replace(case, assigned_to=given))
    return len(mine)
