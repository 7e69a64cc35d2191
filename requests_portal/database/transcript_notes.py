"""The customers' words beside transcripts, in SQL; the newest of a recording counts, and the earlier ones stay."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Row, Select, insert, select
from sqlalchemy.orm import Session

from requests_portal.database.erasures import is_erased
from requests_portal.database.moments import from_text, to_text
from requests_portal.database.tables import production_items, recordings, transcript_notes
from requests_portal.model.transcript import Standing, TranscriptNote

BATCH = 500
COLUMNS = tuple(transcript_notes.columns)


class SqlTranscriptNotes:
    """Fulfils the TranscriptNotes port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, note: TranscriptNote, *, version_id: str) -> bool:
        """Keep a customer's words beside this version of their recording; False where that is no longer there."""
        there = recordings.c.id == note.recording, recordings.c.version_id == version_id, ~is_erased()
        if self._session.execute(select(recordings.c.id).where(*there)).first() is None:
            return False
        values = {**vars(note), "recording_id": note.recording, "at": to_text(note.at)}
        del values["recording"]
        self._session.execute(insert(transcript_notes).values(**values))
        return True

    def of(self, recording_ids: Iterable[str]) -> Mapping[str, TranscriptNote]:
        """The newest words beside each of these recordings that has any."""
        ids = list(recording_ids)
        found: dict[str, TranscriptNote] = {}
        for start in range(0, len(ids), BATCH):
            some = transcript_notes.c.recording_id.in_(ids[start : start + BATCH])
            found |= self._newest(select(*COLUMNS).where(some))
        return found

    def of_production(self, production_id: str) -> Mapping[str, TranscriptNote]:
        """The same of what a production holds."""
        items = production_items.c
        query = select(*COLUMNS).join(production_items, items.recording == transcript_notes.c.recording_id)
        return self._newest(query.where(items.production == production_id))

    def _newest(self, query: Select[tuple[object, ...]]) -> dict[str, TranscriptNote]:
        rows = self._session.execute(query.order_by(transcript_notes.c.at))
        return {row.recording_id: _as_note(row) for row in rows}


def _as_note(row: Row[tuple[object, ...]]) -> TranscriptNote:
    return TranscriptNote(
        recording=row.recording_id,
        standing=Standing(row.standing),
        words=row.words,
        case=row.case,
        at=from_text(row.at),
    )
