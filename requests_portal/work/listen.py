"""Listen: nobody hears a recording without a grant for its case and purpose, and every span sent is on record (I5)."""

from collections.abc import Iterator
from datetime import timedelta

from requests_portal.bundle.rendition import Rendition, rendition
from requests_portal.bundle.sound import Unreadable
from requests_portal.errors import Forbidden, NotFound, Unusable
from requests_portal.model.actor import SYSTEM, Act, Actor
from requests_portal.model.case import Case, Track
from requests_portal.model.listening import GRANT_PERIOD, Grant, Play, Purpose
from requests_portal.model.recording import Recording
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work
from requests_portal.work.selection import is_at_hand
from requests_portal.work.waveform import waveform

NOBODY_NEED_HEAR = (
    "Answering a customer's own request makes nobody listen, unless the customer chose it or the law needs it. "
    "A lawyer records which of the two on the page of its recordings."
)
NOBODY_HEARS_THEM = (
    "For somebody who is heard on another's device nobody listens, unless the law needs it. A lawyer records which law "
    "on the page of its recordings."
)
NO_GRANT = "Say first what you listen for; a grant to hear this recording runs for half an hour."


def grant(work: Work, case_id: str, recording_id: str, *, purpose: Purpose, words: str, by: Actor) -> Grant:
    """Let this person hear the present version of one recording of the case, for half an hour and one purpose."""
    by = by.must(Act.LISTEN)
    case = work.cases.to_hear(case_id, by=by)
    recording = of_case(work, case, recording_id)
    if not may_be_heard(work, case):
        raise Forbidden(NOBODY_HEARS_THEM if case.is_by_person_heard else NOBODY_NEED_HEAR)
    check_day(work, by=by)
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
        role=str(by.role),
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


def may_be_heard(work: Work, case: Case) -> bool:
    """Whether somebody may listen at all: for a customer's own request where a lawyer recorded why it is needed."""
    return case.track is not Track.DATA_SUBJECT or work.listening.asked(case.id) is not None


def live_grant(work: Work, case: Case, recording: Recording, *, by: Actor) -> Grant | None:
    """The grant under which this person may hear this version of the recording now."""
    if not may_be_heard(work, case):
        return None
    for given in reversed(work.listening.grants(case.id, recording.id)):
        if given.by == by.id and given.version_id == recording.version_id and given.at <= work.now() < given.expires_at:
            return given
    return None


def play(work: Work, case_id: str, recording_id: str, *, from_ms: int, to_ms: int, by: Actor) -> Play:
    """Record a span before it is sent; refused without a grant that is this person's and still runs."""
    by = by.must(Act.LISTEN)
    case = work.cases.to_hear(case_id, by=by)
    recording = of_case(work, case, recording_id)
    given = live_grant(work, case, recording, by=by)
    if given is None:
        raise Forbidden(NO_GRANT)
    if not work.listening.count_heard(by.id, day=work.today, milliseconds=to_ms - from_ms, most=_most(work)):
        raise Forbidden(_enough(work))
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


def check_day(work: Work, *, by: Actor) -> None:
    """Refuse where the person has heard today what one may hear in a day."""
    if work.listening.heard(by.id, day=work.today) >= _most(work):
        raise Forbidden(_enough(work))


def _most(work: Work) -> int:
    """What house policy lets one person hear in a day of UTC, in milliseconds."""
    return timedelta(hours=work.book.policy.listen_hours_a_day) // timedelta(milliseconds=1)


def _enough(work: Work) -> str:
    tomorrow = work.today + timedelta(days=1)
    most = work.book.policy.listen_hours_a_day
    hours = f"{most} hour" if most == 1 else f"{most} hours"
    return (
        f"Nobody hears more than {hours} of recordings in a day, and you have heard as much, or this would be "
        f"more. You can go on from 00:00 UTC on {tomorrow.isoformat()}; until then a colleague can."
    )


def opened(outside: Outside, recording: Recording) -> Rendition | Unreadable:
    """The recording's exact version as browsers hear it, decoded as it is sent."""
    sound = waveform(outside, recording)
    if isinstance(sound, Unreadable):
        return sound
    store = outside.store.of_bucket(recording.bucket)
    file = store.opened(key=recording.key, version_id=recording.version_id, size=recording.size)
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
