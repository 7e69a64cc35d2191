"""The legal process owed for what left in an emergency: that it came, or two people who clear that it did not."""

from typing import Any

from flask import request
from marshmallow import Schema
from marshmallow.fields import String
from werkzeug.wrappers import Response

from requests_portal.errors import Refused
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.case import form_page, the_case
from requests_portal.web.desk.follow_up_words import moment_here, owed_words
from requests_portal.web.desk.schema import ReasonSchema
from requests_portal.web.forms import Errors, Typed, loaded, typed
from requests_portal.web.portal import the_portal
from requests_portal.web.refusing import note_refusal
from requests_portal.work.follow_up import (
    confirm_clearing,
    follow_up_clock,
    is_missed,
    propose_clearing,
    record_process,
)
from requests_portal.work.ports import Work


class ProcessSchema(Schema):
    """The paper by which legal process followed."""

    paper = String(required=True, error_messages={"required": "Choose the paper that is the legal process."})


@pages.get("/requests/<reference>/follow-up")
@does(Act.READ_CASE)
def follow_up(reference: str) -> str:
    """Whether legal process followed an emergency answer, and what can be recorded of that."""
    with the_portal().outside.reading() as work:
        return _page(work, the_case(work, reference), {}, {})


@pages.post("/requests/<reference>/follow-up/process")
@does(Act.VERIFY_REQUESTER)
def process_came(reference: str) -> Response | tuple[str, int]:
    """Record the paper by which legal process followed."""
    values = typed(ProcessSchema(), request.form)
    said, errors = loaded(ProcessSchema(), values)
    return _recorded(
        reference, values, errors, "paper", lambda work, case: record_process(work, case.id, said["paper"], by=person())
    )


@pages.post("/requests/<reference>/follow-up/clearing")
@does(Act.CLEAR_MISS, fresh=True)
def clearing(reference: str) -> Response | tuple[str, int]:
    """Say why a miss need no longer stand against its agency."""
    values = typed(ReasonSchema(), request.form)
    said, errors = loaded(ReasonSchema(), values)
    return _recorded(
        reference,
        values,
        errors,
        "reason",
        lambda work, case: propose_clearing(work, case.id, said["reason"], by=person()),
    )


@pages.post("/requests/<reference>/follow-up/clearing/confirm")
@does(Act.CONFIRM_CLEARING, fresh=True)
def clearing_confirmed(reference: str) -> Response | tuple[str, int]:
    """Confirm, as somebody else, the reason that was read."""
    seen = request.form.get("seen", "")
    return _recorded(
        reference, {}, {}, "confirm", lambda work, case: confirm_clearing(work, case.id, seen=seen, by=person())
    )


def _recorded(reference: str, values: Typed, errors: Errors, field: str, act: Any) -> Response | tuple[str, int]:
    with the_portal().outside.reading() as work:
        found = the_case(work, reference)
    if not errors:
        try:
            with the_portal().outside.unit_of_work() as work:
                act(work, found)
        except Refused as refusal:
            note_refusal(refusal.status)
            errors = {field: refusal.sentence}
    if not errors:
        return see_other("casework.follow_up", reference=reference)
    with the_portal().outside.reading() as work:
        return _page(work, the_case(work, reference), values, errors), 422


def _page(work: Work, found: Case, values: Typed, errors: Errors) -> str:
    by, clock, put_forward = person(), follow_up_clock(work, found), found.clearing
    late = clock is not None and is_missed(clock, at=work.now())
    waits = late and (put_forward is None or not put_forward.stands)
    came = found.process_came
    return form_page(
        "case_follow_up.html",
        found,
        errors,
        values=values,
        owed=owed_words(found, clock),
        papers=[(each.sha256, each.filename, f"Added {moment_here(each.received_at)}") for each in found.papers],
        came=came,
        came_as=next((each.filename for each in found.papers if came and each.sha256 == came.paper), ""),
        may_record=by.may(Act.VERIFY_REQUESTER) and clock is not None and clock.met_at is None,
        may_clear=by.may(Act.CLEAR_MISS) and waits,
        put_forward=put_forward,
        waits=waits,
        why_not=_why_not(found, by),
    )


def _why_not(found: Case, by: Actor) -> str:
    """Why this person cannot confirm the clearing, in words; empty when they can."""
    if not by.may(Act.CONFIRM_CLEARING):
        return "Another lawyer or an approver confirms it."
    if found.clearing is not None and found.clearing.by == by.id:
        return "You put it forward, so a different person confirms it."
    return ""
