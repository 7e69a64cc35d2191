"""Propose words: a customer says how the transcript of a recording of theirs should read."""

from dataclasses import replace

from requests_portal.errors import Unusable
from requests_portal.model.actor import Actor
from requests_portal.model.case import Case
from requests_portal.model.transcript import ProposedWords
from requests_portal.work.correct_transcript import checked_words, newest_request
from requests_portal.work.ports import Work
from requests_portal.work.receive import Filing, receive


def propose_words(work: Work, filing: Filing, recording_id: str, words: str, *, by: Actor) -> Case:
    """File that a transcript be corrected to these words; one that is asked of already is not asked of twice."""
    recording = work.catalogue.get(recording_id, by=by)
    asked = newest_request(work, recording_id, by=by)
    if asked is not None and asked.is_open:
        return asked
    if words.split() == recording.transcript.split():
        raise Unusable("The words are those of the transcript as it is. Change what is wrong.")
    proposed = ProposedWords(
        recording=recording.id, version_id=recording.version_id, was=recording.transcript, words=checked_words(words)
    )
    case = receive(work, replace(filing, proposed=proposed), by=by)
    work.audit.add("words_proposed", by=by, case=case.id, private={"recording": recording.id})
    return case
