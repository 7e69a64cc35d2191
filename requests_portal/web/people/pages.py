"""The administrator's pages: joiners, movers and leavers; and where a second person confirms their roles."""

import secrets
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from requests_portal.errors import Conflict
from requests_portal.model.actor import Act
from requests_portal.model.person import STAFF_ROLES, Person
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.portal import the_portal
from requests_portal.web.signed_in import TOKEN_BYTES
from requests_portal.work.confirm_roles import Waiting, confirm_roles, decline_roles, waiting
from requests_portal.work.hand_over import hand_over, open_work
from requests_portal.work.people import (
    add_person,
    change_roles,
    enrolment_link,
    leave,
    named_roles,
    person_of,
    who_may_confirm,
)
from requests_portal.work.ports import Work

pages = Blueprint("people", __name__, url_prefix="/people")
ROLES = sorted(role.value for role in STAFF_ROLES)


@pages.get("")
@does(Act.MANAGE_PEOPLE)
def everybody() -> str:
    """Who works here, who has left, and a form for who begins."""
    with the_portal().outside.reading() as work:
        found = work.staff.all()
    here = [each for each in found if each.left_at is None]
    gone = [each for each in found if each.left_at is not None]
    return render_template("people/everybody.html", here=_rows(here), gone=_rows(gone), roles=_choices())


@pages.post("")
@does(Act.MANAGE_PEOPLE, fresh=True)
def join() -> str:
    """Let somebody in, and show their link this once."""
    token, form = secrets.token_urlsafe(TOKEN_BYTES), request.form
    with the_portal().outside.unit_of_work() as work:
        roles = named_roles(form.getlist("roles"))
        new = add_person(work, name=form.get("name", ""), mail=form.get("mail", ""), roles=roles, by=person())
        enrolment_link(work, new.id, token=token, by=person())
        return _link_page(work, new.id, token)


@pages.get("/waiting")
@does(Act.CONFIRM_ROLES)
def new_roles() -> str:
    """The roles that one person gave and another has yet to confirm."""
    with the_portal().outside.reading() as work:
        found = [_waiting_row(work, each) for each in waiting(work, by=person())]
    return render_template("people/waiting.html", waiting=found)


@pages.post("/waiting/<person_id>")
@does(Act.CONFIRM_ROLES, fresh=True)
def answer(person_id: str) -> Response:
    """Confirm exactly what was seen, or decline it."""
    with the_portal().outside.unit_of_work() as work:
        if request.form.get("answer") == "confirm":
            confirm_roles(work, person_id, seen=request.form.get("seen", ""), by=person())
        else:
            decline_roles(work, person_id, by=person())
    return see_other("people.new_roles")


@pages.get("/<person_id>")
@does(Act.MANAGE_PEOPLE)
def one(person_id: str) -> str:
    """Somebody: their roles, where they are signed in, and the open work that they have."""
    portal = the_portal()
    with portal.outside.reading() as work:
        found = person_of(work, person_id)
        waiting = open_work(work, found.id, by=person())
        awaited = _awaited(work, found)
        live = [each for each in work.sessions.of(found.id) if each.is_live(portal.now())]
        keys = len(work.passkeys.of(found.id))
        others = [each for each in work.staff.all() if each.id != found.id and each.actor.may(Act.READ_QUEUE)]
    return render_template(
        "people/one.html",
        who=_rows([found])[0],
        waiting=waiting,
        awaited=awaited,
        sessions=display.count(len(live), "session"),
        passkeys=display.count(keys, "passkey"),
        through_provider=found.issuer is not None,
        is_self=found.id == person().id,
        others=[(each.id, each.name) for each in others],
        roles=_choices(),
    )


@pages.post("/<person_id>/roles")
@does(Act.MANAGE_PEOPLE, fresh=True)
def move(person_id: str) -> Response:
    """Give somebody other roles: what is new waits for a second person."""
    with the_portal().outside.unit_of_work() as work:
        change_roles(work, person_id, named_roles(request.form.getlist("roles")), by=person())
    return see_other("people.one", person_id=person_id)


@pages.post("/<person_id>/link")
@does(Act.MANAGE_PEOPLE, fresh=True)
def link(person_id: str) -> str:
    """Make somebody a new link, and show it this once."""
    if the_portal().demo:
        raise Conflict("In the demonstration everybody signs in with one press. Nobody needs a link.")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with the_portal().outside.unit_of_work() as work:
        found = person_of(work, person_id)
        enrolment_link(work, found.id, token=token, by=person())
        return _link_page(work, found.id, token)


@pages.post("/<person_id>/work")
@does(Act.MANAGE_PEOPLE, fresh=True)
def give(person_id: str) -> Response:
    """Hand somebody's open work over."""
    with the_portal().outside.unit_of_work() as work:
        hand_over(work, person_of(work, person_id).id, to=request.form.get("to") or None, by=person())
    return see_other("people.one", person_id=person_id)


@pages.post("/<person_id>/leave")
@does(Act.MANAGE_PEOPLE, fresh=True)
def gone(person_id: str) -> Response:
    """Let somebody in no more, and hand their open work over, in one."""
    with the_portal().outside.unit_of_work() as work:
        found = person_of(work, person_id)
        leave(work, found.id, by=person())
        hand_over(work, found.id, to=request.form.get("to") or None, by=person())
    return see_other("people.everybody")


def _link_page(work: Work, person_id: str, token: str) -> str:
    address = the_portal().house.public_url.rstrip("/") + url_for("public.one_time_link", token=token)
    who = person_of(work, person_id)
    return render_template("people/link.html", who=who, address=address, awaited=_awaited(work, who))


def _awaited(work: Work, who: Person) -> dict[str, object] | None:
    """The roles that somebody waits for, who gave them, and whether anybody here can confirm them."""
    if who.awaited is None:
        return None
    names = [_name_of(work, each) for each in sorted(who.awaited.by)]
    return {
        "roles": sorted(who.awaited.roles),
        "by": sorted(names),
        "at": display.moment(who.awaited.at, ZoneInfo(the_portal().zone)),
        "is_hopeless": not who_may_confirm(work, who),
    }


def _waiting_row(work: Work, found: Waiting) -> dict[str, object]:
    zone = ZoneInfo(the_portal().zone)
    return {
        "id": found.person.id,
        "name": found.person.name,
        "mail": found.person.mail,
        "awaited": _awaited(work, found.person),
        "passkeys": [(each.name, display.moment(each.added_at, zone)) for each in found.passkeys],
        "seen": found.digest,
        "why_not": found.why_not_confirm(person()),
    }


def _name_of(work: Work, person_id: str) -> str:
    known = work.staff.get(person_id) or the_portal().staff().get(person_id)
    return known.name if known else person_id


def _rows(found: list[Person]) -> list[dict[str, object]]:
    zone = ZoneInfo(the_portal().zone)
    return [
        {
            "id": each.id,
            "name": each.name,
            "mail": each.mail,
            "roles": sorted(each.roles),
            "awaited": sorted(each.awaited.roles) if each.awaited else [],
            "since": display.moment(each.since, zone),
            "left": display.moment(each.left_at, zone) if each.left_at else "",
        }
        for each in found
    ]


def _choices() -> list[tuple[str, str, str]]:
    return [(each, each.capitalize(), "") for each in ROLES]
