"""Holds in SQL: which versions are kept from deletion, for which case, and what the store says of each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, insert, or_, select, true, update
from sqlalchemy.orm import Session, aliased

from legal_rules.scope import Scope
from requests_portal.database.codec import from_json, to_json
from requests_portal.database.hold_scopes import HoldScopes
from requests_portal.database.moments import from_text, maybe_moment, maybe_text, to_text
from requests_portal.database.naming import naming, sharing
from requests_portal.database.tables import held_recordings, holds
from requests_portal.database.turns import take_turn_at_case
from requests_portal.errors import NotFound
from requests_portal.model.hold import Answer, Held, HeldVersion, Hold, HoldCounts, HoldKind, Renewal
from requests_portal.model.stored import Stored

HOLDING = (Held.TO_PLACE, Held.PLACED, Held.GONE)
UNCONFIRMED = (Held.TO_PLACE, Held.TO_LIFT, Held.LIFTING)
AT_ONCE = 500
# A worker that has begun to tell the store to let go is waited for so long; afterwards another one finishes it.
LIFTING_LEASE = timedelta(minutes=1)
_STATE_TOLD = {Answer.HELD: Held.PLACED, Answer.GONE: Held.GONE}
_row = held_recordings.c


class SqlHolds:
    """Fulfils the Holds port."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._scopes = HoldScopes(session)

    # Holds.

    def add(self, hold: Hold, scopes: Iterable[Scope]) -> int:
        """Record a hold on what lies within these scopes, now and whenever it arrives; returns how many there are now.

        The store is told afterwards.
        """
        self._session.execute(insert(holds).values(id=hold.id, case_id=hold.case, **_columns(hold)))
        return self.cover(hold.id, scopes, at=hold.placed_at)

    def put(self, hold: Hold) -> None:
        """Keep a changed hold."""
        self._session.execute(update(holds).where(holds.c.id == hold.id).values(**_columns(hold)))

    def get(self, hold_id: str) -> Hold:
        """The hold with this id."""
        row = self._session.execute(select(holds).where(holds.c.id == hold_id)).first()
        if row is None:
            raise NotFound("There is no such hold. Check the address.")
        return as_hold(row)

    def of_case(self, case_id: str) -> Sequence[Hold]:
        """The case's holds, oldest first."""
        query = select(holds).where(holds.c.case_id == case_id).order_by(holds.c.placed_at, holds.c.id)
        return [as_hold(row) for row in self._session.execute(query)]

    def locked_of_case(self, case_id: str) -> Sequence[Hold]:
        """The case's holds, oldest first, as they stay until this transaction ends: nobody else changes them before."""
        # Whoever assesses or releases the case has its turn before they come to its holds; so has everybody here.
        take_turn_at_case(self._session, case_id)
        query = select(holds).where(holds.c.case_id == case_id).order_by(holds.c.placed_at, holds.c.id)
        # A weaker lock than that of a deletion, so that what arrives meanwhile can come under them.
        return [as_hold(row) for row in self._session.execute(query.with_for_update(key_share=True))]

    def live(self) -> Sequence[Hold]:
        """Every hold that has not been released, oldest first."""
        query = select(holds).where(holds.c.released_at.is_(None)).order_by(holds.c.placed_at, holds.c.id)
        return [as_hold(row) for row in self._session.execute(query)]

    def cover(self, hold_id: str, scopes: Iterable[Scope], *, at: datetime) -> int:
        """Let a hold keep what lies within these scopes as well; returns how many came under it."""
        self._scopes.add(hold_id, scopes)
        return self._scopes.enter(hold_id, at=at)

    def cover_aliases(self, accounts: Sequence[str], *, at: datetime) -> frozenset[str]:
        """Let each live hold on one of a customer's account numbers be for all of them; which holds changed."""
        changed = self._scopes.widen(accounts)
        for hold_id in changed:
            self._scopes.enter(hold_id, at=at)
        return changed

    def is_missing(self, hold_id: str) -> bool:
        """Whether something lies within the hold that was entered past it."""
        return self._scopes.is_missing(hold_id)

    def enter_missing(self, hold_id: str, *, at: datetime) -> int:
        """Hold what lies within the hold and was entered past it; returns how many those are."""
        return self._scopes.enter(hold_id, at=at)

    def narrow(self, hold_id: str, keep: frozenset[str], *, at: datetime) -> None:
        """Let go of every recording of the hold that is not to be kept, and of whatever would have arrived."""
        # What comes under it just now is waited for, and let go of as well.
        self._session.execute(select(holds.c.id).where(holds.c.id == hold_id).with_for_update()).all()
        self._scopes.end(hold_id)
        query = select(_row.recording_id).where(_row.hold_id == hold_id, _row.state.in_(HOLDING))
        gone = [recording for recording in self._session.execute(query).scalars() if recording not in keep]
        self._move(hold_id, gone, HOLDING, at, state=Held.TO_LIFT)
        self._session.execute(
            update(holds).where(holds.c.id == hold_id, holds.c.narrowed_at.is_(None)).values(narrowed_at=to_text(at))
        )

    def release(self, hold_id: str, *, at: datetime, because: str, by: str) -> None:
        """End a hold; the store is told afterwards, for what no other hold keeps."""
        ended = {"released_at": to_text(at), "released_because": because, "released_by": by}
        self._session.execute(update(holds).where(holds.c.id == hold_id).values(**ended))
        self.narrow(hold_id, frozenset(), at=at)

    # What the store is told.

    def buckets(self, hold_id: str) -> Sequence[str]:
        """The buckets that the hold's versions lie in; the house's own is empty."""
        query = select(_row.bucket).where(_row.hold_id == hold_id).distinct().order_by(_row.bucket)
        return list(self._session.execute(query).scalars())

    def unconfirmed(self, *, at: datetime, again: timedelta) -> Sequence[tuple[str, str]]:
        """Each hold and bucket of which the store is to be told something, what was tried longest ago first."""
        due = func.count(case((_to_tell(at, again), 1)))
        last_try = func.coalesce(func.max(_row.asked_at), "")
        query = select(_row.hold_id, _row.bucket).where(_row.state.in_(UNCONFIRMED))
        query = query.group_by(_row.hold_id, _row.bucket).having(due > 0).order_by(last_try, func.min(_row.since))
        return [(row.hold_id, row.bucket) for row in self._session.execute(query)]

    def to_place(
        self, hold_id: str, *, tried_before: datetime, after: str, most: int, bucket: str | None = None
    ) -> Sequence[HeldVersion]:
        """Versions the store has not confirmed, in the order of their recordings' ids.

        What somebody tells the store to let go of just now, under this recording or another one that names the same
        object, waits until that has ended: the last word must be ours.
        """
        other = aliased(held_recordings)
        let_go = select(other.c.hold_id).where(other.c.state == Held.LIFTING, _names_the_same(other))
        due = _is_due(tried_before)
        mine = and_(_row.hold_id == hold_id, _row.state == Held.TO_PLACE, _row.recording_id > after)
        return self._versions(select(held_recordings).where(mine, _lies_in(bucket), due, ~let_go.exists()), most)

    def told(self, hold_id: str, answers: Mapping[str, Answer], *, at: datetime) -> None:
        """Record what the store answered when it was told to hold these versions."""
        for answer in set(answers.values()):
            ids = [recording for recording, given in answers.items() if given is answer]
            said = {"answer": answer, "asked_at": to_text(at)}
            if answer in _STATE_TOLD:
                self._move(hold_id, ids, [Held.TO_PLACE], at, state=_STATE_TOLD[answer], **said)
            if answer is Answer.HELD:
                # It was let go of while the store was told to hold it; nobody knows which came last.
                self._move(hold_id, ids, [Held.LIFTED], at, state=Held.TO_LIFT, **said)
                self._say(hold_id, ids, [Held.LIFTING, Held.TO_LIFT], said)
            self._say(hold_id, ids, [Held.TO_PLACE], said)

    def begin_lifting(
        self, hold_id: str, *, at: datetime, most: int, bucket: str | None = None
    ) -> Sequence[HeldVersion]:
        """Mark what the hold lets go of and no other one keeps all of; only then may the store be told."""
        over = and_(_row.state == Held.LIFTING, _row.since <= to_text(at - LIFTING_LEASE))
        mine = and_(_row.hold_id == hold_id, _lies_in(bucket), or_(_row.state == Held.TO_LIFT, over))
        rest: list[HeldVersion] = []
        while not rest and (found := self._versions(select(held_recordings).where(mine), most)):
            kept = self.kept_objects(found)
            self.not_lifted(hold_id, [each.recording for each in found if kept.issuperset(each.objects)], at=at)
            rest = [each for each in found if not kept.issuperset(each.objects)]
        ids = [each.recording for each in rest]
        self._say(hold_id, ids, [Held.TO_LIFT, Held.LIFTING], {"answer": None}, _row.answer == Answer.HELD)
        self._move(hold_id, ids, [Held.TO_LIFT, Held.LIFTING], at, state=Held.LIFTING)
        return rest

    def not_lifted(self, hold_id: str, recording_ids: Sequence[str], *, at: datetime) -> None:
        """Let go of these without telling the store, since another hold keeps them; that one is confirmed anew."""
        states = [Held.TO_LIFT, Held.LIFTING]
        self._place_again([each for each in recording_ids if self._is_lifting(hold_id, each)], at)
        self._move(hold_id, recording_ids, states, at, state=Held.LIFTED)

    def lifted(self, hold_id: str, answers: Mapping[str, Answer], *, at: datetime) -> None:
        """Record what the store answered when it was told to let go; what it did not do is tried again."""
        done = [recording for recording, answer in answers.items() if answer in {Answer.NOT_HELD, Answer.GONE}]
        late = [recording for recording in done if not self._is_lifting(hold_id, recording)]
        # Another worker finished it meanwhile and somebody may have begun to hold it.
        self._place_again(late, at)
        for part in _parts(done):
            lifting = and_(_row.hold_id == hold_id, _row.recording_id.in_(part), _row.state == Held.LIFTING)
            # Told to hold it while we told it to let go.
            crossed = update(held_recordings).where(lifting, _row.answer == Answer.HELD)
            self._session.execute(crossed.values(state=Held.TO_LIFT, since=to_text(at)))
        for answer in (Answer.NOT_HELD, Answer.GONE):
            ids = [recording for recording in done if answers[recording] is answer]
            said = {"answer": answer, "asked_at": to_text(at)}
            self._move(hold_id, ids, [Held.LIFTING], at, state=Held.LIFTED, **said)
        failed = [recording for recording in answers if recording not in set(done)]
        self._say(hold_id, failed, [Held.LIFTING], {"asked_at": to_text(at)})

    def waiting_for(self, recording_ids: Sequence[str]) -> frozenset[str]:
        """The holds that wait for the store to confirm one of these recordings, or one that shares an object."""
        found: set[str] = set()
        for part in _parts(sorted(sharing(self._session, recording_ids))):
            query = select(_row.hold_id).where(_row.recording_id.in_(part), _row.state == Held.TO_PLACE)
            found |= set(self._session.execute(query).scalars())
        return frozenset(found)

    # What the store is asked.

    def to_ask(
        self, hold_id: str, *, asked_before: datetime, after: str, most: int, bucket: str | None = None
    ) -> Sequence[HeldVersion]:
        """Versions that the hold keeps and the store was not asked about since; in the order of their ids."""
        due = or_(_row.asked_at.is_(None), _row.asked_at < to_text(asked_before))
        mine = and_(_row.hold_id == hold_id, _row.state.in_(HOLDING), _row.recording_id > after)
        return self._versions(select(held_recordings).where(mine, _lies_in(bucket), due), most)

    def stale(self, *, asked_before: datetime) -> Sequence[tuple[str, str]]:
        """Each hold and bucket with a version that the store was not asked about since."""
        due = or_(_row.asked_at.is_(None), _row.asked_at < to_text(asked_before))
        query = select(_row.hold_id, _row.bucket).where(_row.state.in_(HOLDING), due)
        query = query.group_by(_row.hold_id, _row.bucket).order_by(func.min(_row.asked_at))
        return [(row.hold_id, row.bucket) for row in self._session.execute(query)]

    def asked(self, hold_id: str, answers: Mapping[str, Answer], *, at: datetime) -> int:
        """Record what the store says of each; what it let go of is to be placed again. Returns how many those are."""
        contradicted = 0
        for answer in set(answers.values()):
            ids = [recording for recording, given in answers.items() if given is answer]
            said = {"answer": answer, "asked_at": to_text(at)}
            if answer is Answer.NOT_HELD:
                changed = {"state": Held.TO_PLACE, "contradicted_at": to_text(at)}
                contradicted += self._move(hold_id, ids, [Held.PLACED], at, **changed, **said)
            elif answer is Answer.GONE:
                contradicted += self._move(
                    hold_id, ids, [Held.PLACED], at, state=Held.GONE, contradicted_at=to_text(at), **said
                )
                self._move(hold_id, ids, [Held.TO_PLACE], at, state=Held.GONE, **said)
            if answer in {Answer.HELD, Answer.NOT_HELD}:
                self._move(hold_id, ids, [Held.GONE], at, state=Held.TO_PLACE, **said)
            self._say(hold_id, ids, HOLDING, said)
        return contradicted

    # What is held.

    def is_held(self, recording_id: str) -> bool:
        """Whether any hold keeps this recording."""
        return recording_id in self.held_among([recording_id])

    def held_among(self, recording_ids: Iterable[str]) -> frozenset[str]:
        """Those of these recordings that any hold keeps, or that lie within one and were entered past it."""
        found: set[str] = set()
        for part in _parts(list(recording_ids)):
            found |= self._kept(part) | self._scopes.covered(part)
        return frozenset(found)

    def kept_objects(self, versions: Sequence[HeldVersion]) -> frozenset[Stored]:
        """Those of the objects of these versions that any hold keeps, whichever recordings it is for."""
        named = naming(self._session, [each for version in versions for each in version.objects])
        others = {each: named.get(each, frozenset()) | {one.recording} for one in versions for each in one.objects}
        held = self.held_among(sorted(frozenset().union(*others.values())))
        return frozenset(each for each, ids in others.items() if ids & held)

    def counts(self, hold_id: str) -> HoldCounts:
        """How many versions the hold keeps, and what the store says of them."""
        return self.counted([hold_id])[hold_id]

    def counted(self, hold_ids: Sequence[str]) -> Mapping[str, HoldCounts]:
        """The counts of each of these holds."""
        if not hold_ids:
            # SQLite would look through every version that is held for none of them.
            return {}
        waits = case((_row.state == Held.TO_PLACE, _row.since))
        query = (
            select(
                _row.hold_id,
                func.count().label("kept"),
                func.count(case((_row.state == Held.PLACED, 1))).label("confirmed"),
                func.count(case((_row.state == Held.GONE, 1))).label("gone"),
                func.count(_row.contradicted_at).label("contradicted"),
                func.min(waits).label("waiting_since"),
                func.min(_row.asked_at).label("asked_at"),
                func.count(_row.asked_at).label("asked"),
            )
            .where(_row.hold_id.in_(hold_ids), _row.state.in_(HOLDING))
            .group_by(_row.hold_id)
        )
        found = {row.hold_id: _counts(row) for row in self._session.execute(query)}
        return {each: found.get(each, HoldCounts(kept=0, confirmed=0, gone=0)) for each in hold_ids}

    def versions(self, hold_id: str, *, after: str = "", most: int | None = None) -> Iterator[HeldVersion]:
        """Every version that was ever under the hold, in the order of their recordings' ids."""
        query = select(held_recordings).where(_row.hold_id == hold_id, _row.recording_id > after)
        rows = self._session.execute(query.order_by(_row.recording_id).limit(most).execution_options(yield_per=AT_ONCE))
        return (as_version(row) for row in rows)

    def _kept(self, ids: Sequence[str]) -> frozenset[str]:
        query = select(_row.recording_id).where(_row.recording_id.in_(ids), _row.state.in_(HOLDING))
        return frozenset(self._session.execute(query).scalars())

    def _is_lifting(self, hold_id: str, recording_id: str) -> bool:
        mine = and_(_row.hold_id == hold_id, _row.recording_id == recording_id)
        return self._session.execute(select(_row.state).where(mine)).scalar() == Held.LIFTING

    def _place_again(self, ids: Sequence[str], at: datetime) -> None:
        for part in _parts(sorted(sharing(self._session, ids))):
            placed = update(held_recordings).where(_row.recording_id.in_(part), _row.state == Held.PLACED)
            self._session.execute(placed.values(state=Held.TO_PLACE, since=to_text(at), asked_at=None))

    def _versions(self, query: Any, most: int) -> list[HeldVersion]:
        return [as_version(row) for row in self._session.execute(query.order_by(_row.recording_id).limit(most))]

    def _move(self, hold_id: str, ids: Sequence[str], old: Sequence[Held], at: datetime, **new: Any) -> int:
        return self._say(hold_id, ids, old, {"since": to_text(at), **new})

    def _say(
        self,
        hold_id: str,
        ids: Sequence[str],
        states: Sequence[Held],
        said: Mapping[str, Any],
        *also: ColumnElement[bool],
    ) -> int:
        changed = 0
        for part in _parts(ids):
            mine = and_(_row.hold_id == hold_id, _row.recording_id.in_(part), _row.state.in_(states), *also)
            changed += self._session.execute(update(held_recordings).where(mine).values(**said)).rowcount  # type: ignore[attr-defined]
        return changed


def as_hold(row: Row[Any]) -> Hold:
    """The hold that a row of the table is."""
    return Hold(
        id=row.id,
        case=row.case_id,
        kind=HoldKind(row.kind) if row.kind else None,
        placed_at=from_text(row.placed_at),
        expires_at=maybe_moment(row.expires_at),
        narrowed_at=maybe_moment(row.narrowed_at),
        renewal=None if row.renewal is None else from_json(row.renewal, Renewal),
        released_at=maybe_moment(row.released_at),
        released_by=row.released_by,
        released_because=row.released_because,
    )


def as_version(row: Row[Any]) -> HeldVersion:
    """The version under a hold that a row of the table is."""
    return HeldVersion(
        recording=row.recording_id,
        bucket=row.bucket,
        key=row.key,
        version_id=row.version_id,
        size=row.size,
        sha256=row.sha256,
        transcript_key=row.transcript_key,
        transcript_version=row.transcript_version,
        state=Held(row.state),
        since=from_text(row.since),
        answer=Answer(row.answer) if row.answer else None,
        asked_at=maybe_moment(row.asked_at),
        contradicted_at=maybe_moment(row.contradicted_at),
    )


def _columns(hold: Hold) -> dict[str, Any]:
    return {
        "kind": hold.kind or "",
        "placed_at": to_text(hold.placed_at),
        "expires_at": maybe_text(hold.expires_at),
        "narrowed_at": maybe_text(hold.narrowed_at),
        "renewal": None if hold.renewal is None else to_json(hold.renewal),
        "released_at": maybe_text(hold.released_at),
        "released_by": hold.released_by,
        "released_because": hold.released_because,
    }


def _counts(row: Row[Any]) -> HoldCounts:
    return HoldCounts(
        kept=row.kept,
        confirmed=row.confirmed,
        gone=row.gone,
        contradicted=row.contradicted,
        waiting_since=maybe_moment(row.waiting_since),
        asked_at=maybe_moment(row.asked_at) if row.asked == row.kept else None,
    )


def _lies_in(bucket: str | None) -> ColumnElement[bool]:
    return true() if bucket is None else _row.bucket == bucket


def _is_due(tried_before: datetime) -> ColumnElement[bool]:
    """What was told a moment ago waits a little; what the store was found to have let go of does not."""
    tried = _row.asked_at <= to_text(tried_before)
    return or_(_row.asked_at.is_(None), tried, _row.answer == Answer.NOT_HELD)


def _to_tell(at: datetime, again: timedelta) -> ColumnElement[bool]:
    return or_(
        and_(_row.state == Held.TO_PLACE, _is_due(at - again)),
        _row.state == Held.TO_LIFT,
        and_(_row.state == Held.LIFTING, _row.since <= to_text(at - LIFTING_LEASE)),
    )


def _names_the_same(other: Any) -> ColumnElement[bool]:
    """Whether another row is of the same recording, or of one that names an object of it."""
    theirs, sound, words = other.c, (_row.key, _row.version_id), (_row.transcript_key, _row.transcript_version)
    named = ((theirs.key, theirs.version_id), (theirs.transcript_key, theirs.transcript_version))
    same = (and_(key == mine[0], key != "", version == mine[1]) for key, version in named for mine in (sound, words))
    return or_(theirs.recording_id == _row.recording_id, and_(theirs.bucket == _row.bucket, or_(*same)))


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
