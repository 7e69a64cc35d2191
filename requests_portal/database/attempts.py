"""Tries in SQL, counted for all processes together."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from requests_portal.database.moments import to_text
from requests_portal.database.tables import attempts


class SqlAttempts:
    """Fulfils the Attempts port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def count(self, bucket: str, *, begins_at: datetime) -> int:
        """Count one more in the interval that begins then; how many there are with it."""
        at = to_text(begins_at)
        begin = sqlite.insert if self._session.get_bind().dialect.name == "sqlite" else postgresql.insert
        first = begin(attempts).values(bucket=bucket, begins_at=at, count=1)
        again = {"count": attempts.c.count + 1}
        self._session.execute(first.on_conflict_do_update(index_elements=attempts.primary_key.columns, set_=again))
        here = (attempts.c.bucket == bucket) & (attempts.c.begins_at == at)
        return int(self._session.execute(select(attempts.c.count).where(here)).scalar_one())

    def clear(self, *, begun_before: datetime) -> None:
        """Forget what nobody is measured by any more."""
        self._session.execute(delete(attempts).where(attempts.c.begins_at < to_text(begun_before)))
