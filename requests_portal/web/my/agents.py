"""Agents: a customer names who may ask in their name, and says of each who asked whether they sent them."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request
from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from requests_portal.errors import NotFound, Refused
from requests_portal.model.actor import Act
from requests_portal.model.agent import NamedAgent, Said
from requests_portal.model.case import Case
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.forms import Errors, Typed, loaded, typed
from requests_portal.web.my import wording
from requests_portal.web.my.blueprint import pages
from requests_portal.web.my.stages import agent_heading
from requests_portal.web.portal import the_portal
from requests_portal.web.refusing import note_refusal
from requests_portal.work.answer_agent import answer_agent, confirm_own
from requests_portal.work.name_agent import name_agent, take_back

LONGEST_NAME = 200
NO_DAY = "Enter a day such as 2027-05-31."
# What a customer can answer, and what that is to us: what they say, and whether the agent may have the answer too.
ANSWERS: Mapping[str, tuple[Said, bool]] = {
    "account": (Said.CONFIRMED, False),
    "agent": (Said.CONFIRMED, True),
    "no": (Said.REFUSED, False),
}
OPTIONS = (
    ("account", "Yes, and the answer comes to my account only", "Nothing is sent to them."),
    ("agent", "Yes, and they may have the answer too", "We hand them the same that is in your account."),
    ("no", "No, I did not send them", "They get nothing, and nothing is done."),
)


class Naming(Schema):
    """Whom a customer names, for what and until when."""

    name = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_NAME, error=f"Use at most {LONGEST_NAME} characters."),
        error_messages={"required": "Enter the name of who may ask."},
    )
    organisation = fields.String(
        validate=validate.Length(max=LONGEST_NAME, error=f"Use at most {LONGEST_NAME} characters.")
    )
    rights = fields.List(
        fields.String(validate=validate.OneOf(list(wording.AGENT_RIGHTS), error="Choose from the list.")),
        required=True,
        error_messages={"required": "Choose what they may ask for."},
    )
    until = fields.Date(required=True, error_messages={"required": NO_DAY, "invalid": NO_DAY})


@pages.get("/my/agents")
@does(Act.NAME_AGENT)
def agents() -> str:
    """Who asked in the customer's name, and whom they named."""
    zone, account = _zone(), str(person().account)
    with the_portal().outside.reading() as work:
        asked, named, today = work.cases.by_agents(account), work.named_agents.of(account), work.today
    return render_template(
        "my/agents.html",
        audience="customer",
        asked=[_asked_row(case, zone) for case in asked],
        named=[_named_row(each, today, zone) for each in named],
    )


@pages.get("/my/agents/new")
@does(Act.NAME_AGENT)
def new_agent() -> str:
    """Ask whom the customer wants to name."""
    return _naming({}, {})


@pages.post("/my/agents/new")
@does(Act.NAME_AGENT, fresh=True)
def name_them() -> Response | tuple[str, int]:
    """Name an agent."""
    given = typed(Naming(), MultiDict(request.form))
    said, errors = loaded(Naming(), given)
    if not errors:
        try:
            with the_portal().outside.unit_of_work() as work:
                name_agent(work, **{"organisation": "", **said}, by=person())
        except Refused as refusal:
            note_refusal(refusal.status)
            errors = {"until": refusal.sentence}
    return (_naming(given, errors), 422) if errors else see_other("my.agents")


@pages.post("/my/agents/<agent_id>/take-back")
@does(Act.NAME_AGENT, fresh=True)
def take_them_back(agent_id: str) -> Response:
    """Take a naming back, and whatever rests on it."""
    with the_portal().outside.unit_of_work() as work:
        take_back(work, agent_id, by=person())
    return see_other("my.agents")


@pages.get("/my/requests/<reference>/agent")
@does(Act.NAME_AGENT)
def agent(reference: str) -> str:
    """Who asked in the customer's name and for what, and whether they were sent."""
    return _answering(reference, "")


@pages.post("/my/requests/<reference>/agent")
@does(Act.NAME_AGENT, fresh=True)
def answer_them(reference: str) -> Response | tuple[str, int]:
    """Keep what the customer says of who asked."""
    answer = request.form.get("answer", "")
    if answer not in ANSWERS:
        return _answering(reference, "Choose one of the three."), 422
    _answered(reference, *ANSWERS[answer])
    return see_other("my.agents")


@pages.post("/my/requests/<reference>/agent/take-back")
@does(Act.NAME_AGENT, fresh=True)
def take_answer_back(reference: str) -> Response:
    """Take back that somebody was sent."""
    _answered(reference, Said.REVOKED, receives=False)
    return see_other("my.agents")


@pages.post("/my/requests/<reference>/confirm")
@does(Act.CONFIRM_OWN, fresh=True)
def confirm(reference: str) -> Response:
    """Confirm that a request which reached us by another way is the customer's own."""
    with the_portal().outside.unit_of_work() as work:
        confirm_own(work, work.cases.by_reference(reference, by=person()).id, by=person())
    return see_other("my.status", reference=reference)


def _answered(reference: str, said: Said, receives: bool) -> None:  # noqa: FBT001 — the two halves of one answer
    with the_portal().outside.unit_of_work() as work:
        case_id = work.cases.by_reference(reference, by=person()).id
        answer_agent(work, case_id, said, receives=receives, by=person())


def _answering(reference: str, error: str) -> str:
    case = the_portal().my.request(reference, by=person()).case
    if not case.is_by_agent:
        raise NotFound("Nobody asked this in your name.")
    answer = case.agent_answer
    return render_template(
        "my/agent.html",
        audience="customer",
        **_asked_row(case, _zone()),
        may_answer=case.is_open and not (answer and answer.is_confirmed),
        may_take_back=answer is not None and answer.is_confirmed,
        options=OPTIONS,
        error=error,
        errors={"answer": [error]} if error else {},
        has_errors=bool(error),
    )


def _naming(given: Typed, errors: Errors) -> str:
    return render_template(
        "my/name_agent.html",
        audience="customer",
        given=given,
        rights=[(value, words, "") for value, words in wording.AGENT_RIGHTS.items()],
        error=errors,
        errors={name: [sentence] for name, sentence in errors.items()},
        has_errors=bool(errors),
    )


def _asked_row(case: Case, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "reference": case.reference,
        "who": wording.who(case),
        "asked": wording.asked_of(case),
        "heading": agent_heading(case),
        "on": display.day(case.received_at.astimezone(zone).date()),
        "days": wording.period(case, zone),
        "receives": bool(case.agent_answer and case.agent_answer.receives),
    }


def _named_row(each: NamedAgent, today: date, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": each.id,
        "who": ", ".join(part for part in (each.name, each.organisation) if part),
        "may": [wording.AGENT_RIGHTS.get(right, right) for right in each.rights],
        "until": display.day(each.until),
        "since": display.day(each.named_at.astimezone(zone).date()),
        "stands": each.revoked_at is None and each.until >= today,
        "taken_back": display.day(each.revoked_at.astimezone(zone).date()) if each.revoked_at else "",
    }


def _zone() -> ZoneInfo:
    return ZoneInfo(the_portal().my.customer(by=person()).zone)
