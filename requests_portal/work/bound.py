"""What an approval binds to besides lines and findings: the facts, whom we write to, and every word of the letter."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from requests_portal.bundle.contents import LetterContents, LetterPart, Objection
from requests_portal.model.case import Case, Track
from requests_portal.model.decision import Decision
from requests_portal.model.digest import digest_of
from requests_portal.work.compose.addressee import as_addressed
from requests_portal.work.compose.available import answer_letter
from requests_portal.work.compose.language import in_one_language
from requests_portal.work.compose.letter import information_text, letter_contents
from requests_portal.work.ports import Work

# What an extension of silence puts down; what it changes in law is seen in the assessment.
EXTENDED = frozenset(
    {"nondisclosure_ends_on", "nondisclosure_end_stated", "nondisclosure_extended_on", "notice_delay_renewed_on"}
)
# What is put down of a case later, by our own steps or with an extension; no decision rests on it.
LATER = frozenset({"disclosed_at", "preservation_renewed_on"}) | EXTENDED


def facts_digest(case: Case) -> str:
    """The digest of what was established about the request, without what is put down later."""
    return digest_of({name: value for name, value in case.facts.items() if name not in LATER})


def recipient_digest(work: Work, case: Case) -> str:
    """The digest of whom we answer, by every address of theirs."""
    who = as_addressed(work, case).requester
    return digest_of([who.name, who.organisation, who.email, list(who.address), who.country, who.file_number])


def words_of_the_answer(work: Work, case: Case, decision: Decision) -> tuple[str, ...]:
    """Every line of what is written to the requester under a decision, as of its day.

    That is its letter with the words changed by hand; where the bundle alone answers, the text its cover is made from.
    """
    held = replace(case, decision=decision)
    if answer_letter(held) is None:
        texts = in_one_language(held, lambda told: [work.letters.text(name, told.language) for name in _covers(case)])
        return tuple(line for text in texts for line in text.splitlines())
    # The letter's own dates are those of its signing; here it is read as if it were written with the decision.
    then = replace(work, now=lambda: decision.at)
    letter = letter_contents(then, held, made_at=decision.at, document_id="", draft=True)
    return tuple(_lines(letter))


def _covers(case: Case) -> tuple[str, ...]:
    if case.track is Track.LEGAL_DEMAND:
        return ("cover_legal_demand",)
    return ("cover_access_request", information_text(case))


def _lines(letter: LetterContents) -> Iterator[str]:
    yield from (letter.our_name, *letter.our_address, *letter.recipient, letter.subject)
    yield from letter.paragraphs
    yield from _parts(letter.parts)
    yield from _objections(letter.objections)
    yield from _parts(letter.parts_after)
    yield from letter.closing


def _parts(parts: Iterable[LetterPart]) -> Iterator[str]:
    for part in parts:
        yield from (part.heading, *part.paragraphs)


def _objections(objections: Iterable[Objection]) -> Iterator[str]:
    for each in objections:
        yield from (each.title, *each.cites, *each.paragraphs, each.remedy)
