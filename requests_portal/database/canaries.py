"""Canaries in SQL: which recordings are some is asked of single ones and of named accounts, and never listed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, or_, select, update
from sqlalchemy.orm import Session

from requests_portal.database.canary_rows import of_no_canary
from requests_portal.database.catalogue import as_columns, as_recording
from requests_portal.database.moments import from_text, maybe_moment, maybe_text, to_text
from requests_portal.database.pseudonyms import SqlPseudonyms
from requests_portal.database.tables import canaries, canary_alarms, cases, customers, devices, recordings
from requests_portal.database.visible import visible
from requests_portal.errors import NotFound
from requests_portal.model.actor import SYSTEM, Actor
from requests_portal.model.canary import Alarm, Touch
from requests_portal.model.recording import Recording

MOST_ALARMS = 200


class SqlCanaries:
    """Fulfils the Canaries port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def patterns(self, most: int) -> Sequence[Recording]:
        """Some recordings, any of them, by which canaries are made: they are to look like the others."""
        query = select(recordings).where(of_no_canary()).order_by(func.random()).limit(most)
        return [as_recording(row) for row in self._session.execute(query)]

    def plant(self, planted: Sequence[Recording], *, at: datetime) -> None:
        """Enter these among the recordings, each under a pseudonym as all are; no hold and no erasure is about them."""
        named = SqlPseudonyms(self._session).of(each.account for each in planted)
        entered = [as_columns(each) | {"pseudonym": named[each.account]} for each in planted]
        self._session.execute(insert(recordings), entered)
        rows = [
            {"recording_id": each.id, "account": each.account, "device": each.device, "at": to_text(at)}
            for each in planted
        ]
        self._session.execute(insert(canaries), rows)

    def are_sought(self, accounts: Sequence[str], serials: Sequence[str]) -> bool:
        """Whether one of these accounts or devices is a canary's, and no customer's."""
        account, device = canaries.c.account, canaries.c.device
        either = or_(
            account.in_(accounts) & account.not_in(select(customers.c.account)),
            device.in_(serials) & device.not_in(select(devices.c.serial)),
        )
        return self._session.execute(select(canaries.c.recording_id).where(either).limit(1)).first() is not None

    def alarm(self, new: Alarm) -> bool:
        """Raise an alarm; False where the same person's same one is open, which then counts once more."""
        same = canary_alarms.c
        case = same.case_id.is_(None) if new.case is None else same.case_id == new.case
        still_open = (same.person == new.person, same.how == str(new.how), case, same.acknowledged_at.is_(None))
        again = update(canary_alarms).where(*still_open).values(times=same.times + 1, last_at=to_text(new.last_at))
        if self._session.execute(again).rowcount:  # type: ignore[attr-defined]
            return False
        self._session.execute(insert(canary_alarms).values(**_columns(new)))
        return True

    def get(self, alarm_id: str) -> Alarm:
        """The alarm with this id."""
        row = self._session.execute(select(canary_alarms).where(canary_alarms.c.id == alarm_id)).first()
        if row is None:
            raise NotFound("There is no such alarm. Check the address.")
        return _alarm(row)

    def put(self, alarm: Alarm) -> None:
        """Keep an alarm that somebody looked into."""
        self._session.execute(update(canary_alarms).where(canary_alarms.c.id == alarm.id).values(**_columns(alarm)))

    def alarms(self, *, by: Actor = SYSTEM) -> Sequence[tuple[Alarm, str]]:
        """The newest alarms, open ones first, each with its case's reference, where the actor may know of that."""
        known = (cases.c.id == canary_alarms.c.case_id) & visible(by)
        newest = (canary_alarms.c.acknowledged_at.is_not(None), canary_alarms.c.last_at.desc())
        query = (
            select(canary_alarms, cases.c.reference)
            .outerjoin_from(canary_alarms, cases, known)
            .order_by(*newest)
            .limit(MOST_ALARMS)
        )
        rows = self._session.execute(query)
        return [
            (_alarm(row) if row.reference else replace(_alarm(row), case=None), row.reference or "") for row in rows
        ]

    def open_alarms(self) -> int:
        """How many alarms nobody has looked into."""
        query = select(func.count()).where(canary_alarms.c.acknowledged_at.is_(None))
        return int(self._session.execute(query).scalar_one())


def _columns(alarm: Alarm) -> dict[str, Any]:
    values = {name: value for name, value in vars(alarm).items() if name != "case"}
    moments = {"at": to_text(alarm.at), "last_at": to_text(alarm.last_at)}
    return (
        values
        | moments
        | {"how": str(alarm.how), "case_id": alarm.case}
        | {"acknowledged_at": maybe_text(alarm.acknowledged_at)}
    )


def _alarm(row: Row[Any]) -> Alarm:
    return Alarm(
        id=row.id,
        person=row.person,
        role=row.role,
        how=Touch(row.how),
        case=row.case_id,
        at=from_text(row.at),
        last_at=from_text(row.last_at),
        times=row.times,
        acknowledged_by=row.acknowledged_by,
        acknowledged_at=maybe_moment(row.acknowledged_at),
        words=row.words,
    )
