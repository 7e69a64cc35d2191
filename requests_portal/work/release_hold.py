"""Release a hold: a lawyer ends it with reasons; what no other hold keeps may then be deleted again."""

from requests_portal.errors import Conflict, Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.hold import Hold
from requests_portal.work.hold import locked_hold
from requests_portal.work.ports import Work

MOST = 2000


def release_hold(work: Work, hold_id: str, *, because: str, by: Actor) -> Hold:
    """End a hold for the reasons given; the store is told by durable work after this transaction."""
    by = by.must(Act.RELEASE_HOLD)
    hold = locked_hold(work, hold_id)
    reasons = because.strip()
    if hold.released_at is not None:
        raise Conflict("This hold has ended already. Reload the page to see when and why.")
    if not 0 < len(reasons) <= MOST:
        raise Unusable(f"Say why it may be deleted again, in at most {MOST} characters; the reasons stay on record.")
    kept = work.holds.counts(hold.id).kept
    work.holds.release(hold.id, at=work.now(), because=reasons, by=by.id)
    work.audit.add("hold_released", by=by, case=hold.case, numbers={"recordings": kept}, private={"reasons": reasons})
    work.queue.enqueue("place_hold", hold.id)
    return work.holds.get(hold.id)
