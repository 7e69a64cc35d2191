"""Mark up: what is to be silenced is changed, proposed from the speaker marks, and the last change undone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from requests_portal.errors import Conflict
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case
from requests_portal.model.recording import Recording
from requests_portal.model.silence import Silence, by_recording
from requests_portal.work.ports import Work
from requests_portal.work.silence import mark, propose_from_speakers

ANOTHER_SPEAKS = "Another person speaks"


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """How many recordings got new parts, how many parts, and on how many recordings nobody knows who speaks."""

    recordings: int
    parts: int
    not_established: int


def change(work: Work, case_id: str, marks: Mapping[str, Sequence[Silence]], *, by: Actor) -> Case:
    """Mark these recordings so, keeping what was marked before, so that it can be undone."""
    before = work.cases.get(case_id, by=by)
    changed = mark(work, case_id, marks, by=by)
    was, is_now = by_recording(before.silences), by_recording(changed.silences)
    differing = {name: was.get(name, ()) for name in marks if was.get(name) != is_now.get(name)}
    work.silence_steps.push(case_id, differing)
    return changed


def undo(work: Work, case_id: str, recording_id: str, *, by: Actor) -> Case:
    """Mark a recording as it was before the last change of its marks; that change is then forgotten."""
    by = by.must(Act.DECIDE)
    case = work.cases.get(case_id, by=by)
    before = work.silence_steps.pop(case.id, recording_id)
    if before is None:
        raise Conflict("There is no change of this recording's marks left to undo.")
    return mark(work, case.id, {recording_id: before}, by=by)


def propose(work: Work, case_id: str, recordings: Iterable[Recording], *, by: Actor) -> Proposed:
    """Add a part for each time somebody else is marked as speaking, where no marked part covers it already."""
    by = by.must(Act.DECIDE)
    case = work.cases.get(case_id, by=by)
    marked = by_recording(case.silences)
    marks: dict[str, tuple[Silence, ...]] = {}
    parts = unknown = 0
    for recording in recordings:
        if recording.speakers is None:
            unknown += 1
            continue
        own = marked.get(recording.id, ())
        new = [each for each in propose_from_speakers(recording, ANOTHER_SPEAKS) if not _is_covered(each, own)]
        if new:
            marks[recording.id] = (*own, *new)
            parts += len(new)
    if marks:
        change(work, case.id, marks, by=by)
    return Proposed(recordings=len(marks), parts=parts, not_established=unknown)


def _is_covered(part: Silence, marked: Iterable[Silence]) -> bool:
    return any(each.start <= part.start and part.end <= each.end for each in marked)
