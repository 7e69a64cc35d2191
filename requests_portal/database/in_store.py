"""What the catalogue says of the store's objects by key, and what differed when they were last looked at."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, insert, literal, select, union_all, update
from sqlalchemy.orm import Session

from requests_portal.database.moments import from_text, to_text
from requests_portal.database.tables import copies, events_set_aside, recordings, store_findings
from requests_portal.model.in_store import CataloguedVersion, Finding, Kind, OpenFinding, Place, SetAside

PART = 400
STREAMED = 5_000
# Of a key; that a bucket is absent is another matter.
_STANDS = store_findings.c.resolved_at.is_(None) & (store_findings.c.kind != Kind.BUCKET_ABSENT)


class SqlInStore:
    """Fulfils the InStore port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def by_key(self, place: Place) -> Iterator[CataloguedVersion]:
        """Everything the catalogue names in a bucket, in the order of the keys' bytes and then of the versions'."""
        # The order of PostgreSQL's own locale is another one than that of bytes.
        collation = "C" if self._session.get_bind().dialect.name == "postgresql" else "BINARY"
        # Read once and sorted: by an index each row would be looked up where it lies, which takes four times as long.
        every = union_all(*_named(place, bucket=func.coalesce(recordings.c.bucket, ""))).subquery()
        in_order = select(every).order_by(*(every.c[name].collate(collation) for name in ("key", "version_id")))
        for row in self._session.execute(in_order.execution_options(yield_per=STREAMED)):
            yield CataloguedVersion._make(row)

    def has_anything(self, place: Place) -> bool:
        """Whether a recording is catalogued in a bucket."""
        query = select(recordings.c.id).where(recordings.c.bucket.in_(place.names)).limit(1)
        return self._session.execute(query).first() is not None

    def of_keys(self, keys: Sequence[str], *, place: Place) -> Mapping[str, Sequence[CataloguedVersion]]:
        """What the catalogue names under each of these keys."""
        found = defaultdict(list)
        for some in _parts(keys):
            for query in _named(place):
                key = query.selected_columns[0]
                for row in self._session.execute(query.where(key.in_(some))):
                    found[row[0]].append(CataloguedVersion._make(row))
        return found

    def looked_at(self, keys: Sequence[str], findings: Iterable[Finding], *, place: Place, at: datetime) -> None:
        """Record what was found under these keys; what stood there before and is no longer found is resolved."""
        found = {(each.key, each.version_id, each.kind): each for each in findings}
        bucket = place.kept_as
        before = self._before(keys, bucket)
        for name in before.keys() | found.keys():
            where = dict(zip(("key", "version_id", "kind"), name, strict=True)) | {"bucket": bucket}
            if name not in before:
                self._session.execute(
                    insert(store_findings).values(**where, **_said(found[name], at), first_seen=to_text(at))
                )
            elif name in found or before[name] is None:
                changed = update(store_findings).filter_by(**where)
                values = _said(found[name], at) if name in found else {"resolved_at": to_text(at)}
                self._session.execute(changed.values(**values))

    def open_findings(self, *, limit: int) -> Sequence[OpenFinding]:
        """The findings that stand, oldest first."""
        query = select(store_findings).where(_STANDS)
        in_order = query.order_by(store_findings.c.first_seen, store_findings.c.key, store_findings.c.kind).limit(limit)
        return [_as_open(row) for row in self._session.execute(in_order)]

    def keys_in_question(self, place: Place, *, before: datetime) -> Sequence[str]:
        """The first keys of a bucket whose findings stand and were last seen before a moment."""
        table = store_findings
        stands = _STANDS & (table.c.bucket == place.kept_as)
        query = select(table.c.key).distinct().where(stands, table.c.last_seen < to_text(before))
        return self._session.execute(query.order_by(table.c.key).limit(PART)).scalars().all()

    def counts(self) -> Mapping[tuple[str, str], int]:
        """How many findings stand, by kind and reason."""
        kind, reason = store_findings.c.kind, store_findings.c.reason
        query = select(kind, reason, func.count()).where(_STANDS)
        rows = self._session.execute(query.group_by(kind, reason).order_by(kind, reason))
        return {(row[0], row[1]): row[2] for row in rows}

    def set_aside(self, message: SetAside, *, beginning: str) -> None:
        """Keep a message that nobody can read; once, however often it comes."""
        known = select(events_set_aside.c.message_id).where(events_set_aside.c.message_id == message.message_id)
        if self._session.execute(known).first() is None:
            values = {**vars(message), "at": to_text(message.at), "body": beginning}
            self._session.execute(insert(events_set_aside).values(**values))

    def messages_set_aside(self, *, limit: int) -> tuple[int, Sequence[SetAside]]:
        """How many messages nobody could read, and the newest of them."""
        table = events_set_aside
        count = self._session.execute(select(func.count()).select_from(table)).scalar_one()
        newest = select(table).order_by(table.c.at.desc(), table.c.message_id).limit(limit)
        return count, [
            SetAside(message_id=row.message_id, at=from_text(row.at), reason=row.reason, sha256=row.sha256)
            for row in self._session.execute(newest)
        ]

    def _before(self, keys: Sequence[str], bucket: str) -> dict[tuple[str, str, Kind], str | None]:
        table = store_findings
        return {
            (row.key, row.version_id, Kind(row.kind)): row.resolved_at
            for some in _parts(keys)
            for row in self._session.execute(select(table).where(table.c.bucket == bucket, table.c.key.in_(some)))
        }


def _named(place: Place, *, bucket: ColumnElement[str] = recordings.c.bucket) -> tuple[Select[Any], ...]:
    """The three places where the catalogue names objects: recordings, their transcripts, and copies of them."""
    other = (literal(-1).label("size"), literal("").label("sha256"), literal("").label("id"), literal("").label("at"))
    column, there = recordings.c, bucket.in_(place.names)
    return (
        select(column.key, column.version_id, column.size, column.sha256, column.id, column.recorded_at).where(there),
        select(column.transcript_key.label("key"), column.transcript_version.label("version_id"), *other).where(
            there, column.transcript_key != ""
        ),
        select(copies.c.key, copies.c.version_id, *other).where(copies.c.bucket.in_(place.names)),
    )


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + PART] for start in range(0, len(keys), PART))


def _said(finding: Finding, at: datetime) -> dict[str, Any]:
    return {"reason": finding.reason, "detail": finding.detail[:300], "last_seen": to_text(at), "resolved_at": None}


def _as_open(row: Row[Any]) -> OpenFinding:
    finding = Finding(kind=Kind(row.kind), key=row.key, version_id=row.version_id, reason=row.reason, detail=row.detail)
    moments = {"first_seen": from_text(row.first_seen), "last_seen": from_text(row.last_seen)}
    return OpenFinding(finding=finding, bucket=row.bucket, **moments)
