"""The page on which staff put down what shows that a customer asks, or somebody who may ask for them."""

from collections.abc import Callable

from flask import request
from werkzeug.wrappers import Response

from requests_portal.errors import Refused
from requests_portal.model.actor import Act
from requests_portal.model.case import Case, Track
from requests_portal.model.identity import SAID, Detail
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.case import form_page, the_case
from requests_portal.web.desk.schema import CheckSchema
from requests_portal.web.forms import Errors, Typed, loaded, typed
from requests_portal.web.portal import the_portal
from requests_portal.web.refusing import note_refusal
from requests_portal.work.identify import PERMITS, compare_details, readable, show_permission
from requests_portal.work.ports import Work
from requests_portal.work.verify import record_check

Answer = Response | tuple[str, int]
KINDS = [(str(kind), words[0].upper() + words[1:], "") for kind, words in SAID.items()]
SHOWN = "Say what the paper shows."


@pages.get("/requests/<reference>/check")
@does(Act.VERIFY_REQUESTER)
def check(reference: str) -> str | Response:
    """Ask how the requester was checked; who sends a legal demand is checked on a page of its own."""
    with the_portal().outside.reading() as work:
        found = the_case(work, reference)
    if found.track is Track.LEGAL_DEMAND:
        return see_other("casework.checks", reference=reference)
    return _page(found, {}, {})


@pages.post("/requests/<reference>/check")
@does(Act.VERIFY_REQUESTER)
def record_the_check(reference: str) -> Answer:
    """Record a check of the requester; the assessment follows."""
    values = typed(CheckSchema(), request.form)
    checked, errors = loaded(CheckSchema(), values)
    with the_portal().outside.unit_of_work() as work:
        found = the_case(work, reference)
        if errors:
            return _page(found, values, errors), 422
        record_check(work, found.id, how=checked["how"], passed=checked["passed"] == "yes", by=person())
    return see_other("casework.case", reference=reference)


@pages.post("/requests/<reference>/check/details")
@does(Act.VERIFY_REQUESTER)
def compare(reference: str) -> Answer:
    """Record which kinds of details match our records; what they say is entered nowhere."""
    given = request.form.getlist("details")
    kinds = frozenset(kind for kind in Detail if kind in given)
    declared = request.form.get("declared") == "yes"
    values: Typed = {"details": [str(kind) for kind in kinds], "declared": declared}
    return _recorded(
        reference,
        values,
        {},
        "details",
        lambda work, found: compare_details(work, found.id, kinds, declared=declared, by=person()),
    )


@pages.post("/requests/<reference>/check/permission")
@does(Act.VERIFY_REQUESTER)
def permission(reference: str) -> Answer:
    """Record what a paper shows of whoever asks for the customer."""
    paper, shows = request.form.get("paper", ""), request.form.get("shows", "")
    errors: Errors = {} if shows in {"yes", "no"} else {"shows": SHOWN}
    return _recorded(
        reference,
        {"paper": paper, "shows": shows},
        errors,
        "paper",
        lambda work, found: show_permission(work, found.id, paper, passed=shows == "yes", by=person()),
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
            note_refusal(refusal.status)
            errors = {field: refusal.sentence}
    if errors:
        return _page(found, values, errors), 422
    return see_other("casework.case", reference=reference)


def _page(found: Case, values: Typed, errors: Errors) -> str:
    return form_page(
        "case_check.html",
        found,
        errors,
        values=values,
        kinds=KINDS,
        for_another=found.facts.get("requester_kind") in PERMITS,
        papers=[(each.sha256, each.filename) for each in readable(found)],
    )
