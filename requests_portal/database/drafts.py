"""Drafts in SQL: what somebody has typed so far."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from requests_portal.database.codec import from_json, to_json
from requests_portal.database.moments import from_text, to_text
from requests_portal.database.tables import drafts
from requests_portal.errors import NotFound
from requests_portal.model.actor import Actor

NO_SUCH_DRAFT = "There is no such draft, or it has been filed. Look for it in the queue."


class SqlDrafts:
    """Fulfils the Drafts port; a draft is its owner's alone."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, draft_id: str, *, by: Actor) -> dict[str, object]:
        """What was typed so far."""
        query = select(drafts.c.body).where(drafts.c.id == draft_id, drafts.c.owner == by.id)
        body = self._session.execute(query).scalar()
        if body is None:
            raise NotFound(NO_SUCH_DRAFT)
        found: dict[str, object] = from_json(body, dict[str, object])
        return found

    def put(self, draft_id: str, data: dict[str, object], *, by: Actor, at: datetime) -> None:
        """Keep what was typed."""
        values = {"updated_at": to_text(at), "body": to_json(data)}
        done = self._session.execute(
            update(drafts).where(drafts.c.id == draft_id, drafts.c.owner == by.id).values(**values)
        )
        if done.rowcount == 0:  # type: ignore[attr-defined]
            self._session.execute(insert(drafts).values(id=draft_id, owner=by.id, **values))

    def of(self, by: Actor) -> Sequence[tuple[str, datetime, dict[str, object]]]:
        """The actor's drafts, newest first."""
        rows = self._session.execute(select(drafts).where(drafts.c.owner == by.id).order_by(drafts.c.updated_at.desc()))
        return [(row.id, from_text(row.updated_at), from_json(row.body, dict[str, object])) for row in rows]

    def remove(self, draft_id: str, *, by: Actor) -> None:
        """Throw a draft away; a second time is refused, so that nothing is filed twice from one draft."""
        gone = self._session.execute(delete(drafts).where(drafts.c.id == draft_id, drafts.c.owner == by.id))
        if gone.rowcount == 0:  # type: ignore[attr-defined]
            raise NotFound(NO_SUCH_DRAFT)
