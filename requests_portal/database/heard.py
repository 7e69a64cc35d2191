"""Who heard a customer's recordings, in SQL: what no secrecy covers, and nothing else.

What is secret is not left out of an answer afterwards: it is in no case from which one begins.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Result, Row, func, insert, or_, select, text, true, union
from sqlalchemy.orm import Session

from requests_portal.database.codec import from_json
from requests_portal.database.erasures import is_erased
from requests_portal.database.moments import from_text, to_text
from requests_portal.database.tables import cases, listening_grants, notices, plays, recordings, told_hearings
from requests_portal.model.case import CaseState, Track
from requests_portal.model.listening import Heard, Why
from requests_portal.model.recording import ReviewEntry

SECOND = 1000
# Fixed words, so that the index of what was reviewed answers.
_REVIEWED = text("recordings.reviews <> '[]'")


class SqlHearings:
    """Fulfils the Hearings port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_account(self, account: str, *, until: datetime | None = None) -> Sequence[Heard]:
        """Every time somebody heard a recording that the customer still has, newest first, in two queries.

        With `until`, what they could have read at that moment: whatever happened or was told later changes nothing.
        """
        found = [*self._in_cases(account, true(), until), *self._reviewed(recordings.c.account == account, until)]
        return sorted(found, key=lambda each: (each.at, each.recording, each.purpose, each.role), reverse=True)

    def in_cases(self, account: str, recording_ids: Sequence[str]) -> Sequence[Heard]:
        """Every time that somebody heard one of these recordings of the customer's for a request, newest first."""
        found = self._in_cases(account, listening_grants.c.recording_id.in_(recording_ids), None)
        return sorted(found, key=lambda each: each.at, reverse=True)

    def of_person_heard(self, case_id: str, recording_ids: Sequence[str], *, until: datetime) -> Sequence[Heard]:
        """Every time until then that somebody heard one of these for this case or for the service, newest first.

        What was heard for requests of the account's holder, or for an authority's, is not theirs to know.
        """
        theirs = recordings.c.id.in_(recording_ids)
        played = self._played(listening_grants.c.case_id == case_id, theirs, _is_before(plays.c.at, until))
        found = [*(_heard(row, Why.OWN_REQUEST) for row in played), *self._reviewed(theirs, until)]
        return sorted(found, key=lambda each: (each.at, each.recording, each.purpose, each.role), reverse=True)

    def to_tell(self) -> Sequence[str]:
        """The answered demands, and requests by no account, heard for since anybody was told or with nobody told."""
        given = union(
            select(told_hearings.c.case_id, told_hearings.c.at), select(notices.c.case_id, notices.c.at)
        ).subquery()
        last = select(given.c.case_id, func.max(given.c.at).label("at")).group_by(given.c.case_id).subquery()
        heard = (
            select(listening_grants.c.case_id)
            .join(plays, plays.c.grant_id == listening_grants.c.id)
            .outerjoin(last, last.c.case_id == listening_grants.c.case_id)
            .where(last.c.at.is_(None) | (plays.c.at > last.c.at))
        )
        of_others = (cases.c.track == Track.LEGAL_DEMAND) | cases.c.account.is_(None)
        answered = cases.c.state.in_([CaseState.ANSWERED, CaseState.CLOSED]) & of_others
        query = select(cases.c.id).where(answered, cases.c.id.in_(heard))
        return tuple(self._session.execute(query).scalars())

    def tell(self, case_id: str, account: str, *, at: datetime) -> None:
        """From now on the customer reads who has listened for this request of somebody else's until now."""
        self._session.execute(insert(told_hearings).values(case_id=case_id, account=account, at=to_text(at)))

    def _in_cases(self, account: str, which: ColumnElement[bool], until: datetime | None) -> list[Heard]:
        known = listening_grants.c.case_id.in_(_open_to(account)), _is_told(account, until)
        theirs = recordings.c.account == account, which
        return [_heard(row, _why(row, account)) for row in self._played(*known, *theirs, _is_before(plays.c.at, until))]

    def _played(self, *which: ColumnElement[bool]) -> Result[Any]:
        sent = func.sum(plays.c.to_ms - plays.c.from_ms)
        grant, recording = listening_grants.c, recordings.c
        columns = (
            recording.id,
            recording.device,
            recording.recorded_at,
            recording.zone,
            grant.purpose,
            grant.role,
            cases.c.track,
            cases.c.account,
        )
        query = (
            select(*columns, func.min(plays.c.at).label("at"), sent.label("sent"))
            .join_from(listening_grants, plays, plays.c.grant_id == grant.id)
            .join(cases, cases.c.id == grant.case_id)
            .join(recordings, recording.id == grant.recording_id)
            .where(*which, ~is_erased())
            .group_by(grant.id, *columns)
            .having(sent > 0)
        )
        return self._session.execute(query)

    def _reviewed(self, which: ColumnElement[bool], until: datetime | None) -> list[Heard]:
        of = recordings.c
        query = select(of.id, of.device, of.recorded_at, of.zone, of.reviews).where(which, _REVIEWED, ~is_erased())
        return [
            Heard(
                recording=row.id,
                device=row.device,
                recorded_at=from_text(row.recorded_at),
                zone=row.zone,
                at=each.at,
                why=Why.SERVICE,
                purpose=each.purpose,
                role=each.role,
                seconds=None,
            )
            for row in self._session.execute(query)
            for each in _entries(row.reviews)
            if until is None or each.at <= until
        ]


def _heard(row: Row[Any], why: Why) -> Heard:
    return Heard(
        recording=row.id,
        device=row.device,
        recorded_at=from_text(row.recorded_at),
        zone=row.zone,
        at=from_text(row.at),
        why=why,
        purpose=row.purpose,
        role=row.role,
        seconds=row.sent / SECOND,
    )


def _why(row: Row[Any], account: str) -> Why:
    if row.track == Track.LEGAL_DEMAND:
        return Why.DEMAND
    return Why.OWN_REQUEST if row.account == account else Why.ANOTHERS_REQUEST


def _open_to(account: str) -> CompoundSelect[tuple[str]]:
    """The cases of which the customer knows: their own requests, and others' of which they were told."""
    own = select(cases.c.id).where(cases.c.account == account, cases.c.track == Track.DATA_SUBJECT)
    noticed = select(notices.c.case_id).where(notices.c.account == account)
    told = select(told_hearings.c.case_id).where(told_hearings.c.account == account)
    return union(own, noticed, told)


def _is_told(account: str, until: datetime | None) -> ColumnElement[bool]:
    """Of others' requests they know what was played before they were told: what comes later may be under an order."""
    told = [
        select(each.c.case_id)
        .where(each.c.case_id == cases.c.id, each.c.account == account)
        .where(each.c.at >= plays.c.at, _is_before(each.c.at, until))
        .exists()
        for each in (notices, told_hearings)
    ]
    own = (cases.c.track == Track.DATA_SUBJECT) & (cases.c.account == account)
    return or_(own, *told)


def _is_before(at: ColumnElement[str], until: datetime | None) -> ColumnElement[bool]:
    return true() if until is None else at <= to_text(until)


def _entries(written: str) -> tuple[ReviewEntry, ...]:
    found: tuple[ReviewEntry, ...] = from_json(written, tuple[ReviewEntry, ...])
    return found
