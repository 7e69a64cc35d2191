"""Who is on call, in SQL, and the steps of every escalation."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Integer, Row, and_, case, delete, func, insert, not_, or_, select
from sqlalchemy.orm import Session

from requests_portal.database.moments import from_text, maybe_moment, to_text
from requests_portal.database.tables import cases, clocks, duties, escalations
from requests_portal.model.case import CaseState, Track
from requests_portal.model.duty import Duty
from requests_portal.model.escalation import Step, Unclaimed

# What a case can be late by; the other time limits open or close possibilities, or bind somebody else.
OURS = ("answer", "acknowledge")
RESTS = (CaseState.WAITING, CaseState.ANSWERED, CaseState.CLOSED)


class SqlRoster:
    """Fulfils the Roster port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def replace(self, new: Iterable[Duty]) -> None:
        """Put this roster in the place of the one that was there."""
        self._session.execute(delete(duties))
        rows = [
            {**vars(each), "begins": to_text(each.begins), "ends": to_text(each.ends), "number": number}
            for number, each in enumerate(new, start=1)
        ]
        if rows:
            self._session.execute(insert(duties), rows)

    def all(self) -> Sequence[Duty]:
        """Every duty, in the order in which they were listed."""
        return [
            Duty(
                who=row.who,
                mail=row.mail,
                webhook=row.webhook,
                begins=from_text(row.begins),
                ends=from_text(row.ends),
                order=row.order,
            )
            for row in self._session.execute(select(duties).order_by(duties.c.number))
        ]


class SqlEscalations:
    """Fulfils the Escalations port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def unclaimed(self, case_id: str | None = None) -> Sequence[Unclaimed]:
        """Every open case that nobody has, or this one if it is such.

        None that waits for its requester, and none that is sealed: those on call may not know that it is there.
        """
        runs = and_(clocks.c.case_id == cases.c.id, clocks.c.met_at.is_(None), clocks.c.name.in_(OURS))
        due = select(func.min(clocks.c.due)).where(runs).scalar_subquery()
        # An answer that is due nobody knows when comes before any other time limit.
        open_end = select(func.count()).where(runs, clocks.c.name == "answer", clocks.c.due.is_(None)).scalar_subquery()
        known = case((open_end > 0, None), else_=due).label("due")
        steps = select(func.coalesce(func.max(escalations.c.number), 0, type_=Integer)).where(_of_case())
        last = select(func.max(escalations.c.at)).where(_of_case())
        query = select(
            cases.c.id,
            cases.c.reference,
            cases.c.received_at,
            known,
            steps.scalar_subquery().label("steps"),
            last.scalar_subquery().label("last_at"),
        ).where(cases.c.assigned_to.is_(None), cases.c.state.not_in(RESTS), not_(cases.c.sealed))
        # What could not be assessed, or lacks a fact that its answer's day depends on, may be due in hours.
        # A customer's own request never is, and a demand to which no answer is due wakes nobody.
        unknown = or_(cases.c.state == CaseState.RECEIVED, open_end > 0)
        wakes = or_(and_(cases.c.track == Track.LEGAL_DEMAND, unknown), known.is_not(None))
        if case_id is not None:
            query = query.where(cases.c.id == case_id)
        ordered = query.where(wakes).order_by(known.is_not(None), known, cases.c.reference)
        return [_unclaimed(row) for row in self._session.execute(ordered)]

    def add(self, step: Step) -> None:
        """Record that somebody is told."""
        values = {"case_id": step.case, "number": step.number, "at": to_text(step.at), "who": step.who}
        self._session.execute(insert(escalations).values(**values))

    def of_case(self, case_id: str) -> Sequence[Step]:
        """The steps of a case, oldest first."""
        found = select(escalations).where(escalations.c.case_id == case_id).order_by(escalations.c.number)
        return [
            Step(case=row.case_id, number=row.number, at=from_text(row.at), who=row.who)
            for row in self._session.execute(found)
        ]


def _of_case() -> ColumnElement[bool]:
    return escalations.c.case_id == cases.c.id


def _unclaimed(row: Row) -> Unclaimed:  # type: ignore[type-arg]
    return Unclaimed(
        case=row.id,
        reference=row.reference,
        received_at=from_text(row.received_at),
        due=maybe_moment(row.due),
        steps=row.steps,
        last_at=maybe_moment(row.last_at),
    )
