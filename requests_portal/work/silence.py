"""Silence: a lawyer marks the parts of recordings that are to leave without their sound and words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from legal_rules.scope import DemandLine
from requests_portal.errors import Conflict, NotFound, Unusable
from requests_portal.model.actor import SYSTEM, Act, Actor
from requests_portal.model.case import Case, CaseState
from requests_portal.model.digest import digest_of
from requests_portal.model.recording import ACCOUNT_HOLDER, Recording
from requests_portal.model.silence import Silence, as_digested, of_recording
from requests_portal.work.ports import Work
from requests_portal.work.selection import OF_RECORDINGS

# More parts than this in one recording are no work of a person's hand, and no page shows them.
MOST_PARTS = 1_000


def mark(work: Work, case_id: str, marks: Mapping[str, Sequence[Silence]], *, by: Actor) -> Case:
    """Replace the marks of the recordings named (none for one: nothing of it is silenced); a decision takes them over.

    Raises Conflict once a decision stands: it was made, and perhaps approved, with the marks of then.
    """
    by = by.must(Act.DECIDE)
    case = work.cases.get(case_id, by=by)
    _check_open(case)
    new = [silence for name, parts in marks.items() for silence in _checked(work, case, name, parts)]
    kept = [silence for silence in case.silences if silence.recording not in marks]
    changed = replace(case, silences=tuple(sorted([*kept, *new], key=lambda each: (each.recording, each.start))))
    work.audit.add(
        "silences_marked",
        by=by,
        case=case.id,
        numbers={"recordings": len(marks), "parts": len(new)},
        private={"before": digest_of(as_digested(case.silences)), "after": digest_of(as_digested(changed.silences))},
    )
    return work.cases.put(changed)


def may_mark(case: Case) -> bool:
    """Whether marks can be set now: the case is open and no decision stands."""
    return case.decision is None and case.state is not CaseState.CLOSED


def propose_from_speakers(recording: Recording, reason: str) -> tuple[Silence, ...]:
    """A silence for each part in which somebody other than the account holder speaks; marks nothing.

    Raises Unusable where nobody has established who is heard: no marks are not the mark of nobody.
    """
    if recording.speakers is None:
        raise Unusable("Nobody has established who is heard on this recording. Listen to it and mark the parts.")
    parts = [
        Silence(recording=recording.id, start=max(span.start, 0.0), end=span.end, reason=reason)
        for span in recording.speakers
        if span.label not in ACCOUNT_HOLDER and span.end > max(span.start, 0.0)
    ]
    return of_recording(parts, recording.id)


def _check_open(case: Case) -> None:
    if case.state is CaseState.CLOSED:
        raise Conflict("This case is closed, so nothing of it leaves any more.")
    if not may_mark(case):
        raise Conflict("This case is decided, and its silenced parts with it. Assess it again to change them.")


def _checked(work: Work, case: Case, name: str, parts: Sequence[Silence]) -> tuple[Silence, ...]:
    recording = work.catalogue.get(name, by=SYSTEM)
    if not any(_demands(line, recording) for line in case.lines):
        # It may be another customer's: that it exists is nothing this case may tell.
        raise NotFound("There is no such recording.")
    if len(parts) > MOST_PARTS:
        raise Unusable(f"A recording can have at most {MOST_PARTS:,} silenced parts. Join some of them.")
    if any(silence.recording != name for silence in parts):
        raise Unusable("A silenced part names another recording than the one it is set for.")
    return of_recording(dict.fromkeys(silence.checked() for silence in parts), name)


def _demands(line: DemandLine, recording: Recording) -> bool:
    at = (recording.account, recording.device, line.data_class, recording.recorded_at)
    return line.data_class in OF_RECORDINGS and line.scope.covers(*at)
