"""The page on which staff put down what shows that a customer asks, or somebody who may ask for them."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from flask import request
from werkzeug.wrappers import Response

from requests_portal.errors import Refused, Unusable
from requests_portal.model.actor import Act
from requests_portal.model.agent import NamedAgent, Said
from requests_portal.model.case import Case, Track
from requests_portal.model.identity import HEARD, SAID, Detail, HeardDetail
from requests_portal.model.recording import Recording
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.case import form_page, the_case
from requests_portal.web.desk.schema import CheckSchema, DeclarationSchema
from requests_portal.web.forms import Errors, Typed, loaded, typed
from requests_portal.web.portal import the_portal
from requests_portal.web.refusing import note_refusal
from requests_portal.work.answer_agent import LANGUAGES
from requests_portal.work.identify import (
    PERMITS,
    compare_details,
    compare_heard,
    declared_text,
    namings,
    readable,
    record_declaration,
    show_naming,
    show_permission,
    to_compare,
)
from requests_portal.work.ports import Work
from requests_portal.work.verify import note_check

Answer = Response | tuple[str, int]
KINDS = [(str(kind), words[0].upper() + words[1:], "") for kind, words in SAID.items()]
PERMISSION, POWER, NOTHING = "yes", "power_of_attorney", "no"
SHOWS = {
    "guardian": [(PERMISSION, "They may ask for the child", ""), (NOTHING, "It does not show that", "")],
    "agent": [
        (PERMISSION, "The customer's signed permission", "The customer confirms it in their account as well."),
        (
            POWER,
            "The customer's power of attorney",
            "In California one under Probate Code §§ 4121 to 4130, which needs no confirmation.",
        ),
        (NOTHING, "It does not show that they may ask", ""),
    ],
}
NAMES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish"}
SAY = "Say what the paper shows."
CUSTOMER_SAYS = {
    None: "The customer has not said yet whether they sent them. We wrote to them, and they answer in their account.",
    Said.CONFIRMED: "The customer confirmed in their account that they sent them.",
    Said.REFUSED: "The customer said in their account that they did not send them. Nothing may leave.",
    Said.REVOKED: "The customer took back in their account that they sent them. Nothing may leave.",
}


@pages.get("/requests/<reference>/check")
@does(Act.VERIFY_REQUESTER)
def check(reference: str) -> str | Response:
    """Ask how the requester was checked; who sends a legal demand is checked on a page of its own."""
    with the_portal().outside.reading() as work:
        found = the_case(work, reference)
        if found.track is Track.LEGAL_DEMAND:
            return see_other("casework.checks", reference=reference)
        return _page(work, found, {}, {})


@pages.post("/requests/<reference>/check")
@does(Act.VERIFY_REQUESTER)
def note_the_check(reference: str) -> Answer:
    """Note in words what was done to find out who asks."""
    values = typed(CheckSchema(), request.form)
    said, errors = loaded(CheckSchema(), values)
    return _recorded(
        reference, values, errors, "how", lambda work, found: note_check(work, found.id, how=said["how"], by=person())
    )


@pages.post("/requests/<reference>/check/details")
@does(Act.VERIFY_REQUESTER)
def compare(reference: str) -> Answer:
    """Record which kinds of details match our records; what they say is entered nowhere."""
    given = request.form.getlist("details")
    kinds = frozenset(kind for kind in Detail if kind in given)
    values: Typed = {"details": [str(kind) for kind in kinds]}
    return _recorded(
        reference, values, {}, "details", lambda work, found: compare_details(work, found.id, kinds, by=person())
    )


@pages.post("/requests/<reference>/check/heard")
@does(Act.VERIFY_REQUESTER)
def compare_what_they_told(reference: str) -> Answer:
    """Record what somebody told of when they were heard that fits the recordings; it is entered nowhere."""
    given = request.form.getlist("told")
    told = frozenset(kind for kind in HeardDetail if kind in given)
    fits = request.form.getlist("fits")
    values: Typed = {"told": [str(kind) for kind in told], "fits": fits}
    return _recorded(
        reference, values, {}, "fits", lambda work, found: compare_heard(work, found.id, told, fits=fits, by=person())
    )


@pages.post("/requests/<reference>/check/declaration")
@does(Act.VERIFY_REQUESTER)
def declaration(reference: str) -> Answer:
    """Record what somebody declared under penalty of perjury, and the paper that they signed."""
    values = typed(DeclarationSchema(), request.form)
    said, errors = loaded(DeclarationSchema(), values)
    return _recorded(
        reference,
        values,
        errors,
        "declaration",
        lambda work, found: record_declaration(
            work,
            found.id,
            said["declaration"],
            language=said["language"],
            signed_by=said["signed_by"],
            signed_on=said["signed_on"],
            by=person(),
        ),
    )


@pages.post("/requests/<reference>/check/permission")
@does(Act.VERIFY_REQUESTER)
def permission(reference: str) -> Answer:
    """Record what a paper shows of whoever asks for the customer."""
    paper, shows = request.form.get("paper", ""), request.form.get("shows", "")
    errors: Errors = {} if shows in {PERMISSION, POWER, NOTHING} else {"shows": SAY}
    return _recorded(
        reference,
        {"paper": paper, "shows": shows},
        errors,
        "paper",
        lambda work, found: show_permission(
            work, found.id, paper, passed=shows != NOTHING, is_power_of_attorney=shows == POWER, by=person()
        ),
    )


@pages.post("/requests/<reference>/check/naming")
@does(Act.VERIFY_REQUESTER)
def naming(reference: str) -> Answer:
    """Record that the customer named whoever asks beforehand, in their account."""
    agent = request.form.get("agent", "")
    return _recorded(
        reference, {"agent": agent}, {}, "agent", lambda work, found: show_naming(work, found.id, agent, by=person())
    )


def _recorded(
    reference: str, values: Typed, errors: Errors, field: str, record: Callable[[Work, Case], Case]
) -> Answer:
    """Record a check, or show what is wrong with it beside its field."""
    with the_portal().outside.reading() as work:
        found = the_case(work, reference)
    if not errors:
        try:
            with the_portal().outside.unit_of_work() as work:
                record(work, the_case(work, reference))
        except Refused as refusal:
            if found.track is Track.LEGAL_DEMAND:
                # Its checks have a page of their own, and this one has nothing to show of it.
                raise
            note_refusal(refusal.status)
            errors = {field: refusal.sentence}
    if errors:
        with the_portal().outside.reading() as work:
            return _page(work, found, values, errors), 422
    return see_other("casework.case", reference=reference)


def _page(work: Work, found: Case, values: Typed, errors: Errors) -> str:
    kind = str(found.facts.get("requester_kind"))
    answer = found.agent_answer
    return form_page(
        "case_check.html",
        found,
        errors,
        values=values,
        kinds=KINDS,
        told=[(str(kind), words[0].upper() + words[1:], "") for kind, words in HEARD.items()],
        **(_heard(work, found, errors) if found.is_by_person_heard else {}),
        for_another=kind in PERMITS,
        shows=SHOWS.get(kind, []),
        customer_says=CUSTOMER_SAYS[answer.said if answer else None] if found.is_by_agent else "",
        named=[(each.id, _named(each)) for each in namings(work, found)],
        papers=[(each.sha256, each.filename) for each in readable(found)],
        in_languages=[(each, NAMES[each]) for each in LANGUAGES],
        declarations=[] if found.is_by_person_heard else _declarations(work, found),
    )


def _heard(work: Work, found: Case, errors: Errors) -> dict[str, object]:
    """The recordings that what they told may fit, by random id and time; or why none can be compared."""
    try:
        recordings = to_compare(work, found)
    except Unusable as refusal:
        return {"fitting": [], "cannot": errors.get("fits", refusal.sentence)}
    return {"fitting": [(each.id, each.id, _recorded_at(each)) for each in recordings], "cannot": ""}


def _recorded_at(each: Recording) -> str:
    zone = ZoneInfo(each.zone)
    return f"{display.day(each.recorded_at.astimezone(zone).date())}, {display.clock(each.recorded_at, zone)}"


def _declarations(work: Work, found: Case) -> list[tuple[str, str, list[str]]]:
    return [(each, NAMES[each], declared_text(work, found, each).splitlines()) for each in LANGUAGES]


def _named(each: NamedAgent) -> str:
    who = ", ".join(part for part in (each.name, each.organisation) if part)
    return f"{who}, until {display.day(each.until)}"
