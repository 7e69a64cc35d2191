"""Refusals in SQL, counted until the audit log has them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from requests_portal.database.moments import from_text, to_text
from requests_portal.database.tables import refusals
from requests_portal.model.refusal import Attempt, Refusal


class SqlRefusals:
    """Fulfils the Refusals port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def count(self, tried: Attempt, *, at: datetime) -> None:
        """Count one more of this attempt."""
        now = to_text(at)
        is_sqlite = self._session.get_bind().dialect.name == "sqlite"
        begin = sqlite.insert if is_sqlite else postgresql.insert
        first = begin(refusals).values(**vars(tried), times=1, first_at=now, last_at=now)
        again = {"times": refusals.c.times + 1, "last_at": now}
        self._session.execute(first.on_conflict_do_update(index_elements=refusals.primary_key.columns, set_=again))

    def take_all(self) -> Sequence[Refusal]:
        """Everything that was counted, which is counted from nothing again."""
        rows = self._session.execute(delete(refusals).returning(*refusals.c)).all()
        return sorted((_refusal(row) for row in rows), key=lambda each: each.first_at)


def _refusal(row: Row[Any]) -> Refusal:
    tried = Attempt(actor=row.actor, role=row.role, act=row.act, page=row.page, status=row.status)
    first, last = from_text(row.first_at), from_text(row.last_at)
    return Refusal(attempt=tried, times=row.times, first_at=first, last_at=last)
