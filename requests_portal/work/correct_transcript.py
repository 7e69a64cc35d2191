"""Correct a transcript: what was decided on a customer's words is carried out, and what they say of a refusal kept.

What was catalogued is never overwritten: recording and transcript stay as they are, held or not, and the customer's
words stand beside them with their day, in the account and in what the customer gets from then on. What is demanded
leaves as it was recorded, without them. GDPR Art. 16; Cal. Civ. Code § 1798.106. Whoever is refused may have a
statement of their own kept there.
"""

from requests_portal.errors import Conflict, Unusable
from requests_portal.model.actor import SYSTEM, Act, Actor
from requests_portal.model.case import Case, CaseState
from requests_portal.model.transcript import LONGEST, ProposedWords, Standing, TranscriptNote
from requests_portal.work.compose.available import grants_correction
from requests_portal.work.ports import Work
from requests_portal.work.verify import is_known


def correct_as_decided(work: Work, case: Case, *, by: Actor) -> None:
    """Carry out what was decided on a customer's words; of a recording that is gone by then nothing is kept.

    Nor is anything where these words are kept already, or something of a newer request: what the customer said last
    stays what counts, however often an older answer is released again.
    """
    by = by.must(Act.RELEASE)
    if case.proposed is None or not (grants_correction(case) and case.is_cleared and is_known(case)):
        raise Conflict("This is not a correction that was granted and approved. Decide it first.")
    if _is_outdated(work, case, case.proposed):
        return
    if _keep(work, case, case.proposed, case.proposed.words, Standing.CORRECTED):
        work.audit.add("transcript_corrected", by=by, case=case.id, private={"recording": case.proposed.recording})


def attach_statement(work: Work, recording_id: str, words: str, *, by: Actor) -> None:
    """Keep a customer's own words beside a transcript that we refused to correct."""
    by = by.must(Act.FILE_OWN)
    work.catalogue.get(recording_id, by=by)
    case = newest_request(work, recording_id, by=by)
    if case is None or case.proposed is None or not may_state(work, case):
        raise Conflict("A statement is kept where we refused a correction, and once. Ask for a correction first.")
    if not _keep(work, case, case.proposed, checked_words(words), Standing.CONTESTED):
        raise Conflict("This recording has changed since. Ask for a correction again.")
    work.audit.add("statement_attached", by=by, case=case.id, private={"recording": recording_id})


def newest_request(work: Work, recording_id: str, *, by: Actor) -> Case | None:
    """The customer's last request to correct the transcript of this recording."""
    theirs = work.cases.correcting(by.account) if by.account else ()
    return next((each for each in theirs if each.proposed and each.proposed.recording == recording_id), None)


def may_state(work: Work, case: Case) -> bool:
    """Whether a correction was refused, and nothing of the customer's is kept beside the transcript for that yet."""
    if case.proposed is None or not was_refused(case):
        return False
    note = work.transcript_notes.of([case.proposed.recording]).get(case.proposed.recording)
    return note is None or note.case != case.id


def was_refused(case: Case) -> bool:
    """Whether the customer has our answer that the words they proposed are not taken over."""
    answered = case.state is CaseState.ANSWERED and case.decision is not None
    return answered and case.proposed is not None and not grants_correction(case)


def checked_words(words: str) -> str:
    """A customer's words as they are kept; raises Unusable for none, and for too many."""
    words = words.strip()
    if not words:
        raise Unusable("Write how it should read.")
    if len(words) > LONGEST:
        raise Unusable(f"Use at most {LONGEST:,} characters.")
    return words


def _is_outdated(work: Work, case: Case, proposed: ProposedWords) -> bool:
    """Whether the newest words kept beside the recording are this request's own already, or of a newer one."""
    note = work.transcript_notes.of([proposed.recording]).get(proposed.recording)
    if note is None:
        return False
    if note.case == case.id:
        return note.standing is Standing.CORRECTED
    return work.cases.get(note.case, by=SYSTEM).received_at > case.received_at


def _keep(work: Work, case: Case, proposed: ProposedWords, words: str, standing: Standing) -> bool:
    note = TranscriptNote(recording=proposed.recording, standing=standing, words=words, case=case.id, at=work.now())
    return work.transcript_notes.add(note, version_id=proposed.version_id)
