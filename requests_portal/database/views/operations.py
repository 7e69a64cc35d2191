"""What an operator looks at, in SQL: references, states and numbers of the cases that the actor may know of."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, Select, func, select
from sqlalchemy.orm import Session

from requests_portal.database.absent_buckets import SqlAbsentBuckets
from requests_portal.database.canaries import SqlCanaries
from requests_portal.database.codec import from_json
from requests_portal.database.duties import RESTS, SqlEscalations, SqlRoster
from requests_portal.database.engine import reading
from requests_portal.database.erasures import SqlErasures
from requests_portal.database.in_store import SqlInStore
from requests_portal.database.moments import from_text, maybe_moment, to_text
from requests_portal.database.recounts import SqlRecounts
from requests_portal.database.tables import cases, clocks, held_recordings, holds, messages, productions
from requests_portal.database.visible import may_know, visible
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Track
from requests_portal.model.hold import Held
from requests_portal.model.production import Production, ProductionState
from requests_portal.work.views.operations import CaseDue, HoldWaits, Operations, Standing, Unsent

ANSWER = "answer"
_S = ProductionState
# Neither done nor waiting for a person.
STANDING = (_S.RESERVED, _S.GATHERING, _S.CERTIFIED, _S.SEALING, _S.WAITING, _S.FAILED)
# How many messages are looked at; more than that are one fault all the same.
MESSAGES = 500


class SqlOperations:
    """Fulfils the OperationsViews port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = reading(engine)

    def operations(self, *, by: Actor, at: datetime) -> Operations:
        """Everything at this moment, as far as the actor may know of it."""
        by.must(Act.READ_OPERATIONS)
        with Session(self._engine) as session:
            known = {row.id for row in session.execute(_cases(by)) if _knows(by, row)}
            return Operations(
                standing=tuple(_standing(session, by)),
                overdue=tuple(_overdue(session, by, at)),
                unclaimed=tuple(each for each in SqlEscalations(session).unclaimed() if each.case in known),
                unsent=tuple(_unsent(session)),
                holds=tuple(_holds(session, by)),
                duties=tuple(SqlRoster(session).all()),
                erasures=SqlErasures(session).counts(),
                in_store=_in_store(session),
                absent=tuple(SqlAbsentBuckets(session).all()),
                alarms=SqlCanaries(session).open_alarms(),
                recount=SqlRecounts(session).newest(),
            )


def _cases(by: Actor) -> Select[Any]:
    """Every case that nobody has; of these alone the unclaimed ones are."""
    return select(cases.c.id, cases.c.track, cases.c.account).where(
        cases.c.assigned_to.is_(None), cases.c.state.not_in(RESTS), visible(by)
    )


def _knows(by: Actor, row: Row[Any]) -> bool:
    return may_know(by, Track(row.track), row.account)


def _with_due(by: Actor) -> Select[Any]:
    """Cases with the time limit of their answer, where it runs."""
    runs = (clocks.c.case_id == cases.c.id) & (clocks.c.name == ANSWER) & clocks.c.met_at.is_(None)
    columns = (cases.c.reference, cases.c.track, cases.c.account, cases.c.assigned_to, clocks.c.due)
    return select(*columns).outerjoin_from(cases, clocks, runs).where(visible(by))


def _case_due(row: Row[Any]) -> CaseDue:
    return CaseDue(reference=row.reference, due=maybe_moment(row.due), claimed=row.assigned_to is not None)


def _standing(session: Session, by: Actor) -> Iterator[Standing]:
    query = (
        _with_due(by)
        .add_columns(productions.c.body)
        .join(productions, productions.c.case_id == cases.c.id)
        .where(productions.c.state.in_(STANDING))
        .order_by(clocks.c.due.is_(None), clocks.c.due, cases.c.reference, productions.c.number)
    )
    for row in session.execute(query):
        if _knows(by, row):
            made: Production = from_json(row.body, Production)
            yield Standing(
                id=made.id,
                case=_case_due(row),
                number=made.number,
                state=made.state,
                version=made.version,
                failure=made.failure,
                next_try_at=made.next_try_at,
            )


def _overdue(session: Session, by: Actor, at: datetime) -> Iterator[CaseDue]:
    late = (clocks.c.due < to_text(at)) & cases.c.state.not_in(RESTS)
    for row in session.execute(_with_due(by).where(late).order_by(clocks.c.due)):
        if _knows(by, row):
            yield _case_due(row)


def _unsent(session: Session) -> Iterator[Unsent]:
    query = select(messages).where(messages.c.sent_at.is_(None)).order_by(messages.c.at).limit(MESSAGES)
    for row in session.execute(query):
        yield Unsent(template=row.template, at=from_text(row.at), tries=row.tries, failure=row.failure)


def _holds(session: Session, by: Actor) -> Iterator[HoldWaits]:
    waits = (
        select(holds.c.case_id, func.count().label("waiting"), func.min(held_recordings.c.since).label("since"))
        .join(held_recordings, held_recordings.c.hold_id == holds.c.id)
        .where(held_recordings.c.state == Held.TO_PLACE)
        .group_by(holds.c.case_id)
        .subquery()
    )
    query = _with_due(by).add_columns(waits.c.waiting, waits.c.since).join(waits, waits.c.case_id == cases.c.id)
    for row in session.execute(query.order_by(waits.c.since)):
        if _knows(by, row):
            yield HoldWaits(case=_case_due(row), count=row.waiting, since=from_text(row.since))


def _in_store(session: Session) -> Counter[str]:
    found: Counter[str] = Counter()
    for (kind, _), number in SqlInStore(session).counts().items():
        found[kind] += number
    return found
