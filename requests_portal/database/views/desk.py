"""The legal team's views in SQL: the queue in a fixed number of queries, and everything one case's page shows."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Engine, Row, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session

from legal_rules.scope import Every, Scope
from requests_portal.audit_log.entry import Entry, decode
from requests_portal.database.cases import SqlCases
from requests_portal.database.catalogue import SqlCatalogue, as_recording
from requests_portal.database.clocks import SqlClocks
from requests_portal.database.engine import reading
from requests_portal.database.holds import SqlHolds
from requests_portal.database.moments import maybe_moment, to_text
from requests_portal.database.productions import SqlProductions
from requests_portal.database.recalls import SqlRecalls
from requests_portal.database.tables import audit_entries, cases, clocks, productions, recordings
from requests_portal.database.views.review import recording_page, review_page, reviewed
from requests_portal.database.within import within
from requests_portal.errors import NotFound
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case
from requests_portal.model.production import Production
from requests_portal.model.recording import Recording
from requests_portal.work.selection import OF_RECORDINGS, ground_withheld, silences_that_stand
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
    Reach,
)
from requests_portal.work.views.review import RecordingPage, ReviewPage

# The one time limit a case can be late by; the others open or close possibilities.
ANSWER = "answer"
# How many recordings of the proposal a case's page lists.
LISTED = 9
# How many recordings of a production its pages list; the bundle lists them all.
CERTIFIED = 200
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
        listed = _listed(now, zone)
        chosen = _chosen(listed, query, by)
        with Session(self._engine) as session:
            groups = _counts(session, listed.c.group, chosen)
            total = sum(groups.values())
            pages = max(1, -(-total // PAGE_ROWS))
            page = min(max(1, query.page), pages)
            ordered = select(listed).where(chosen).order_by(*_order(listed, query))
            rows = session.execute(ordered.limit(PAGE_ROWS).offset((page - 1) * PAGE_ROWS))
            return QueuePage(
                rows=tuple(_queue_row(row) for row in rows),
                groups={name: groups[name] for name in GROUPS if name in groups},
                views=_view_counts(session, listed, by),
                open_groups=_counts(session, listed.c.group, _in_view(listed, "open", by)),
                filters=_filter_counts(session, listed, query, by),
                total=total,
                page=page,
                pages=pages,
            )

    def whole_queue(self, query: QueueQuery, *, by: Actor, now: datetime, zone: ZoneInfo) -> tuple[QueueRow, ...]:
        """Every row that the query asks for, in the queue's order."""
        by.must(Act.READ_QUEUE)
        listed = _listed(now, zone)
        ordered = select(listed).where(_chosen(listed, query, by)).order_by(*_order(listed, query))
        with Session(self._engine) as session:
            return tuple(_queue_row(row) for row in session.execute(ordered))

    def case(self, reference: str, *, by: Actor) -> CasePage:
        """Everything the page of this case shows."""
        by.must(Act.READ_CASE)
        with Session(self._engine) as session:
            found = SqlCases(session).by_reference(reference, by=by)
            made = SqlProductions(session)
            return CasePage(
                case=found,
                reach=_reach(session, found),
                clocks=tuple(SqlClocks(session).of_case(found.id)),
                holds=_holds(session, found),
                productions=tuple(_production(session, each, {}) for each in made.of_case(found.id)),
                history=_history(session, found.id),
                recordings=_first_proposed(session, found),
                devices=SqlCatalogue(session).devices(_accounts(found)),
            )

    def production(self, reference: str, number: int, *, by: Actor) -> tuple[Case, ProductionView]:
        """One production of the case, with its case."""
        by.must(Act.READ_CASE)
        with Session(self._engine) as session:
            found = SqlCases(session).by_reference(reference, by=by)
            made = SqlProductions(session)
            for each in made.of_case(found.id):
                if each.number == number:
                    return found, _production(session, each, _first_items(session, each))
        raise NotFound("This case has no such production. Check the address.")

    def recordings(self, reference: str, *, show: str, page: int, by: Actor) -> ReviewPage:
        """One page of the recordings that the case's decision or proposal reaches."""
        by.must(Act.READ_CASE)
        with Session(self._engine) as session:
            return review_page(session, SqlCases(session).by_reference(reference, by=by), show, page)

    def recording(self, reference: str, recording_id: str, *, show: str, by: Actor) -> RecordingPage:
        """One of these recordings, between its neighbours among those shown."""
        by.must(Act.READ_CASE)
        with Session(self._engine) as session:
            return recording_page(session, SqlCases(session).by_reference(reference, by=by), recording_id, show)

    def reviewed(self, reference: str, *, show: str, by: Actor) -> Sequence[Recording]:
        """Every one of these recordings of one kind."""
        by.must(Act.READ_CASE)
        with Session(self._engine) as session:
            return reviewed(session, SqlCases(session).by_reference(reference, by=by), show)


def _listed(now: datetime, zone: ZoneInfo) -> Subquery:
    """Every case as a row of the queue, with its stage, the time limit of its answer and its group."""
    due = (
        select(clocks.c.due)
        .where(clocks.c.case_id == cases.c.id, clocks.c.met_at.is_(None), clocks.c.name == ANSWER)
        .scalar_subquery()
    )
    latest = (
        select(productions.c.state)
        .where(productions.c.case_id == cases.c.id)
        .order_by(productions.c.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    known = select(
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
        due.label("due"),
    ).subquery("known")
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


def _chosen(listed: Subquery, query: QueueQuery, by: Actor, *, besides: str = "") -> ColumnElement[bool]:
    """What the view, the filters (all but one, where a filter counts itself) and the search let through."""
    conditions = [_in_view(listed, query.view, by)]
    conditions += [
        listed.c[column].in_(values) for name, column, values in _filters(query) if values and name != besides
    ]
    if query.find.strip():
        conditions.append(_found(listed, query.find.strip()))
    return and_(*conditions)


def _filters(query: QueueQuery) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    return (
        ("kind", "track", query.kinds),
        ("stage", "stage", query.stages),
        ("law", "law", query.laws),
        ("assigned", "assigned_to", query.assigned),
    )


def _found(listed: Subquery, words: str) -> ColumnElement[bool]:
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


def _counts(session: Session, column: ColumnElement[str], where: ColumnElement[bool]) -> dict[str, int]:
    rows = session.execute(select(column, func.count()).where(where).group_by(column))
    return {str(value): number for value, number in rows}


def _view_counts(session: Session, listed: Subquery, by: Actor) -> dict[str, int]:
    ones = [func.coalesce(func.sum(case((_in_view(listed, view, by), 1), else_=0)), 0) for view in VIEWS]
    return dict(zip(VIEWS, session.execute(select(*ones).select_from(listed)).one(), strict=True))


def _filter_counts(session: Session, listed: Subquery, query: QueueQuery, by: Actor) -> dict[str, dict[str, int]]:
    return {
        name: _counts(session, listed.c[column], _chosen(listed, query, by, besides=name))
        for name, column, _ in _filters(query)
    }


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


def _reach(session: Session, found: Case) -> Reach:
    demanded = _by_day(session, [line.scope for line in found.lines if line.data_class in OF_RECORDINGS])
    proposed = _by_day(session, _proposed(found))
    withheld_days = _withheld_by_day(session, found)
    days = sorted(demanded)
    left = {day: proposed.get(day, 0) - withheld_days.get(day, 0) for day in days}
    return Reach(
        demanded=sum(demanded.values()),
        proposed=sum(left.values()),
        withheld=sum(withheld_days.values()),
        by_day=tuple((date.fromisoformat(day), demanded[day], left[day]) for day in days),
    )


def _proposed(found: Case) -> list[Scope]:
    lines = found.assessment.lines if found.assessment else ()
    return [each.proposed for each in lines if each.proposed is not None and each.line.data_class in OF_RECORDINGS]


def _by_day(session: Session, scopes: Sequence[Scope]) -> dict[str, int]:
    """How many recordings the scopes cover together, by UTC day."""
    day = func.substr(recordings.c.recorded_at, 1, 10)
    rows = session.execute(select(day, func.count()).where(within(scopes)).group_by(day))
    return {str(on): number for on, number in rows}


def _withheld_by_day(session: Session, found: Case) -> dict[str, int]:
    """How many proposed recordings are withheld one by one; only asked where a rule withholds."""
    counted: dict[str, int] = {}
    if found.assessment is None or not found.assessment.withheld:
        return counted
    by_class = {line.line.data_class for line in found.assessment.lines if line.proposed is not None} & OF_RECORDINGS
    silences = silences_that_stand(found)
    query = select(recordings).where(within(_proposed(found))).execution_options(yield_per=500)
    for recording in map(as_recording, session.execute(query)):
        if any(ground_withheld(found, recording, each, silences) for each in by_class):
            day = to_text(recording.recorded_at)[:10]
            counted[day] = counted.get(day, 0) + 1
    return counted


def _first_proposed(session: Session, found: Case) -> tuple[Recording, ...]:
    query = select(recordings).where(within(_proposed(found))).order_by(recordings.c.recorded_at, recordings.c.id)
    return tuple(as_recording(row) for row in session.execute(query.limit(LISTED)))


def _accounts(found: Case) -> list[str]:
    return sorted({line.account for line in found.lines if not isinstance(line.account, Every)})


def _holds(session: Session, found: Case) -> tuple[HoldView, ...]:
    holds = SqlHolds(session)
    kept = [(hold, *holds.counts(hold.id)) for hold in holds.of_case(found.id)]
    return tuple(HoldView(hold=hold, kept=number, placed=placed) for hold, number, placed in kept)


def _first_items(session: Session, production: Production) -> dict[str, Recording]:
    ids = [item.recording for item in production.items[:CERTIFIED]]
    rows = session.execute(select(recordings).where(recordings.c.id.in_(ids)))
    return {row.id: as_recording(row) for row in rows}


def _production(session: Session, production: Production, known: Mapping[str, Recording]) -> ProductionView:
    made = SqlProductions(session)
    releases = made.releases(production.id)
    recalled = SqlRecalls(session).of_production(production.id)
    return ProductionView(
        production=production,
        documents=tuple(made.documents(production.id)),
        archived=tuple(made.archived(production.id)),
        releases=tuple(releases),
        envelopes=tuple(envelope for each in releases if each.certificate for envelope in made.envelopes(each.id)),
        recalled=recalled,
        replaced_by=made.get(recalled.replaced_by).number if recalled and recalled.replaced_by else None,
        receipts=tuple(made.receipts(production.id)),
        progress=made.progress(production.id),
        recordings=known,
    )


def _history(session: Session, case_id: str) -> tuple[Entry, ...]:
    newest_first = (
        select(audit_entries.c.entry).where(audit_entries.c.case_id == case_id).order_by(audit_entries.c.index.desc())
    )
    return tuple(decode(bytes(entry)) for (entry,) in session.execute(newest_first))
