"""Watch silence: remind before an order of silence ends, and tell the customer when it has.

The notice goes out by itself where a day is on record on which the silence ends. Where the law alone counts a day, or
something speaks against the notice, a lawyer is told instead.
"""

from datetime import datetime, timedelta

from requests_portal.model.actor import SYSTEM
from requests_portal.model.case import Case
from requests_portal.model.message import Message
from requests_portal.model.notice import EndingSilence
from requests_portal.work.nondisclosure import CLOCK, REVIEW, silence_ends
from requests_portal.work.notify import ever_told, tell, why_not_tell
from requests_portal.work.one_by_one import one_by_one
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work

REMINDED_BEFORE = (timedelta(days=3), timedelta(days=14))


def watch_silence(outside: Outside) -> None:
    """Do for each silence that ends what its day asks for, each in a transaction of its own."""
    with outside.reading() as work:
        ending = work.notices.ending(work.now() + max(REMINDED_BEFORE), by=SYSTEM)
    one_by_one(ending, lambda each: _watch(outside, each))


def _watch(outside: Outside, silence: EndingSilence) -> None:
    with outside.unit_of_work() as work:
        watch(work, silence)


def watch(work: Work, silence: EndingSilence) -> None:
    """Remind of one silence, or tell the customer once it is over."""
    case = work.cases.get(silence.case, by=SYSTEM)
    if ever_told(work, case):
        # A reassessment counted its day anew.
        for clock in (CLOCK, REVIEW):
            work.clocks.met(case.id, clock, work.now())
        return
    ended = silence_ends(work, case)
    if ended is not None and ended <= work.now() and not why_not_tell(work, case):
        tell(work, case.id, by=SYSTEM)
    else:
        _remind(work, case, ended or silence.ends_at)


def _remind(work: Work, case: Case, ends_at: datetime) -> None:
    """Send one message for each step towards the day, and one when it has passed."""
    left = ends_at - work.now()
    passed = [step for step in (timedelta(0), *REMINDED_BEFORE) if left <= step]
    if not passed:
        return
    step = passed[0]
    message = Message(
        key=f"silence-{case.id}-{ends_at:%Y%m%d}-{step.days}",
        to=case.assigned_to or "",
        template="silence_ends" if step else "silence_ended",
        words={
            "reference": case.reference,
            "days": str(step.days),
            "day": f"{ends_at:%Y-%m-%d}",
            "link": f"{work.house.public_url}/requests/{case.reference}/notice",
        },
    )
    work.messages.add(message, id=work.new_id(), at=work.now())
