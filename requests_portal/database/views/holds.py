"""The views of holds in SQL."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, func, select
from sqlalchemy.orm import Session

from requests_portal.database.engine import reading
from requests_portal.database.holds import HOLDING, SqlHolds, as_hold, as_version
from requests_portal.database.lock_probes import SqlLockProbes
from requests_portal.database.moments import maybe_moment, to_text
from requests_portal.database.tables import cases, held_recordings, holds
from requests_portal.database.visible import visible
from requests_portal.errors import NotFound
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import CaseState
from requests_portal.model.hold import Answer, Held, HeldVersion, HoldKind, LockProbe
from requests_portal.work.views.holds import PAGE_ROWS, HoldAlarms, HoldPage, HoldRow, HoldsPage

NAMED = 20
NO_SUCH_HOLD = "There is no such hold. Check the address."
_OF_VIEW: dict[str, ColumnElement[bool]] = {
    "live": holds.c.released_at.is_(None),
    "ended": holds.c.released_at.is_not(None),
}
_OF_CASE = (cases.c.reference, cases.c.organisation, cases.c.state)
_version = held_recordings.c


class SqlHoldViews:
    """Fulfils the HoldViews port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = reading(engine)

    def holds(self, view: str, *, page: int, by: Actor) -> HoldsPage:
        """One page of the holds that are live, or that have ended."""
        by.must(Act.READ_HOLDS)
        with Session(self._engine) as session:
            totals = {
                name: session.scalar(select(func.count()).select_from(_rows(by, which).subquery())) or 0
                for name, which in _OF_VIEW.items()
            }
            pages = max(1, -(-totals[view] // PAGE_ROWS))
            page = min(max(1, page), pages)
            newest = _rows(by, _OF_VIEW[view]).order_by(holds.c.placed_at.desc(), holds.c.id)
            rows = session.execute(newest.limit(PAGE_ROWS).offset((page - 1) * PAGE_ROWS)).all()
            return HoldsPage(rows=_as_rows(session, rows), view=view, totals=totals, page=page, pages=pages)

    def hold(self, hold_id: str, *, after: str, by: Actor) -> HoldPage:
        """One hold with the versions after that recording's id."""
        by.must(Act.READ_HOLDS)
        with Session(self._engine) as session:
            row = session.execute(_rows(by, holds.c.id == hold_id)).first()
            if row is None:
                raise NotFound(NO_SUCH_HOLD)
            found = list(SqlHolds(session).versions(hold_id, after=after, most=PAGE_ROWS + 1))
            shown = found[:PAGE_ROWS]
            return HoldPage(
                row=_as_rows(session, [row])[0],
                versions=tuple(shown),
                next_after=shown[-1].recording if len(found) > PAGE_ROWS else "",
                gone=_some(session, hold_id, _version.answer == Answer.GONE),
                contradicted=_some(session, hold_id, _version.contradicted_at.is_not(None)),
            )

    def versions(self, hold_id: str, *, by: Actor) -> Iterator[HeldVersion]:
        """Every version that was ever under the hold, a few at a time."""
        by.must(Act.READ_HOLDS)
        with Session(self._engine) as session:
            if session.execute(_rows(by, holds.c.id == hold_id)).first() is None:
                raise NotFound(NO_SUCH_HOLD)
            yield from SqlHolds(session).versions(hold_id)

    def alarms(self, now: datetime, *, by: Actor) -> HoldAlarms:
        """What is wrong with holds at this moment."""
        with Session(self._engine) as session:
            known = select(holds.c.id).join(cases, cases.c.id == holds.c.case_id).where(visible(by))
            waiting = select(func.count(), func.min(_version.since)).where(
                _version.state == Held.TO_PLACE, _version.hold_id.in_(known)
            )
            unconfirmed, since = session.execute(waiting).one()
            probes = SqlLockProbes(session)
            tried = probes.newest()
            overdue = _rows(
                by,
                holds.c.released_at.is_(None),
                holds.c.kind == HoldKind.PRESERVATION,
                holds.c.expires_at <= to_text(now),
                cases.c.state.not_in([CaseState.ANSWERED, CaseState.CLOSED]),
            )
            return HoldAlarms(
                at=now,
                unconfirmed=unconfirmed,
                unconfirmed_since=maybe_moment(since),
                overdue=_as_rows(session, session.execute(overdue.limit(NAMED)).all()),
                probes=tuple(tried),
                untried=tuple(sorted(set(probes.buckets()) - {probe.bucket for probe in tried})),
            )

    def probes(self) -> Sequence[LockProbe]:
        """The last try of each bucket's lock."""
        with Session(self._engine) as session:
            return SqlLockProbes(session).newest()


def _rows(by: Actor, *which: ColumnElement[bool]) -> Any:
    return select(holds, *_OF_CASE).join(cases, cases.c.id == holds.c.case_id).where(visible(by), *which)


def _as_rows(session: Session, rows: Sequence[Row[Any]]) -> tuple[HoldRow, ...]:
    counts = SqlHolds(session).counted([row.id for row in rows])
    return tuple(
        HoldRow(
            hold=as_hold(row),
            reference=row.reference,
            organisation=row.organisation,
            is_open=row.state not in {CaseState.ANSWERED, CaseState.CLOSED},
            counts=counts[row.id],
        )
        for row in rows
    )


def _some(session: Session, hold_id: str, which: ColumnElement[bool]) -> tuple[HeldVersion, ...]:
    query = select(held_recordings).where(_version.hold_id == hold_id, which, _version.state.in_(HOLDING))
    rows = session.execute(query.order_by(_version.recording_id).limit(NAMED))
    return tuple(as_version(row) for row in rows)
