"""Probes of the lock in SQL: whether each bucket really denied deleting what is held, whenever that was tried."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from requests_portal.database.moments import from_text, to_text
from requests_portal.database.tables import lock_probes, recordings
from requests_portal.model.hold import LockProbe


class SqlLockProbes:
    """Fulfils the LockProbes port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, probe: LockProbe) -> None:
        """Keep what a try showed."""
        self._session.execute(insert(lock_probes).values(**{**vars(probe), "at": to_text(probe.at)}))

    def newest(self) -> Sequence[LockProbe]:
        """The last try of each bucket that was ever tried."""
        column = lock_probes.c
        last = select(column.bucket, func.max(column.at).label("at")).group_by(column.bucket).subquery()
        query = select(lock_probes).join(last, (column.bucket == last.c.bucket) & (column.at == last.c.at))
        rows = self._session.execute(query.order_by(column.bucket))
        return [
            LockProbe(bucket=row.bucket, at=from_text(row.at), denied=row.denied, failure=row.failure, left=row.left)
            for row in rows
        ]

    def buckets(self) -> Sequence[str]:
        """The buckets in which recordings lie; the house's own has no name and is always among them."""
        return ["", *self._named()]

    def _named(self) -> Iterator[str]:
        # One step in the index for each bucket, however many recordings each has.
        last = ""
        while found := self._session.execute(
            select(func.min(recordings.c.bucket)).where(recordings.c.bucket > last)
        ).scalar():
            yield found
            last = found
