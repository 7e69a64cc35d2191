"""The legal process that an emergency answer waits for, and what its absence blocks, in words."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for

from requests_portal.model.case import Case
from requests_portal.model.clock import ClockRow
from requests_portal.web import display
from requests_portal.web.portal import the_portal
from requests_portal.work.follow_up import is_missed


def miss_row(case: Case) -> dict[str, str]:
    """A missed emergency as a list names it: its reference, and the page on which it is cleared."""
    return {"reference": case.reference, "url": url_for("casework.follow_up", reference=case.reference)}


def owed_words(case: Case, clock: ClockRow | None) -> tuple[str, str, str] | None:
    """Where the process owed stands, as a heading, a sentence and a tone; None where none is owed."""
    if clock is None or clock.due is None:
        return None
    by_when, late = moment_here(clock.due), is_missed(clock, at=the_portal().now())
    if case.clearing is not None and case.clearing.stands:
        two = f"{case.clearing.by_name} and {case.clearing.confirmed_by_name}"
        return "Cleared", f"Legal process was due by {by_when}. {two} cleared that it did not come in time.", "ok"
    if clock.met_at is None and not late:
        return "Legal process is expected", f"It is due by {by_when}, for what left in this emergency.", "info"
    if clock.met_at is None:
        why = "Until two people clear it, nothing leaves in another emergency of this agency."
        return "Legal process did not come", f"It was due by {by_when}. {why}", "bad"
    if late:
        why = "Until two people clear it, nothing leaves in another emergency of this agency."
        return "Legal process came late", f"It was due by {by_when} and came {moment_here(clock.met_at)}. {why}", "bad"
    return "Legal process came", f"It came {moment_here(clock.met_at)}, in time.", "ok"


def moment_here(at: datetime) -> str:
    """A moment on the house's clock."""
    return display.moment(at, ZoneInfo(the_portal().zone))
