"""Propose words: a customer says how the transcript of a recording of theirs should read, and may think again.

Until somebody has decided on them, the words can be changed and the request can be withdrawn.
"""

from dataclasses import replace

from requests_portal.errors import Conflict, Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case, ClosedBecause
from requests_portal.model.recording import Recording
from requests_portal.model.transcript import ProposedWords
from requests_portal.work.assess import assessed
from requests_portal.work.close import close
from requests_portal.work.correct_transcript import checked_words, newest_request
from requests_portal.work.ports import Work
from requests_portal.work.receive import Filing, receive

ASKED = "You have asked us already. Nothing is sent yet: change below what you asked, or withdraw it."
DECIDED = (
    "We have decided on what you asked, so it can be changed no more. Once you have our answer, you can ask again."
)
NOT_ASKED = "Nothing of yours waits for our answer here. Reload the page to see where it stands."


def propose_words(work: Work, filing: Filing, recording_id: str, words: str, *, by: Actor) -> Case:
    """File that a transcript be corrected to these words; asked a second time for others, it refuses."""
    recording = work.catalogue.get(recording_id, by=by)
    asked = newest_request(work, recording_id, by=by)
    if asked is not None and asked.is_open:
        if asked.proposed is not None and asked.proposed.words.split() == words.split():
            return asked
        raise Conflict(ASKED if may_change(asked) else DECIDED)
    proposed = _proposed(recording, words)
    case = receive(work, replace(filing, proposed=proposed), by=by)
    work.audit.add("words_proposed", by=by, case=case.id, private={"recording": recording.id})
    return case


def change_words(work: Work, recording_id: str, words: str, *, by: Actor) -> Case:
    """Put other words in the place of those proposed; the request is assessed again, and nothing else of it changes."""
    by = by.must(Act.FILE_OWN)
    recording = work.catalogue.get(recording_id, by=by)
    case, proposed = _to_change(work, recording_id, by=by), _proposed(recording, words)
    if case.proposed == proposed:
        return case
    work.audit.add("words_changed", by=by, case=case.id, private={"recording": recording.id})
    return assessed(work, replace(case, proposed=proposed), by=by)


def withdraw_words(work: Work, recording_id: str, *, by: Actor) -> Case:
    """Take the request back; the customer may ask again."""
    by = by.must(Act.FILE_OWN)
    work.catalogue.get(recording_id, by=by)
    return close(work, _to_change(work, recording_id, by=by), ClosedBecause.WITHDRAWN, by=by)


def may_change(case: Case) -> bool:
    """Whether the customer may still change or withdraw what they proposed: until it is decided."""
    return case.proposed is not None and case.is_open and case.decision is None


def _to_change(work: Work, recording_id: str, *, by: Actor) -> Case:
    case = newest_request(work, recording_id, by=by)
    if case is None or not case.is_open:
        raise Conflict(NOT_ASKED)
    if not may_change(case):
        raise Conflict(DECIDED)
    return case


def _proposed(recording: Recording, words: str) -> ProposedWords:
    if words.split() == recording.transcript.split():
        raise Unusable("The words are those of the transcript as it is. Change what is wrong.")
    return ProposedWords(
        recording=recording.id, version_id=recording.version_id, was=recording.transcript, words=checked_words(words)
    )
