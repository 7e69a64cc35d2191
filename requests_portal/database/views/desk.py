"""The legal team's views in SQL: the queue in a fixed number of queries, and everything one case's page shows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Engine, Row, Subquery, and_, case, func, or_, select, true
from sqlalchemy.orm import Session

from legal_rules.scope import Every
from requests_portal.audit_log.entry import Entry, decode
from requests_portal.database.cases import SqlCases
from requests_portal.database.catalogue import SqlCatalogue
from requests_portal.database.clocks import SqlClocks
from requests_portal.database.engine import reading
from requests_portal.database.holds import SqlHolds
from requests_portal.database.listening import as_to_hear
from requests_portal.database.moments import maybe_moment, to_text
from requests_portal.database.tables import audit_entries, cases, clocks, productions, to_hear
from requests_portal.database.views.productions import production_of, productions_of
from requests_portal.database.views.reach import first_proposed, reach, to_gather
from requests_portal.database.views.review import recording_page, review_page, reviewed
from requests_portal.database.visible import visible
from requests_portal.errors import NotFound
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case
from requests_portal.model.recording import Recording
from requests_portal.work.views.desk import (
    GROUPS,
    NOBODY,
    PAGE_ROWS,
    SOON_DAYS,
    VIEWS,
    CasePage,
    HoldView,
    ProductionView,
    QueuePage,
    QueueQuery,
    QueueRow,
)
from requests_portal.work.views.review import HearingRow, RecordingPage, ReviewPage

# The one time limit a case can be late by; the others open or close possibilities.
ANSWER = "answer"
# How many cases a reviewer's page lists: the oldest are to be heard first.
MOST_HEARINGS = 200
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


class SqlDeskViews:
    """Fulfils the DeskViews port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = reading(engine)

    def queue(self, query: QueueQuery, *, by: Actor, now: datetime, zone: ZoneInfo) -> QueuePage:
        """One page of the queue, with the counts of every group, view and filter."""
        by.must(Act.READ_QUEUE)
        listed = _listed(now, zone, by)
        with Session(self._engine) as session:
            tally = _tally(session, listed, query, by)
            groups = tally.by("group", tally.chosen())
            total = sum(groups.values())
            pages = max(1, -(-total // PAGE_ROWS))
            page = min(max(1, query.page), pages)
            ordered = select(listed).where(_chosen(listed, query, by)).order_by(*_order(listed, query))
            rows = session.execute(ordered.limit(PAGE_ROWS).offset((page - 1) * PAGE_ROWS))
            return QueuePage(
                rows=tuple(_queue_row(row) for row in rows),
                groups={name: groups[name] for name in GROUPS if name in groups},
                views={view: tally.within(view) for view in VIEWS},
                open_groups=tally.by("group", [each for each in tally.alike if "open" in each.views]),
                filters={name: tally.by(column, tally.chosen(besides=name)) for name, column, _ in _filters(query)},
                total=total,
                page=page,
                pages=pages,
            )

    def whole_queue(self, query: QueueQuery, *, by: Actor, now: datetime, zone: ZoneInfo) -> tuple[QueueRow, ...]:
        """Every row that the query asks for, in the queue's order."""
        by.must(Act.READ_QUEUE)
        listed = _listed(now, zone, by)
        ordered = select(listed).where(_chosen(listed, query, by)).order_by(*_order(listed, query))
        with Session(self._engine) as session:
            return tuple(_queue_row(row) for row in session.execute(ordered))

    def case(self, reference: str, *, by: Actor) -> CasePage:
        """Everything the page of this case shows."""
        by.must(Act.READ_CASE)
        with Session(self._engine) as session:
            found = SqlCases(session).by_reference(reference, by=by)
            return CasePage(
                case=found,
                reach=reach(session, found),
                to_gather=to_gather(session, found),
                clocks=tuple(SqlClocks(session).of_case(found.id)),
                holds=_holds(session, found),
                productions=productions_of(session, found.id),
                history=_history(session, found.id),
                recordings=first_proposed(session, found),
                devices=SqlCatalogue(session).devices(_accounts(found)),
            )

    def production(self, reference: str, number: int, *, by: Actor) -> tuple[Case, ProductionView]:
        """One production of the case, with its case."""
        by.must(Act.READ_CASE)
        with Session(self._engine) as session:
            found = SqlCases(session).by_reference(reference, by=by)
            view = production_of(session, found.id, number)
        if view is None:
            raise NotFound("This case has no such production. Check the address.")
        return found, view

    def recordings(self, reference: str, *, show: str, page: int, by: Actor) -> ReviewPage:
        """One page of the recordings that the case's decision or proposal reaches."""
        by.must(Act.READ_RECORDINGS)
        with Session(self._engine) as session:
            return review_page(session, SqlCases(session).to_hear_by_reference(reference, by=by), show, page)

    def recording(self, reference: str, recording_id: str, *, show: str, by: Actor) -> RecordingPage:
        """One of these recordings, between its neighbours among those shown."""
        by.must(Act.READ_RECORDINGS)
        with Session(self._engine) as session:
            return recording_page(session, SqlCases(session).to_hear_by_reference(reference, by=by), recording_id, show)

    def hearings(self, *, by: Actor) -> Sequence[HearingRow]:
        """The open cases that the actor may know of and of which recordings are to be heard, the oldest first."""
        by.must(Act.LISTEN)
        query = select(cases.c.reference, to_hear).join(to_hear, to_hear.c.case_id == cases.c.id)
        query = query.where(visible(by), cases.c.state.not_in(_FINISHED)).order_by(to_hear.c.at, to_hear.c.case_id)
        with Session(self._engine) as session:
            rows = session.execute(query.limit(MOST_HEARINGS))
            return [HearingRow(reference=row.reference, asked=as_to_hear(row)) for row in rows]

    def reviewed(self, reference: str, *, show: str, by: Actor) -> Sequence[Recording]:
        """Every one of these recordings of one kind."""
        by.must(Act.READ_RECORDINGS)
        with Session(self._engine) as session:
            return reviewed(session, SqlCases(session).to_hear_by_reference(reference, by=by), show)


def _listed(now: datetime, zone: ZoneInfo, by: Actor) -> Subquery:
    """Every case that the actor may know of as a row of the queue, with its stage, its time limit and its group."""
    running = and_(clocks.c.case_id == cases.c.id, clocks.c.met_at.is_(None), clocks.c.name == ANSWER)
    latest = (
        select(productions.c.state)
        .where(productions.c.case_id == cases.c.id)
        .order_by(productions.c.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    known = (
        select(
            cases.c.reference,
            cases.c.title,
            cases.c.organisation,
            cases.c.account,
            cases.c.track,
            cases.c.law,
            cases.c.state,
            cases.c.disposition,
            cases.c.objections,
            cases.c.questions,
            func.coalesce(cases.c.assigned_to, NOBODY).label("assigned_to"),
            cases.c.received_at,
            _stage(latest).label("stage"),
            clocks.c.due,
        )
        .select_from(cases.outerjoin(clocks, running))
        .where(visible(by))
        .subquery("known")
    )
    return select(known, _group(known, now, zone).label("group")).subquery("listed")


def _stage(latest_production: Any) -> ColumnElement[str]:
    of_production = case(_STAGE_OF_PRODUCTION, value=latest_production, else_="stopped")
    return case(_STAGE_OF_STATE, value=cases.c.state, else_=of_production)


def _group(known: Subquery, now: datetime, zone: ZoneInfo) -> ColumnElement[str]:
    """The group of a row; days are calendar days of the zone, as the words beside the date count them."""
    later = now.astimezone(zone).date() + timedelta(days=SOON_DAYS + 1)
    midnight = datetime.combine(later, time(), zone)
    return case(
        (known.c.state.in_(_FINISHED), "answered"),
        (known.c.state == "waiting", "waiting"),
        (known.c.due.is_(None), "none"),
        (known.c.due < to_text(now), "overdue"),
        (known.c.due < to_text(midnight), "soon"),
        else_="later",
    )


def _chosen(listed: Subquery, query: QueueQuery, by: Actor) -> ColumnElement[bool]:
    """What the view, the filters and the search let through."""
    narrowed = [listed.c[column].in_(values) for _, column, values in _filters(query) if values]
    return and_(_in_view(listed, query.view, by), _found(listed, query.find), *narrowed)


def _filters(query: QueueQuery) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    return (
        ("kind", "track", query.kinds),
        ("stage", "stage", query.stages),
        ("law", "law", query.laws),
        ("assigned", "assigned_to", query.assigned),
    )


def _found(listed: Subquery, find: str) -> ColumnElement[bool]:
    words = find.strip()
    if not words:
        return true()
    columns = (listed.c.reference, listed.c.organisation, listed.c.title, listed.c.account)
    return or_(*(func.lower(column).contains(words.lower(), autoescape=True) for column in columns))


def _in_view(listed: Subquery, view: str, by: Actor) -> ColumnElement[bool]:
    is_open = listed.c.state.not_in(_FINISHED)
    views = {
        "open": is_open,
        "mine": and_(is_open, listed.c.assigned_to == by.id),
        "decision": listed.c.stage.in_(("assessment", "decision")),
        "answered": listed.c.state.in_(_FINISHED),
    }
    return views.get(view, listed.c.stage == view)


def _order(listed: Subquery, query: QueueQuery) -> list[ColumnElement[Any]]:
    rank = case({name: number for number, name in enumerate(GROUPS)}, value=listed.c.group)
    by_due: list[ColumnElement[Any]] = [listed.c.due.is_(None), listed.c.due]
    columns: dict[str, list[ColumnElement[Any]]] = {
        "request": [func.lower(listed.c.title)],
        "check": [listed.c.objections, listed.c.questions],
        "owner": [listed.c.assigned_to],
    }
    column = columns.get(query.sort, [listed.c.due])
    if query.sort == "due" and query.view == "answered":
        # What was answered last is looked for first.
        return [listed.c.received_at.asc() if query.descending else listed.c.received_at.desc(), listed.c.reference]
    return [rank, *(each.desc() if query.descending else each for each in column), *by_due, listed.c.reference]


@dataclass(frozen=True)
class _Alike:
    """Cases that differ in nothing that the queue counts by: how many, in which views, and whether they are found."""

    values: Mapping[str, str]
    views: frozenset[str]
    found: bool
    many: int


@dataclass(frozen=True)
class _Tally:
    """Every case that the actor may know of, counted once; each number on the page is a sum of these."""

    alike: Sequence[_Alike]
    query: QueueQuery

    def chosen(self, *, besides: str = "") -> list[_Alike]:
        """What the view, the filters (all but one, where a filter counts itself) and the search let through."""
        asked = [(column, values) for name, column, values in _filters(self.query) if values and name != besides]
        return [
            each
            for each in self.alike
            if each.found
            and self.query.view in each.views
            and all(each.values[column] in values for column, values in asked)
        ]

    def within(self, view: str) -> int:
        """How many a view has, whatever is filtered."""
        return sum(each.many for each in self.alike if view in each.views)

    def by(self, column: str, alike: Iterable[_Alike]) -> dict[str, int]:
        """How many of these have each value, in the order of the values."""
        counted: Counter[str] = Counter()
        for each in alike:
            counted[each.values[column]] += each.many
        return dict(sorted(counted.items()))


def _tally(session: Session, listed: Subquery, query: QueueQuery, by: Actor) -> _Tally:
    columns = [listed.c[name] for name in ("group", "state", *(column for _, column, _ in _filters(query)))]
    found = case((_found(listed, query.find), 1), else_=0).label("found")
    # What is counted by is worked out below, since PostgreSQL groups by no expression with a value in it.
    told = select(*columns, found).subquery("told")
    rows = session.execute(select(*told.c, func.count().label("many")).group_by(*told.c))
    return _Tally([_alike(row._asdict(), query, by) for row in rows], query)


def _alike(row: dict[str, Any], query: QueueQuery, by: Actor) -> _Alike:
    values = {name: str(value) for name, value in row.items() if name not in {"found", "many"}}
    views = frozenset(view for view in (*VIEWS, query.view) if _is_in_view(values, view, by))
    return _Alike(values=values, views=views, found=bool(row["found"]), many=row["many"])


def _is_in_view(values: Mapping[str, str], view: str, by: Actor) -> bool:
    """What `_in_view` says in SQL, of cases that are counted together: asking it of each takes as long as the rest."""
    is_open = values["state"] not in _FINISHED
    views = {
        "open": is_open,
        "mine": is_open and values["assigned_to"] == by.id,
        "decision": values["stage"] in {"assessment", "decision"},
        "answered": not is_open,
    }
    return views.get(view, values["stage"] == view)


def _queue_row(row: Row[Any]) -> QueueRow:
    values = {name: value for name, value in row._asdict().items() if name != "state"}
    return QueueRow(
        **{
            **values,
            "assigned_to": None if row.assigned_to == NOBODY else row.assigned_to,
            "due": maybe_moment(row.due),
            "received_at": maybe_moment(row.received_at),
        }
    )


def _accounts(found: Case) -> list[str]:
    return sorted({line.account for line in found.lines if not isinstance(line.account, Every)})


def _holds(session: Session, found: Case) -> tuple[HoldView, ...]:
    holds = SqlHolds(session)
    placed = holds.of_case(found.id)
    counts = holds.counted([hold.id for hold in placed])
    return tuple(HoldView(hold=hold, counts=counts[hold.id]) for hold in placed)


def _history(session: Session, case_id: str) -> tuple[Entry, ...]:
    newest_first = (
        select(audit_entries.c.entry).where(audit_entries.c.case_id == case_id).order_by(audit_entries.c.index.desc())
    )
    return tuple(decode(bytes(entry)) for (entry,) in session.execute(newest_first))
