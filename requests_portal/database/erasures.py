"""Erasures in SQL: what is hidden from its customer at once, and deleted as soon as no hold keeps it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    and_,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy import update as change
from sqlalchemy.orm import Session

from legal_rules.scope import Scope
from requests_portal.database.codec import from_json
from requests_portal.database.hold_scopes import HoldScopes
from requests_portal.database.moments import maybe_moment, to_text
from requests_portal.database.naming import naming, own_objects
from requests_portal.database.tables import (
    cases,
    copies,
    erased,
    erasures,
    held_recordings,
    keeping_choices,
    late_copies,
    production_items,
    productions,
    recordings,
    store_findings,
    transcript_notes,
)
from requests_portal.database.within import within
from requests_portal.model.case import Case, Track
from requests_portal.model.erasure import Asked, Because, Chosen, Erasing, ErasureCounts, ToDelete
from requests_portal.model.hold import Held
from requests_portal.model.in_store import Kind
from requests_portal.model.production import Item, Production, ProductionState
from requests_portal.model.recording import Copy
from requests_portal.model.stored import Stored

SOME = 500
# A worker that died while it deleted is waited for so long; so is a store that did not answer.
AGAIN = timedelta(seconds=20)
# What a hold keeps is looked at again after this, and what the store denies after that.
LOOKED_AT_AGAIN = timedelta(minutes=5)
DENIED_AGAIN = timedelta(hours=1)
PAUSES = {
    Erasing.AWAY: AGAIN,
    Erasing.DENIED: DENIED_AGAIN,
    Erasing.NO_BUCKET: LOOKED_AT_AGAIN,
    Erasing.UNLISTED: LOOKED_AT_AGAIN,
}
# What waits for a person is counted by itself.
_FOR_A_PERSON = (Erasing.DENIED, Erasing.NO_BUCKET, Erasing.UNLISTED)
_ITEMS = production_items.join(productions).join(cases)
_FINISHED = (ProductionState.RELEASED, ProductionState.CANCELLED)


def is_erased() -> ColumnElement[bool]:
    """Whether a row of `recordings` was erased, so that it exists for its customer no more."""
    return select(erasures.c.recording_id).where(erasures.c.recording_id == recordings.c.id).exists()


def within_reach(case: Case, scopes: Iterable[Scope]) -> ColumnElement[bool]:
    """The recordings of these scopes that a case can reach, as `work.selection` finds them."""
    return and_(within(scopes), ~is_erased()) if case.track is Track.DATA_SUBJECT else within(scopes)


def erase_again(session: Session | Connection, rows: Iterable[Mapping[str, Any]], *, at: datetime) -> None:
    """Erase those of these new rows of the catalogue under whose key something was erased: nothing is shown again.

    It makes no difference whether that is still here, so that what comes back tells of no hold.
    """
    if all(session.execute(select(column).limit(1)).first() is None for column in (erased.c.at, erasures.c.asked_at)):
        return
    by_address: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_address[address(row["bucket"], row["key"])].append(row)
    for part in _parts(list(by_address)):
        gone = set(session.execute(select(erased.c.address).where(erased.c.address.in_(part))).scalars())
        hidden = _still_here(session, [by_address[each][0] for each in part])
        found = (gone | hidden).intersection(part)
        again = [_asked(row["id"], Because.AGAIN, at) for each in found for row in by_address[each]]
        if again:
            session.execute(insert(erasures), again)


def _still_here(session: Session | Connection, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """The addresses, of these rows' keys in any of their buckets, under which something is hidden and not deleted."""
    keys, buckets, of = [row["key"] for row in rows], {row["bucket"] for row in rows}, recordings.c
    query = select(of.bucket, of.key).where(of.bucket.in_(buckets), of.key.in_(keys), is_erased())
    return {address(bucket, key) for bucket, key in session.execute(query)}


def address(bucket: str, key: str) -> str:
    """The digest by which a key is recognised under which something was deleted."""
    return hashlib.sha256(f"{bucket}\x00{key}".encode()).hexdigest()


class SqlErasures:
    """Fulfils the Erasures port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # What is asked.

    def count(self, chosen: Chosen) -> int:
        """How many recordings the choice names that are not erased yet."""
        query = select(func.count()).select_from(recordings).where(_named(chosen), ~is_erased())
        return int(self._session.execute(query).scalar_one())

    def counts_before(self, account: str, moments: Sequence[datetime]) -> Sequence[int]:
        """How many of the account's recordings, not erased yet, lie before each of these moments, in one look."""
        before = [func.count(case((recordings.c.recorded_at < to_text(each), 1))) for each in moments]
        own = and_(recordings.c.account == account, recordings.c.recorded_at < to_text(max(moments)), ~is_erased())
        return list(self._session.execute(select(*before).where(own)).one())

    def ask(self, chosen: Chosen, because: Because, *, at: datetime, most: int | None = None) -> Asked:
        """Erase what the choice names, with every other catalogued version of the same objects; twice is once.

        At most so many at once: what is left is named by the same choice again.
        """
        self._take_turns(erasures)
        digest, ids = hashlib.sha256(), []
        query = select(recordings.c.id, recordings.c.sha256).where(_with_versions(chosen), ~is_erased())
        for row in self._session.execute(query.order_by(recordings.c.id).limit(most)):
            digest.update(f"{row.id} {row.sha256}\n".encode())
            ids.append(row.id)
        for part in _parts(ids):
            self._session.execute(insert(erasures), [_asked(each, because, at) for each in part])
        return Asked(recordings=len(ids), digest=digest.hexdigest())

    def is_erased(self, recording_id: str) -> bool:
        """Whether the recording was erased and is still here, for a hold or until the store has deleted it."""
        return self.erased_among([recording_id]) == {recording_id}

    def erased_among(self, recording_ids: Sequence[str]) -> frozenset[str]:
        """Those of these recordings that were erased, be they still here or gone."""
        found: set[str] = set()
        for part in _parts(recording_ids):
            for table in (erasures, erased):
                query = select(table.c.recording_id).where(table.c.recording_id.in_(part))
                found |= set(self._session.execute(query).scalars())
        return frozenset(found)

    def copies_of_erased(self, account: str) -> Sequence[Production]:
        """What was or is being produced for the account's own requests and holds what was erased, without items."""
        own = and_(cases.c.account == account, cases.c.track == Track.DATA_SUBJECT)
        going = and_(own, productions.c.state != ProductionState.CANCELLED)
        query = (
            select(productions.c.body).join(cases, cases.c.id == productions.c.case_id).where(going, _holds_erased())
        )
        return [from_json(body, Production) for body in self._session.execute(query).scalars()]

    def accounts_past_their_time(self, *, at: datetime) -> Sequence[str]:
        """The accounts with a recording whose time is over by the company's own rule."""
        query = select(recordings.c.account).where(_is_over(at), ~is_erased()).distinct().order_by(recordings.c.account)
        return list(self._session.execute(query).scalars())

    # How long a customer lets us keep them.

    def months(self, account: str) -> int | None:
        """After how many months the customer lets recordings be deleted; None where nothing was chosen."""
        query = select(keeping_choices.c.months).where(keeping_choices.c.account == account)
        found: int | None = self._session.execute(query).scalar()
        return found

    def choose_months(self, account: str, months: int | None, *, at: datetime) -> None:
        """Keep the customer's choice; None takes it back."""
        self._session.execute(delete(keeping_choices).where(keeping_choices.c.account == account))
        if months is not None:
            values = {"account": account, "months": months, "since": to_text(at)}
            self._session.execute(insert(keeping_choices).values(**values))

    def choices(self) -> Mapping[str, int]:
        """Every customer's choice, in months."""
        return {row.account: row.months for row in self._session.execute(select(keeping_choices))}

    # What the store is told.

    def begin(self, *, at: datetime, most: int) -> tuple[int, Sequence[ToDelete]]:
        """Take what is due: how many were looked at, and what the store is to delete of them now.

        Whoever places a hold waits until this has ended or is seen here. Of what is held only the copies go.
        """
        self._take_turns(held_recordings, erasures)
        due = select(erasures.c.recording_id).where(erasures.c.next_try_at <= to_text(at))
        ids = list(
            self._session.execute(due.order_by(erasures.c.next_try_at, erasures.c.recording_id).limit(most)).scalars()
        )
        kept = self.kept_among(ids)
        self._say(sorted(kept), Erasing.ASKED, at + LOOKED_AT_AGAIN)
        self._say([each for each in ids if each not in kept], Erasing.DELETING, at + AGAIN)
        rows = {row.id: row for row in self._rows(ids)}
        objects = {row.id: self._objects(row) for row in rows.values()}
        needed = self.needed([each for some in objects.values() for each in some])
        found = [
            self._to_delete(row, [each for each in objects[row.id] if each not in needed], is_held=row.id in kept)
            for row in rows.values()
        ]
        return len(ids), [each for each in found if each.objects or not each.is_held]

    def kept_among(self, recording_ids: Sequence[str]) -> frozenset[str]:
        """Those of these that a hold keeps or that the store has not been told to let go of yet, or that are produced.

        What is being produced for a legal demand is kept even where the demand named nobody, so that nothing was held.
        """
        kept: set[str] = set()
        for part in _parts(recording_ids):
            column = held_recordings.c
            query = select(column.recording_id).where(column.recording_id.in_(part), column.state != Held.LIFTED)
            kept |= set(self._session.execute(query).scalars()) | HoldScopes(self._session).covered(part)
            kept |= self._under_production(part)
        return frozenset(kept)

    def needed(self, objects: Sequence[Stored]) -> frozenset[Stored]:
        """Those of these that a recording names as its own that is not just being deleted, or that is kept.

        What a hold, its customer, or an erasure whose turn has not come still needs is lost with no other recording.
        """
        named = naming(self._session, objects)
        ids, going = sorted(frozenset().union(*named.values())), set[str]()
        for part in _parts(ids):
            announced = and_(erasures.c.recording_id.in_(part), erasures.c.state == Erasing.DELETING)
            going |= set(self._session.execute(select(erasures.c.recording_id).where(announced)).scalars())
        going -= self.kept_among(sorted(going))
        return frozenset(each for each, names in named.items() if not names <= going)

    def deleted(self, done: ToDelete, *, at: datetime) -> bool:
        """Forget a recording of which the store has deleted this; False where something of it is not deleted.

        That is where a hold came meanwhile, a copy was made known, or what it shared became its own alone.
        """
        self._take_turns(held_recordings, erasures)
        row = next(self._rows([done.recording]), None)
        if row is None:
            return False
        if self.kept_among([row.id]):
            self._say([row.id], Erasing.ASKED, at + LOOKED_AT_AGAIN)
            return False
        left = [each for each in self._objects(row) if each not in done.objects]
        if any(not names - {row.id} for names in self._named(left).values()):
            self._say([row.id], Erasing.ASKED, at)
            return False
        self._forget(row, at=at)
        return True

    def _named(self, objects: Sequence[Stored]) -> Mapping[Stored, frozenset[str]]:
        named = naming(self._session, objects)
        return {each: named.get(each, frozenset()) for each in objects}

    def _forget(self, row: Row[Any], *, at: datetime) -> None:
        values = {"recording_id": row.id, "address": address(row.bucket, row.key), "at": to_text(at)}
        self._session.execute(insert(erased).values(**values))
        keys = [key for key in (row.key, row.transcript_key) if key]
        # What was said of the bucket as a whole is not about this recording.
        found_there = and_(
            store_findings.c.bucket == row.bucket,
            store_findings.c.key.in_(keys),
            store_findings.c.kind != Kind.BUCKET_ABSENT,
        )
        self._session.execute(delete(store_findings).where(found_there))
        for table in (copies, erasures, transcript_notes):
            self._session.execute(delete(table).where(table.c.recording_id == row.id))
        self._session.execute(delete(recordings).where(recordings.c.id == row.id))

    def digest_of(self, recording_ids: Sequence[str]) -> str:
        """SHA-256 over what stays on record of recordings that were deleted: a line of id and address for each."""
        digest = hashlib.sha256()
        for part in _parts(sorted(recording_ids)):
            query = select(erased).where(erased.c.recording_id.in_(part)).order_by(erased.c.recording_id)
            for row in self._session.execute(query):
                digest.update(f"{row.recording_id} {row.address}\n".encode())
        return digest.hexdigest()

    def copies_deleted(self, recording_id: str, objects: Sequence[Stored]) -> None:
        """Forget copies of a recording that the store has deleted while the recording itself is held."""
        for each in objects:
            self._session.execute(delete(copies).where(copies.c.recording_id == recording_id, _is(copies, each)))

    def failed(self, recording_id: str, state: Erasing, *, at: datetime) -> None:
        """Record that the store did not delete it, and when it is asked again."""
        self._say([recording_id], state, at + PAUSES[state])

    def counts(self) -> ErasureCounts:
        """What the store has still to delete; what a hold keeps is not counted."""
        held = select(held_recordings.c.hold_id).where(
            held_recordings.c.recording_id == erasures.c.recording_id, held_recordings.c.state != Held.LIFTED
        )
        query = select(erasures.c.state, func.count(), func.min(erasures.c.asked_at)).where(~held.exists())
        rows = self._session.execute(query.group_by(erasures.c.state)).all()
        number = {state: count for state, count, _ in rows}
        since = min((since for state, _, since in rows if state not in _FOR_A_PERSON), default=None)
        return ErasureCounts(
            waiting=sum(count for state, count in number.items() if state not in _FOR_A_PERSON),
            denied=number.get(Erasing.DENIED, 0),
            unlisted=number.get(Erasing.UNLISTED, 0),
            since=maybe_moment(since),
        )

    # Copies that are made known.

    def recording_at(self, stored: Stored) -> str | None:
        """The recording whose object this version is, or one that lay under its key and was deleted."""
        found = self._session.execute(select(recordings.c.id).where(_is(recordings, stored))).scalar()
        if found is None:
            lay_there = erased.c.address == address(stored.bucket, stored.key)
            found = self._session.execute(select(erased.c.recording_id).where(lay_there).limit(1)).scalar()
        return found

    def add_copy(self, copy: Copy, *, at: datetime) -> bool:
        """Enter a copy of a recording, to be deleted where that was erased; False where there never was such a one."""
        there = self._session.execute(select(recordings.c.id).where(recordings.c.id == copy.recording)).first()
        stored = Stored(bucket=copy.bucket, key=copy.key, version_id=copy.version_id)
        if there is not None:
            known = select(copies.c.kind).where(copies.c.recording_id == copy.recording, _is(copies, stored))
            if self._session.execute(known).first() is None:
                values = {"recording_id": copy.recording, **vars(stored), "kind": copy.kind}
                self._session.execute(insert(copies).values(**values))
            now = change(erasures).where(erasures.c.recording_id == copy.recording)
            self._session.execute(now.values(next_try_at=to_text(at)))
            return True
        gone = self._session.execute(select(erased.c.at).where(erased.c.recording_id == copy.recording)).first()
        if gone is None:
            return False
        if self._session.execute(select(late_copies.c.state).where(_is(late_copies, stored))).first() is None:
            values = {**vars(stored), "state": Erasing.ASKED, "next_try_at": to_text(at)}
            self._session.execute(insert(late_copies).values(**values))
        return True

    def late_copies(self, *, at: datetime, most: int) -> Sequence[Stored]:
        """Copies of what was deleted before, that the store is to delete now."""
        query = select(late_copies).where(late_copies.c.next_try_at <= to_text(at)).limit(most)
        return [
            Stored(bucket=row.bucket, key=row.key, version_id=row.version_id) for row in self._session.execute(query)
        ]

    def late_copy_answered(self, copy: Stored, state: Erasing | None, *, at: datetime) -> None:
        """Forget a late copy that the store has deleted, or ask again later."""
        mine = _is(late_copies, copy)
        if state is None:
            self._session.execute(delete(late_copies).where(mine))
        else:
            later = {"state": state, "next_try_at": to_text(at + PAUSES[state])}
            self._session.execute(change(late_copies).where(mine).values(**later))

    def _take_turns(self, *tables: Table) -> None:
        """Wait for whoever writes to these tables, and let others wait; SQLite lets one writer at a time anyway.

        A customer waits for no hold: how long that takes would tell of it.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            for table in tables:
                self._session.execute(text(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE"))

    def _rows(self, ids: Sequence[str]) -> Iterator[Row[Any]]:
        for part in _parts(ids):
            yield from self._session.execute(select(recordings).where(recordings.c.id.in_(part))).all()

    def _objects(self, row: Row[Any]) -> tuple[Stored, ...]:
        """Everything that a recording is and that was made of it: its sound, its transcript, and its copies."""
        own = own_objects(row.bucket, (row.key, row.version_id), (row.transcript_key, row.transcript_version))
        query = select(copies).where(copies.c.recording_id == row.id).order_by(copies.c.bucket, copies.c.key)
        derived = (
            Stored(bucket=each.bucket, key=each.key, version_id=each.version_id)
            for each in self._session.execute(query)
        )
        return tuple(dict.fromkeys((*own, *derived)))

    def _to_delete(self, row: Row[Any], objects: Sequence[Stored], *, is_held: bool) -> ToDelete:
        alike = and_(recordings.c.account == row.account, recordings.c.sha256 == row.sha256, recordings.c.id != row.id)
        alone = self._session.execute(select(recordings.c.id).where(alike).limit(1)).first() is None
        return ToDelete(
            recording=row.id,
            is_held=is_held,
            objects=tuple(objects),
            spooled=(row.sha256, *self._made_for_customer(row.id)) if alone and not is_held else (),
        )

    def _under_production(self, ids: Sequence[str]) -> frozenset[str]:
        """Those that are being produced for a legal demand just now."""
        going = and_(cases.c.track == Track.LEGAL_DEMAND, productions.c.state.not_in(_FINISHED))
        items = select(production_items.c.recording).select_from(_ITEMS)
        found = self._session.execute(items.where(going, production_items.c.recording.in_(ids)))
        return frozenset(found.scalars())

    def _made_for_customer(self, recording_id: str) -> Iterator[str]:
        """The digests of what was made of it for copies for its customer."""
        items = select(production_items.c.body).select_from(_ITEMS)
        theirs = items.where(production_items.c.recording == recording_id, cases.c.track == Track.DATA_SUBJECT)
        for body in self._session.execute(theirs).scalars():
            item: Item = from_json(body, Item)
            yield from (each.sha256 for each in (item.produced, item.listening) if each is not None)

    def _say(self, ids: Sequence[str], state: Erasing, next_try_at: datetime) -> None:
        for part in _parts(ids):
            mine = change(erasures).where(erasures.c.recording_id.in_(part))
            self._session.execute(mine.values(state=state, next_try_at=to_text(next_try_at)))


def _holds_erased() -> ColumnElement[bool]:
    item = production_items.c
    gone = (select(table.c.recording_id).where(table.c.recording_id == item.recording) for table in (erasures, erased))
    return (
        select(item.position)
        .where(item.production == productions.c.id, or_(*(each.exists() for each in gone)))
        .exists()
    )


def _named(chosen: Chosen, of: Any = recordings) -> ColumnElement[bool]:
    column = of.c
    conditions = [column.account == chosen.account, column.recorded_at < to_text(chosen.before)]
    if chosen.is_over:
        conditions.append(_is_over(chosen.before, of))
    if chosen.recording:
        conditions.append(column.id == chosen.recording)
    if chosen.device:
        conditions.append(column.device == chosen.device)
    if chosen.start is not None:
        conditions.append(column.recorded_at >= to_text(chosen.start))
    if chosen.end is not None:
        conditions.append(column.recorded_at < to_text(chosen.end))
    return and_(*conditions)


def _is_over(at: datetime, of: Any = recordings) -> ColumnElement[bool]:
    return and_(of.c.retain_until.is_not(None), of.c.retain_until <= to_text(at))


def _with_versions(chosen: Chosen) -> ColumnElement[bool]:
    """What is named, and the account's other versions of the same objects."""
    named, of = _named(chosen), recordings.c
    other = recordings.alias()
    objects = select(other.c.bucket, other.c.key).where(_named(chosen, other))
    return or_(named, and_(of.account == chosen.account, tuple_(of.bucket, of.key).in_(objects)))


def _is(table: Any, stored: Stored) -> ColumnElement[bool]:
    return and_(table.c.bucket == stored.bucket, table.c.key == stored.key, table.c.version_id == stored.version_id)


def _asked(recording_id: str, because: Because, at: datetime) -> dict[str, Any]:
    return {
        "recording_id": recording_id,
        "asked_at": to_text(at),
        "because": because,
        "state": Erasing.ASKED,
        "next_try_at": to_text(at),
    }


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + SOME] for start in range(0, len(values), SOME))
