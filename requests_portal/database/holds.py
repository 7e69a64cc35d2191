"""Holds in SQL: which recordings are kept from deletion, for which case, and whether the store says so yet."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from requests_portal.database.catalogue import as_recording
from requests_portal.database.moments import from_text, maybe_moment, maybe_text, to_text
from requests_portal.database.tables import held_recordings, holds, recordings
from requests_portal.model.clock import Hold
from requests_portal.model.recording import Recording

TO_PLACE, PLACED, TO_LIFT, LIFTED = "to_place", "placed", "to_lift", "lifted"
HOLDING = (TO_PLACE, PLACED)


class SqlHolds:
    """Fulfils the Holds port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, hold: Hold, held: Iterable[Recording]) -> None:
        """Record a hold on these recordings; the store is told by the hold workflow."""
        values = {"id": hold.id, "case_id": hold.case, "placed_at": to_text(hold.placed_at)}
        self._session.execute(insert(holds).values(**values, expires_at=maybe_text(hold.expires_at)))
        rows = [{"hold_id": hold.id, "recording_id": recording.id, "state": TO_PLACE} for recording in held]
        if rows:
            self._session.execute(insert(held_recordings), rows)

    def of_case(self, case_id: str) -> Sequence[Hold]:
        """The case's holds, oldest first."""
        rows = self._session.execute(select(holds).where(holds.c.case_id == case_id).order_by(holds.c.placed_at))
        return [
            Hold(
                id=row.id,
                case=row.case_id,
                placed_at=from_text(row.placed_at),
                expires_at=maybe_moment(row.expires_at),
                released_at=maybe_moment(row.released_at),
                released_because=row.released_because,
            )
            for row in rows
        ]

    def to_place(self, hold_id: str) -> Sequence[Recording]:
        """The recordings whose versions the store has not yet been told to hold."""
        return self._in_state(hold_id, TO_PLACE)

    def placed(self, hold_id: str, recording_ids: Iterable[str]) -> None:
        """Record that the store holds these versions."""
        self._move(hold_id, recording_ids, TO_PLACE, PLACED)

    def release(self, hold_id: str, *, at: datetime, because: str) -> None:
        """End a hold; the store is told by the hold workflow, for what no other hold keeps."""
        self._session.execute(
            update(holds).where(holds.c.id == hold_id).values(released_at=to_text(at), released_because=because)
        )
        self.narrow(hold_id, frozenset())

    def narrow(self, hold_id: str, keep: frozenset[str]) -> None:
        """Let go of every recording of the hold that is not to be kept."""
        held = self._session.execute(
            select(held_recordings.c.recording_id).where(
                held_recordings.c.hold_id == hold_id, held_recordings.c.state.in_(HOLDING)
            )
        ).scalars()
        gone = [recording for recording in held if recording not in keep]
        for state in HOLDING:
            self._move(hold_id, gone, state, TO_LIFT)

    def to_lift(self, hold_id: str) -> Sequence[Recording]:
        """The recordings this hold lets go of and no other hold keeps."""
        return [recording for recording in self._in_state(hold_id, TO_LIFT) if not self.is_held(recording.id)]

    def lifted(self, hold_id: str, recording_ids: Iterable[str]) -> None:
        """Record that the store no longer holds these versions for this hold."""
        self._move(hold_id, recording_ids, TO_LIFT, LIFTED)

    def is_held(self, recording_id: str) -> bool:
        """Whether any hold keeps this recording."""
        query = select(func.count()).where(
            held_recordings.c.recording_id == recording_id, held_recordings.c.state.in_(HOLDING)
        )
        return bool(self._session.execute(query).scalar())

    def counts(self, hold_id: str) -> tuple[int, int]:
        """How many recordings the hold keeps, and for how many of them the store has confirmed it."""
        rows = self._session.execute(
            select(held_recordings.c.state, func.count().label("held"))
            .where(held_recordings.c.hold_id == hold_id)
            .group_by(held_recordings.c.state)
        )
        by_state: dict[str, int] = {row.state: row.held for row in rows}
        return sum(by_state.get(state, 0) for state in HOLDING), by_state.get(PLACED, 0)

    def _in_state(self, hold_id: str, state: str) -> list[Recording]:
        query = (
            select(recordings)
            .join(held_recordings, held_recordings.c.recording_id == recordings.c.id)
            .where(held_recordings.c.hold_id == hold_id, held_recordings.c.state == state)
            .order_by(recordings.c.recorded_at)
        )
        return [as_recording(row) for row in self._session.execute(query)]

    def _move(self, hold_id: str, recording_ids: Iterable[str], old: str, new: str) -> None:
        ids = list(recording_ids)
        for start in range(0, len(ids), 500):
            self._session.execute(
                update(held_recordings)
                .where(
                    held_recordings.c.hold_id == hold_id,
                    held_recordings.c.state == old,
                    held_recordings.c.recording_id.in_(ids[start : start + 500]),
                )
                .values(state=new)
            )
