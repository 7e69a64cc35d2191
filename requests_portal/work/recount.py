"""Recount: whether what the database keeps of recordings and cases is what reading them tells, and keeping that."""

from requests_portal.model.actor import Act, Actor
from requests_portal.model.recount import Recount
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work


def compare_counts(outside: Outside) -> None:
    """Compare all that is kept, some accounts at a time, and record how much differs; nothing is mended by itself.

    A difference means that something wrote past the database's triggers. A person has to know of it.
    """
    with outside.reading() as work:
        begun, cases = work.now(), work.recounts.cases()
    recount = Recount(at=begun, days=_days_that_differ(outside), cases=cases)
    with outside.unit_of_work() as work:
        work.recounts.put(recount)


def recount(work: Work, *, by: Actor) -> Recount:
    """Keep what reading tells, and say how much of what was kept differed; whoever writes waits until that is done."""
    by = by.must(Act.OPERATE)
    work.recounts.lock()
    found = Recount(at=work.now(), days=work.recounts.days(), cases=work.recounts.cases())
    work.recounts.count_anew()
    work.recounts.put(Recount(at=found.at, days=0, cases=0))
    work.audit.add("catalogue_recounted", by=by, numbers={"days": found.days, "cases": found.cases})
    return found


def _days_that_differ(outside: Outside) -> int:
    """Each part is read in a transaction of its own: a long one would keep the database from tidying up."""
    days, after = 0, None
    while True:
        with outside.reading() as work:
            upto = work.recounts.part_ends(after)
            days += work.recounts.days(after=after, upto=upto)
        if upto is None:
            return days
        after = upto
