"""Which letters a case has: they follow from its track, its state, its disposition and its grounds."""

from collections.abc import Callable, Sequence

from legal_rules.facts import FACTS
from legal_rules.vocabulary.groups import RIGHTS_ABOUT_NO_DATA
from requests_portal.model.case import Case, CaseState, FindingRecord, Track
from requests_portal.model.clock import ClockRow
from requests_portal.model.decision import GIVING, Decision, LineDecision
from requests_portal.model.letter import LetterAct, LetterKind, LetterVersion, latest, standing

EUROPEAN = frozenset({"epoc", "epoc_pr"})
# What is said once in a case; the others may have to be said again when more becomes known.
ONCE = frozenset({LetterKind.ACKNOWLEDGEMENT, LetterKind.EXTENSION})
PRESERVING = frozenset({"preservation_letter", "epoc_pr"})
# Whom a letter can ask; everything else is for us to find out.
ASKED_BY_LETTER = {Track.LEGAL_DEMAND: frozenset({"issuer"}), Track.DATA_SUBJECT: frozenset({"requester"})}
# Rights by which nothing leaves, and whose words say what is to be done.
DONE_FOR_A_PERSON = frozenset({"rectification", "restriction", "objection", *RIGHTS_ABOUT_NO_DATA})
DONE = DONE_FOR_A_PERSON | {"erasure"}
UNDECIDED = frozenset({CaseState.RECEIVED, CaseState.ASSESSED, CaseState.WAITING})


def answer_letter(case: Case) -> LetterKind | None:
    """The letter that is signed and released with the decision; None where the bundle says all that is to be said."""
    decision = case.decision
    if decision is None:
        return None
    if case.track is Track.DATA_SUBJECT:
        return _to_a_person(case, decision)
    if decision.objects:
        return _objecting(case, raised=bool(decision.grounds))
    return LetterKind.NO_RECORDS if _nothing_found(case) else None


def _to_a_person(case: Case, decision: Decision) -> LetterKind | None:
    if grants_erasure(case):
        return LetterKind.ERASURE
    if grants_correction(case):
        return LetterKind.CORRECTION
    if case.facts.get("right") in DONE_FOR_A_PERSON and _grants(case):
        return LetterKind.GRANTED
    if is_complaint(case):
        return LetterKind.COMPLAINT
    # To somebody heard on another's device "nothing was found" would say how it stands with what others are heard on.
    if not decision.gives or (case.is_by_person_heard and _nothing_found(case)):
        return LetterKind.REFUSAL
    return LetterKind.NO_RECORDS if _nothing_found(case) else None


def grants_erasure(case: Case) -> bool:
    """Whether erasure was asked for and the decision grants every line of it; nothing leaves then but a letter."""
    # Nobody but the account's holder has an account's recordings erased by a letter.
    return case.facts.get("right") == "erasure" and not case.is_by_person_heard and _grants(case)


def grants_correction(case: Case) -> bool:
    """Whether a customer's words for a transcript are taken over; nothing leaves then but a letter."""
    return case.proposed is not None and _grants(case)


def _grants(case: Case) -> bool:
    decision = case.decision
    return decision is not None and does_what_was_asked(case, decision.lines, by_lawyer=decision.policy is None)


def does_what_was_asked(case: Case, lines: Sequence[LineDecision], *, by_lawyer: bool) -> bool:
    """Whether lines decided so do something with a person's data because the person asked for it.

    What first asks who somebody is, or what they mean, does nothing. What the book leaves to counsel is done where a
    lawyer accepts every line of it; a request without lines has none to accept, and is done where the book proposes it.
    """
    if case.track is not Track.DATA_SUBJECT or case.assessment is None or case.facts.get("right") not in DONE:
        return False
    does = GIVING | {"escalate"} if by_lawyer and lines else GIVING
    return all(each in does for each in (case.assessment.disposition, *(line.disposition for line in lines)))


def is_complaint(case: Case) -> bool:
    """Whether somebody complains about how we handled their data, and asks for nothing to be done with them."""
    return case.track is Track.DATA_SUBJECT and case.facts.get("right") == "complaint"


def available(case: Case, clocks: Sequence[ClockRow]) -> tuple[LetterKind, ...]:
    """Every letter that can be written or read on the case as it stands, in the order in which a case meets them."""
    answer, may_hear = answer_letter(case), _may_hear(case)
    return tuple(
        kind
        for kind in LetterKind
        if kind is answer or _was_sent_once(case, kind) or (kind in APART and may_hear and APART[kind](case, clocks))
    )


def rests_on(case: Case, kind: LetterKind) -> str:
    """The digest of what a letter speaks of: the decision that stands, or before one the assessment."""
    if kind is answer_letter(case) or kind is LetterKind.NOTICE:
        return case.decision.digest if case.decision else ""
    return case.assessment.digest if case.assessment else ""


def standing_version(case: Case, kind: LetterKind) -> LetterVersion | None:
    """The version that is the letter's text on what stands now; None where it is as it was assembled."""
    if _was_sent_once(case, kind):
        return latest(case.letters, kind)
    return standing(case.letters, kind, rests_on(case, kind))


def _was_sent_once(case: Case, kind: LetterKind) -> bool:
    last = latest(case.letters, kind)
    return kind in ONCE and last is not None and last.act is LetterAct.FINISHED


def questions(case: Case, *, settled: bool = False) -> tuple[str, ...]:
    """What only the issuer or the requester can tell or send us, each once; settled: what no unknown fact may moot."""
    findings = case.assessment.findings if case.assessment else ()
    of_data = [each for each in findings if each.about == "data" and each.remedy]
    asked = [each for each in of_data if each.outcome == "clarify" or (not settled and _is_asked(each, case.track))]
    # What we wait for is what the lawyer who let the case wait said that the requester is told.
    waiting = [case.waiting_for] if case.state is CaseState.WAITING and not settled else []
    return tuple(dict.fromkeys([*waiting, *(each.remedy for each in asked)]))


def _is_asked(finding: FindingRecord, track: Track) -> bool:
    whom = {FACTS[name].asked_of for name in finding.missing if name in FACTS}
    return finding.outcome == "ask" and bool(whom & ASKED_BY_LETTER[track])


def _objecting(case: Case, *, raised: bool) -> LetterKind:
    if _only_preserves(case) and not raised:
        return LetterKind.PRESERVATION
    return LetterKind.EPOC_ANSWER if _by_certificate(case) else LetterKind.OBJECTION


def _by_certificate(case: Case) -> bool:
    """Whether Annex III is the form of our answer: to a certificate of a member state, once the Regulation applies."""
    european = case.facts.get("process") in EUROPEAN and case.facts.get("issuer") == "eu_state"
    return european and case.decision is not None and "INSTRUMENT_NOT_IN_FORCE" not in case.decision.grounds


def _only_preserves(case: Case) -> bool:
    return case.assessment is not None and case.assessment.disposition == "preserve_only"


def _nothing_found(case: Case) -> bool:
    decision = case.decision
    return decision is not None and not decision.selection.recordings and not decision.selection.record_sets


def _may_hear(case: Case) -> bool:
    """Whether whoever asks may have a letter of its own from us; an agent only once the customer says they sent them.

    Before that an agent gets the one reply that is the same whether or not there is an account, and it names no case.
    """
    said = case.agent_answer
    return not case.is_by_agent or (said is not None and said.is_confirmed)


def _is_open(case: Case, _clocks: Sequence[ClockRow]) -> bool:
    return case.is_open


def _asks_who(case: Case, _clocks: Sequence[ClockRow]) -> bool:
    person = case.track is Track.DATA_SUBJECT and case.state in UNDECIDED
    return person and case.facts.get("identity_verified") is not True


def _asks_what(case: Case, _clocks: Sequence[ClockRow]) -> bool:
    return case.state in UNDECIDED and bool(questions(case))


def _needs_time(case: Case, clocks: Sequence[ClockRow]) -> bool:
    may_extend = any(clock.name == "extension_notice" and clock.met_at is None for clock in clocks)
    ours_to_answer = case.state in UNDECIDED - {CaseState.WAITING}
    return case.track is Track.DATA_SUBJECT and ours_to_answer and may_extend


def _preserves(case: Case, _clocks: Sequence[ClockRow]) -> bool:
    return case.state in UNDECIDED and (case.facts.get("process") in PRESERVING or _only_preserves(case))


def _may_tell(case: Case, _clocks: Sequence[ClockRow]) -> bool:
    """Whether the one customer concerned may be told; what nobody has established keeps us silent."""
    decision = case.decision
    if decision is None or case.track is not Track.LEGAL_DEMAND or len(accounts_of(case)) != 1:
        return False
    return case.facts.get("nondisclosure_order") is False and not asks_for_silence(case)


def asks_for_silence(case: Case) -> bool:
    """Whether the paper asks for silence, or may, and no decision of ours says that nothing bears that out."""
    unfounded = case.decision is not None and "NONDISCLOSURE_NO_BASIS" in case.decision.grounds
    return case.facts.get("nondisclosure_requested") is not False and not unfounded


def accounts_of(case: Case) -> Sequence[str]:
    """The accounts that a demand names."""
    named = case.facts.get("accounts")
    return list(named) if isinstance(named, list | tuple) else []


APART: dict[LetterKind, Callable[[Case, Sequence[ClockRow]], bool]] = {
    LetterKind.ACKNOWLEDGEMENT: _is_open,
    LetterKind.IDENTITY: _asks_who,
    LetterKind.CLARIFICATION: _asks_what,
    LetterKind.EXTENSION: _needs_time,
    LetterKind.PRESERVATION: _preserves,
    LetterKind.NOTICE: _may_tell,
}
