"""How a test signs somebody in: a real session, begun in the desk's own tables."""

import secrets

from requests_portal.model.session import Session
from requests_portal.work.sign_in import token_digest

NAMES = {True: "__Host-desk-session", False: "desk-session"}


def a_session_of(app, who, *, auth_at=None):
    """The name and the token of the cookie of a new session; it begins when the desk's clock says."""
    portal = app.extensions["portal"]
    token, now = secrets.token_urlsafe(32), portal.now()
    session = Session(
        id=portal.new_id(),
        token_sha256=token_digest(token),
        person=who.id,
        customer=who.is_customer,
        how="demonstration",
        browser="Firefox on Linux",
        begun_at=now,
        auth_at=auth_at or now,
        seen_at=now,
    )
    with portal.outside.unit_of_work() as work:
        work.sessions.add(session)
    return NAMES[portal.secure], token


def signed_in(app, client, who, *, base="https://desk.example", auth_at=None):
    """Sign somebody in in this client, whoever was before."""
    name, token = a_session_of(app, who, auth_at=auth_at)
    client.set_cookie(name, token, domain=base.partition("://")[2])
    return client
