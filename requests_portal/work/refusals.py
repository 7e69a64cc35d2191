"""Refusals: each is counted at once, in a transaction of its own, and enters the audit log within a minute.

The log takes one entry for the same attempt of the same person, however often it was made, and of people who are not
signed in so many entries a minute and no more: nobody can flood it.
"""

from collections.abc import Sequence

from requests_portal.model.actor import SYSTEM
from requests_portal.model.refusal import VISITOR, Attempt, Refusal, who
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work

# What visitors tried beyond so many pages is one entry.
MOST_OF_VISITORS = 20


def count_refusal(work: Work, tried: Attempt) -> None:
    """Count one more refusal of this attempt."""
    work.refusals.count(tried, at=work.now())


def enter_refusals(outside: Outside) -> None:
    """Put every refusal that was counted into the audit log."""
    with outside.unit_of_work() as work:
        enter_counted(work)


def enter_counted(work: Work) -> None:
    """Put what was counted into the audit log, and count it from nothing again."""
    counted = work.refusals.take_all()
    of_visitors = [each for each in counted if who(each.attempt) is None]
    for each in counted:
        if each not in of_visitors[MOST_OF_VISITORS:]:
            _enter(work, each)
    if len(of_visitors) > MOST_OF_VISITORS:
        _enter_the_rest(work, of_visitors[MOST_OF_VISITORS:])


def _enter(work: Work, refusal: Refusal) -> None:
    tried = refusal.attempt
    by = who(tried)
    words = {"tried": tried.act, "page": tried.page} | ({} if by else {"by": tried.role})
    numbers = {"times": refusal.times, "status": tried.status, "seconds": _seconds([refusal])}
    work.audit.add("access_refused", by=by or SYSTEM, numbers=numbers, words=words)


def _enter_the_rest(work: Work, refusals: Sequence[Refusal]) -> None:
    times = sum(each.times for each in refusals)
    numbers = {"times": times, "different": len(refusals), "seconds": _seconds(refusals)}
    work.audit.add("access_refused", by=SYSTEM, numbers=numbers, words={"by": VISITOR, "page": "several"})


def _seconds(refusals: Sequence[Refusal]) -> int:
    """From the first to the last of them."""
    lasted = max(each.last_at for each in refusals) - min(each.first_at for each in refusals)
    return int(lasted.total_seconds())
