"""Listen: nobody hears a recording without a grant for its case and purpose, and every span sent is on record (I5)."""

from collections.abc import Iterator

from requests_portal.bundle.rendition import Rendition, rendition
from requests_portal.bundle.sound import Unreadable
from requests_portal.errors import Forbidden, NotFound, Unusable
from requests_portal.model.actor import SYSTEM, Act, Actor
from requests_portal.model.case import Case
from requests_portal.model.listening import GRANT_PERIOD, Grant, Play, Purpose
from requests_portal.model.recording import Recording
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work
from requests_portal.work.selection import is_at_hand
from requests_portal.work.waveform import waveform

NO_GRANT = "Say first what you listen for; a grant to hear this recording runs for half an hour."


def grant(work: Work, case_id: str, recording_id: str, *, purpose: Purpose, words: str, by: Actor) -> Grant:
    """Let this person hear the present version of one recording of the case, for half an hour and one purpose."""
    by.must(Act.LISTEN)
    case = work.cases.get(case_id, by=by)
    recording = of_case(work, case, recording_id)
    if purpose is Purpose.OTHER and not words.strip():
        raise Unusable("Say what you listen for.")
    given = Grant(
        id=work.new_id(),
        case=case.id,
        recording=recording.id,
        version_id=recording.version_id,
        purpose=purpose,
        words=words.strip(),
        by=by.id,
        at=work.now(),
        expires_at=work.now() + GRANT_PERIOD,
    )
    work.listening.add_grant(given)
    work.audit.add(
        "listening_granted",
        by=by,
        case=case.id,
        words={"purpose": str(purpose)},
        private={"grant": given.id, "recording": recording.id, "version": given.version_id, "words": given.words},
    )
    return given


def live_grant(work: Work, case: Case, recording: Recording, *, by: Actor) -> Grant | None:
    """The grant under which this person may hear this version of the recording now."""
    for given in reversed(work.listening.grants(case.id, recording.id)):
        if given.by == by.id and given.version_id == recording.version_id and given.at <= work.now() < given.expires_at:
            return given
    return None


def play(work: Work, case_id: str, recording_id: str, *, from_ms: int, to_ms: int, by: Actor) -> Play:
    """Record a span before it is sent; refused without a grant that is this person's and still runs."""
    by.must(Act.LISTEN)
    case = work.cases.get(case_id, by=by)
    recording = of_case(work, case, recording_id)
    given = live_grant(work, case, recording, by=by)
    if given is None:
        raise Forbidden(NO_GRANT)
    played = Play(grant=given.id, at=work.now(), from_ms=from_ms, to_ms=to_ms)
    work.listening.add_play(played)
    work.audit.add(
        "recording_played",
        by=by,
        case=case.id,
        numbers={"from_ms": from_ms, "to_ms": to_ms},
        words={"purpose": str(given.purpose)},
        private={"grant": given.id, "recording": recording.id, "version": given.version_id},
    )
    return played


def opened(outside: Outside, recording: Recording) -> Rendition | Unreadable:
    """The recording's exact version as browsers hear it, decoded as it is sent."""
    sound = waveform(outside, recording)
    if isinstance(sound, Unreadable):
        return sound
    file = outside.store.opened(key=recording.key, version_id=recording.version_id, size=recording.size)
    return rendition(file, seconds=sound.seconds)


def hear(
    outside: Outside, case_id: str, recording_id: str, made: Rendition, *, start: int, end: int, by: Actor
) -> Iterator[bytes]:
    """The bytes asked for, step by step; each step is on record, in a transaction of its own, before it is sent."""
    for span in made.spans(start, end):
        with outside.unit_of_work() as work:
            play(work, case_id, recording_id, from_ms=span.from_ms, to_ms=span.to_ms, by=by)
        yield made.read(span.start, span.end)


def of_case(work: Work, case: Case, recording_id: str) -> Recording:
    """The recording, where the decision or the proposal of the case reaches it; any other one does not exist here."""
    recording = work.catalogue.get(recording_id, by=SYSTEM)
    if not is_at_hand(case, recording):
        raise NotFound("There is no such recording.")
    return recording
