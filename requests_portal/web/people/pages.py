"""The administrator's pages: joiners, movers and leavers."""

import secrets
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from requests_portal.model.actor import Act
from requests_portal.model.person import STAFF_ROLES, Person
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.portal import the_portal
from requests_portal.web.signed_in import TOKEN_BYTES
from requests_portal.work.hand_over import hand_over, open_work
from requests_portal.work.people import add_person, change_roles, enrolment_link, leave, named_roles, person_of

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
    return _link_page(new, token)


@pages.get("/<person_id>")
@does(Act.MANAGE_PEOPLE)
def one(person_id: str) -> str:
    """Somebody: their roles, where they are signed in, and the open work that they have."""
    portal = the_portal()
    with portal.outside.reading() as work:
        found = person_of(work, person_id)
        waiting = open_work(work, found.id, by=person())
        live = [each for each in work.sessions.of(found.id) if each.is_live(portal.now())]
        keys = len(work.passkeys.of(found.id))
        others = [each for each in work.staff.all() if each.id != found.id and each.actor.may(Act.READ_QUEUE)]
    return render_template(
        "people/one.html",
        who=_rows([found])[0],
        waiting=waiting,
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
    """Give somebody other roles, from the next thing that they do."""
    with the_portal().outside.unit_of_work() as work:
        change_roles(work, person_id, named_roles(request.form.getlist("roles")), by=person())
    return see_other("people.one", person_id=person_id)


@pages.post("/<person_id>/link")
@does(Act.MANAGE_PEOPLE, fresh=True)
def link(person_id: str) -> str:
    """Make somebody a new link, and show it this once."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with the_portal().outside.unit_of_work() as work:
        found = person_of(work, person_id)
        enrolment_link(work, found.id, token=token, by=person())
    return _link_page(found, token)


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


def _link_page(who: Person, token: str) -> str:
    address = the_portal().house.public_url.rstrip("/") + url_for("public.one_time_link", token=token)
    return render_template("people/link.html", who=who, address=address)


def _rows(found: list[Person]) -> list[dict[str, object]]:
    zone = ZoneInfo(the_portal().zone)
    return [
        {
            "id": each.id,
            "name": each.name,
            "mail": each.mail,
            "roles": sorted(each.roles),
            "since": display.moment(each.since, zone),
            "left": display.moment(each.left_at, zone) if each.left_at else "",
        }
        for each in found
    ]


def _choices() -> list[tuple[str, str, str]]:
    return [(each, each.capitalize(), "") for each in ROLES]
