"""The recordings of a case under review, read in two steps: all of them by id and marks, then one page in full."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from requests_portal.database.catalogue import as_recording
from requests_portal.database.codec import from_json
from requests_portal.database.listening import SqlSilenceSteps
from requests_portal.database.tables import recordings
from requests_portal.database.within import within
from requests_portal.errors import NotFound
from requests_portal.model.case import Case
from requests_portal.model.recording import ACCOUNT_HOLDER, Recording, SpeakerSpan
from requests_portal.model.silence import Silence, by_recording
from requests_portal.work.selection import OF_RECORDINGS, ground_withheld, scopes_at_hand, silences_that_stand
from requests_portal.work.views.review import REVIEW_ROWS, SHOWN, RecordingPage, ReviewPage, ReviewRow


def review_page(session: Session, case: Case, show: str, page: int) -> ReviewPage:
    """One page of the case's recordings of one kind, oldest first."""
    marked = by_recording(silences_that_stand(case))
    kinds = _kinds(session, case, marked)
    show = show if show in SHOWN else "all"
    ids = kinds[show]
    pages = max(1, -(-len(ids) // REVIEW_ROWS))
    at = min(max(1, page), pages)
    listed = _in_full(session, ids[(at - 1) * REVIEW_ROWS : at * REVIEW_ROWS])
    return ReviewPage(
        case=case,
        rows=tuple(_row(case, each, marked) for each in listed),
        counts={name: len(found) for name, found in kinds.items()},
        parts=sum(len(marked[each]) for each in kinds["marked"]),
        show=show,
        page=at,
        pages=pages,
    )


def recording_page(session: Session, case: Case, recording_id: str, show: str) -> RecordingPage:
    """One recording of the case, between its neighbours among those of the same kind."""
    marked = by_recording(silences_that_stand(case))
    kinds = _kinds(session, case, marked)
    if recording_id not in kinds["all"]:
        raise NotFound("There is no such recording.")
    among = kinds.get(show, kinds["all"])
    ids = among if recording_id in among else kinds["all"]
    at = ids.index(recording_id)
    return RecordingPage(
        case=case,
        row=_row(case, _in_full(session, [recording_id])[0], marked),
        number=at + 1,
        total=len(ids),
        previous=ids[at - 1] if at else None,
        following=ids[at + 1] if at + 1 < len(ids) else None,
        undoable=SqlSilenceSteps(session).count(case.id, recording_id),
    )


def reviewed(session: Session, case: Case, show: str) -> Sequence[Recording]:
    """Every recording of one kind, in full and in order."""
    ids = _kinds(session, case, by_recording(silences_that_stand(case))).get(show, [])
    return [each for start in range(0, len(ids), 500) for each in _in_full(session, ids[start : start + 500])]


def _kinds(session: Session, case: Case, marked: dict[str, tuple[Silence, ...]]) -> dict[str, list[str]]:
    """The ids of the case's recordings by kind, each in the order in which they were made."""
    query = select(recordings.c.id, recordings.c.speakers).where(within(scopes_at_hand(case)))
    kinds: dict[str, list[str]] = {name: [] for name in SHOWN}
    for found, speakers in session.execute(query.order_by(recordings.c.recorded_at, recordings.c.id)):
        kinds["all"].append(found)
        kind = _kind(speakers)
        if kind:
            kinds[kind].append(found)
        if found in marked:
            kinds["marked"].append(found)
    return kinds


@lru_cache(maxsize=4096)
def _kind(speakers: str) -> str:
    """Whether others are marked as speaking, nobody has established it, or neither; many recordings read alike."""
    spans = from_json(speakers, tuple[SpeakerSpan, ...] | None)
    if spans is None:
        return "unknown"
    return "others" if any(span.label not in ACCOUNT_HOLDER for span in spans) else ""


def _in_full(session: Session, ids: Sequence[str]) -> list[Recording]:
    query = select(recordings).where(recordings.c.id.in_(ids))
    return [as_recording(row) for row in session.execute(query.order_by(recordings.c.recorded_at, recordings.c.id))]


def _row(case: Case, recording: Recording, marked: dict[str, tuple[Silence, ...]]) -> ReviewRow:
    silences = marked.get(recording.id, ())
    return ReviewRow(recording=recording, ground=_ground(case, recording, silences), silences=silences)


def _ground(case: Case, recording: Recording, silences: Sequence[Silence]) -> str | None:
    """The ground on which it is withheld in every class in which it would leave; None where it leaves in one."""
    grounds = [
        ground_withheld(case, recording, data_class, silences)
        for data_class in sorted(OF_RECORDINGS)
        if any(
            scope.covers(recording.account, recording.device, data_class, recording.recorded_at)
            for scope in scopes_at_hand(case)
        )
    ]
    return None if None in grounds else grounds[-1]
