"""The legal team's views in SQL: the queue, everything one case's page shows, and what is to be heard."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from legal_rules.scope import Every
from requests_portal.audit_log.entry import Entry, decode
from requests_portal.database.cases import SqlCases
from requests_portal.database.catalogue import SqlCatalogue
from requests_portal.database.clocks import SqlClocks
from requests_portal.database.engine import reading
from requests_portal.database.holds import SqlHolds
from requests_portal.database.listening import as_to_hear
from requests_portal.database.tables import audit_entries, cases, to_hear
from requests_portal.database.views.productions import production_of, productions_of
from requests_portal.database.views.queue import queue_page, whole_queue
from requests_portal.database.views.reach import first_proposed, reach, to_gather
from requests_portal.database.views.review import recording_page, review_page, reviewed
from requests_portal.database.visible import visible
from requests_portal.errors import NotFound
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case
from requests_portal.model.recording import Recording
from requests_portal.work.views.desk import (
    CasePage,
    HoldView,
    ProductionView,
    QueuePage,
    QueueQuery,
    QueueRow,
)
from requests_portal.work.views.review import HearingRow, RecordingPage, ReviewPage

# How many cases a reviewer's page lists: the oldest are to be heard first.
MOST_HEARINGS = 200
_FINISHED = ("answered", "closed")


class SqlDeskViews:
    """Fulfils the DeskViews port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = reading(engine)

    def queue(self, query: QueueQuery, *, by: Actor, now: datetime, zone: ZoneInfo) -> QueuePage:
        """One page of the queue, with the counts of every group, view and filter."""
        by.must(Act.READ_QUEUE)
        with Session(self._engine) as session:
            return queue_page(session, query, by=by, now=now, zone=zone)

    def whole_queue(self, query: QueueQuery, *, by: Actor, now: datetime, zone: ZoneInfo) -> tuple[QueueRow, ...]:
        """Every row that the query asks for, in the queue's order."""
        by.must(Act.READ_QUEUE)
        with Session(self._engine) as session:
            return whole_queue(session, query, by=by, now=now, zone=zone)

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
