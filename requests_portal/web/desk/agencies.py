"""The pages of the agency directory: who is in it, and the two people that any change of it needs."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, url_for
from marshmallow import Schema
from marshmallow.fields import String
from marshmallow.validate import Length
from werkzeug.wrappers import Response

from requests_portal.errors import Unusable
from requests_portal.model.actor import Act
from requests_portal.model.agency import (
    Agency,
    ChangeState,
    DirectoryChange,
    Domain,
    Phone,
    a_domain,
    a_phone,
    an_agency,
)
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk.follow_up_words import miss_row
from requests_portal.web.desk.schema import ReasonSchema
from requests_portal.web.forms import Errors, Typed, loaded, typed
from requests_portal.web.portal import the_portal
from requests_portal.work.agencies import confirm_agencies, decline_agencies, propose_agencies
from requests_portal.work.follow_up import misses
from requests_portal.work.ports import Work

pages = Blueprint("agencies", __name__)

PAGE = 50
CHANGES_SHOWN = 100
ENTRIES_SHOWN = 200
LONGEST_LIST = 8_000
PARTS_OF_A_PHONE = 3
STATES = {
    ChangeState.PROPOSED: ("Waits", "warn"),
    ChangeState.CONFIRMED: ("In the directory", "ok"),
    ChangeState.DECLINED: ("Declined", "plain"),
}
WHY_DECLINE = "Say why you decline it; whoever proposed it reads it."
HOW_A_PHONE = "Write each number as: number; where you found it; the day, such as 2026-11-28."


class AgencySchema(Schema):
    """An entry of the directory as it is typed."""

    name = String(required=True, error_messages={"required": "Name the agency."})
    country = String(required=True, error_messages={"required": "Enter the country, such as US."})
    state = String()
    domains = String(validate=Length(max=LONGEST_LIST, error="Use at most {max} characters."))
    phones = String(validate=Length(max=LONGEST_LIST, error="Use at most {max} characters."))
    reason = String(
        required=True,
        validate=Length(max=1000, error="Use at most {max} characters."),
        error_messages={"required": "Say why; whoever confirms it reads that."},
    )


@pages.get("/agencies")
@does(Act.READ_AGENCIES)
def every() -> str:
    """The agencies of the directory by name, found by words of their names or by a domain."""
    find = request.args.get("find", "")[:100]
    with the_portal().outside.reading() as work:
        found = work.agencies.search(find, after=request.args.get("after", ""), most=PAGE + 1)
        total = work.agencies.count()
        waiting = [each for each in work.agencies.changes(most=CHANGES_SHOWN) if each.is_open]
    shown = found[:PAGE]
    more = url_for(".every", find=find, after=shown[-1].id) if len(found) > PAGE else None
    return render_template(
        "agencies.html",
        find=find,
        rows=[_row(each) for each in shown],
        total=display.count(total, "agency", "agencies"),
        waiting=[_change_row(each) for each in waiting],
        next_url=more,
        first_url=url_for(".every", find=find) if request.args.get("after") else None,
    )


@pages.get("/agencies/<agency_id>")
@does(Act.READ_AGENCIES)
def agency(agency_id: str) -> str:
    """One agency: its domains, and its numbers with where and when each was found."""
    with the_portal().outside.reading() as work:
        found = work.agencies.get(agency_id)
        missed = [miss_row(each) for each in misses(work, agency_id, by=person())]
    return render_template("agency.html", **_entry(found), missed=missed)


@pages.get("/agencies/new")
@does(Act.PROPOSE_AGENCY)
def new() -> str:
    """Ask for an agency to be put into the directory."""
    return _form(None, {}, {})


@pages.post("/agencies/new")
@does(Act.PROPOSE_AGENCY)
def propose_new() -> Response | tuple[str, int]:
    """Put an agency forward."""
    return _propose(None)


@pages.get("/agencies/<agency_id>/change")
@does(Act.PROPOSE_AGENCY)
def change_form(agency_id: str) -> str:
    """Ask how an agency's entry is to be changed."""
    with the_portal().outside.reading() as work:
        found = work.agencies.get(agency_id)
    return _form(found, _written(found), {})


@pages.post("/agencies/<agency_id>/change")
@does(Act.PROPOSE_AGENCY)
def propose_change(agency_id: str) -> Response | tuple[str, int]:
    """Put a change of an agency's entry forward, or that it is taken out."""
    with the_portal().outside.reading() as work:
        found = work.agencies.get(agency_id)
    return _propose(found)


@pages.get("/agencies/changes")
@does(Act.READ_AGENCIES)
def changes() -> str:
    """The changes that wait, and those that were answered."""
    with the_portal().outside.reading() as work:
        told = [_change_row(each) for each in work.agencies.changes(most=CHANGES_SHOWN)]
    return render_template("agency_changes.html", told=told)


@pages.get("/agencies/changes/<change_id>")
@does(Act.READ_AGENCIES)
def change(change_id: str) -> str:
    """One change: every entry as it was and as it is to be, and the answer to it."""
    with the_portal().outside.reading() as work:
        return _change_page(work.agencies.change(change_id), {})


@pages.post("/agencies/changes/<change_id>")
@does(Act.CONFIRM_AGENCY, fresh=True)
def answer(change_id: str) -> Response | tuple[str, int]:
    """Confirm exactly what was seen, or decline it with a reason."""
    with the_portal().outside.unit_of_work() as work:
        if request.form.get("answer") == "confirm":
            confirm_agencies(work, change_id, seen=request.form.get("seen", ""), by=person())
            return see_other("agencies.change", change_id=change_id)
        values = typed(ReasonSchema(), request.form)
        said, errors = loaded(ReasonSchema(), values)
        if errors:
            errors = errors if values else {"reason": WHY_DECLINE}
            return _change_page(work.agencies.change(change_id), errors), 422
        decline_agencies(work, change_id, reason=said["reason"], by=person())
    return see_other("agencies.change", change_id=change_id)


def _propose(known: Agency | None) -> Response | tuple[str, int]:
    values = typed(AgencySchema(), request.form)
    removing = known is not None and request.form.get("act") == "remove"
    said, errors = loaded(AgencySchema(), values)
    entry = None
    if not errors and not removing:
        entry, errors = _read(said)
    errors = {"reason": errors["reason"]} if removing and "reason" in errors else {} if removing else errors
    if errors:
        return _form(known, values, errors), 422
    try:
        with the_portal().outside.unit_of_work() as work:
            made = _put_forward(work, known, entry, said["reason"])
    except Unusable as refusal:
        return _form(known, values, {"name": refusal.sentence}), 422
    return see_other("agencies.change", change_id=made.id)


def _put_forward(work: Work, known: Agency | None, entry: Agency | None, reason: str) -> DirectoryChange:
    if entry is None:
        return propose_agencies(work, [], removes=[known.id] if known else [], reason=reason, by=person())
    return propose_agencies(work, [_of(entry, known)], reason=reason, by=person())


def _of(entry: Agency, known: Agency | None) -> Agency:
    return Agency(**{**vars(entry), "id": known.id}) if known else entry


def _read(said: Typed) -> tuple[Agency | None, Errors]:
    """The entry that was typed, or what is wrong with each field."""
    errors: Errors = {}
    domains, phones = list[Domain](), list[Phone]()
    try:
        domains = [a_domain(each) for each in said.get("domains", "").replace(",", " ").split()]
    except Unusable as wrong:
        errors["domains"] = wrong.sentence
    try:
        phones = [_phone(line) for line in said.get("phones", "").splitlines() if line.strip()]
    except Unusable as wrong:
        errors["phones"] = wrong.sentence
    if errors:
        return None, errors
    try:
        entry = an_agency(
            name=said["name"],
            country=said["country"].upper(),
            state=said.get("state", "").upper(),
            domains=tuple(dict.fromkeys(domains)),
            phones=tuple(dict.fromkeys(phones)),
        )
    except Unusable as wrong:
        return None, {"name": wrong.sentence}
    return entry, {}


def _phone(line: str) -> Phone:
    parts = [each.strip() for each in line.split(";")]
    if len(parts) != PARTS_OF_A_PHONE:
        raise Unusable(HOW_A_PHONE)
    try:
        found_on = date.fromisoformat(parts[2])
    except ValueError as wrong:
        raise Unusable(HOW_A_PHONE) from wrong
    return a_phone(parts[0], parts[1], found_on, today=the_portal().now().date())


def _written(agency: Agency) -> Typed:
    """An entry as it is typed."""
    return {
        "name": agency.name,
        "country": agency.country,
        "state": agency.state,
        "domains": "\n".join(map(str, agency.domains)),
        "phones": "\n".join(f"{each.number}; {each.source}; {each.found_on}" for each in agency.phones),
    }


def _form(known: Agency | None, values: Typed, errors: Errors) -> str:
    return render_template(
        "agency_form.html",
        known=known,
        values=values,
        errors=errors,
        summary={name: [sentence] for name, sentence in errors.items()},
        has_errors=bool(errors),
    )


def _change_page(found: DirectoryChange, errors: Errors) -> str:
    by, portal = person(), the_portal()
    was = {each.id: each for each in found.before}
    entries = [_difference(was.get(each.id), each) for each in found.puts[:ENTRIES_SHOWN]]
    removed = [_entry(was[each]) for each in found.removes if each in was]
    why_not = found.why_not_confirm(by, portal.now())
    return render_template(
        "agency_change.html",
        change=_change_row(found),
        entries=entries,
        more=max(0, len(found.puts) - ENTRIES_SHOWN),
        removed=removed,
        digest=found.digest,
        free_at=_moment(found.free_at),
        is_open=found.is_open,
        why_not=why_not,
        may_answer=by.may(Act.CONFIRM_AGENCY),
        errors=errors,
        summary={name: [sentence] for name, sentence in errors.items()},
        has_errors=bool(errors),
    )


def _difference(was: Agency | None, to_be: Agency) -> dict[str, Any]:
    """An entry as it is to be; what is new in it, and what goes, is said in words."""
    before = _lines(was) if was else []
    after = _lines(to_be)
    return {
        "name": to_be.name,
        "place": to_be.place,
        "is_new": was is None,
        "lines": [(line, "" if not was or line in before else "new") for line in after],
        "gone": [line for line in before if line not in after],
    }


def _lines(agency: Agency) -> list[str]:
    """Everything that an entry says, a line each."""
    named = [f"Named {agency.name}, {agency.place}"]
    domains = [f"Domain {each}" for each in agency.domains]
    phones = [f"{each.number}, from {each.source}, {display.day(each.found_on)}" for each in agency.phones]
    return named + domains + phones


def _row(agency: Agency) -> dict[str, Any]:
    return {
        "url": url_for(".agency", agency_id=agency.id),
        "name": agency.name,
        "place": agency.place,
        "domains": ", ".join(map(str, agency.domains)) or "none",
        "phones": display.count(len(agency.phones), "number"),
    }


def _entry(agency: Agency) -> dict[str, Any]:
    return {
        "agency": agency,
        "domains": [(each.name, "and all below it" if each.below else "this one alone") for each in agency.domains],
        "phones": [(each.number, each.source, display.day(each.found_on)) for each in agency.phones],
    }


def _change_row(change: DirectoryChange) -> dict[str, Any]:
    new = len(change.puts)
    parts = [display.count(new, "agency", "agencies") + " put forward"] if new else []
    parts += [display.count(len(change.removes), "agency", "agencies") + " to be taken out"] if change.removes else []
    return {
        "url": url_for(".change", change_id=change.id),
        "title": ", ".join(parts),
        "names": ", ".join(each.name for each in change.puts[:3]) + (" …" if new > 3 else ""),  # noqa: PLR2004
        "by": change.proposed_by_name,
        "at": _moment(change.proposed_at),
        "reason": change.reason,
        "state": STATES[change.state],
        "answered_by": change.answered_by_name,
        "answered_at": _moment(change.answered_at) if change.answered_at else "",
        "answer": change.answer,
    }


def _moment(at: datetime) -> str:
    return display.short_moment(at, now=the_portal().now(), zone=ZoneInfo(the_portal().zone))
