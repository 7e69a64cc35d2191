"""Sessions in SQL, and what was typed and waits for a fresh sign-in."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.orm import Session as Transaction

from requests_portal.database.moments import from_text, maybe_moment, maybe_text, to_text
from requests_portal.database.tables import sent_forms, sessions
from requests_portal.model.session import SentForm, Session


class SqlSessions:
    """Fulfils the Sessions port."""

    def __init__(self, session: Transaction) -> None:
        self._session = session

    def add(self, new: Session) -> None:
        """Begin a session."""
        self._session.execute(
            insert(sessions).values(
                id=new.id,
                token_sha256=new.token_sha256,
                person=new.person,
                customer=new.customer,
                how=new.how,
                browser=new.browser,
                begun_at=to_text(new.begun_at),
                auth_at=to_text(new.auth_at),
                seen_at=to_text(new.seen_at),
                ended_at=maybe_text(new.ended_at),
            )
        )

    def by_token(self, token_sha256: str) -> Session | None:
        """The session whose token has this digest."""
        row = self._session.execute(select(sessions).where(sessions.c.token_sha256 == token_sha256)).first()
        return None if row is None else _session(row)

    def of(self, person: str) -> Sequence[Session]:
        """The person's sessions that nobody ended, newest first; some of them may have run out."""
        query = select(sessions).where(sessions.c.person == person, sessions.c.ended_at.is_(None))
        return [_session(row) for row in self._session.execute(query.order_by(sessions.c.begun_at.desc()))]

    def seen(self, session_id: str, *, at: datetime) -> None:
        """Remember that something was done in it."""
        self._session.execute(update(sessions).where(sessions.c.id == session_id).values(seen_at=to_text(at)))

    def end(self, session_id: str, *, at: datetime) -> bool:
        """End it; whether it had not ended before."""
        still = update(sessions).where(sessions.c.id == session_id, sessions.c.ended_at.is_(None))
        return bool(self._session.execute(still.values(ended_at=to_text(at))).rowcount)  # type: ignore[attr-defined]

    def forget(self, person: str, *, begun_before: datetime) -> None:
        """Delete the person's sessions of long ago."""
        old = delete(sessions).where(sessions.c.person == person, sessions.c.begun_at < to_text(begun_before))
        self._session.execute(old)


class SqlSentForms:
    """Fulfils the SentForms port; a form is its author's alone."""

    def __init__(self, session: Transaction) -> None:
        self._session = session

    def add(self, form: SentForm) -> None:
        """Keep a form."""
        values = {"id": form.id, "owner": form.owner, "path": form.path, "ends_at": to_text(form.ends_at)}
        self._session.execute(insert(sent_forms).values(**values, body=json.dumps(form.fields)))

    def get(self, form_id: str, *, owner: str) -> SentForm | None:
        """The owner's form."""
        query = select(sent_forms).where(sent_forms.c.id == form_id, sent_forms.c.owner == owner)
        row = self._session.execute(query).first()
        return None if row is None else _form(row)

    def remove(self, form_id: str, *, owner: str) -> None:
        """Throw the owner's form away."""
        self._session.execute(delete(sent_forms).where(sent_forms.c.id == form_id, sent_forms.c.owner == owner))

    def keep_newest(self, owner: str, *, most: int) -> None:
        """Throw away all of the owner's forms but so many of the newest."""
        theirs = select(sent_forms.c.id).where(sent_forms.c.owner == owner)
        newest = theirs.order_by(sent_forms.c.ends_at.desc(), sent_forms.c.id).limit(most)
        self._session.execute(delete(sent_forms).where(sent_forms.c.owner == owner, sent_forms.c.id.not_in(newest)))

    def clear(self, *, ended_before: datetime) -> None:
        """Throw away what nobody came back for."""
        self._session.execute(delete(sent_forms).where(sent_forms.c.ends_at < to_text(ended_before)))


def _session(row: Row[Any]) -> Session:
    return Session(
        id=row.id,
        token_sha256=row.token_sha256,
        person=row.person,
        customer=row.customer,
        how=row.how,
        browser=row.browser,
        begun_at=from_text(row.begun_at),
        auth_at=from_text(row.auth_at),
        seen_at=from_text(row.seen_at),
        ended_at=maybe_moment(row.ended_at),
    )


def _form(row: Row[Any]) -> SentForm:
    return SentForm(
        id=row.id,
        owner=row.owner,
        path=row.path,
        fields=tuple((name, value) for name, value in json.loads(row.body)),
        ends_at=from_text(row.ends_at),
    )
