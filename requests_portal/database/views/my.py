"""A customer's views in SQL: every query names the account of whoever asks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Engine, and_, func, select
from sqlalchemy.orm import Session

from requests_portal.database.cases import SqlCases
from requests_portal.database.catalogue import SqlCatalogue, as_recording
from requests_portal.database.codec import from_json
from requests_portal.database.engine import reading
from requests_portal.database.moments import from_text, maybe_moment, to_text
from requests_portal.database.people import SqlCustomers
from requests_portal.database.productions import SqlProductions
from requests_portal.database.tables import cases, clocks, productions, progress, recalls, recordings, releases
from requests_portal.errors import Forbidden
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case, Track
from requests_portal.model.production import Production, ProductionState
from requests_portal.model.recording import Recording
from requests_portal.work.ports import Customer
from requests_portal.work.views.my import PAGE_ROWS, Given, OwnRequest, Shelf, ShelfQuery

# The clock by which a customer is answered; the others are the house's own.
ANSWER = "answer"
GATHER = "gather"


class SqlMyViews:
    """Fulfils the MyViews port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = reading(engine)

    def customer(self, *, by: Actor) -> Customer:
        """Who the account belongs to."""
        with Session(self._engine) as session:
            return SqlCustomers(session).get(_account(by))

    def shelf(self, query: ShelfQuery, *, by: Actor) -> Shelf:
        """One page of the account's recordings; days are those of the customer's own zone."""
        account = _account(by)
        with Session(self._engine) as session:
            customer = SqlCustomers(session).get(account)
            chosen = _chosen(account, query, ZoneInfo(customer.zone))
            total = session.execute(select(func.count()).select_from(recordings).where(chosen)).scalar_one()
            pages = max(1, -(-total // PAGE_ROWS))
            page = min(max(1, query.page), pages)
            newest = select(recordings).where(chosen).order_by(recordings.c.recorded_at.desc(), recordings.c.id.desc())
            rows = session.execute(newest.limit(PAGE_ROWS).offset((page - 1) * PAGE_ROWS))
            return Shelf(
                recordings=tuple(as_recording(row) for row in rows),
                devices=SqlCatalogue(session).devices([account]),
                zone=customer.zone,
                language=customer.language,
                total=total,
                page=page,
                pages=pages,
            )

    def recording(self, recording_id: str, *, by: Actor) -> Recording:
        """One recording of the account; raises NotFound for an unknown one and another customer's alike."""
        _account(by)
        with Session(self._engine) as session:
            return SqlCatalogue(session).get(recording_id, by=by)

    def requests(self, *, by: Actor) -> tuple[OwnRequest, ...]:
        """The account's own requests, newest first, in five queries however many they are."""
        own = and_(cases.c.account == _account(by), cases.c.track == Track.DATA_SUBJECT)
        newest = select(cases.c.body).where(own).order_by(cases.c.received_at.desc(), cases.c.reference.desc())
        with Session(self._engine) as session:
            found: list[Case] = [from_json(body, Case) for (body,) in session.execute(newest)]
            return _own_requests(session, found)

    def request(self, reference: str, *, by: Actor) -> OwnRequest:
        """One request of the account; raises NotFound for an unknown one and anybody else's alike."""
        _account(by)
        with Session(self._engine) as session:
            found = SqlCases(session).by_reference(reference, by=by)
            return _with_documents(session, _own_requests(session, [found])[0])


def _account(by: Actor) -> str:
    by.must(Act.READ_OWN)
    if by.account is None:
        raise Forbidden("You are signed in without an account. Sign in again.")
    return by.account


def _chosen(account: str, query: ShelfQuery, zone: ZoneInfo) -> ColumnElement[bool]:
    conditions = [recordings.c.account == account]
    if query.device:
        conditions.append(recordings.c.device == query.device)
    if query.first is not None:
        conditions.append(recordings.c.recorded_at >= to_text(_begins(query.first, zone)))
    if query.last is not None and query.last < date.max:
        conditions.append(recordings.c.recorded_at < to_text(_begins(query.last + timedelta(days=1), zone)))
    return and_(*conditions)


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _own_requests(session: Session, found: Sequence[Case]) -> tuple[OwnRequest, ...]:
    ids = [case.id for case in found]
    due, made = _due(session, ids), _productions(session, ids)
    every = [production.id for group in made.values() for production in group]
    copied, given = _copied(session, every), _given(session, made)
    return tuple(_own_request(case, due.get(case.id), made.get(case.id, []), copied, given) for case in found)


def _own_request(
    case: Case,
    due: datetime | None,
    made: Sequence[Production],
    copied: Mapping[str, tuple[int, int]],
    given: Mapping[str, Given],
) -> OwnRequest:
    live = [production for production in made if production.state is not ProductionState.CANCELLED]
    newest = live[-1] if live else None
    return OwnRequest(
        case=case,
        due=due,
        production=newest,
        copied=copied.get(newest.id) if newest else None,
        given=tuple(given[production.id] for production in reversed(made) if production.id in given),
    )


def _due(session: Session, ids: Sequence[str]) -> dict[str, datetime | None]:
    query = select(clocks.c.case_id, clocks.c.due).where(clocks.c.case_id.in_(ids), clocks.c.name == ANSWER)
    return {case: maybe_moment(due) for case, due in session.execute(query)}


def _productions(session: Session, ids: Sequence[str]) -> dict[str, list[Production]]:
    query = select(productions.c.body).where(productions.c.case_id.in_(ids)).order_by(productions.c.number)
    grouped: dict[str, list[Production]] = {}
    for production in _parsed(session.execute(query).scalars()):
        grouped.setdefault(production.case, []).append(production)
    return grouped


def _parsed(bodies: Iterable[str]) -> Iterable[Production]:
    return (from_json(body, Production) for body in bodies)


def _copied(session: Session, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    query = select(progress).where(progress.c.production.in_(ids), progress.c.stage == GATHER)
    return {row.production: (row.done, row.total) for row in session.execute(query)}


def _given(session: Session, made: Mapping[str, Sequence[Production]]) -> dict[str, Given]:
    """What was released, by production, its documents not yet read; what nobody was given is not among them."""
    every = {production.id: production for group in made.values() for production in group}
    found: Any = (
        select(
            releases.c.production,
            func.min(releases.c.at).label("first"),
            func.max(releases.c.revoked_at).label("ended"),
            func.count(releases.c.live).label("live"),
            recalls.c.at.label("recalled"),
            recalls.c.replaced_by,
        )
        .outerjoin(recalls, recalls.c.production == releases.c.production)
        .where(releases.c.production.in_(every))
        .group_by(releases.c.production, recalls.c.at, recalls.c.replaced_by)
    )
    return {
        row.production: Given(
            production=every[row.production],
            at=from_text(row.first),
            documents=(),
            ended_at=None if row.live else maybe_moment(row.ended),
            recalled=row.recalled is not None,
            replaced_by=row.replaced_by,
        )
        for row in session.execute(found)
    }


def _with_documents(session: Session, own: OwnRequest) -> OwnRequest:
    made = SqlProductions(session)
    given = tuple(replace(each, documents=tuple(made.documents(each.production.id))) for each in own.given)
    return replace(own, given=given)
