"""The catalogue in SQL: recordings by account, device and time, streamed in order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from legal_rules.scope import Every, Scope
from requests_portal.database.codec import from_json, to_json
from requests_portal.database.moments import from_text, to_text
from requests_portal.database.tables import customers, devices, recordings
from requests_portal.errors import NotFound
from requests_portal.model.actor import Act, Actor
from requests_portal.model.recording import Recording, ReviewEntry, SpeakerSpan, TimedWord

BATCH = 500


class SqlCatalogue:
    """Fulfils the Catalogue port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, scope: Scope) -> Iterator[Recording]:
        """The recordings whose account, device and moment the scope covers, oldest first."""
        query = select(recordings).order_by(recordings.c.recorded_at, recordings.c.id)
        if not isinstance(scope.accounts, Every):
            query = query.where(recordings.c.account.in_(sorted(scope.accounts)))
        if not isinstance(scope.devices, Every):
            query = query.where(recordings.c.device.in_(sorted(scope.devices)))
        query = query.where(
            recordings.c.recorded_at >= to_text(scope.interval.start),
            recordings.c.recorded_at < to_text(scope.interval.end),
        )
        for row in self._session.execute(query.execution_options(yield_per=BATCH)):
            yield as_recording(row)

    def get(self, recording_id: str, *, by: Actor) -> Recording:
        """The recording with this id; a customer gets only those of their own account."""
        row = self._session.execute(select(recordings).where(recordings.c.id == recording_id)).first()
        if row is None or (not by.may(Act.RECORD) and row.account != by.account):
            raise NotFound("There is no such recording.")
        return as_recording(row)

    def add(self, new: Iterable[Recording]) -> int:
        """Enter recordings; returns how many."""
        rows = [_columns(recording) for recording in new]
        if rows:
            self._session.execute(insert(recordings), rows)
        return len(rows)

    def accounts(self, accounts: Sequence[str]) -> frozenset[str]:
        """Those of the named accounts that exist here."""
        query = select(customers.c.account).where(customers.c.account.in_(list(accounts)))
        return frozenset(self._session.execute(query).scalars())

    def devices(self, accounts: Sequence[str]) -> Mapping[str, str]:
        """Serial and name of each device of the accounts."""
        query = select(devices.c.serial, devices.c.name).where(devices.c.account.in_(list(accounts)))
        return {row.serial: row.name for row in self._session.execute(query)}


def _columns(recording: Recording) -> dict[str, object]:
    return {
        **vars(recording),
        "recorded_at": to_text(recording.recorded_at),
        "speakers": to_json(recording.speakers),
        "reviews": to_json(recording.reviews),
        "words": None if recording.words is None else to_json(recording.words),
    }


def as_recording(row: Row[Any]) -> Recording:
    """The recording that a row of the table holds."""
    values = {
        **row._asdict(),
        "recorded_at": from_text(row.recorded_at),
        "speakers": from_json(row.speakers, tuple[SpeakerSpan, ...] | None),
        "reviews": from_json(row.reviews, tuple[ReviewEntry, ...]),
        "words": None if row.words is None else from_json(row.words, tuple[TimedWord, ...]),
    }
    return Recording(**values)
