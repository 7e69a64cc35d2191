"""What the monthly report of listening is made from, in SQL, and which reports the audit log has the digest of."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from requests_portal.audit_log.entry import decode
from requests_portal.database.audit_store import entries
from requests_portal.database.moments import from_text, to_text
from requests_portal.database.tables import (
    ENTERED_REPORTS,
    audit_entries,
    canary_alarms,
    cases,
    heard_days,
    listening_grants,
    plays,
)
from requests_portal.database.visible import visible
from requests_portal.model.actor import Actor, Role
from requests_portal.model.listening_report import Entered, Span, read_month


class SqlListeningReports:
    """Fulfils the ListeningReports port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def began(self) -> datetime | None:
        """When the log begins; None while it is empty."""
        first = next(entries(self._session, end=1), None)
        return None if first is None else decode(first).at

    def entered(self) -> Sequence[Entered]:
        """Every report that the log has, oldest first; an index of its own finds them among all entries."""
        fixed = text(ENTERED_REPORTS[self._session.get_bind().dialect.name])
        query = select(audit_entries.c.index, audit_entries.c.entry).where(fixed).order_by(audit_entries.c.index)
        found = [(index, decode(bytes(entry))) for index, entry in self._session.execute(query)]
        return [
            Entered(
                month=read_month(entry.words["month"]),
                starts=datetime.fromtimestamp(entry.numbers["starts"], UTC),
                ends=datetime.fromtimestamp(entry.numbers["ends"], UTC),
                digest=entry.digests["report"],
                index=index,
                at=entry.at,
            )
            for index, entry in found
        ]

    def spans(self, starts: datetime, ends: datetime, *, by: Actor) -> Sequence[Span]:
        """What was sent between these moments in cases of which the actor may know, in the order it was sent."""
        grant, sent = listening_grants.c, plays.c
        columns = (sent.grant_id, sent.at, sent.from_ms, sent.to_ms)
        query = (
            select(*columns, grant.by, grant.role, grant.purpose, grant.recording_id, grant.version_id)
            .add_columns(cases.c.reference)
            .join_from(plays, listening_grants, grant.id == sent.grant_id)
            .join(cases, cases.c.id == grant.case_id)
            .where(sent.at >= to_text(starts), sent.at < to_text(ends), sent.to_ms > sent.from_ms, visible(by))
            .order_by(sent.id)
        )
        return [
            Span(
                grant=row.grant_id,
                person=row.by,
                role=row.role,
                purpose=row.purpose,
                case=row.reference,
                recording=row.recording_id,
                version_id=row.version_id,
                at=from_text(row.at),
                from_ms=row.from_ms,
                to_ms=row.to_ms,
            )
            for row in self._session.execute(query)
        ]

    def alarms(self, starts: datetime, ends: datetime) -> Mapping[str, int]:
        """How many alarms each colleague raised between these moments by reaching for a canary."""
        raised = canary_alarms.c
        within = (raised.at >= to_text(starts), raised.at < to_text(ends), raised.role != Role.CUSTOMER)
        query = select(raised.person, func.count()).where(*within).group_by(raised.person)
        return {person: count for person, count in self._session.execute(query)}  # noqa: C416 — rows, not a mapping

    def limits(self, starts: datetime, ends: datetime) -> Mapping[tuple[str, date], int]:
        """The milliseconds that each person could hear on each day of UTC between these moments, where they did."""
        last = (ends - timedelta(microseconds=1)).astimezone(UTC).date()
        days = heard_days.c
        within = (days.day >= starts.astimezone(UTC).date().isoformat(), days.day <= last.isoformat())
        query = select(days.person, days.day, days.most).where(*within, days.most.is_not(None))
        return {(person, date.fromisoformat(day)): most for person, day, most in self._session.execute(query)}
