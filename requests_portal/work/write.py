"""Write: a lawyer changes the words of one case's letter, takes the change back, or finishes the letter for sending."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from requests_portal.errors import Conflict, NotFound, Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case, CaseState
from requests_portal.model.decision import Decision
from requests_portal.model.digest import digest_of
from requests_portal.model.letter import LetterAct, LetterKind, LetterVersion, latest
from requests_portal.work.bound import words_of_the_answer
from requests_portal.work.compose.available import answer_letter, available, rests_on, standing_version
from requests_portal.work.compose.letter import sections_now
from requests_portal.work.compose.sections import OPENING, Section
from requests_portal.work.correct import correct_facts
from requests_portal.work.decide import record_decision
from requests_portal.work.four_eyes import hands
from requests_portal.work.notify import tell
from requests_portal.work.ports import Work
from requests_portal.work.produce import reserve
from requests_portal.work.settle import record as record_settlement
from requests_portal.work.standing import MovedOn
from requests_portal.work.void import void_what_rests_on_it

LONGEST_SECTION = 20_000
# The time limit that a letter keeps once it is finished.
KEEPS = {LetterKind.ACKNOWLEDGEMENT: "acknowledge", LetterKind.EXTENSION: "extension_notice"}
AUDITED = {
    LetterAct.EDITED: "letter_edited",
    LetterAct.TAKEN_BACK: "letter_edit_taken_back",
    LetterAct.FINISHED: "letter_finished",
}


def edit_letter(work: Work, case_id: str, kind: LetterKind, words: Mapping[str, str], *, seen: str, by: Actor) -> Case:
    """Put these words in place of the letter's, section by section; what is released must be decided anew."""
    by = by.must(Act.WRITE_LETTER)
    case = _to_write(work, case_id, kind, seen, by)
    present = sections_now(work, case, kind)
    for sentence in problems(words, present).values():
        raise Unusable(sentence)
    changed = tuple((each.name, words.get(each.name, each.text)) for each in present)
    return _recorded(work, case, kind, LetterAct.EDITED, changed, by=by)


def take_back(work: Work, case_id: str, kind: LetterKind, *, seen: str, by: Actor) -> Case:
    """Put the letter back as it was assembled; the words that were written stay readable."""
    by = by.must(Act.WRITE_LETTER)
    case = _to_write(work, case_id, kind, seen, by)
    if standing_version(case, kind) is None:
        raise Conflict("This letter is as it was assembled; there is no change to take back.")
    return _recorded(work, case, kind, LetterAct.TAKEN_BACK, (), by=by)


def finish_letter(work: Work, case_id: str, kind: LetterKind, *, seen: str, by: Actor) -> Case:
    """Fix the text of a letter that goes out by itself, and note that it went; it can be changed no more."""
    by = by.must(Act.WRITE_LETTER)
    case = _to_write(work, case_id, kind, seen, by)
    if kind is answer_letter(case):
        raise Conflict("This letter is signed and released with the decision. Release it there.")
    said = tuple((each.name, each.text) for each in sections_now(work, case, kind))
    finished = _recorded(work, case, kind, LetterAct.FINISHED, said, by=by)
    if kind is LetterKind.EXTENSION:
        # From the day the requester is told, the longer period runs.
        told = {"extension_notified_on": work.today.isoformat()}
        finished = correct_facts(work, case.id, told, reason="The requester was told that we need longer.", by=by)
    if kind is LetterKind.NOTICE:
        tell(work, case.id, by=by)
    if kind in KEEPS:
        work.clocks.met(case.id, KEEPS[kind], work.now())
    return finished


def problems(words: Mapping[str, str], present: Sequence[Section]) -> dict[str, str]:
    """What is wrong with the words for each section, by its name; nothing when they can be kept."""
    told = {each.name: sentence for each in present if (sentence := _problem(words.get(each.name, each.text), each))}
    unchanged = all(words.get(each.name, each.text).split() == each.text.split() for each in present)
    if unchanged and not told:
        return {present[0].name: "Nothing is changed; the letter stays as it is."}
    return told


def _problem(text: str, section: Section) -> str:
    if len(text) > LONGEST_SECTION:
        return f"Use at most {LONGEST_SECTION:,} characters in one part of a letter."
    if section.ground and not text.strip():
        return "An objection needs words. To drop its ground, decide the case again without it."
    if section.name == OPENING and not text.strip():
        return "A letter needs words to begin with."
    return ""


def why_not_write(case: Case, kind: LetterKind) -> str | None:
    """Why the letter's words can be changed no more, in words for the page; None while they can."""
    if kind is answer_letter(case) and not case.is_open:
        return "This letter has been released, so its words can be changed no more."
    version = standing_version(case, kind)
    if version is not None and version.act is LetterAct.FINISHED:
        return f"{version.by_name} finished this letter, so its words can be changed no more."
    return None


def seen_as(case: Case, kind: LetterKind) -> str:
    """What a person who opened the letter has seen: what it rests on, and how often it was written before."""
    return f"{rests_on(case, kind)}:{_number(case, kind)}"


def _to_write(work: Work, case_id: str, kind: LetterKind, seen: str, by: Actor) -> Case:
    case = work.cases.get(case_id, by=by)
    if kind not in available(case, work.clocks.of_case(case.id)):
        raise NotFound("This case has no such letter as it stands.")
    if reason := why_not_write(case, kind):
        raise Conflict(reason)
    if seen != seen_as(case, kind):
        raise MovedOn("The letter, or what it rests on, changed since you opened it. Read it again before you write.")
    return case


def _recorded(
    work: Work, case: Case, kind: LetterKind, act: LetterAct, said: tuple[tuple[str, str], ...], *, by: Actor
) -> Case:
    number = _number(case, kind) + 1
    text = digest_of([list(each) for each in said])
    written = LetterVersion(
        kind=kind,
        number=number,
        act=act,
        sections=said,
        rests_on=rests_on(case, kind),
        by=by.id,
        by_name=by.name,
        at=work.now(),
    )
    decision = _decided_anew(work, case, written, text, by=by) if kind is answer_letter(case) else None
    version = replace(written, rests_on=decision.digest) if decision else written
    work.audit.add(
        AUDITED[act],
        by=by,
        case=case.id,
        subjects={"text": text, "rests_on": version.rests_on},
        numbers={"version": number},
        words={"letter": str(kind)},
    )
    kept = replace(case, letters=(*case.letters, version))
    return work.cases.put(kept) if decision is None else _with_decision(work, kept, decision, by)


def _decided_anew(work: Work, case: Case, written: LetterVersion, text: str, *, by: Actor) -> Decision | None:
    """The same decision with other words: an act of its own, which an approval of the words before does not cover."""
    decision = case.decision
    if decision is None:
        return None
    again = work.new_id()
    touched = tuple(dict.fromkeys((*hands(decision), by.id)))
    renamed = replace(decision, id=again, digest=again, by=by.id, by_name=by.name, at=work.now(), hands=touched)
    held = replace(case, letters=(*case.letters, replace(written, rests_on=again)))
    letter = words_of_the_answer(work, held, renamed)
    bound = {"id": again, "decision": decision.digest, "letter": text, "words": letter}
    return replace(renamed, letter=letter, digest=digest_of(bound))


def _with_decision(work: Work, case: Case, decision: Decision, by: Actor) -> Case:
    """The case decided anew: what was produced under the words before stops, and is approved and produced again."""
    void_what_rests_on_it(work, case, by=by)
    record_decision(work, case, decision, by)
    if decision.settlement is not None and decision.settlement.is_settled:
        record_settlement(work, case, decision.settlement, decision.digest, by)
    state = CaseState.DECIDED if decision.approval_needed else CaseState.APPROVED
    again = case.moved(CaseState.ASSESSED, decision=None).moved(state, decision=decision, earlier=case.decision)
    kept = work.cases.put(again)
    return kept if decision.approval_needed else reserve(work, kept, by=by)


def _number(case: Case, kind: LetterKind) -> int:
    last = latest(case.letters, kind)
    return last.number if last else 0
