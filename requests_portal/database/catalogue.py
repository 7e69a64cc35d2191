"""The catalogue in SQL: recordings by account, device and time, streamed in order."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, TypeVar

from sqlalchemy import Row, Select, bindparam, func, insert, literal_column, select, tuple_
from sqlalchemy.orm import Session

from legal_rules.scope import Every, Scope
from requests_portal.database.canary_rows import is_canary, of_no_canary
from requests_portal.database.codec import from_json, to_json
from requests_portal.database.counted import counted, heard_among
from requests_portal.database.erasures import erase_again, is_erased
from requests_portal.database.hold_scopes import HoldScopes
from requests_portal.database.moments import from_text, maybe_moment, maybe_text, to_text
from requests_portal.database.pseudonyms import SqlPseudonyms
from requests_portal.database.tables import customers, devices, recordings
from requests_portal.database.turns import take_turn_to_enter
from requests_portal.database.within import of_recordings
from requests_portal.days import now
from requests_portal.errors import NotFound
from requests_portal.model.actor import Act, Actor
from requests_portal.model.recording import Recording, ReviewEntry, SpeakerSpan, TimedWord

T = TypeVar("T")
BATCH = 500
SHORT = 200


class SqlCatalogue:
    """Fulfils the Catalogue port."""

    def __init__(self, session: Session, *, now: Callable[[], datetime] = now) -> None:
        self._session = session
        self._now = now

    def find(self, scope: Scope) -> Iterator[Recording]:
        """The recordings whose account, device, class and moment the scope covers, oldest first, a few at a time."""
        return self._found(scope, whatever=True)

    def find_for_customer(self, scope: Scope) -> Iterator[Recording]:
        """The same without what was erased: that exists for its customer no more."""
        return self._found(scope, whatever=False)

    def _found(self, scope: Scope, *, whatever: bool) -> Iterator[Recording]:
        if not of_recordings(scope):
            return
        named = _named(scope)
        first, rest = _queries(tuple((name, isinstance(some, str)) for name, some in named.items()), whatever)
        values = {**named, "after": to_text(scope.interval.start), "after_id": "", "end": to_text(scope.interval.end)}
        rows = self._session.connection().execute(first, values).all()
        yield from map(as_recording, rows)
        if len(rows) == BATCH:
            last = {"after": rows[-1].recorded_at, "after_id": rows[-1].id}
            yield from map(as_recording, self._session.connection().execute(rest, values | last))

    def count(self, scope: Scope) -> int:
        """How many `find` finds, without reading them."""
        return self._count(scope, with_erased=True)

    def count_for_customer(self, scope: Scope) -> int:
        """How many `find_for_customer` finds, without reading them."""
        return self._count(scope, with_erased=False)

    def _count(self, scope: Scope, *, with_erased: bool) -> int:
        rows = counted(list(filter(of_recordings, [scope])), with_erased=with_erased)
        return int(self._session.execute(select(func.coalesce(func.sum(rows.c.many), 0))).scalar_one())

    def voices_for_customer(self, *scopes: Scope) -> frozenset[str] | None:
        """Who besides the account holder is heard on what `find_for_customer` finds; None where that is not known."""
        return heard_among(self._session, list(filter(of_recordings, scopes)))

    def get(self, recording_id: str, *, by: Actor) -> Recording:
        """The recording with this id; a customer gets only those of their own account."""
        query = select(recordings, is_canary().label("canary")).where(recordings.c.id == recording_id)
        # As fast, and in as many queries, for what was erased and is held as for what there never was.
        row = self._session.execute(query.where(~is_erased()) if by.is_customer else query).first()
        if row is None or row.canary or (not by.may(Act.RECORD) and row.account != by.account):
            refusal = NotFound("There is no such recording.")
            refusal.reached_canary = row is not None and row.canary
            raise refusal
        return as_recording(row)

    def of(self, recording_ids: Sequence[str], *, by: Actor) -> Mapping[str, Recording]:
        """The recordings with these ids; raises NotFound, as `get` does, where one of them is not there."""
        found: dict[str, Recording] = {}
        for start in range(0, len(recording_ids), BATCH):
            some = recordings.c.id.in_(recording_ids[start : start + BATCH])
            query = select(recordings).where(some, of_no_canary())
            found |= {row.id: as_recording(row) for row in self._session.execute(query)}
        seen = {each.id for each in found.values() if by.may(Act.RECORD) or each.account == by.account}
        if not seen.issuperset(recording_ids):
            raise NotFound("There is no such recording.")
        return found

    def add(self, new: Iterable[Recording]) -> int:
        """Enter recordings, each under its customer's pseudonym, and hold what live holds are for; returns how many."""
        entered, names = list(new), SqlPseudonyms(self._session)
        if entered:
            take_turn_to_enter(self._session)
        named = names.of(recording.account for recording in entered)
        rows = [as_columns(recording) | {"pseudonym": named[recording.account]} for recording in entered]
        if rows:
            self._session.execute(insert(recordings), rows)
            HoldScopes(self._session).hold_arrived(rows, at=self._now())
            erase_again(self._session, rows, at=self._now())
        return len(rows)

    def accounts(self, accounts: Sequence[str]) -> frozenset[str]:
        """Those of the named accounts that exist here."""
        query = select(customers.c.account).where(customers.c.account.in_(list(accounts)))
        return frozenset(self._session.execute(query).scalars())

    def devices(self, accounts: Sequence[str]) -> Mapping[str, str]:
        """Serial and name of each device of the accounts."""
        query = select(devices.c.serial, devices.c.name).where(devices.c.account.in_(list(accounts)))
        return {row.serial: row.name for row in self._session.execute(query)}


def as_columns(recording: Recording) -> dict[str, Any]:
    """The row that holds a recording."""
    return {
        **vars(recording),
        "recorded_at": to_text(recording.recorded_at),
        "speakers": to_json(recording.speakers) if recording.speakers else _nobody(recording),
        "reviews": to_json(recording.reviews) if recording.reviews else "[]",
        "words": None if recording.words is None else to_json(recording.words),
        "retain_until": maybe_text(recording.retain_until),
    }


def _nobody(recording: Recording) -> str:
    return "null" if recording.speakers is None else "[]"


def as_recording(row: Row[Any]) -> Recording:
    """The recording that a row of the table holds."""
    # All that its own constructor does, twenty times as fast: a customer's month has a hundred of them.
    made = object.__new__(Recording)
    values = vars(made)
    values.update(zip(_NAMES, row, strict=False))
    values["recorded_at"] = from_text(values["recorded_at"])
    values["speakers"], values["reviews"] = _read_speakers(values["speakers"]), _read_reviews(values["reviews"])
    if values["words"] is not None:
        values["words"] = _words(values["words"])
    values["retain_until"] = maybe_moment(values["retain_until"])
    return made


def _named(scope: Scope) -> dict[str, str | list[str]]:
    """The accounts and devices that a scope names; one that stands alone as itself, since that is asked for faster."""
    some = {"account": scope.accounts, "device": scope.devices}
    named = {name: sorted(each) for name, each in some.items() if not isinstance(each, Every)}
    return {name: each[0] if len(each) == 1 else each for name, each in named.items()}


@cache
def _queries(named: tuple[tuple[str, bool], ...], whatever: bool) -> tuple[Select[Any], Select[Any]]:  # noqa: FBT001 — a cache's key
    """The first of what a period has, in one answer, and what comes after it; kept, since making them is slow."""
    order = (recordings.c.recorded_at, recordings.c.id)
    # No id is empty: without one, what was recorded at the period's very start comes after it.
    query = select(recordings).where(tuple_(*order) > tuple_(bindparam("after"), bindparam("after_id")))
    query = query.where(recordings.c.recorded_at < bindparam("end"), of_no_canary())
    for name, alone in named:
        column = recordings.c[name]
        query = query.where(column == bindparam(name) if alone else column.in_(bindparam(name, expanding=True)))
    query = (query if whatever else query.where(~is_erased())).order_by(*order)
    return query.limit(literal_column(str(BATCH))), query.execution_options(yield_per=BATCH)


def _speakers(text: str) -> tuple[SpeakerSpan, ...] | None:
    found: tuple[SpeakerSpan, ...] | None = from_json(text, tuple[SpeakerSpan, ...] | None)
    return found


def _reviews(text: str) -> tuple[ReviewEntry, ...]:
    found: tuple[ReviewEntry, ...] = from_json(text, tuple[ReviewEntry, ...])
    return found


def _words(text: str) -> tuple[TimedWord, ...]:
    found: tuple[TimedWord, ...] = from_json(text, tuple[TimedWord, ...])
    return found


def _often(read: Callable[[str], T]) -> Callable[[str], T]:
    """The same reading; of what is short, and so the same for many recordings, the last few thousand are kept."""
    kept = lru_cache(maxsize=4096)(read)
    return lambda text: kept(text) if len(text) <= SHORT else read(text)


_read_speakers, _read_reviews = _often(_speakers), _often(_reviews)
_NAMES = tuple(column.name for column in recordings.columns)
