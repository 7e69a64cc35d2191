"""Buckets that the store says do not exist, in SQL: since when it says so, and which an operator has taken as gone."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, CompoundSelect, Connection, and_, func, insert, select, union, update
from sqlalchemy.orm import Session

from requests_portal.database.moments import from_text, to_text
from requests_portal.database.tables import copies, erasures, held_recordings, late_copies, recordings, store_findings
from requests_portal.model.erasure import AbsentBucket, Erasing
from requests_portal.model.hold import Held
from requests_portal.model.in_store import Kind

SAID, TAKEN = "no_such_bucket", "taken_as_gone"
_found = store_findings.c
_STANDS = and_(_found.kind == Kind.BUCKET_ABSENT, _found.resolved_at.is_(None))


class SqlAbsentBuckets:
    """Fulfils the AbsentBuckets port."""

    def __init__(self, session: Session | Connection) -> None:
        self._session = session

    def said(self, bucket: str, *, at: datetime) -> None:
        """Record that the store answered that there is no such bucket; since when stays as it is until it answers."""
        mine, last = self._of(bucket), {"last_seen": to_text(at)}
        before = self._session.execute(select(_found.resolved_at).where(mine)).first()
        if before is None:
            names = {"bucket": bucket, "key": "", "version_id": "", "kind": Kind.BUCKET_ABSENT, "detail": ""}
            first = {"reason": SAID, "first_seen": to_text(at), "resolved_at": None}
            self._session.execute(insert(store_findings).values(**names, **first, **last))
        else:
            again = {"reason": SAID, "first_seen": to_text(at), "resolved_at": None}
            self._session.execute(update(store_findings).where(mine).values(**(again if before[0] else {}), **last))

    def answered(self, buckets: Iterable[str], *, at: datetime) -> None:
        """Forget of these buckets that they did not exist: the store has answered for them."""
        there = and_(_STANDS, _found.bucket.in_(sorted(buckets)))
        if self._session.execute(select(_found.bucket).where(there).limit(1)).first() is not None:
            self._session.execute(update(store_findings).where(there).values(resolved_at=to_text(at)))

    def taken_as_gone(self) -> frozenset[str]:
        """The buckets of which an operator has said that they are gone for good."""
        query = select(_found.bucket).where(_STANDS, _found.reason == TAKEN)
        return frozenset(self._session.execute(query).scalars())

    def take_as_gone(self, bucket: str, *, at: datetime) -> None:
        """Let what is to be erased in it count as gone where the store says once more that there is no such bucket."""
        self._session.execute(update(store_findings).where(self._of(bucket)).values(reason=TAKEN))
        waiting = and_(erasures.c.state == Erasing.NO_BUCKET, erasures.c.recording_id.in_(_lying_in(bucket)))
        self._session.execute(update(erasures).where(waiting).values(next_try_at=to_text(at)))

    def all(self) -> Sequence[AbsentBucket]:
        """Each of them for which something waits, the longest absent first."""
        query = select(store_findings).where(_STANDS).order_by(_found.first_seen, _found.bucket)
        rows = self._session.execute(query).all()
        found = (
            AbsentBucket(
                name=row.bucket,
                since=from_text(row.first_seen),
                is_taken_as_gone=row.reason == TAKEN,
                waiting=self._waiting(row.bucket),
            )
            for row in rows
        )
        return [each for each in found if each.waiting]

    def _waiting(self, bucket: str) -> int:
        """How many recordings wait to be deleted, or to be let go of, in this bucket; what a hold keeps does not."""
        held = held_recordings.c
        let_go = select(held.recording_id).where(held.bucket == bucket, held.state.in_([Held.TO_LIFT, Held.LIFTING]))
        to_delete = select(erasures.c.recording_id).where(
            erasures.c.state == Erasing.NO_BUCKET, erasures.c.recording_id.in_(_lying_in(bucket))
        )
        late = and_(late_copies.c.bucket == bucket, late_copies.c.state == Erasing.NO_BUCKET)
        counted = (union(let_go, to_delete).subquery(), select(late_copies.c.key).where(late).subquery())
        return sum(self._session.execute(select(func.count()).select_from(each)).scalar_one() for each in counted)

    def _of(self, bucket: str) -> ColumnElement[bool]:
        return and_(_found.kind == Kind.BUCKET_ABSENT, _found.bucket == bucket)


def _lying_in(bucket: str) -> CompoundSelect[str]:
    own = select(recordings.c.id).where(recordings.c.bucket == bucket)
    return union(own, select(copies.c.recording_id).where(copies.c.bucket == bucket))
