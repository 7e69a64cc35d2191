"""Renew a hold: an issuer renews its preservation request, once, before the period has ended."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from requests_portal.errors import Conflict, Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case
from requests_portal.model.clock import ClockRow
from requests_portal.model.hold import Hold, HoldKind, Renewal
from requests_portal.work.assess import clock_rows, day_of_receipt, examine
from requests_portal.work.hold import EXPIRY, locked_hold
from requests_portal.work.ports import Work

MOST = 500


def renew_hold(work: Work, hold_id: str, *, on: date, request: str, by: Actor) -> Hold:
    """Let a preservation run for its second period; the renewed request reached us `on` a day; `request` names it."""
    by = by.must(Act.RENEW_HOLD)
    hold = locked_hold(work, hold_id)
    case = work.cases.get(hold.case, by=by)
    named = request.strip()
    _check(work, hold, case, on, named)
    renewed = replace(case, facts={**case.facts, "preservation_renewed_on": on.isoformat()})
    clock = _recounted(work, renewed)
    if clock is None or clock.due is None or hold.expires_at is None or clock.due <= hold.expires_at:
        raise Conflict(
            "This request extends nothing: it came after the period had ended, or no law we know sets one. "
            "Enter it as a new preservation request."
        )
    others = [row for row in work.clocks.of_case(case.id) if row.name != EXPIRY]
    work.clocks.replace(case.id, [*others, clock])
    work.cases.put(renewed)
    extended = replace(hold, expires_at=clock.due, renewal=Renewal(on=on, request=named, by=by.id, at=work.now()))
    for each in work.holds.of_case(case.id):
        if each.released_at is None:
            work.holds.put(replace(each, expires_at=clock.due, renewal=extended.renewal))
    work.audit.add("hold_renewed", by=by, case=case.id, private={"request": named, "on": on.isoformat()})
    return extended


def _check(work: Work, hold: Hold, case: Case, on: date, request: str) -> None:
    if hold.released_at is not None:
        raise Conflict("This hold has ended. Enter the renewed request as a new preservation request.")
    if hold.kind is not HoldKind.PRESERVATION:
        raise Conflict("Only a preservation request is renewed; what is held for a demand lasts while we answer it.")
    if hold.renewal is not None or "preservation_renewed_on" in case.facts:
        raise Conflict("This request was renewed already, and the law allows that once. Enter a new one.")
    if not 0 < len(request) <= MOST:
        raise Unusable(f"Say on which renewed request, such as its file number and date, in at most {MOST} characters.")
    if not day_of_receipt(case) <= on <= work.now().astimezone(ZoneInfo(case.zone)).date():
        raise Unusable("The day the renewed request reached us lies between the first request and today.")


def _recounted(work: Work, case: Case) -> ClockRow | None:
    rows = clock_rows(case, examine(work, case, on=day_of_receipt(case)).clocks)
    return next((row for row in rows if row.name == EXPIRY), None)
