"""Hold: what a legal demand names is kept from deletion from its receipt until the answer is final.

A preservation request is kept until its period ends (18 U.S.C. § 2703(f)(2); Reg. (EU) 2023/1543 Art. 11(1)), as the
clock of its case counts it; what we hold for a demand that we answer has no end of its own while the case is open.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from legal_rules.scope import DemandLine, Every, Scope
from requests_portal.model.actor import Actor
from requests_portal.model.case import Case, CaseState
from requests_portal.model.hold import Hold, HoldKind
from requests_portal.model.production import ProductionState
from requests_portal.work.ports import Work
from requests_portal.work.selection import OF_RECORDINGS

# What our objection letters promise: what was held back stays preserved for so long after receipt.
HOLD_PERIOD = timedelta(days=90)
PRESERVING = frozenset({"preservation_letter", "epoc_pr"})
# The clock of a preservation request's period.
EXPIRY = "hold_expiry"
NOTHING_LEFT = "The answer is final, and nothing of what was held was handed over."


def hold_what_is_demanded(work: Work, case: Case, *, by: Actor) -> Hold:
    """Hold every recording that a demand line names; the store is told by durable work after this transaction."""
    hold = with_terms(work, Hold(id=work.new_id(), case=case.id, placed_at=work.now(), expires_at=None), case)
    recordings = work.holds.add(hold, scopes_demanded(work, case))
    work.audit.add(
        "hold_placed", by=by, case=case.id, numbers={"recordings": recordings}, words={"reason": "demand_received"}
    )
    if recordings:
        work.queue.enqueue("place_hold", hold.id)
    return hold


def hold_what_is_demanded_again(work: Work, answered: Case, *, by: Actor) -> None:
    """When a demand that was answered is open again, hold what it names, unless a hold still keeps all of it.

    A preservation request whose period is over demands nothing any more.
    """
    kept = any(hold.released_at is None and hold.narrowed_at is None for hold in work.holds.locked_of_case(answered.id))
    if not kept and not _is_over(work, answered):
        hold_what_is_demanded(work, answered, by=by)


def _is_over(work: Work, case: Case) -> bool:
    terms = with_terms(work, Hold(id="", case=case.id, placed_at=work.now(), expires_at=None), case)
    ends = terms.expires_at
    return terms.kind is HoldKind.PRESERVATION and ends is not None and ends <= work.now()


def locked_hold(work: Work, hold_id: str) -> Hold:
    """The hold as it stays until this transaction ends; all of its case are locked, in one order, against deadlocks."""
    case_id = work.holds.get(hold_id).case
    return next(hold for hold in work.holds.locked_of_case(case_id) if hold.id == hold_id)


def with_terms(work: Work, hold: Hold, case: Case) -> Hold:
    """The hold with its kind and its end, as the case's paper and clocks have them."""
    if case.facts.get("process") not in PRESERVING:
        return replace(hold, kind=HoldKind.CASE, expires_at=case.received_at + HOLD_PERIOD)
    # Where no law that we know sets a period it has no end; a lawyer releases it.
    ends = next((row.due for row in work.clocks.of_case(case.id) if row.name == EXPIRY), None)
    return replace(hold, kind=HoldKind.PRESERVATION, expires_at=ends)


def follow_the_clock(work: Work, case: Case) -> None:
    """Let the case's live holds end when its clocks now say."""
    for hold in work.holds.locked_of_case(case.id):
        if hold.released_at is None and (changed := with_terms(work, hold, case)) != hold:
            work.holds.put(changed)


def is_final(case: Case) -> bool:
    """Whether no more is owed: an objection letter promises that what was held back stays preserved until its day."""
    objected = case.decision is not None and case.decision.objects
    return case.state is CaseState.CLOSED or (case.state is CaseState.ANSWERED and not objected)


def keep_only_what_left(work: Work, case: Case, *, by: Actor) -> None:
    """When the answer is final, let go of what was demanded and not produced; what left is kept until it is released.

    What an issuer asked us to preserve is none of this: it is kept until its own period ends.
    """
    kept = _handed_over(work, case)
    for hold in work.holds.locked_of_case(case.id):
        if hold.released_at is None and hold.kind is not HoldKind.PRESERVATION:
            _narrow(work, hold, kept, by)


def _narrow(work: Work, hold: Hold, kept: frozenset[str], by: Actor) -> None:
    work.holds.narrow(hold.id, kept, at=work.now())
    work.audit.add("hold_narrowed", by=by, case=hold.case, numbers={"kept": work.holds.counts(hold.id).kept})
    if not work.holds.counts(hold.id).kept:
        work.holds.release(hold.id, at=work.now(), because=NOTHING_LEFT, by=by.id)
    work.queue.enqueue("place_hold", hold.id)


def _handed_over(work: Work, case: Case) -> frozenset[str]:
    """The recordings of every production of the case that was released, the latest included."""
    released = [each for each in work.productions.of_case(case.id) if each.state is ProductionState.RELEASED]
    return frozenset(item.recording for production in released for item in production.items)


def names_somebody(line: DemandLine) -> bool:
    """Whether a line names an account or a device, so that what it asks for can be found."""
    return not (isinstance(line.account, Every) and isinstance(line.devices, Every))


def scopes_demanded(work: Work, case: Case) -> Sequence[Scope]:
    """What the lines that name somebody demand of recordings, under every number of each account."""
    named = [line.scope for line in case.lines if line.data_class in OF_RECORDINGS and names_somebody(line)]
    return [_under_every_number(work, scope) for scope in dict.fromkeys(named)]


def _under_every_number(work: Work, scope: Scope) -> Scope:
    if isinstance(scope.accounts, Every):
        return scope
    return replace(scope, accounts=work.aliases.of(scope.accounts))
