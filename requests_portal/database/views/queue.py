"""The queue in SQL: one walk through an index counts it, and a page reads the rows that it shows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select, true, union_all
from sqlalchemy.orm import Session

from requests_portal.database.moments import from_text, maybe_moment, to_text
from requests_portal.database.tables import cases
from requests_portal.database.visible import visible
from requests_portal.model.actor import Actor
from requests_portal.work.views.desk import (
    GROUPS,
    NOBODY,
    PAGE_ROWS,
    SOON_DAYS,
    VIEWS,
    QueuePage,
    QueueQuery,
    QueueRow,
)

_FINISHED = ("answered", "closed")
_STAGE_OF_STATE = {
    "received": "assessment",
    "assessed": "decision",
    "waiting": "waiting",
    "decided": "approval",
    "answered": "answered",
    "closed": "closed",
}
_STAGE_OF_PRODUCTION = {
    "reserved": "gathering",
    "gathering": "gathering",
    "gathered": "certificate",
    "certified": "signing",
    "sealing": "signing",
    "waiting": "signing",
    "signed": "signing",
    "offered": "release",
    "released": "answered",
}
_columns = cases.c
# Cases that are alike in these are counted together.
_ALIKE = (_columns.state, _columns.production_state, _columns.track, _columns.law, _columns.assigned_to)
_SHOWN = (
    *_ALIKE,
    _columns.answer_due,
    _columns.received_at,
    _columns.reference,
    _columns.title,
    _columns.organisation,
    _columns.account,
    _columns.disposition,
    _columns.objections,
    _columns.questions,
)
_STAGE_MADE = case(_STAGE_OF_PRODUCTION, value=_columns.production_state, else_="stopped")
_STAGE = case(_STAGE_OF_STATE, value=_columns.state, else_=_STAGE_MADE)
_OWNER = func.coalesce(_columns.assigned_to, NOBODY)


@dataclass(frozen=True)
class _Limits:
    """The moments at which groups of the queue end, as the table writes them."""

    now: str
    soon: str

    @classmethod
    def at(cls, now: datetime, zone: ZoneInfo) -> "_Limits":
        """Days are calendar days of the zone, as the words beside the date count them."""
        later = now.astimezone(zone).date() + timedelta(days=SOON_DAYS + 1)
        return cls(now=to_text(now), soon=to_text(datetime.combine(later, time(), zone)))

    def within(self, group: str) -> ColumnElement[bool]:
        """Which cases are in the group."""
        if group == "answered":
            return _columns.state.in_(_FINISHED)
        if group == "waiting":
            return _columns.state == group
        due = _columns.answer_due
        limits = {
            "overdue": (due < self.now,),
            "soon": (due >= self.now, due < self.soon),
            "later": (due >= self.soon,),
            "none": (due.is_(None),),
        }
        return and_(*limits[group], _columns.state.not_in((*_FINISHED, "waiting")))

    def group(self, row: Row[Any]) -> str:
        """The group of one case."""
        if row.state in _FINISHED:
            return "answered"
        if row.state == "waiting":
            return "waiting"
        if row.answer_due is None:
            return "none"
        return "overdue" if row.answer_due < self.now else "soon" if row.answer_due < self.soon else "later"


def queue_page(session: Session, query: QueueQuery, *, by: Actor, now: datetime, zone: ZoneInfo) -> QueuePage:
    """One page of the queue, with the counts of every group, view and filter."""
    limits = _Limits.at(now, zone)
    tally = _tally(session, query, limits, by)
    groups = _count(tally.chosen(), "group")
    total = sum(groups.values())
    pages = max(1, -(-total // PAGE_ROWS))
    page = min(max(1, query.page), pages)
    return QueuePage(
        rows=_rows(session, query, limits, list(_parts(groups, (page - 1) * PAGE_ROWS)), by),
        groups={name: groups[name] for name in GROUPS if name in groups},
        views={view: sum(each.many for each in tally.within(view)) for view in VIEWS},
        open_groups=_count(tally.within("open"), "group"),
        filters={name: _count(tally.chosen(besides=name), name) for name in _filters(query)},
        total=total,
        page=page,
        pages=pages,
    )


def whole_queue(
    session: Session, query: QueueQuery, *, by: Actor, now: datetime, zone: ZoneInfo
) -> tuple[QueueRow, ...]:
    """Every row that the query asks for, in the queue's order."""
    limits = _Limits.at(now, zone)
    return _read(session, query, limits, _chosen(query, by))


# What is shown.


@dataclass(frozen=True)
class _Part:
    """The rows of one group that a page shows: so many after the first few."""

    group: str
    after: int
    many: int


def _parts(groups: Mapping[str, int], after: int) -> Iterator[_Part]:
    left = PAGE_ROWS
    for name in GROUPS:
        many = min(max(0, groups.get(name, 0) - after), left)
        if many:
            yield _Part(group=name, after=after, many=many)
        after, left = max(0, after - groups.get(name, 0)), left - many


def _rows(
    session: Session, query: QueueQuery, limits: _Limits, parts: Sequence[_Part], by: Actor
) -> tuple[QueueRow, ...]:
    """Which rows these are is told by an index for each group apart; only they are then read."""
    if not parts:
        return ()
    found = [_ids(query, limits, part, by).subquery() for part in parts]
    return _read(session, query, limits, _columns.id.in_(union_all(*(select(each.c.id) for each in found))))


def _read(session: Session, query: QueueQuery, limits: _Limits, which: ColumnElement[bool]) -> tuple[QueueRow, ...]:
    """Rows in the order of the queue: by their groups, and within a group as is asked for."""
    shown: Select[Any] = select(*_SHOWN).where(which).order_by(*_order(query))
    rows = [_queue_row(row, limits) for row in session.execute(shown)]
    return tuple(sorted(rows, key=lambda row: GROUPS.index(row.group)))


def _ids(query: QueueQuery, limits: _Limits, part: _Part, by: Actor) -> Select[Any]:
    within = select(_columns.id).where(limits.within(part.group), _chosen(query, by))
    return within.order_by(*_order(query, part.group)).limit(part.many).offset(part.after)


def _order(query: QueueQuery, group: str = "") -> list[ColumnElement[Any]]:
    """The order within a group, as an index lies where all of its cases have a time limit, or none has one."""
    reference = _columns.reference
    if query.sort == "due" and query.view == "answered":
        # What was answered last is looked for first.
        return [_columns.received_at.asc() if query.descending else _columns.received_at.desc(), reference]
    sorted_by: dict[str, list[ColumnElement[Any]]] = {
        "request": [func.lower(_columns.title)],
        "check": [_columns.objections, _columns.questions],
        "owner": [_OWNER],
    }
    first = [each.desc() if query.descending else each for each in sorted_by.get(query.sort, [])]
    due = _columns.answer_due.desc() if query.sort == "due" and query.descending else _columns.answer_due
    known = {"overdue": [due], "soon": [due], "later": [due], "none": []}
    return [*first, *known.get(group, [_columns.answer_due.is_(None), due]), reference]


def _queue_row(row: Row[Any], limits: _Limits) -> QueueRow:
    return QueueRow(
        reference=row.reference,
        title=row.title,
        organisation=row.organisation,
        account=row.account,
        track=row.track,
        law=row.law,
        stage=_stage(row),
        group=limits.group(row),
        due=maybe_moment(row.answer_due),
        disposition=row.disposition,
        objections=row.objections,
        questions=row.questions,
        assigned_to=row.assigned_to,
        received_at=from_text(row.received_at),
    )


def _stage(row: Row[Any]) -> str:
    """What `_STAGE` says in SQL, of a row that was read."""
    return _STAGE_OF_STATE.get(row.state) or _STAGE_OF_PRODUCTION.get(row.production_state, "stopped")


# What is asked for.


def _filters(query: QueueQuery) -> dict[str, tuple[ColumnElement[str], tuple[str, ...]]]:
    return {
        "kind": (_columns.track, query.kinds),
        "stage": (_STAGE, query.stages),
        "law": (_columns.law, query.laws),
        "assigned": (_OWNER, query.assigned),
    }


def _chosen(query: QueueQuery, by: Actor) -> ColumnElement[bool]:
    """What the view, the filters and the search let through of what the actor may know of."""
    narrowed = [column.in_(values) for column, values in _filters(query).values() if values]
    return and_(visible(by), _in_view(query.view, by), _found(query.find), *narrowed)


def _found(find: str) -> ColumnElement[bool]:
    if not find.strip():
        return true()
    columns = (_columns.reference, _columns.organisation, _columns.title, _columns.account)
    return or_(*(func.lower(column).contains(find.strip().lower(), autoescape=True) for column in columns))


def _in_view(view: str, by: Actor) -> ColumnElement[bool]:
    is_open = _columns.state.not_in(_FINISHED)
    views = {
        "open": is_open,
        "mine": and_(is_open, _columns.assigned_to == by.id),
        "decision": _STAGE.in_(("assessment", "decision")),
        "answered": _columns.state.in_(_FINISHED),
    }
    return views.get(view, _STAGE.in_((view,)))


# What is counted.


@dataclass(frozen=True)
class _Alike:
    """Cases that differ in nothing that the queue counts by: how many they are, and in which views."""

    values: Mapping[str, str]
    views: frozenset[str]
    many: int


@dataclass(frozen=True)
class _Tally:
    """The cases that the actor may know of, and what the search finds; each number on the page is a sum of them."""

    known: Sequence[_Alike]
    found: Sequence[_Alike]
    query: QueueQuery

    def chosen(self, *, besides: str = "") -> list[_Alike]:
        """What the view, the filters (all but one, where a filter counts itself) and the search let through."""
        asked = {name: values for name, (_, values) in _filters(self.query).items() if values and name != besides}
        return [
            each
            for each in self.found
            if self.query.view in each.views and all(each.values[name] in values for name, values in asked.items())
        ]

    def within(self, view: str) -> list[_Alike]:
        """What a view has, whatever is filtered."""
        return [each for each in self.known if view in each.views]


def _count(alike: Iterable[_Alike], name: str) -> dict[str, int]:
    """How many of these have each value, in the order of the values."""
    counted: Counter[str] = Counter()
    for each in alike:
        counted[each.values[name]] += each.many
    return dict(sorted(counted.items()))


def _tally(session: Session, query: QueueQuery, limits: _Limits, by: Actor) -> _Tally:
    known = _alike(session, limits, by, true())
    return _Tally(known, _alike(session, limits, by, _found(query.find)) if query.find.strip() else known, query)


def _alike(session: Session, limits: _Limits, by: Actor, which: ColumnElement[bool]) -> list[_Alike]:
    """Cases that are alike lie together in the index, which has everything that is counted: no case is read for it."""
    many, due = func.count(), _columns.answer_due
    counts = (
        many.label("many"),
        many.filter(due < limits.now).label("overdue"),
        many.filter(due < limits.soon).label("within_days"),
        func.count(due).label("limited"),
    )
    rows = session.execute(select(*_ALIKE, *counts).where(visible(by), which).group_by(*_ALIKE))
    return [_counted(row, group, many, by) for row in rows for group, many in _by_group(row).items() if many]


def _by_group(row: Row[Any]) -> dict[str, int]:
    if row.state in _FINISHED:
        return {"answered": row.many}
    if row.state == "waiting":
        return {"waiting": row.many}
    return {
        "overdue": row.overdue,
        "soon": row.within_days - row.overdue,
        "later": row.limited - row.within_days,
        "none": row.many - row.limited,
    }


def _counted(row: Row[Any], group: str, many: int, by: Actor) -> _Alike:
    stage, owner = _stage(row), row.assigned_to or NOBODY
    values = {"group": group, "kind": row.track, "stage": stage, "law": row.law, "assigned": owner}
    views = frozenset(view for view in VIEWS if _is_in_view(view, row.state, stage, owner == by.id))
    return _Alike(values, views, many)


def _is_in_view(view: str, state: str, stage: str, is_mine: bool) -> bool:  # noqa: FBT001
    """What `_in_view` says in SQL, of cases that are counted together."""
    is_open = state not in _FINISHED
    views = {
        "open": is_open,
        "mine": is_open and is_mine,
        "decision": stage in {"assessment", "decision"},
        "answered": not is_open,
    }
    return views.get(view, stage == view)
