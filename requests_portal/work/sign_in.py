"""Sign in and out: a session begins and ends on the server; the browser has its token, of which we keep the digest."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from requests_portal.errors import NotFound
from requests_portal.model.actor import Act, Actor, Role
from requests_portal.model.session import Session
from requests_portal.work.ports import Work

# Of what is longer ago than this there is the log alone.
KEPT = timedelta(days=30)
NO_SUCH_SESSION = "There is no such session, or it has ended. Look at the list of your sessions."


def token_digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(
    work: Work,
    *,
    token: str,
    how: str,
    by: Actor,
    browser: str = "",
    auth_at: datetime | None = None,
    instead_of: Session | None = None,
) -> Session:
    """Begin a session of this person; the one before it in the same browser ends."""
    by = by.must(Act.SIGN_IN)
    if instead_of is not None:
        work.sessions.end(instead_of.id, at=work.now())
    at = work.now()
    new = Session(
        id=work.new_id(),
        token_sha256=token_digest(token),
        person=by.id,
        customer=by.is_customer,
        how=how,
        browser=browser,
        begun_at=at,
        auth_at=auth_at or at,
        seen_at=at,
    )
    work.sent_forms.clear(ended_before=at)
    work.sessions.forget(new.person, begun_before=at - KEPT)
    work.sessions.add(new)
    work.audit.add("signed_in", by=by, words={"how": how})
    return new


def live_session(work: Work, token: str) -> Session | None:
    """The session of this token, if it still lets its person in."""
    found = work.sessions.by_token(token_digest(token))
    return found if found is not None and found.is_live(work.now()) else None


def run_out_session(work: Work, token: str) -> Session | None:
    """The session of this token, if it ended by itself."""
    found = work.sessions.by_token(token_digest(token))
    return found if found is not None and found.ended_at is None and not found.is_live(work.now()) else None


def customer_of(work: Work, account: str) -> Actor | None:
    """The customer who has this account."""
    try:
        found = work.customers.get(account)
    except NotFound:
        return None
    return Actor(id=account, name=found.name, roles=frozenset({Role.CUSTOMER}), account=account)


def my_sessions(work: Work, current: Session) -> Sequence[Session]:
    """The sessions in which the same person is signed in, newest first."""
    return [each for each in work.sessions.of(current.person) if each.is_live(work.now())]


def end_session(work: Work, session_id: str, current: Session, *, by: Actor) -> None:
    """End one session of one's own."""
    by = by.must(Act.END_SESSION)
    if session_id not in {each.id for each in my_sessions(work, current)}:
        raise NotFound(NO_SUCH_SESSION)
    _end(work, session_id, by=by)


def end_other_sessions(work: Work, current: Session, *, by: Actor) -> int:
    """End all sessions of one's own but the current one; how many there were."""
    by = by.must(Act.END_SESSION)
    others = [each for each in my_sessions(work, current) if each.id != current.id]
    for each in others:
        _end(work, each.id, by=by)
    return len(others)


def sign_out(work: Work, current: Session, *, by: Actor) -> None:
    """End the current session."""
    by = by.must(Act.SIGN_IN)
    _end(work, current.id, by=by)


def _end(work: Work, session_id: str, *, by: Actor) -> None:
    if work.sessions.end(session_id, at=work.now()):
        work.audit.add("session_ended", by=by)
