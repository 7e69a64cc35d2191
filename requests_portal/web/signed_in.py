"""Who is signed in in a browser: it keeps a token in a cookie of its own, whose session is on the server."""

import secrets
from datetime import datetime, timedelta

from flask import g, request, session
from werkzeug.wrappers import Response

from requests_portal.model.actor import Actor
from requests_portal.model.session import Session
from requests_portal.web.portal import the_portal
from requests_portal.work import sign_in as verbs
from requests_portal.work.ports import Work

# How somebody got in who may do nothing yet but make a passkey.
ENROLMENT = "enrolment_link"
COOKIE = "desk-session"
TOKEN_BYTES = 32
# How exactly it is known when something was last done in a session: each time is a write.
SEEN_EVERY = timedelta(minutes=1)


def note_who_it_is(nobody: Actor) -> None:
    """Find out whose session the browser's token is; the person is read anew each time."""
    g.signed_in, g.person = None, nobody
    token = request.cookies.get(cookie_name(), "")
    if not token:
        return
    portal = the_portal()
    with portal.outside.reading() as work:
        found = verbs.live_session(work, token)
        person = somebody(work, found.person, customer=found.customer) if found else None
    if found and person:
        g.signed_in, g.person = found, person
        _note_seen(found)


def shows_a_lapsed_session() -> bool:
    """Whether the browser shows a session that lets nobody in, whatever became of it."""
    return "signed_in" in g and g.signed_in is None and bool(request.cookies.get(cookie_name()))


def who_ran_out() -> Actor | None:
    """Whose session it was that ended by itself while they were typing; nobody where somebody ended it."""
    token = request.cookies.get(cookie_name(), "")
    with the_portal().outside.reading() as work:
        found = verbs.run_out_session(work, token) if token else None
        return somebody(work, found.person, customer=found.customer) if found else None


def somebody(work: Work, person_id: str, *, customer: bool) -> Actor | None:
    """Who that is today, if the house still lets them in; an account that is called like a colleague is none."""
    known = the_portal().staff().get(person_id)
    if known is not None and known.is_customer is not customer:
        known = None
    if known is None and customer:
        return verbs.customer_of(work, person_id)
    return known if known is not None and known.roles else None


def current() -> Session:
    """The session of this request; there is one wherever a person is signed in."""
    found: Session = g.signed_in
    return found


def is_fresh() -> bool:
    """Whether the person showed who they are within the last ten minutes."""
    found: Session | None = g.get("signed_in")
    return found is not None and found.is_fresh(the_portal().now())


def let_in(response: Response, who: Actor, *, how: str, auth_at: datetime | None = None) -> Response:
    """Sign somebody in: a new session with a new token; nothing of somebody else's before it is kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    before: Session | None = g.get("signed_in")
    with the_portal().outside.unit_of_work() as work:
        new = verbs.sign_in(work, token=token, how=how, by=who, browser=_browser(), auth_at=auth_at, instead_of=before)
    if before is None or before.person != new.person:
        session.clear()
    response.set_cookie(cookie_name(), token, secure=the_portal().secure, httponly=True, samesite="Lax", path="/")
    return response


def let_out(response: Response, *, by: Actor) -> Response:
    """Sign the person out, on the server and in the browser."""
    if g.get("signed_in") is not None:
        with the_portal().outside.unit_of_work() as work:
            verbs.sign_out(work, current(), by=by)
    session.clear()
    response.delete_cookie(cookie_name(), secure=the_portal().secure, httponly=True, samesite="Lax", path="/")
    return response


def cookie_name() -> str:
    """The cookie's name; where pages are encrypted, one that no other site can set."""
    return f"__Host-{COOKIE}" if the_portal().secure else COOKIE


def _note_seen(found: Session) -> None:
    # What a page asks for by itself is nothing that its reader did.
    now = the_portal().now()
    if now - found.seen_at >= SEEN_EVERY and "X-Fragment" not in request.headers:
        with the_portal().outside.unit_of_work() as work:
            work.sessions.seen(found.id, at=now)


# The first that fits, since each pretends to be those after it.
PROGRAMS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "a Mac"),
    ("Linux", "Linux"),
)


def _browser() -> str:
    """Which browser it is, in words for its owner to tell it from their others: "Firefox on Linux"."""
    told = request.headers.get("User-Agent", "")
    program = next((name for mark, name in PROGRAMS if mark in told), "Another browser")
    system = next((name for mark, name in SYSTEMS if mark in told), "")
    return f"{program} on {system}" if system else program
