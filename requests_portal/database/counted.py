"""Recordings counted without reading them: the kept counts of whole days, and the recordings of days cut in two."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, Subquery, and_, case, false, func, literal_column, or_, select, true, union_all
from sqlalchemy.orm import Session

from legal_rules.scope import Every, Interval, Scope
from requests_portal.database.canary_rows import counts_no_canary
from requests_portal.database.codec import from_json
from requests_portal.database.erasures import is_erased
from requests_portal.database.kept_counts import NOBODY_KNOWS, TO_READ, voices_in
from requests_portal.database.moments import to_text
from requests_portal.database.tables import recording_days, recordings
from requests_portal.database.within import of_recordings, within
from requests_portal.model.recording import ACCOUNT_HOLDER, VOICE, SpeakerSpan, Totals

_kept, _read = recording_days.c, recordings.c
VOICES: ColumnElement[str] = literal_column(voices_in("recordings.speakers"))


def counted(
    scopes: Sequence[Scope], *, with_erased: bool, also: Mapping[str, Sequence[Scope]] | None = None
) -> Subquery:
    """Rows that together count the recordings of these scopes; the names in `also` say whether (1 or 0) they lie there.

    `day` is in UTC, `voices` as `heard` reads it; the sums are `many`, `bytes`, `microseconds` and `unknown_lengths`.
    """
    within_them = also or {}
    cut = _cut_days([each.interval for some in (scopes, *within_them.values()) for each in some])
    of_days = select(
        _kept.device,
        _kept.day,
        _kept.voices,
        _kept.many,
        _kept.bytes,
        _kept.microseconds,
        _kept.unknown_lengths,
        *(case((_whole_days(some), 1), else_=0).label(name) for name, some in within_them.items()),
    ).where(
        _whole_days(scopes),
        _kept.day.not_in(cut),
        counts_no_canary(),
        true() if with_erased else _kept.hidden.is_(False),
    )
    parts = [part for day in cut for part in one_day(scopes, day)]
    one_by_one = select(
        _read.device,
        literal_column("substr(recordings.recorded_at, 1, 10)"),
        VOICES,
        literal_column("1"),
        _read.size,
        literal_column("CAST(round(coalesce(recordings.seconds, 0) * 1000000) AS BIGINT)"),
        case((_read.seconds.is_(None), 1), else_=0),
        *(case((within(some), 1), else_=0) for some in within_them.values()),
    ).where(within(parts), true() if with_erased else ~is_erased())
    return union_all(of_days, one_by_one).subquery("counted") if cut else of_days.subquery("counted")


def totals(session: Session, scopes: Iterable[Scope], *, with_erased: bool) -> Totals:
    """How much the recordings that any of the scopes covers are together."""
    rows = counted(list(filter(of_recordings, scopes)), with_erased=with_erased).c
    sums = (rows.many, rows.bytes, rows.microseconds, rows.unknown_lengths)
    query = select(*(func.coalesce(func.sum(each), 0) for each in sums))
    many, size, microseconds, unknown = map(int, session.execute(query).one())
    length = None if many and many == unknown else microseconds / 1_000_000
    return Totals(recordings=many, bytes=size, seconds=length, unknown_lengths=unknown)


def one_day(scopes: Iterable[Scope], day: str) -> list[Scope]:
    """The parts of these scopes that lie in one UTC day."""
    parts = (replace(each, interval=each.interval & _day_long(day)) for each in scopes)
    return [each for each in parts if not each.is_empty]


def heard(voices: str) -> frozenset[str] | None:
    """Who is heard, in the rule book's words besides the account holder; None where nobody has established it."""
    if voices == NOBODY_KNOWS:
        return None
    return frozenset(VOICE[label] for label in voices.split(",") if label)


def heard_among(session: Session, scopes: Sequence[Scope]) -> frozenset[str] | None:
    """Who besides the account holder is heard on what a customer has there; None where of some of it nobody knows."""
    rows = counted(scopes, with_erased=False)
    told = set(session.execute(select(rows.c.voices).distinct()).scalars())
    if NOBODY_KNOWS in told:
        return None
    voices = frozenset[str]().union(*(heard(each) or () for each in told - {TO_READ}))
    if TO_READ not in told:
        return voices
    # Many are written alike.
    written = select(_read.speakers).where(within(scopes), ~is_erased(), VOICES == TO_READ).distinct()
    return voices.union(*map(_others, session.execute(written).scalars()))


def _others(speakers: str) -> frozenset[str]:
    spans: tuple[SpeakerSpan, ...] = from_json(speakers, tuple[SpeakerSpan, ...])
    return frozenset(VOICE.get(span.label, "unknown") for span in spans if span.label not in ACCOUNT_HOLDER)


def _cut_days(intervals: Iterable[Interval]) -> list[str]:
    """The days that some interval holds a part of."""
    ends = {moment for each in intervals if not each.is_empty for moment in (each.start, each.end)}
    return sorted({to_text(each)[:10] for each in ends if each.time() != time()})


def _day_long(day: str) -> Interval:
    start = datetime.fromisoformat(f"{day}T00:00:00Z")
    last = start.replace(hour=23, minute=59, second=59, microsecond=999_999)
    # No day comes after the last one there is.
    return Interval(start, last if start.date() == start.date().max else start + timedelta(days=1))


def _whole_days(scopes: Iterable[Scope]) -> ColumnElement[bool]:
    boxes = {(scope.accounts, scope.devices, scope.interval): scope for scope in scopes}
    return or_(false(), *map(_in_box, boxes.values()))


def _in_box(scope: Scope) -> ColumnElement[bool]:
    conditions = [_kept.day >= to_text(scope.interval.start)[:10], _kept.day < to_text(scope.interval.end)[:10]]
    if not isinstance(scope.accounts, Every):
        conditions.append(_kept.account.in_(sorted(scope.accounts)))
    if not isinstance(scope.devices, Every):
        conditions.append(_kept.device.in_(sorted(scope.devices)))
    return and_(*conditions)
