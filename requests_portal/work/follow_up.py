"""Follow up: legal process comes for what left in an emergency; where it does not, its agency's next one is blocked.

Whoever forges an emergency never sends the warrant. The block is nowhere kept: it follows from the clocks of the
agency's earlier emergencies, and from what two people cleared.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from requests_portal.errors import Barred, Conflict, Unusable
from requests_portal.model.actor import SYSTEM, Act, Actor
from requests_portal.model.case import Case
from requests_portal.model.clock import ClockRow
from requests_portal.model.follow_up import FOLLOW_UP, Clearing, ProcessCame
from requests_portal.work.four_eyes import is_emergency
from requests_portal.work.ports import Work

LONGEST = 2000
BLOCKED = (
    "Legal process for an emergency answer to this agency did not come in time, so nothing but a preservation can "
    "leave in another emergency of theirs. Two people clear it on the page of the request that was missed."
)
NOTHING_OWED = "Nothing left in an emergency under this request, so no legal process is owed for it."


def record_process(work: Work, case_id: str, paper: str, *, by: Actor) -> Case:
    """Record the paper by which legal process followed; it meets the clock, in time or late."""
    by = by.must(Act.VERIFY_REQUESTER)
    case = work.cases.get(case_id, by=by)
    clock = _owed(work, case)
    if clock.met_at is not None:
        raise Conflict("Legal process was recorded for this already. Reload the page to see it.")
    since = datetime.fromisoformat(str(case.facts["disclosed_at"]))
    if paper not in {each.sha256 for each in case.papers if each.received_at >= since}:
        raise Unusable("Choose a paper that came after the answer. Add it to the request's papers first.")
    work.clocks.met(case.id, FOLLOW_UP, work.now())
    work.audit.add("emergency_process_came", by=by, case=case.id, subjects={"paper": paper})
    came = ProcessCame(paper=paper, by=by.id, by_name=by.name, at=work.now())
    return work.cases.put(replace(case, process_came=came))


def propose_clearing(work: Work, case_id: str, reason: str, *, by: Actor) -> Case:
    """Say why a miss need no longer stand against its agency; a reason put forward before is replaced."""
    by = by.must(Act.CLEAR_MISS)
    case = _missed(work, case_id, by)
    if case.clearing is not None and case.clearing.stands:
        raise Conflict("This was cleared already. Reload the page to see by whom.")
    said = reason.strip()
    if not 0 < len(said) <= LONGEST:
        raise Unusable(f"Say why the agency may be answered in emergencies again, in at most {LONGEST:,} characters.")
    clearing = Clearing(reason=said, by=by.id, by_name=by.name, at=work.now())
    return _cleared(work, case, "miss_clearing_proposed", clearing, by=by)


def confirm_clearing(work: Work, case_id: str, *, seen: str, by: Actor) -> Case:
    """Confirm, as somebody else, exactly the reason that was read; the agency is answered in emergencies again."""
    by = by.must(Act.CONFIRM_CLEARING)
    case = _missed(work, case_id, by)
    if case.clearing is None:
        raise Conflict("Nobody has put a clearing forward here. A lawyer does that first.")
    confirmed = case.clearing.confirmed(seen=seen, by=by.id, by_name=by.name, at=work.now())
    return _cleared(work, case, "miss_cleared", confirmed, by=by)


def must_not_be_blocked(work: Work, case: Case) -> None:
    """Refuse to give anything in an emergency of an agency that owes the legal process for another one."""
    # A miss that is sealed blocks too; the sentence is the same and names no request.
    if blocking(work, case, by=SYSTEM):
        raise Barred(BLOCKED)


def blocking(work: Work, case: Case, *, by: Actor) -> Sequence[Case]:
    """The misses, of those that the actor may see, that block an emergency request; none for any other request."""
    if not is_emergency(case) or case.agency is None:
        return ()
    return [each for each in misses(work, case.agency, by=by) if each.id != case.id]


def misses(work: Work, agency: str, *, by: Actor) -> Sequence[Case]:
    """The emergencies of an agency for which process did not come in time and that nobody cleared, oldest first."""
    late = work.cases.late(FOLLOW_UP, agency=agency, at=work.now(), by=by)
    return [case for case in late if case.clearing is None or not case.clearing.stands]


def follow_up_clock(work: Work, case: Case) -> ClockRow | None:
    """The clock by which legal process is owed; None where nothing left in an emergency."""
    return next((row for row in work.clocks.of_case(case.id) if row.name == FOLLOW_UP and row.due), None)


def is_missed(clock: ClockRow, *, at: datetime) -> bool:
    """Whether process did not come by the time it was owed, as things stand at this moment."""
    return clock.due is not None and (clock.met_at or at) > clock.due


def _owed(work: Work, case: Case) -> ClockRow:
    clock = follow_up_clock(work, case)
    if clock is None:
        raise Conflict(NOTHING_OWED)
    return clock


def _missed(work: Work, case_id: str, by: Actor) -> Case:
    case = work.cases.get(case_id, by=by)
    if not is_missed(_owed(work, case), at=work.now()):
        raise Conflict("Legal process is not late here, so there is nothing to clear.")
    return case


def _cleared(work: Work, case: Case, act: str, clearing: Clearing, *, by: Actor) -> Case:
    work.audit.add(
        act, by=by, case=case.id, subjects={"clearing": clearing.digest}, private={"reason": clearing.reason}
    )
    return work.cases.put(replace(case, clearing=clearing))
