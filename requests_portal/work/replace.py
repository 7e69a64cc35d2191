"""Replace: a released production with a fault gets another in its place, under new numbers."""

from dataclasses import replace

from requests_portal.errors import Conflict
from requests_portal.model.actor import Act, Actor
from requests_portal.model.production import Production, ProductionKind, ProductionState
from requests_portal.work.ports import Work
from requests_portal.work.produce import begin, new_production
from requests_portal.work.standing import still_stands


def replace_production(work: Work, production_id: str, *, reason: str, by: Actor) -> Production:
    """Reserve a production of what is decided now, in the place of a released one; its numbers continue the range.

    The one that is replaced stays as it was: withdrawing it is an act of its own.
    """
    by = by.must(Act.PRODUCE)
    replaced = work.productions.get(production_id)
    case = work.cases.get(replaced.case, by=by)
    if not reason.strip():
        raise Conflict("Say why the production is replaced.")
    if replaced.state is not ProductionState.RELEASED:
        raise Conflict("Only a production that was released is replaced; one that was not can be cancelled.")
    if any(each.replaces == replaced.id and each.is_live for each in work.productions.of_case(case.id)):
        raise Conflict("Another production already takes the place of this one.")
    if not case.is_cleared:
        raise Conflict("This case is not cleared: it needs a decision, and an approval where house policy says so.")
    matched = still_stands(work, case)
    made = replace(
        new_production(work, case, matched), kind=ProductionKind.REPLACEMENT, replaces=replaced.id, supplements=""
    )
    begin(work, case, made, by=by)
    work.audit.add(
        "production_replaced",
        by=by,
        case=case.id,
        numbers={"production": replaced.number, "by": made.number},
        private={"reason": reason.strip()},
    )
    return made
