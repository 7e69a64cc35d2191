"""A customer's views in SQL: every query names the account of whoever asks."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, and_, func, select
from sqlalchemy.orm import Session

from legal_rules.scope import EVERY, Scope, between
from requests_portal.database.cases import SqlCases
from requests_portal.database.catalogue import SqlCatalogue, as_recording
from requests_portal.database.codec import from_json
from requests_portal.database.counted import counted, one_day
from requests_portal.database.engine import reading
from requests_portal.database.erasures import SqlErasures, is_erased
from requests_portal.database.moments import from_text, maybe_moment
from requests_portal.database.notices import as_notice
from requests_portal.database.people import SqlCustomers
from requests_portal.database.productions import as_document, item_counts
from requests_portal.database.tables import (
    cases,
    clocks,
    documents,
    notices,
    productions,
    progress,
    recalls,
    recordings,
    releases,
)
from requests_portal.database.transcript_notes import SqlTranscriptNotes
from requests_portal.database.within import within
from requests_portal.errors import Forbidden, NotFound
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case, Track
from requests_portal.model.erasure import Chosen
from requests_portal.model.notice import Notice
from requests_portal.model.production import Production, ProductionState, SignedDocument
from requests_portal.model.recording import Recording
from requests_portal.work.ports import Customer
from requests_portal.work.views.my import PAGE_ROWS, Erasable, Given, OwnRequest, Shelf, ShelfQuery

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
            days = _days(session, chosen)
            total = sum(many for _, many in days)
            pages = max(1, -(-total // PAGE_ROWS))
            page = min(max(1, query.page), pages)
            shown = _shown(session, chosen, days, (page - 1) * PAGE_ROWS)
            asked = [each for each in SqlCases(session).correcting(account) if each.is_open]
            return Shelf(
                recordings=shown,
                notes=SqlTranscriptNotes(session).of(each.id for each in shown),
                asked={each.proposed.recording: each.reference for each in asked if each.proposed},
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

    def erasable(self, query: ShelfQuery, *, recording: str, before: datetime, by: Actor) -> Erasable:
        """What is to be deleted: one recording, raising NotFound where there is none, or what a shelf would show."""
        account = _account(by)
        with Session(self._engine) as session:
            one = SqlCatalogue(session).get(recording, by=by) if recording else None
            zone = ZoneInfo(SqlCustomers(session).get(account).zone)
            ends = query.last is not None and query.last < date.max
            chosen = Chosen(
                account=account,
                recording=recording,
                device=query.device,
                start=_begins(query.first, zone) if query.first else None,
                end=_begins(query.last + timedelta(days=1), zone) if query.last and ends else None,
                before=before,
            )
            return Erasable(chosen=chosen, recordings=SqlErasures(session).count(chosen), one=one)

    def months(self, *, by: Actor) -> int | None:
        """After how many months the customer lets recordings be deleted."""
        with Session(self._engine) as session:
            return SqlErasures(session).months(_account(by))

    def requests(self, *, by: Actor) -> tuple[OwnRequest, ...]:
        """The account's own requests, newest first, in six queries however many they are."""
        own = and_(cases.c.account == _account(by), cases.c.track == Track.DATA_SUBJECT)
        newest = select(cases.c.body).where(own).order_by(cases.c.received_at.desc(), cases.c.reference.desc())
        with Session(self._engine) as session:
            found: list[Case] = [from_json(body, Case) for (body,) in session.execute(newest)]
            return _own_requests(session, found)

    def notices(self, *, by: Actor) -> tuple[Notice, ...]:
        """What the account was told of demands for its data, newest first."""
        query = select(notices).where(notices.c.account == _account(by)).order_by(notices.c.at.desc(), notices.c.id)
        with Session(self._engine) as session:
            return tuple(as_notice(row) for row in session.execute(query))

    def notice(self, notice_id: str, *, by: Actor) -> Notice:
        """One notice of the account; raises NotFound for an unknown one and anybody else's alike."""
        query = select(notices).where(notices.c.account == _account(by), notices.c.id == notice_id)
        with Session(self._engine) as session:
            row = session.execute(query).first()
        if row is None:
            raise NotFound("There is no such notice. Check the address.")
        return as_notice(row)

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


def _chosen(account: str, query: ShelfQuery, zone: ZoneInfo) -> Scope:
    ends = query.last is not None and query.last < date.max
    asked = between(
        _begins(query.first, zone) if query.first else None,
        _begins(query.last + timedelta(days=1), zone) if query.last and ends else None,
    )
    return Scope(frozenset({account}), frozenset({query.device}) if query.device else EVERY, EVERY, asked)


def _days(session: Session, chosen: Scope) -> list[tuple[str, int]]:
    """How many recordings each UTC day has, the newest first."""
    rows = counted([chosen], with_erased=False).c
    query = select(rows.day, func.sum(rows.many)).group_by(rows.day).order_by(rows.day.desc())
    return [(day, int(many)) for day, many in session.execute(query)]


def _shown(session: Session, chosen: Scope, days: Sequence[tuple[str, int]], passed: int) -> tuple[Recording, ...]:
    """One page after so many recordings; no other days are read than those of the page."""
    ends = list(accumulate(many for _, many in days))
    first, last = bisect_right(ends, passed), bisect_left(ends, passed + PAGE_ROWS)
    parts = [part for day, _ in days[first : last + 1] for part in one_day([chosen], day)]
    newest = select(recordings).where(within(parts), ~is_erased())
    newest = newest.order_by(recordings.c.recorded_at.desc(), recordings.c.id.desc())
    rows = session.execute(newest.offset(passed - (ends[first - 1] if first else 0)).limit(PAGE_ROWS))
    return tuple(as_recording(row) for row in rows)


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _own_requests(session: Session, found: Sequence[Case]) -> tuple[OwnRequest, ...]:
    ids = [case.id for case in found]
    due, made = _due(session, ids), _productions(session, ids)
    every = [production.id for group in made.values() for production in group]
    copied, items = _copied(session, every), item_counts(session, every)
    given = _given(session, made, items)
    return tuple(_own_request(case, due.get(case.id), made.get(case.id, []), copied, items, given) for case in found)


def _own_request(
    case: Case,
    due: datetime | None,
    made: Sequence[Production],
    copied: Mapping[str, tuple[int, int]],
    items: Mapping[str, int],
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
        is_letter=newest is not None and not items[newest.id] and not newest.record_sets,
    )


def _due(session: Session, ids: Sequence[str]) -> dict[str, datetime | None]:
    query = select(clocks.c.case_id, clocks.c.due).where(clocks.c.case_id.in_(ids), clocks.c.name == ANSWER)
    return {case: maybe_moment(due) for case, due in session.execute(query)}


def _productions(session: Session, ids: Sequence[str]) -> dict[str, list[Production]]:
    query = select(productions.c.body).where(productions.c.case_id.in_(ids)).order_by(productions.c.number)
    grouped: dict[str, list[Production]] = {}
    for production in [from_json(body, Production) for body in session.execute(query).scalars()]:
        grouped.setdefault(production.case, []).append(production)
    return grouped


def _copied(session: Session, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    query = select(progress).where(progress.c.production.in_(ids), progress.c.stage == GATHER)
    return {row.production: (row.done, row.total) for row in session.execute(query)}


def _given(session: Session, made: Mapping[str, Sequence[Production]], items: Mapping[str, int]) -> dict[str, Given]:
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
            items=items[row.production],
        )
        for row in session.execute(found)
    }


def _with_documents(session: Session, own: OwnRequest) -> OwnRequest:
    ids = [each.production.id for each in own.given]
    query = select(documents).where(documents.c.production.in_(ids)).order_by(documents.c.kind, documents.c.volume)
    found: dict[str, list[SignedDocument]] = {each: [] for each in ids}
    for document in map(as_document, session.execute(query)):
        found[document.production].append(document)
    return replace(own, given=tuple(replace(each, documents=tuple(found[each.production.id])) for each in own.given))
