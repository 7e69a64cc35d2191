"""My sessions: in which browsers I am signed in, and ending them."""

from zoneinfo import ZoneInfo

from flask import render_template
from werkzeug.wrappers import Response

from requests_portal.model.actor import Act
from requests_portal.web import display
from requests_portal.web.acts import does, is_staff, person, see_other
from requests_portal.web.me.blueprint import pages
from requests_portal.web.portal import the_portal
from requests_portal.web.signed_in import current
from requests_portal.work.sign_in import end_other_sessions, end_session, my_sessions

WORDS = {
    "demonstration": "a press, in the demonstration",
    "passkey": "a passkey",
    "enrolment_link": "an enrolment link",
    "mailed_link": "a link from a mail",
    "identity_provider": "your identity provider",
}


@pages.get("/sessions")
@does(Act.READ_SESSIONS)
def sessions() -> str:
    """In which browsers I am signed in, since when, and how I got in."""
    portal = the_portal()
    with portal.outside.reading() as work:
        found = my_sessions(work, current())
    zone, now = ZoneInfo(portal.zone), portal.now()
    rows = [
        {
            "id": each.id,
            "browser": each.browser or "A browser",
            "is_this": each.id == current().id,
            "begun": display.short_moment(each.begun_at, now=now, zone=zone),
            "seen": display.short_moment(each.seen_at, now=now, zone=zone),
            "how": WORDS.get(each.how, each.how),
        }
        for each in found
    ]
    return render_template("me/sessions.html", rows=rows, audience="desk" if is_staff() else "customer")


@pages.post("/sessions/<session_id>/end")
@does(Act.END_SESSION)
def end(session_id: str) -> Response:
    """End one of my sessions."""
    with the_portal().outside.unit_of_work() as work:
        end_session(work, session_id, current(), by=person())
    return see_other("public.sign_in" if session_id == current().id else "me.sessions")


@pages.post("/sessions/end-others")
@does(Act.END_SESSION)
def end_others() -> Response:
    """End all of my sessions but this one."""
    with the_portal().outside.unit_of_work() as work:
        end_other_sessions(work, current(), by=person())
    return see_other("me.sessions")
