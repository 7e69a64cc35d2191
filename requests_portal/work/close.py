"""Close: a request that needs no answer any more ends without one."""

from requests_portal.model.actor import Actor
from requests_portal.model.case import Case, CaseState, ClosedBecause
from requests_portal.work.ports import Work
from requests_portal.work.void import void_what_rests_on_it


def close(work: Work, case: Case, because: ClosedBecause, *, by: Actor) -> Case:
    """Close an open request: what was being produced for it stops, and so do its time limits."""
    closed = case.moved(
        CaseState.CLOSED,
        closed_because=because,
        decision=None,
        earlier=case.decision or case.earlier,
        waiting_for="",
    )
    if case.decision is not None:
        void_what_rests_on_it(work, case, by=by)
    for clock in work.clocks.of_case(case.id):
        if clock.met_at is None:
            work.clocks.met(case.id, clock.name, work.now())
    work.audit.add("case_closed", by=by, case=case.id, words={"reason": because})
    return work.cases.put(closed)
