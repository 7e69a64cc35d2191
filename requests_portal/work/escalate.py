"""Escalate: a case that nobody has claimed wakes whoever is on call, again and again, until somebody claims it."""

from requests_portal.model.actor import SYSTEM
from requests_portal.model.duty import Called, to_call
from requests_portal.model.escalation import Step, Unclaimed, is_due
from requests_portal.model.message import Message
from requests_portal.work.one_by_one import one_by_one
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work

UNCLAIMED = "case_unclaimed"


def escalate_what_is_unclaimed(outside: Outside) -> None:
    """Tell whoever is to be told now; what a dead worker missed is made up for with one message, not with many."""
    with outside.reading() as work:
        due = _due(work)
    one_by_one(due, lambda each: _escalate(outside, each.case))


def _escalate(outside: Outside, case_id: str) -> None:
    with outside.unit_of_work() as work:
        escalate(work, case_id)


def escalate(work: Work, case_id: str) -> None:
    """Tell the next person that nobody has claimed the case, if that is due."""
    at = work.now()
    called = to_call(work.roster.all(), work.house.patience.last_resort, at)
    due = _due(work, case_id)
    if called and due:
        _tell(work, due[0], called[due[0].steps % len(called)])


def _due(work: Work, case_id: str | None = None) -> list[Unclaimed]:
    return [each for each in work.escalations.unclaimed(case_id) if is_due(each, work.house.patience, at=work.now())]


def _tell(work: Work, unclaimed: Unclaimed, called: Called) -> None:
    step = Step(case=unclaimed.case, number=unclaimed.steps + 1, at=work.now(), who=called.who)
    work.escalations.add(step)
    for number, address in enumerate(called.addresses):
        message = Message(
            key=f"{UNCLAIMED}-{step.case}-{step.number}-{number}",
            to=address,
            template=UNCLAIMED,
            words={
                "reference": unclaimed.reference,
                "due": f"{unclaimed.due:%Y-%m-%d %H:%M} UTC" if unclaimed.due else "not known yet",
                "step": str(step.number),
                "link": f"{work.house.public_url}/requests/{unclaimed.reference}",
            },
        )
        work.messages.add(message, id=work.new_id(), at=step.at)
    told = {"step": step.number, "messages": len(called.addresses)}
    work.audit.add("case_escalated", by=SYSTEM, case=step.case, numbers=told, words={"to": step.who})
