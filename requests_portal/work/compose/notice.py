"""The notice to each customer of a demand for their data, about their own account alone, and word to the authority."""

from dataclasses import replace

from requests_portal.bundle.contents import LetterContents
from requests_portal.model.case import Case
from requests_portal.model.letter import LetterKind
from requests_portal.work.compose.letter import Noticed, letter_contents
from requests_portal.work.compose.wording import day_of, fields, paragraphs
from requests_portal.work.nondisclosure import silence_ends
from requests_portal.work.ports import Customer, Work

LETTER_TO_AUTHORITY = "silence_ends"


def notice_words(work: Work, case: Case, customer: Customer) -> tuple[str, ...]:
    """The notice to one customer as it would go out now, in their language where all of it can be said there."""
    made = letter_contents(
        work,
        about_account(case, customer.account),
        kind=LetterKind.NOTICE,
        made_at=work.now(),
        document_id="",
        draft=True,
        noticed=_of_notice(work, case),
    )
    return _said(made)


def about_account(case: Case, account: str) -> Case:
    """The case as far as it is about one account: nothing in it tells of another customer's."""
    lines = tuple(line for line in case.lines if line.account == account)
    known = {line.id for line in lines}
    decision = case.decision
    if decision is not None:
        decision = replace(decision, lines=tuple(line for line in decision.lines if line.line in known))
    return replace(case, facts={**case.facts, "accounts": [account]}, lines=lines, decision=decision, quotes=())


def words_to_authority(work: Work, case: Case) -> tuple[str, ...]:
    """What the authority can be told before the silence ends, for a lawyer to send to an address they have checked."""
    ends = silence_ends(work, case)
    ended = day_of(ends, case) if ends else "a day that we do not know"
    return paragraphs(work, LETTER_TO_AUTHORITY, "en", {**fields(work, case), "silence_ended": ended})


def _of_notice(work: Work, case: Case) -> Noticed:
    """The text by the law that the silence rested on, and the moment at which that ended."""
    ends = silence_ends(work, case)
    if ends is None:
        return "customer_notice", None
    issuer, state = case.facts.get("issuer"), case.facts.get("issuer_state")
    law = "_federal" if issuer == "us_federal" else "_california" if (issuer, state) == ("us_state", "CA") else ""
    return f"customer_notice_delayed{law}", ends


def _said(letter: LetterContents) -> tuple[str, ...]:
    parts = [line for part in letter.parts for line in (part.heading, *part.paragraphs)]
    return (*letter.paragraphs, *parts, *letter.closing)
