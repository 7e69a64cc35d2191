"""Listening in SQL: grants, the spans sent under them, and what was marked on a recording before each change."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from requests_portal.database.codec import from_json, to_json
from requests_portal.database.moments import from_text, to_text
from requests_portal.database.tables import heard_days, listening_grants, plays, silence_steps, to_hear
from requests_portal.model.listening import Grant, Needed, Play, Purpose, ToHear
from requests_portal.model.silence import Silence


class SqlListening:
    """Fulfils the Listening port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ask(self, asked: ToHear) -> None:
        """Keep that the case's recordings are to be heard; what was asked before is replaced."""
        self.end(asked.case)
        values = {"case_id": asked.case, "needed": str(asked.needed), "words": asked.words, "by": asked.by}
        self._session.execute(insert(to_hear).values(**values, at=to_text(asked.at)))

    def asked(self, case_id: str) -> ToHear | None:
        """What was asked for the case; None where nobody need hear its recordings."""
        row = self._session.execute(select(to_hear).where(to_hear.c.case_id == case_id)).first()
        return None if row is None else as_to_hear(row)

    def end(self, case_id: str) -> None:
        """The case's recordings need not be heard any longer."""
        self._session.execute(delete(to_hear).where(to_hear.c.case_id == case_id))

    def add_grant(self, grant: Grant) -> None:
        """Keep a grant."""
        values = {name: value for name, value in vars(grant).items() if name not in {"case", "recording"}}
        values |= {"case_id": grant.case, "recording_id": grant.recording, "purpose": str(grant.purpose)}
        values |= {"at": to_text(grant.at), "expires_at": to_text(grant.expires_at)}
        self._session.execute(insert(listening_grants).values(**values))

    def grants(self, case_id: str, recording_id: str) -> Sequence[Grant]:
        """Every grant to hear the recording for the case, oldest first."""
        table = listening_grants.c
        query = select(listening_grants).where(table.case_id == case_id, table.recording_id == recording_id)
        return [
            Grant(
                id=row.id,
                case=row.case_id,
                recording=row.recording_id,
                version_id=row.version_id,
                purpose=Purpose(row.purpose),
                words=row.words,
                by=row.by,
                role=row.role,
                at=from_text(row.at),
                expires_at=from_text(row.expires_at),
            )
            for row in self._session.execute(query.order_by(table.at, table.id))
        ]

    def add_play(self, play: Play) -> None:
        """Keep a span that is about to be sent."""
        values = {"grant_id": play.grant, "at": to_text(play.at), "from_ms": play.from_ms, "to_ms": play.to_ms}
        self._session.execute(insert(plays).values(**values))

    def plays(self, case_id: str, recording_id: str) -> Sequence[Play]:
        """Every span of the recording that was sent for the case, oldest first."""
        query = (
            select(plays)
            .join(listening_grants, listening_grants.c.id == plays.c.grant_id)
            .where(listening_grants.c.case_id == case_id, listening_grants.c.recording_id == recording_id)
            .order_by(plays.c.id)
        )
        return [
            Play(grant=row.grant_id, at=from_text(row.at), from_ms=row.from_ms, to_ms=row.to_ms)
            for row in self._session.execute(query)
        ]

    def count_heard(self, by: str, *, day: date, milliseconds: int, most: int) -> bool:
        """Count what is about to be sent to the person; False, with nothing counted, where it is more than the most.

        The row is locked until the transaction ends: of two that ask at once, the second sees what the first took.
        """
        is_sqlite = self._session.get_bind().dialect.name == "sqlite"
        begin = sqlite.insert if is_sqlite else postgresql.insert
        first = begin(heard_days).values(person=by, day=day.isoformat(), milliseconds=0, most=most)
        self._session.execute(first.on_conflict_do_nothing())
        table = heard_days.c
        today = (table.person == by, table.day == day.isoformat(), table.milliseconds + milliseconds <= most)
        counted = update(heard_days).where(*today).values(milliseconds=table.milliseconds + milliseconds, most=most)
        done: int = self._session.execute(counted).rowcount  # type: ignore[attr-defined]
        return done == 1

    def heard(self, by: str, *, day: date) -> int:
        """The milliseconds that were sent to the person on the day."""
        table = heard_days.c
        query = select(table.milliseconds).where(table.person == by, table.day == day.isoformat())
        return self._session.execute(query).scalar() or 0


def as_to_hear(row: Any) -> ToHear:
    """What is to be heard, of its row."""
    return ToHear(case=row.case_id, needed=Needed(row.needed), words=row.words, by=row.by, at=from_text(row.at))


class SqlSilenceSteps:
    """Fulfils the SilenceSteps port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def push(self, case_id: str, before: Mapping[str, Sequence[Silence]]) -> None:
        """Keep what was marked on each of these recordings before a change."""
        rows = [
            {"case_id": case_id, "recording_id": name, "before": to_json(tuple(was))} for name, was in before.items()
        ]
        if rows:
            self._session.execute(insert(silence_steps), rows)

    def pop(self, case_id: str, recording_id: str) -> Sequence[Silence] | None:
        """What was marked before the last change, which is then forgotten; None where nothing was changed."""
        table = silence_steps.c
        query = select(silence_steps).where(table.case_id == case_id, table.recording_id == recording_id)
        row = self._session.execute(query.order_by(table.id.desc()).limit(1)).first()
        if row is None:
            return None
        self._session.execute(delete(silence_steps).where(table.id == row.id))
        before: tuple[Silence, ...] = from_json(row.before, tuple[Silence, ...])
        return before

    def count(self, case_id: str, recording_id: str) -> int:
        """How many changes of the recording's marks can be undone."""
        table = silence_steps.c
        query = select(table.id).where(table.case_id == case_id, table.recording_id == recording_id)
        return len(self._session.execute(query).all())
