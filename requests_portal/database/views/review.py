"""The recordings of a case under review: each day's counted, and those of one page in full."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select, true
from sqlalchemy import case as case_when
from sqlalchemy.orm import Session

from requests_portal.database.canary_rows import no_such_recording
from requests_portal.database.catalogue import as_recording
from requests_portal.database.counted import VOICES, counted, one_day
from requests_portal.database.erasures import within_reach
from requests_portal.database.kept_counts import NOBODY_KNOWS
from requests_portal.database.listening import SqlSilenceSteps
from requests_portal.database.moments import to_text
from requests_portal.database.tables import recordings
from requests_portal.model.case import Case, Track
from requests_portal.model.recording import Recording
from requests_portal.model.silence import Silence, by_recording
from requests_portal.work.selection import OF_RECORDINGS, ground_withheld, scopes_at_hand, silences_that_stand
from requests_portal.work.views.review import REVIEW_ROWS, SHOWN, RecordingPage, ReviewPage, ReviewRow

ORDER = (recordings.c.recorded_at, recordings.c.id)
# What is counted of recordings on which nobody else is heard, as far as anybody knows; what only reading tells is for a
# person to look at.
NO_OTHERS = ("", NOBODY_KNOWS)
KINDS: Mapping[str, ColumnElement[bool]] = {
    "all": true(),
    "others": VOICES.not_in(NO_OTHERS),
    "unknown": recordings.c.speakers == NOBODY_KNOWS,
}
# How many recordings are named in one query; SQLite takes some more.
AT_ONCE = 10_000


def review_page(session: Session, case: Case, show: str, page: int) -> ReviewPage:
    """One page of the case's recordings of one kind, oldest first."""
    listed = _Listed(session, case)
    show = show if show in SHOWN else "all"
    counts = {name: listed.count(name) for name in SHOWN}
    pages = max(1, -(-counts[show] // REVIEW_ROWS))
    at = min(max(1, page), pages)
    return ReviewPage(
        case=case,
        rows=tuple(_row(case, each, listed.marked) for each in listed.rows(show, (at - 1) * REVIEW_ROWS, REVIEW_ROWS)),
        counts=counts,
        parts=sum(len(listed.marked[each]) for each in listed.ids_marked),
        show=show,
        page=at,
        pages=pages,
    )


def recording_page(session: Session, case: Case, recording_id: str, show: str) -> RecordingPage:
    """One recording of the case, between its neighbours among those of the same kind."""
    listed = _Listed(session, case)
    found = listed.one(recording_id)
    among = show if show in SHOWN and listed.has(found, show) else "all"
    previous, following = listed.beside(among, found)
    return RecordingPage(
        case=case,
        row=_row(case, found, listed.marked),
        number=listed.many_before(among, found) + 1,
        total=listed.count(among),
        previous=previous,
        following=following,
        undoable=SqlSilenceSteps(session).count(case.id, recording_id),
    )


def reviewed(session: Session, case: Case, show: str) -> Sequence[Recording]:
    """Every recording of one kind, in full and in order."""
    return _Listed(session, case).everything(show) if show in SHOWN else []


class _Listed:
    """The recordings of a case by kind, each in the order in which they were made.

    Each day is counted, so that no other days are read than those of what is shown.
    """

    def __init__(self, session: Session, case: Case) -> None:
        self._session = session
        self._case = case
        self._scopes = list(scopes_at_hand(case))
        self.marked = by_recording(silences_that_stand(case))

    def count(self, show: str) -> int:
        """How many there are of this kind."""
        return len(self.ids_marked) if show == "marked" else sum(of_day[show] for of_day in self._days.values())

    def rows(self, show: str, passed: int, most: int) -> list[Recording]:
        """So many of this kind, in full, after so many of them have been passed over."""
        if show == "marked":
            return _in_full(self._session, self.ids_marked[passed : passed + most])
        days = [(day, of_day[show]) for day, of_day in self._days.items() if of_day[show]]
        ends = list(accumulate(many for _, many in days))
        first, last = bisect_right(ends, passed), bisect_left(ends, passed + most)
        read = select(recordings).where(self._on([day for day, _ in days[first : last + 1]], show)).order_by(*ORDER)
        over = passed - (ends[first - 1] if first else 0)
        return [as_recording(row) for row in self._session.execute(read.offset(over).limit(most))]

    def everything(self, show: str) -> list[Recording]:
        """All of this kind."""
        if show == "marked":
            return _in_full(self._session, self.ids_marked)
        there = and_(within_reach(self._case, self._scopes), KINDS[show])
        return [as_recording(row) for row in self._session.execute(select(recordings).where(there).order_by(*ORDER))]

    def one(self, recording_id: str) -> Recording:
        """One of them in full; raises NotFound."""
        there = and_(recordings.c.id == recording_id, within_reach(self._case, self._scopes))
        row = self._session.execute(select(recordings).where(there)).first()
        if row is None:
            raise no_such_recording(self._session, recording_id)
        return as_recording(row)

    def has(self, found: Recording, show: str) -> bool:
        """Whether one of them is of this kind."""
        return found.id in (self.ids_marked if show == "marked" else self._ids_on(_day_of(found), show))

    def many_before(self, show: str, found: Recording) -> int:
        """How many of this kind come before one of them."""
        if show == "marked":
            return self.ids_marked.index(found.id)
        day = _day_of(found)
        earlier = sum(of_day[show] for each, of_day in self._days.items() if each < day)
        return earlier + self._ids_on(day, show).index(found.id)

    def beside(self, show: str, found: Recording) -> tuple[str | None, str | None]:
        """The one before it of this kind, and the one after it."""
        if show == "marked":
            return _around(self.ids_marked, found.id)
        day = _day_of(found)
        before, after = _around(self._ids_on(day, show), found.id)
        earlier, later = _around([each for each, of_day in self._days.items() if of_day[show] or each == day], day)
        if before is None and earlier is not None:
            before = self._ids_on(earlier, show)[-1]
        if after is None and later is not None:
            after = self._ids_on(later, show)[0]
        return before, after

    @cached_property
    def ids_marked(self) -> Sequence[str]:
        """What is marked and can still be reached, in order."""
        ids, found = sorted(self.marked), list[Row[Any]]()
        for start in range(0, len(ids), AT_ONCE):
            some = recordings.c.id.in_(ids[start : start + AT_ONCE])
            found += self._session.execute(select(*ORDER).where(some, within_reach(self._case, self._scopes)))
        return [recording_id for _, recording_id in sorted(map(tuple, found))]

    @cached_property
    def _days(self) -> Mapping[str, Mapping[str, int]]:
        """How many of each kind each day has, oldest first."""
        rows = counted(self._scopes, with_erased=self._case.track is not Track.DATA_SUBJECT).c
        kinds = {
            "all": func.sum(rows.many),
            "others": func.sum(case_when((rows.voices.not_in(NO_OTHERS), rows.many), else_=0)),
            "unknown": func.sum(case_when((rows.voices == NOBODY_KNOWS, rows.many), else_=0)),
        }
        of_days = self._session.execute(select(rows.day, *kinds.values()).group_by(rows.day).order_by(rows.day))
        return {day: dict(zip(kinds, map(int, sums), strict=True)) for day, *sums in of_days}

    def _ids_on(self, day: str, show: str) -> list[str]:
        query = select(recordings.c.id).where(self._on([day], show)).order_by(*ORDER)
        return list(self._session.execute(query).scalars())

    def _on(self, days: Iterable[str], show: str) -> ColumnElement[bool]:
        parts = [part for day in days for part in one_day(self._scopes, day)]
        return and_(within_reach(self._case, parts), KINDS[show])


def _around(ids: Sequence[str], one: str) -> tuple[str | None, str | None]:
    at = ids.index(one)
    return ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None


def _day_of(recording: Recording) -> str:
    return to_text(recording.recorded_at)[:10]


def _in_full(session: Session, ids: Sequence[str]) -> list[Recording]:
    found: dict[str, Recording] = {}
    for start in range(0, len(ids), AT_ONCE):
        query = select(recordings).where(recordings.c.id.in_(ids[start : start + AT_ONCE]))
        found |= {row.id: as_recording(row) for row in session.execute(query)}
    return [found[each] for each in ids]


def _row(case: Case, recording: Recording, marked: dict[str, tuple[Silence, ...]]) -> ReviewRow:
    silences = marked.get(recording.id, ())
    return ReviewRow(recording=recording, ground=_ground(case, recording, silences), silences=silences)


def _ground(case: Case, recording: Recording, silences: Sequence[Silence]) -> str | None:
    """The ground on which it is withheld in every class in which it would leave; None where it leaves in one."""
    grounds = [
        ground_withheld(case, recording, data_class, silences)
        for data_class in sorted(OF_RECORDINGS)
        if any(
            scope.covers(recording.account, recording.device, data_class, recording.recorded_at)
            for scope in scopes_at_hand(case)
        )
    ]
    return None if None in grounds else grounds[-1]
