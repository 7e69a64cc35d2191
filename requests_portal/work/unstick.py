"""Unstick: a production that does not go on is tried again or set aside, and the work of an older release filed anew.

What is filed twice does nothing twice: every step finds out what was done, and a signature is recorded once (I3).
"""

from dataclasses import replace

from requests_portal.errors import Conflict, Unusable
from requests_portal.model.actor import SYSTEM, Act, Actor
from requests_portal.model.piece import Piece
from requests_portal.model.production import Production, ProductionState
from requests_portal.work.draw import forget
from requests_portal.work.outside import DurableWork, Outside
from requests_portal.work.ports import Work
from requests_portal.work.produce import gathered_again
from requests_portal.work.standing import still_covers

_S = ProductionState
PRODUCE, SEAL = "produce", "seal"
# Every workflow: each finds out for itself what is done, so that filing it again does no harm.
WORKFLOWS = (PRODUCE, SEAL, "archive", "envelop", "place_hold", "ask_store", "erase")
# Where a production goes on without anybody, and by which workflow.
GOES_ON = {_S.RESERVED: PRODUCE, _S.GATHERING: PRODUCE, _S.CERTIFIED: SEAL, _S.SEALING: SEAL}
AT_A_TIME = 100


def by_number(work: Work, reference: str, number: int, *, by: Actor) -> Production:
    """The production of this number, of a case that the actor may know of."""
    for each in work.productions.of_case(work.cases.id_of(reference, by=by)):
        if each.number == number:
            return each
    raise Unusable(f"{reference} has no production {number}. Look at the list of what is stuck.")


def try_again(outside: Outside, production: Production, *, because: str, by: Actor) -> Production:
    """Have a production that failed, waits, or that nobody is at, worked on by this release; raises Conflict else."""
    by = by.must(Act.OPERATE)
    reason = _reason(because)
    durable = _durable(outside)
    pieces = [each for each in durable.unended((PRODUCE, SEAL)) if each.subject == production.id]
    moving = [each for each in pieces if _moves(outside, each)]
    if moving and production.state in GOES_ON:
        raise Conflict("This production is being worked on. Look again in a minute.")
    durable.cancel([each for each in pieces if each not in moving])
    with outside.unit_of_work() as work:
        current = work.productions.get(production.id)
        if current.version != production.version:
            raise Conflict("This production changed a moment ago. Look at it again.")
        return _filed_again(work, current, reason=reason, by=by)


def set_aside(outside: Outside, production: Production, *, because: str, by: Actor) -> Production:
    """Stop a production that is not signed, and say why; its case goes on. One that is stopped already stays so."""
    by = by.must(Act.OPERATE)
    reason = _reason(because)
    with outside.unit_of_work() as work:
        current = work.productions.get(production.id)
        if current.state is _S.CANCELLED:
            return current
        stopped = work.productions.put(current.moved(_S.CANCELLED, failure=f"Set aside: {reason}"))
        _record(work, "production_set_aside", stopped, reason=reason, by=by)
    durable = _durable(outside)
    durable.cancel([each for each in durable.unended((PRODUCE, SEAL)) if each.subject == production.id])
    forget(outside, production.id)
    return stopped


def renew(outside: Outside, *, by: Actor) -> int:
    """File again, under this release, what nobody goes on with; how many pieces that were."""
    by = by.must(Act.OPERATE)
    durable = _durable(outside)
    still = [each for each in durable.unended(WORKFLOWS) if not _moves(outside, each)]
    for start in range(0, len(still), AT_A_TIME):
        some = still[start : start + AT_A_TIME]
        with outside.unit_of_work() as work:
            for each in some:
                work.queue.enqueue(each.workflow, each.subject)
            work.audit.add("work_renewed", by=by, numbers={"pieces": len(some)})
        # Killed before this, both run: each finds out what was done.
        durable.cancel(some)
    return len(still)


def _filed_again(work: Work, current: Production, *, reason: str, by: Actor) -> Production:
    still_covers(work, work.cases.get(current.case, by=SYSTEM), current)
    again, workflow = _again(work, current)
    kept = work.productions.put(again)
    _record(work, "production_retried", kept, reason=reason, by=by)
    work.queue.enqueue(workflow, kept.id)
    return kept


def _again(work: Work, current: Production) -> tuple[Production, str]:
    """The production as it is to go on, and the workflow that does it."""
    if current.state is _S.FAILED:
        return gathered_again(current), PRODUCE
    if current.state is _S.WAITING:
        return replace(current, next_try_at=work.now()), SEAL
    if current.state is _S.GATHERED:
        raise Conflict("This production waits for the custodian to certify it; there is nothing to try again.")
    if current.state not in GOES_ON:
        raise Conflict(f"This production is {current.state}; there is nothing to try again.")
    return current, GOES_ON[current.state]


def _moves(outside: Outside, piece: Piece) -> bool:
    with outside.reading() as work:
        return piece.is_moving(work.workers.all(), version=_durable(outside).version, at=work.now())


def _record(work: Work, act: str, production: Production, *, reason: str, by: Actor) -> None:
    numbers = {"production": production.number}
    work.audit.add(act, by=by, case=production.case, numbers=numbers, private={"because": reason})


def _reason(because: str) -> str:
    reason = " ".join(because.split())[:500]
    if not reason:
        raise Unusable("Say why; the reason is kept with the production.")
    return reason


def _durable(outside: Outside) -> DurableWork:
    if outside.durable is None:
        raise Unusable("This process knows no durable work.")
    return outside.durable
