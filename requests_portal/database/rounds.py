"""Rounds in SQL: when each is due, and which worker took it."""

from datetime import datetime, timedelta

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from requests_portal.database.moments import to_text
from requests_portal.database.tables import rounds


class SqlRounds:
    """Fulfils the Rounds port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def take(self, name: str, *, by: str, at: datetime, lease: timedelta) -> bool:
        """Whether the round is due and now ours; one whose worker died is due again when its lease has run out."""
        taken = {"begun_at": to_text(at), "by": by, "due_at": to_text(at + lease), "ended_at": None, "failure": ""}
        if self._session.execute(select(rounds.c.name).where(rounds.c.name == name)).first() is None:
            self._session.execute(insert(rounds).values(name=name, **taken))
            return True
        # What began long after now was begun under a clock that has been put back since.
        is_due = or_(rounds.c.due_at <= to_text(at), rounds.c.begun_at > to_text(at + lease))
        due = update(rounds).where(rounds.c.name == name, is_due)
        return bool(self._session.execute(due.values(**taken)).rowcount)  # type: ignore[attr-defined]

    def ended(self, name: str, *, at: datetime, due_at: datetime, failure: str) -> None:
        """Record that the round ended, what went wrong if anything did, and when it is due again."""
        values = {"ended_at": to_text(at), "due_at": to_text(due_at), "failure": failure}
        self._session.execute(update(rounds).where(rounds.c.name == name).values(**values))
