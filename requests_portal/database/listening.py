"""Listening in SQL: grants, the spans sent under them, and what was marked on a recording before each change."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from requests_portal.database.codec import from_json, to_json
from requests_portal.database.moments import from_text, to_text
from requests_portal.database.tables import listening_grants, plays, silence_steps
from requests_portal.model.listening import Grant, Play, Purpose
from requests_portal.model.silence import Silence


class SqlListening:
    """Fulfils the Listening port."""

    def __init__(self, session: Session) -> None:
        self._session = session

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
