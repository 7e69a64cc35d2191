"""What is running, in SQL: a handful of counts, cheap enough to be asked for every few seconds."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Engine,
    Table,
    TableClause,
    Text,
    case,
    column,
    func,
    inspect,
    not_,
    select,
    table,
)
from sqlalchemy.orm import Session

from requests_portal.database.engine import reading
from requests_portal.database.lock_probes import SqlLockProbes
from requests_portal.database.moments import from_text, maybe_moment, to_text
from requests_portal.database.tables import cases, clocks, held_recordings, holds, messages, rounds
from requests_portal.database.workers import SqlWorkers
from requests_portal.model.case import CaseState
from requests_portal.model.hold import Held
from requests_portal.work.views.running import Pending, RoundState, Running

STATES = {"ENQUEUED": "queued", "PENDING": "begun", "DELAYED": "delayed"}


class SqlRunning:
    """Fulfils the RunningViews port; `version` is that of this release's work."""

    def __init__(self, engine: Engine, version: str) -> None:
        self._engine = reading(engine)
        self._version = version

    def running(self, at: datetime) -> Running:
        """Everything that is running at this moment."""
        with Session(self._engine) as session:
            due, overdue, unclaimed = _clocks(session, at)
            return Running(
                at=at,
                version=self._version,
                workers=tuple(SqlWorkers(session).all()),
                pending=tuple(pending(session)),
                rounds=tuple(_rounds(session)),
                probes=tuple(SqlLockProbes(session).newest()),
                clocks_due=due,
                clocks_overdue=overdue,
                clocks_unclaimed=unclaimed,
                holds_unconfirmed=_unconfirmed(session),
                # A number without a reference, whatever the messages are about.
                messages_unsent=_count(session, messages.c.sent_at.is_(None), messages),
            )


def pending(session: Session) -> Iterator[Pending]:
    """The durable work that has not ended, counted by version, state and worker."""
    # PostgreSQL has a schema for it.
    schema = "dbos" if session.get_bind().dialect.name == "postgresql" else None
    if not inspect(session.connection()).has_table("workflow_status", schema=schema):
        return
    work = _engines_table(schema)
    # What went back into the queue still names who had begun it.
    worker = case((work.c.status == "PENDING", func.coalesce(work.c.executor_id, "")), else_="")
    version = func.coalesce(work.c.application_version, "")
    each = (
        select(version.label("version"), work.c.status, worker.label("worker"), work.c.created_at)
        .where(work.c.status.in_(STATES))
        .subquery()
    )
    kinds = (each.c.version, each.c.status, each.c.worker)
    counted = select(*kinds, func.count(), func.min(each.c.created_at)).group_by(*kinds).order_by(*kinds)
    for of_version, status, by, count, oldest in session.execute(counted):
        yield Pending(
            version=of_version,
            state=STATES[status],
            worker=by,
            count=count,
            oldest_at=datetime.fromtimestamp(oldest / 1000, UTC),
        )


def _engines_table(schema: str | None) -> TableClause:
    """The workflow engine's own table, of which only these columns are used."""
    words = [column(name, Text) for name in ("status", "application_version", "executor_id")]
    return table("workflow_status", *words, column("created_at", BigInteger), schema=schema)


def _rounds(session: Session) -> Iterator[RoundState]:
    for row in session.execute(select(rounds).order_by(rounds.c.name)):
        yield RoundState(
            name=row.name,
            due_at=from_text(row.due_at),
            begun_at=from_text(row.begun_at),
            ended_at=maybe_moment(row.ended_at),
            failure=row.failure,
        )


def _clocks(session: Session, at: datetime) -> tuple[int, int, int]:
    """Open clocks of open cases: those still due, those overdue, and those of cases that nobody has."""
    running = (
        select(clocks.c.due, cases.c.assigned_to)
        .join(cases, cases.c.id == clocks.c.case_id)
        .where(clocks.c.met_at.is_(None), clocks.c.due.is_not(None))
        .where(cases.c.state.not_in([CaseState.ANSWERED, CaseState.CLOSED]), not_(cases.c.sealed))
        .subquery()
    )
    late = running.c.due < to_text(at)
    return (
        session.scalar(select(func.count()).select_from(running).where(~late)) or 0,
        session.scalar(select(func.count()).select_from(running).where(late)) or 0,
        session.scalar(select(func.count()).select_from(running).where(running.c.assigned_to.is_(None))) or 0,
    )


def _unconfirmed(session: Session) -> int:
    """What the store has not confirmed, apart from sealed cases: that a number moves would tell of one."""
    kept = held_recordings.join(holds, holds.c.id == held_recordings.c.hold_id).join(
        cases, cases.c.id == holds.c.case_id
    )
    waits = (held_recordings.c.state == Held.TO_PLACE) & not_(cases.c.sealed)
    return session.scalar(select(func.count()).select_from(kept).where(waits)) or 0


def _count(session: Session, which: ColumnElement[bool], of: Table) -> int:
    return session.scalar(select(func.count()).select_from(of).where(which)) or 0
