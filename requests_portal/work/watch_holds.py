"""Watch holds: remind before a period ends, end it when it has, and hold what was entered past a hold.

What the end of a period means. A preservation request whose case we have answered ends with it: the law asks for no
more, and Reg. (EU) 2023/1543 Art. 11(1) forbids it. While its case is open nothing ends by itself: it is shown in red
until a lawyer renews, answers or releases. A demand that we answered with objections keeps all of it until the day
that our letter promised, and what left afterwards; a demand that is not answered yet has no end.
"""

from datetime import timedelta

from requests_portal.model.actor import SYSTEM
from requests_portal.model.case import Case
from requests_portal.model.hold import Hold, HoldKind
from requests_portal.model.message import Message
from requests_portal.work.hold import is_final, keep_only_what_left, locked_hold, scopes_demanded, with_terms
from requests_portal.work.one_by_one import one_by_one
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work

REMINDED_BEFORE = (timedelta(days=3), timedelta(days=14))
ENDED = "Its period ended on {}; no renewal was on record that would have kept it longer."


def watch_holds(outside: Outside) -> None:
    """Do for each live hold what its day asks for, each in a transaction of its own."""
    with outside.reading() as work:
        due = [hold.id for hold in work.holds.live() if _is_due(work, hold)]
    one_by_one(due, lambda hold_id: _watch(outside, hold_id))


def _watch(outside: Outside, hold_id: str) -> None:
    with outside.unit_of_work() as work:
        watch(work, hold_id)


def watch(work: Work, hold_id: str) -> None:
    """Settle what was placed before holds had kinds, hold what was missed, remind, and end what has ended."""
    hold = locked_hold(work, hold_id)
    if hold.released_at is not None:
        return
    case = work.cases.get(hold.case, by=SYSTEM)
    if hold.kind is None:
        hold = _settled(work, hold, case)
    if work.holds.is_missing(hold.id):
        arrived = work.holds.enter_missing(hold.id, at=work.now())
        work.audit.add("hold_widened", by=SYSTEM, case=case.id, numbers={"recordings": arrived})
    _end_or_remind(work, hold, case)


def ends(hold: Hold, case: Case) -> bool:
    """Whether the hold ends by itself when its day comes."""
    return not case.is_open and (hold.kind is HoldKind.PRESERVATION or hold.narrowed_at is None)


def _is_due(work: Work, hold: Hold) -> bool:
    soon = hold.expires_at is not None and hold.expires_at <= work.now() + max(REMINDED_BEFORE)
    return hold.kind is None or (soon and hold.narrowed_at is None) or work.holds.is_missing(hold.id)


def _settled(work: Work, hold: Hold, case: Case) -> Hold:
    settled = with_terms(work, hold, case)
    work.holds.put(settled)
    if not is_final(case):
        work.holds.cover(hold.id, scopes_demanded(work, case), at=work.now())
    return settled


def _end_or_remind(work: Work, hold: Hold, case: Case) -> None:
    if hold.expires_at is None or hold.narrowed_at is not None:
        return
    left = hold.expires_at - work.now()
    if left > timedelta(0):
        _remind(work, hold, case, left)
    elif not ends(hold, case):
        _remind(work, hold, case, timedelta(0))
    elif hold.kind is HoldKind.PRESERVATION:
        _end(work, hold)
    else:
        keep_only_what_left(work, case, by=SYSTEM)


def _end(work: Work, hold: Hold) -> None:
    kept = work.holds.counts(hold.id).kept
    day = f"{hold.expires_at:%Y-%m-%d}"
    work.holds.release(hold.id, at=work.now(), because=ENDED.format(day), by=SYSTEM.id)
    work.audit.add("hold_expired", by=SYSTEM, case=hold.case, numbers={"recordings": kept})
    work.queue.enqueue("place_hold", hold.id)


def _remind(work: Work, hold: Hold, case: Case, left: timedelta) -> None:
    """Send one message for each step towards the day; a demand that is not answered has no day."""
    passed = [step for step in (timedelta(0), *REMINDED_BEFORE) if left <= step]
    if not passed or (hold.kind is HoldKind.CASE and case.is_open):
        return
    step, ends_on = passed[0], hold.expires_at
    message = Message(
        key=f"hold-{hold.id}-{ends_on:%Y%m%d}-{step.days}",
        to=case.assigned_to or "",
        template="hold_ends" if step else "hold_ended_open",
        words={
            "reference": case.reference,
            "days": str(step.days),
            "day": f"{ends_on:%Y-%m-%d}",
            "link": f"{work.house.public_url}/holds/{hold.id}",
        },
    )
    work.messages.add(message, id=work.new_id(), at=work.now())
