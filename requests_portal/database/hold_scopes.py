"""What live holds are for, in SQL: the boxes of account, device and time within which whatever arrives is held too."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, insert, literal, or_, select
from sqlalchemy.orm import Session

from legal_rules.scope import Every, Members, Scope
from requests_portal.database.canary_rows import of_no_canary
from requests_portal.database.moments import to_text
from requests_portal.database.tables import held_recordings, hold_scopes, holds, recordings
from requests_portal.model.hold import Held

AT_ONCE = 500
ANY = ""
OF_VERSIONS = ("bucket", "key", "version_id", "size", "sha256", "transcript_key", "transcript_version")
_NAMES = ["hold_id", "recording_id", "state", "since", *OF_VERSIONS]


class HoldScopes:
    """The boxes of every live hold, and what lies within them."""

    def __init__(self, session: Session | Connection) -> None:
        self._session = session

    def add(self, hold_id: str, scopes: Iterable[Scope]) -> None:
        """Let the hold keep whatever arrives within these scopes."""
        known = set(map(tuple, self._of(hold_id)))
        boxes = {(hold_id, *box) for scope in scopes for box in _boxes(scope)} - known
        names = [column.name for column in hold_scopes.columns]
        if boxes:
            self._session.execute(insert(hold_scopes), [dict(zip(names, box, strict=True)) for box in sorted(boxes)])

    def end(self, hold_id: str) -> None:
        """Nothing that arrives from now on is held for this hold."""
        self._session.execute(delete(hold_scopes).where(hold_scopes.c.hold_id == hold_id))

    def widen(self, accounts: Sequence[str]) -> frozenset[str]:
        """Let each hold that is for one of these accounts of one customer be for all of them; which ones changed."""
        theirs = hold_scopes.c.account.in_(accounts)
        # Whoever ends one of them meanwhile is waited for: what has ended is widened no more.
        ids = select(hold_scopes.c.hold_id).where(theirs)
        locked = select(holds.c.id).where(holds.c.id.in_(ids)).order_by(holds.c.id).with_for_update(key_share=True)
        self._session.execute(locked).all()
        rows = self._session.execute(select(hold_scopes).where(theirs)).all()
        known = {tuple(row) for row in rows}
        wanted = {(row.hold_id, account, row.device, row.start, row.end) for row in rows for account in accounts}
        names = [column.name for column in hold_scopes.columns]
        if missing := wanted - known:
            self._session.execute(insert(hold_scopes), [dict(zip(names, box, strict=True)) for box in sorted(missing)])
        return frozenset(box[0] for box in missing)

    def hold_arrived(self, rows: Iterable[Mapping[str, Any]], *, at: datetime) -> int:
        """Hold those of these new rows of the catalogue that lie within a live hold; returns how many."""
        held = 0
        listed = list(rows)
        for start in range(0, len(listed), AT_ONCE):
            part = listed[start : start + AT_ONCE]
            boxes = self._standing_of_accounts({row["account"] for row in part})
            by_account: dict[str, list[Row[Any]]] = {}
            for box in boxes:
                by_account.setdefault(box.account, []).append(box)
            found = {
                (box.hold_id, row["id"]): row
                for row in part
                for box in (*by_account.get(row["account"], ()), *by_account.get(ANY, ()))
                if _covers(box, row)
            }
            held += self._keep(((hold_id, row) for (hold_id, _), row in found.items()), at=at)
        return held

    def enter(self, hold_id: str, *, at: datetime) -> int:
        """Hold whatever of the whole catalogue lies within the hold and is not under it; returns how many.

        The database copies from one table into the other, however many there are.
        """
        column, held = recordings.c, 0
        for box in self._of(hold_id):
            rows = select(literal(hold_id), column.id, *_as_new(at)).where(_within(box), ~_under(hold_id))
            held += self._session.execute(
                insert(held_recordings).from_select(_NAMES, rows).execution_options(preserve_rowcount=True)
            ).rowcount  # type: ignore[attr-defined]
        return held

    def is_missing(self, hold_id: str) -> bool:
        """Whether something in the catalogue lies within the hold and is not under it."""
        inside = (and_(_within(box), ~_under(hold_id)) for box in self._of(hold_id))
        queries = (select(recordings.c.id).where(each).limit(1) for each in inside)
        return any(self._session.execute(query).first() is not None for query in queries)

    def hold_entered(self, ids: Select[Any], *, at: datetime) -> None:
        """Hold those of these recordings, just entered, that lie within a live hold."""
        box, column = hold_scopes.c, recordings.c
        if self._session.execute(select(box.hold_id).limit(1)).first() is None:
            return
        self._wait_for_ends(select(box.hold_id))
        inside = and_(column.id.in_(ids), _inside(), ~_under(box.hold_id))
        rows = select(box.hold_id, column.id, *_as_new(at)).select_from(recordings).join(hold_scopes, inside)
        self._session.execute(insert(held_recordings).from_select(_NAMES, rows.distinct()))

    def covered(self, ids: Sequence[str]) -> frozenset[str]:
        """Those of these recordings that lie within a live hold, whether or not they have been entered under it yet."""
        inside = select(hold_scopes.c.hold_id).where(_inside()).exists()
        query = select(recordings.c.id).where(recordings.c.id.in_(ids), inside)
        return frozenset(self._session.execute(query).scalars())

    def _keep(self, held: Iterable[tuple[str, Mapping[str, Any]]], *, at: datetime) -> int:
        """Write versions down under their holds, to be placed in the store; what is there already stays as it is."""
        rows = [_version(hold_id, row, at) for hold_id, row in held]
        for start in range(0, len(rows), AT_ONCE):
            part = rows[start : start + AT_ONCE]
            known = self._known(part)
            new = [row for row in part if (row["hold_id"], row["recording_id"]) not in known]
            if new:
                self._session.execute(insert(held_recordings), new)
        return len(rows)

    def _known(self, rows: Sequence[Mapping[str, Any]]) -> frozenset[tuple[str, str]]:
        column = held_recordings.c
        query = select(column.hold_id, column.recording_id).where(
            column.recording_id.in_([row["recording_id"] for row in rows])
        )
        return frozenset((row.hold_id, row.recording_id) for row in self._session.execute(query))

    def _of(self, hold_id: str) -> Sequence[Row[Any]]:
        return self._session.execute(select(hold_scopes).where(hold_scopes.c.hold_id == hold_id)).all()

    def _standing_of_accounts(self, accounts: Iterable[str]) -> Sequence[Row[Any]]:
        found = self._of_accounts(accounts)
        if not found:
            return found
        self._wait_for_ends(sorted({box.hold_id for box in found}))
        return self._of_accounts(accounts)

    def _wait_for_ends(self, hold_ids: Sequence[str] | Select[Any]) -> None:
        """Wait for whoever ends one of these holds, and let them wait for what comes under it now."""
        found = select(holds.c.id).where(holds.c.id.in_(hold_ids)).order_by(holds.c.id)
        self._session.execute(found.with_for_update(read=True, key_share=True)).all()

    def _of_accounts(self, accounts: Iterable[str]) -> Sequence[Row[Any]]:
        return self._session.execute(select(hold_scopes).where(hold_scopes.c.account.in_([*accounts, ANY]))).all()


def _version(hold_id: str, row: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    written = {name: row[name] for name in OF_VERSIONS}
    return {"hold_id": hold_id, "recording_id": row["id"], "state": Held.TO_PLACE, "since": to_text(at), **written}


def _boxes(scope: Scope) -> Iterator[tuple[str, str, str, str]]:
    if scope.is_empty:
        return
    for account in _members(scope.accounts):
        for device in _members(scope.devices):
            yield account, device, to_text(scope.interval.start), to_text(scope.interval.end)


def _members(members: Members) -> Sequence[str]:
    return [ANY] if isinstance(members, Every) else sorted(members)


def _covers(box: Row[Any], row: Mapping[str, Any]) -> bool:
    return box.device in {ANY, row["device"]} and box.start <= row["recorded_at"] < box.end


def _as_new(at: datetime) -> list[ColumnElement[Any]]:
    versions = [recordings.c[name] for name in OF_VERSIONS]
    return [literal(Held.TO_PLACE.value), literal(to_text(at)), *versions]


def _inside() -> ColumnElement[bool]:
    """A recording and a box that it lies within."""
    box, of = hold_scopes.c, recordings.c
    return and_(
        or_(box.account == of.account, box.account == ANY),
        or_(box.device == of.device, box.device == ANY),
        box.start <= of.recorded_at,
        box.end > of.recorded_at,
        of_no_canary(),
    )


def _under(hold_id: str | ColumnElement[str]) -> ColumnElement[bool]:
    held = held_recordings.c
    return select(held.hold_id).where(held.hold_id == hold_id, held.recording_id == recordings.c.id).exists()


def _within(box: Row[Any]) -> ColumnElement[bool]:
    conditions = [recordings.c.recorded_at >= box.start, recordings.c.recorded_at < box.end, of_no_canary()]
    if box.account != ANY:
        conditions.append(recordings.c.account == box.account)
    if box.device != ANY:
        conditions.append(recordings.c.device == box.device)
    return and_(*conditions)
