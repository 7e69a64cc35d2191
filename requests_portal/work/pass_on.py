"""Pass on: the sealed requests of somebody who leaves go to another whom they name, and nobody else learns of them."""

from dataclasses import replace

from requests_portal.errors import Conflict
from requests_portal.model.actor import SYSTEM, Act
from requests_portal.model.case import Case
from requests_portal.model.person import Person
from requests_portal.work.ports import Work


def pass_sealed_on(work: Work, leaver: Person) -> None:
    """Give each open one to the first of its people who is still here; refuses where that would be nobody."""
    for case in work.cases.naming(leaver.id):
        others = _others(work, case, leaver)
        if not others:
            # Whoever keeps the people may not know which one it is.
            raise Conflict(f"{leaver.name} is the only one left on a sealed request; let them name somebody first.")
        if case.is_open and case.assigned_to == leaver.id:
            work.audit.add("case_assigned", by=SYSTEM, case=case.id, words={"to": others[0]})
            work.cases.put(replace(case, assigned_to=others[0]))


def _others(work: Work, case: Case, leaver: Person) -> list[str]:
    """Who else is named, works here, and works on requests."""
    found = [work.staff.get(each) for each in case.named if each != leaver.id]
    return [each.id for each in found if each is not None and each.actor.may(Act.READ_QUEUE)]
