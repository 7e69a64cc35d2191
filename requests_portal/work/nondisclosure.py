"""Nondisclosure: whether a customer may not know of a demand, until when, and what prolongs that."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from requests_portal.errors import Conflict, Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case
from requests_portal.work.assess import clock_rows, day_of_receipt, examine
from requests_portal.work.compose.available import asks_for_silence
from requests_portal.work.ports import Work

# The clock by which a customer is told, and the one by which an order without an end is looked at again.
CLOCK, REVIEW = "customer_notice", "gag_review"


def record_extension(work: Work, case_id: str, *, until: date, made_on: date, paper: str, by: Actor) -> Case:
    """Record what prolongs an order of silence or a delay of notice; the notice waits longer, and the answer stands."""
    by = by.must(Act.RECORD_EXTENSION)
    case = work.cases.get(case_id, by=by)
    if case.by_hand or work.notices.of_case(case.id):
        raise Conflict("The customer has been told of this demand; an extension changes nothing any more.")
    if not can_be_extended(case):
        raise Conflict("No order of silence or delay of notice is on record here to extend. Correct the facts first.")
    if paper not in {each.sha256 for each in case.papers}:
        raise Unusable("Choose the paper that extends the silence. Add it to the request's papers first.")
    _check_days(case, silence_ends(work, case), until=until, made_on=made_on, today=work.today)
    is_ordered = case.facts.get("nondisclosure_order") is True
    made = "nondisclosure_extended_on" if is_ordered else "notice_delay_renewed_on"
    said = {"nondisclosure_ends_on": until.isoformat(), made: made_on.isoformat()}
    extended = replace(case, facts={**case.facts, **said, "nondisclosure_end_stated": True})
    clocks = examine(work, extended, on=day_of_receipt(extended)).clocks
    before = work.clocks.of_case(case.id)
    new = {row.name: row for row in clock_rows(extended, clocks) if row.name in {CLOCK, REVIEW}}
    kept = [row for row in before if row.name not in {CLOCK, REVIEW}]
    work.clocks.replace(case.id, [*kept, *new.values()])
    work.audit.add(
        "silence_extended",
        by=by,
        case=case.id,
        subjects={"paper": paper},
        private={"until": until.isoformat(), "made_on": made_on.isoformat()},
    )
    return work.cases.put(extended)


def can_be_extended(case: Case) -> bool:
    """Whether an order of silence, or a delay of the notice, is on record."""
    return case.facts.get("nondisclosure_order") is True or case.facts.get("notice_delayed_on") is not None


def is_secret(work: Work, case: Case) -> bool:
    """Whether the customer may not know of the demand, or whether nobody has established that they may."""
    facts = case.facts
    ordered = facts.get("nondisclosure_order")
    if ordered is None or facts.get("nondisclosure_certified") is True:
        return True
    if ordered is False and (asks_for_silence(case) or facts.get("notice_delayed_on") is None):
        return asks_for_silence(case)
    ends = silence_ends(work, case)
    return ends is None or ends > work.now()


def silence_ends(work: Work, case: Case) -> datetime | None:
    """The last moment of the silence: the later end of its order and of a delay of the notice; None where unknown."""
    stated, delayed = case.facts.get("nondisclosure_ends_on"), case.facts.get("notice_delayed_on")
    if stated is None and (delayed is None or case.facts.get("nondisclosure_order") is True):
        return None
    delay_ends = _delay_ends(work, case) if delayed is not None else None
    if stated is None or (delayed is not None and delay_ends is None):
        return delay_ends
    ends = datetime.combine(date.fromisoformat(str(stated)), time(23, 59, 59), tzinfo=ZoneInfo(case.zone))
    return max(ends, delay_ends or ends)


def _delay_ends(work: Work, case: Case) -> datetime | None:
    """The last moment of the delay by law; the day that an order states would hide it among the clocks of the case."""
    alone = {name: value for name, value in case.facts.items() if not name.startswith("nondisclosure_")}
    delayed = replace(case, facts=alone)
    rows = clock_rows(delayed, examine(work, delayed, on=day_of_receipt(case)).clocks)
    return next((row.due for row in rows if row.name == CLOCK), None)


def _check_days(case: Case, ends: datetime | None, *, until: date, made_on: date, today: date) -> None:
    if until <= today:
        raise Unusable("The extension ends before tomorrow. Enter the last day of the silence as the order states it.")
    if made_on > today:
        raise Unusable("The extension cannot have been made after today.")
    if ends is not None and until <= ends.astimezone(ZoneInfo(case.zone)).date():
        raise Unusable("The silence lasts that long already. Enter the last day as the extension states it.")
