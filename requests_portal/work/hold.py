"""Hold: what a legal demand names is kept from deletion from its receipt until the answer is final."""

from datetime import timedelta

from legal_rules.scope import DemandLine, Every
from requests_portal.model.actor import SYSTEM, Act, Actor
from requests_portal.model.case import Case
from requests_portal.model.clock import Hold
from requests_portal.model.recording import Recording
from requests_portal.work.ports import Work
from requests_portal.work.selection import OF_RECORDINGS

# 18 U.S.C. § 2703(f)(2): ninety days; a hold for a demand that is still open is renewed by its case.
HOLD_PERIOD = timedelta(days=90)


def hold_what_is_demanded(work: Work, case: Case, *, by: Actor) -> Hold:
    """Hold every recording that a demand line names; the store is told by durable work after this transaction."""
    recordings = _demanded(work, case)
    hold = Hold(id=work.new_id(), case=case.id, placed_at=work.now(), expires_at=case.received_at + HOLD_PERIOD)
    work.holds.add(hold, recordings.values())
    work.audit.add(
        "hold_placed", by=by, case=case.id, numbers={"recordings": len(recordings)}, words={"reason": "demand_received"}
    )
    if recordings:
        work.queue.enqueue("place_hold", hold.id)
    return hold


def keep_only_what_left(work: Work, case: Case, *, kept: frozenset[str], by: Actor) -> None:
    """When the answer is final, let go of what was demanded and not produced."""
    for hold in work.holds.of_case(case.id):
        if hold.released_at is None:
            work.holds.narrow(hold.id, kept)
            work.audit.add("hold_narrowed", by=by, case=case.id, numbers={"kept": len(kept)})
            work.queue.enqueue("place_hold", hold.id)


def versions_placed(work: Work, hold_id: str, recording_ids: list[str]) -> int:
    """Record that the store has confirmed the hold on these recordings' exact versions."""
    SYSTEM.must(Act.RECORD)
    work.holds.placed(hold_id, recording_ids)
    return len(recording_ids)


def names_somebody(line: DemandLine) -> bool:
    """Whether a line names an account or a device, so that what it asks for can be found."""
    return not (isinstance(line.account, Every) and isinstance(line.devices, Every))


def _demanded(work: Work, case: Case) -> dict[str, Recording]:
    named = [line.scope for line in case.lines if line.data_class in OF_RECORDINGS and names_somebody(line)]
    return {recording.id: recording for scope in named for recording in work.catalogue.find(scope)}
