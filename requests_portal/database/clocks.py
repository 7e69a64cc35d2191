"""Clocks in SQL: no statutory deadline lives anywhere else (I8)."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from requests_portal.database.moments import maybe_moment, maybe_text, to_text
from requests_portal.database.tables import clocks
from requests_portal.database.turns import take_turn_at_case
from requests_portal.model.clock import ClockRow


class SqlClocks:
    """Fulfils the Clocks port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def replace(self, case_id: str, new: Iterable[ClockRow]) -> None:
        """Put the case's clocks as a reassessment computes them; what was met stays met."""
        take_turn_at_case(self._session, case_id)
        met = {row.name: row.met_at for row in self.of_case(case_id)}
        self._session.execute(delete(clocks).where(clocks.c.case_id == case_id))
        for row in new:
            self._session.execute(
                insert(clocks).values(
                    case_id=case_id,
                    name=row.name,
                    due=maybe_text(row.due),
                    working=json.dumps(row.working),
                    met_at=maybe_text(row.met_at or met.get(row.name)),
                )
            )

    def of_case(self, case_id: str) -> Sequence[ClockRow]:
        """The case's clocks, soonest first."""
        rows = self._session.execute(select(clocks).where(clocks.c.case_id == case_id).order_by(clocks.c.due))
        return [
            ClockRow(
                case=row.case_id,
                name=row.name,
                due=maybe_moment(row.due),
                working=tuple(json.loads(row.working)),
                met_at=maybe_moment(row.met_at),
            )
            for row in rows
        ]

    def met(self, case_id: str, name: str, at: datetime) -> None:
        """Record that what the clock asks for was done."""
        take_turn_at_case(self._session, case_id)
        self._session.execute(
            update(clocks).where(clocks.c.case_id == case_id, clocks.c.name == name).values(met_at=to_text(at))
        )
