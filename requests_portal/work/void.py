"""Void: when a decision no longer stands, whatever was being produced under it stops."""

from requests_portal.model.actor import Actor
from requests_portal.model.case import Case
from requests_portal.model.production import PRODUCTION_MOVES, ProductionState
from requests_portal.work.ports import Work


def void_what_rests_on_it(work: Work, case: Case, *, by: Actor) -> None:
    """Cancel the case's productions that are not signed yet; their numbers are not used again."""
    for production in work.productions.of_case(case.id):
        if ProductionState.CANCELLED in PRODUCTION_MOVES[production.state]:
            work.productions.put(production.moved(ProductionState.CANCELLED))
            work.audit.add(
                "production_cancelled",
                by=by,
                case=case.id,
                numbers={"production": production.number},
                words={"reason": "decision_voided"},
            )
