"""Refusals: each is counted at once, in a transaction of its own, and enters the audit log within a minute.

The log takes one entry for the same attempt of the same person, however often it was made: nobody can flood it.
"""

from requests_portal.model.actor import SYSTEM
from requests_portal.model.refusal import Attempt, Refusal, who
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work


def count_refusal(work: Work, tried: Attempt) -> None:
    """Count one more refusal of this attempt."""
    work.refusals.count(tried, at=work.now())


def enter_refusals(outside: Outside) -> None:
    """Put every refusal that was counted into the audit log."""
    with outside.unit_of_work() as work:
        enter_counted(work)


def enter_counted(work: Work) -> None:
    """Put what was counted into the audit log, and count it from nothing again."""
    for each in work.refusals.take_all():
        _enter(work, each)


def _enter(work: Work, refusal: Refusal) -> None:
    tried = refusal.attempt
    by = who(tried)
    words = {"tried": tried.act, "page": tried.page} | ({} if by else {"by": tried.role})
    seconds = int((refusal.last_at - refusal.first_at).total_seconds())
    numbers = {"times": refusal.times, "status": tried.status, "seconds": seconds}
    work.audit.add("access_refused", by=by or SYSTEM, numbers=numbers, words=words)
