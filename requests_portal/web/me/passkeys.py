"""My passkeys: add one, let one go."""

from zoneinfo import ZoneInfo

from flask import Response as JsonResponse
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from requests_portal.model.actor import Act, Role
from requests_portal.web import display
from requests_portal.web.acts import does, is_staff, person, see_other
from requests_portal.web.me.blueprint import pages
from requests_portal.web.passkey_challenge import asked, challenge_of_browser
from requests_portal.web.portal import the_portal
from requests_portal.web.public.next_page import safe_next
from requests_portal.web.signed_in import ENROLMENT, current, let_in
from requests_portal.work.passkeys import ENROL, answered, ask_to_enrol, enrol, remove_passkey

PASSKEY = "passkey"


@pages.get("/passkeys")
@does(Act.ENROL_PASSKEY)
def passkeys() -> str:
    """With what I sign in."""
    portal = the_portal()
    with portal.outside.reading() as work:
        found = work.passkeys.of(person().id)
    zone, now = ZoneInfo(portal.zone), portal.now()
    rows = [
        {
            "id": each.id,
            "name": each.name,
            "added": display.short_moment(each.added_at, now=now, zone=zone),
            "used": display.short_moment(each.used_at, now=now, zone=zone) if each.used_at else "",
        }
        for each in found
    ]
    audience = "desk" if is_staff() else "customer"
    return render_template(
        "me/passkeys.html",
        rows=rows,
        first=current().how == ENROLMENT,
        waits=Role.AWAITED in person().roles,
        audience=audience,
    )


@pages.post("/passkeys/options")
@does(Act.ENROL_PASSKEY, fresh=True)
def options() -> JsonResponse:
    """What my browser needs to know to make a passkey."""
    with the_portal().outside.unit_of_work() as work:
        challenge, told = ask_to_enrol(work, the_portal().relying_party, by=person())
    return asked(challenge, told)


@pages.post("/passkeys")
@does(Act.ENROL_PASSKEY, fresh=True)
def add() -> Response:
    """Keep the passkey that my browser has made; who came by a link is signed in with it from now on."""
    outside, challenge = the_portal().outside, challenge_of_browser()
    with outside.unit_of_work() as work:
        handle = answered(work, ENROL, challenge, owner=person().id)
    answer, name = request.form.get("answer", ""), request.form.get("name", "")
    with outside.unit_of_work() as work:
        enrol(work, the_portal().relying_party, answer, challenge=challenge, handle=handle, name=name, by=person())
    if current().how == ENROLMENT:
        return let_in(redirect(safe_next(""), code=303), person(), how=PASSKEY)
    return see_other("me.passkeys")


@pages.post("/passkeys/<passkey_id>/remove")
@does(Act.ENROL_PASSKEY, fresh=True)
def remove(passkey_id: str) -> Response:
    """Let one of my passkeys go."""
    with the_portal().outside.unit_of_work() as work:
        remove_passkey(work, passkey_id, by=person())
    return redirect(url_for("me.passkeys"), code=303)
