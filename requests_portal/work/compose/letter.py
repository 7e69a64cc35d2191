"""The letters of a case: each assembled from the lawyers' texts, then with the words that were changed by hand."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from requests_portal.bundle.contents import LetterContents, LetterPart, Objection
from requests_portal.errors import Conflict
from requests_portal.model.case import Case, Track
from requests_portal.model.decision import Decision
from requests_portal.model.letter import LetterKind
from requests_portal.model.transcript import FORGOTTEN
from requests_portal.work.assess import day_of_receipt, examine
from requests_portal.work.compose.addressee import as_addressed
from requests_portal.work.compose.annex import clarification, conflict, ticked
from requests_portal.work.compose.available import APART, answer_letter, is_complaint, questions, standing_version
from requests_portal.work.compose.complaints import paths, paths_of_a_complaint
from requests_portal.work.compose.language import FALLBACK, in_one_language, phrases
from requests_portal.work.compose.objections import asked_and_given, objections
from requests_portal.work.compose.paper import paper, paper_of
from requests_portal.work.compose.sections import Section, sections, with_objections, with_text
from requests_portal.work.compose.wording import (
    authorities,
    classes,
    day_of,
    fields,
    listed,
    opened,
    paragraphs,
    period,
)
from requests_portal.work.ports import Customer, Work

Noticed = tuple[str, datetime | None]
AT_ONCE: Noticed = ("customer_notice", None)
InParts = tuple[tuple[str, ...], tuple[LetterPart, ...]]
HEADING = "# "
# Before this heading of Annex III stand the reasons, each of which our objections explain.
EXPLAINED_AFTER = "D. "


@dataclass(frozen=True, kw_only=True)
class Composed:
    """The text of a letter before it is put on paper."""

    opening: tuple[str, ...] = ()
    parts: tuple[LetterPart, ...] = ()
    objections: tuple[Objection, ...] = ()
    parts_after: tuple[LetterPart, ...] = ()
    closing: tuple[str, ...] = ()


def letter_contents(
    work: Work,
    case: Case,
    *,
    kind: LetterKind | None = None,
    made_at: datetime,
    document_id: str,
    draft: bool,
    as_assembled: bool = False,
    noticed: Noticed = AT_ONCE,
) -> LetterContents:
    """A letter as it stands, or as it was assembled; without a kind the one that is released with the decision.

    `noticed` is the text of a notice to the customer, with the moment at which a silence ended.
    """
    kind = kind or answer_letter(case) or _frame(case)
    if kind is LetterKind.NOTICE:
        # It goes to the customer, whatever language the authority writes.
        case = replace(case, language=_noticed(work, case).language)
    if kind not in APART:
        case = as_addressed(work, case)
    compose = (lambda w, c: _notice(w, c, noticed)) if kind is LetterKind.NOTICE else COMPOSE[kind]
    told, composed = in_one_language(case, lambda told: (told, compose(work, told)))
    letter = LetterContents(
        reference=case.reference,
        language=told.language,
        recipient=_customer(work, case) if kind is LetterKind.NOTICE else recipient(case),
        our_name=work.house.name,
        our_address=work.house.address,
        subject=subject(told),
        date=made_at.astimezone(ZoneInfo(case.zone)).date(),
        paragraphs=composed.opening,
        parts=composed.parts,
        objections=composed.objections,
        parts_after=composed.parts_after,
        closing=composed.closing,
        made_at=made_at,
        document_id=document_id,
        draft=draft,
        paper=paper_of(_noticed(work, case).country) if kind is LetterKind.NOTICE else paper(case),
    )
    return letter if as_assembled else with_text(letter, _by_hand(case, kind))


def sections_now(work: Work, case: Case, kind: LetterKind) -> tuple[Section, ...]:
    """The sections that the letter was assembled with, each with the words it has now, be they none."""
    now = {each.name: each.paragraphs for each in sections(_read(work, case, kind, as_assembled=False))}
    return tuple(replace(each, paragraphs=now.get(each.name, ())) for each in assembled(work, case, kind))


def assembled(work: Work, case: Case, kind: LetterKind) -> tuple[Section, ...]:
    """The letter's sections as they come from the lawyers' texts, before any hand."""
    return sections(_read(work, case, kind, as_assembled=True))


def _read(work: Work, case: Case, kind: LetterKind, *, as_assembled: bool) -> LetterContents:
    return letter_contents(
        work, case, kind=kind, made_at=work.now(), document_id="", draft=True, as_assembled=as_assembled
    )


def standing_objections(work: Work, case: Case) -> tuple[Objection, ...]:
    """The objections as the letter has them, for the bundle that goes with it."""
    found = objections(work, case, decided(case))
    kind = answer_letter(case)
    return with_objections(found, _by_hand(case, kind)) if kind else found


def decided(case: Case) -> Decision:
    """The decision that stands, or a refusal."""
    if case.decision is None:
        raise Conflict("This case has no decision that stands.")
    return case.decision


def information_text(case: Case) -> str:
    """The text that says what is done with a person's data: with those of an account's holder, or of somebody heard."""
    return "access_information_person_heard" if case.is_by_person_heard else "access_information"


def recipient(case: Case) -> tuple[str, ...]:
    """Whom we write to, line by line."""
    requester = case.requester
    return tuple(line for line in (requester.name, requester.organisation, *requester.address) if line)


def subject(case: Case) -> str:
    """The subject line of everything we send on a case; our own reference stands in the letterhead."""
    say = phrases(case)
    about = (
        case.title if case.language == FALLBACK else say.word(say.subjects, str(case.facts.get("right") or "demand"))
    )
    number = case.requester.file_number
    return say["your_reference"].format(about, number) if number else about


def _by_hand(case: Case, kind: LetterKind) -> dict[str, str]:
    version = standing_version(case, kind)
    return dict(version.sections) if version else {}


def _frame(case: Case) -> LetterKind:
    return LetterKind.OBJECTION if case.track is Track.LEGAL_DEMAND else LetterKind.REFUSAL


def _objection(work: Work, case: Case) -> Composed:
    said = _said(work, case)
    return Composed(
        opening=paragraphs(work, "objection_opening", case.language, said),
        objections=objections(work, case, decided(case)),
        closing=paragraphs(work, "objection_closing", case.language, said),
    )


def _refusal(work: Work, case: Case) -> Composed:
    said = _said(work, case)
    how = paragraphs(work, paths(_country(case)), case.language, said)
    if case.proposed is not None:
        how = (*paragraphs(work, "refusal_statement", case.language, said), *how)
    return Composed(
        opening=paragraphs(work, "refusal_opening", case.language, said),
        objections=objections(work, case, decided(case)),
        closing=(*how, *paragraphs(work, "refusal_closing", case.language, said)),
    )


def _epoc_answer(work: Work, case: Case) -> Composed:
    decision = decided(case)
    said = {
        **_said(work, case),
        "ticked": ticked(decision.grounds),
        "conflict": conflict(decision.grounds),
        "questions": clarification(questions(case, settled=True)),
        "signed_on": day_of(work.now(), case),
    }
    whole = _whole(work, case, "epoc_answer", said)
    first = next(at for at, part in enumerate(whole.parts, start=1) if part.heading.startswith(EXPLAINED_AFTER))
    return replace(
        whole, parts=whole.parts[:first], objections=objections(work, case, decision), parts_after=whole.parts[first:]
    )


def _acknowledgement(work: Work, case: Case) -> Composed:
    if is_complaint(case):
        return _on_complaint(work, case, "acknowledgement_complaint", signed=(work.house.name,))
    name = "acknowledgement_demand" if case.track is Track.LEGAL_DEMAND else "acknowledgement_person"
    return _whole(work, case, name, _said(work, case))


def _clarification(work: Work, case: Case) -> Composed:
    name = "clarification_demand" if case.track is Track.LEGAL_DEMAND else "clarification_person"
    return _whole(work, case, name, {**_said(work, case), "questions": "\n".join(questions(case))})


def _identity(work: Work, case: Case) -> Composed:
    return _whole(work, case, "identity_request", _of_letter(work, case, "identity_request"))


def _preservation(work: Work, case: Case) -> Composed:
    return _whole(work, case, "preservation_confirmation", _of_letter(work, case, "preservation_confirmation"))


def _extension(work: Work, case: Case) -> Composed:
    said = {**_said(work, case), "extended_due": _extended(work, case)}
    return _whole(work, case, "extension_notice", said)


def _no_records(work: Work, case: Case) -> Composed:
    name = "no_records_demand" if case.track is Track.LEGAL_DEMAND else "no_records_person"
    return _whole(work, case, name, {**_said(work, case), "searched": "\n".join(_searched(case))})


def _erasure(work: Work, case: Case) -> Composed:
    return _whole(work, case, "erasure_person", _said(work, case))


def _correction(work: Work, case: Case) -> Composed:
    say, proposed = phrases(case), case.proposed
    if proposed is None:
        raise Conflict("Nobody proposed other words for a transcript here.")
    if proposed.is_forgotten:
        said = dict.fromkeys(("words_before", "words_after"), FORGOTTEN)
    else:
        said = {
            "words_before": say["quoted"].format(proposed.was) if proposed.was.strip() else say["no_words"],
            "words_after": say["quoted"].format(proposed.words),
        }
    return _whole(work, case, "correction_person", _said(work, case) | said)


def _granted(work: Work, case: Case) -> Composed:
    return _whole(work, case, "granted_person", _said(work, case))


def _complaint(work: Work, case: Case) -> Composed:
    signed = paragraphs(work, "complaint_closing", case.language, _said(work, case))
    return _on_complaint(work, case, "complaint_answer", signed=signed)


def _on_complaint(work: Work, case: Case, name: str, *, signed: tuple[str, ...]) -> Composed:
    """What we say of a complaint, and then where else the person can turn with it, and within which times."""
    said = _said(work, case)
    how = paragraphs(work, paths_of_a_complaint(_country(case)), case.language, said)
    return Composed(opening=paragraphs(work, name, case.language, said), closing=(*how, *signed))


def _country(case: Case) -> str:
    return str(case.facts.get("data_subject_country"))


def _notice(work: Work, case: Case, noticed: Noticed = AT_ONCE) -> Composed:
    name, ended = noticed
    said = {"customer": _customer(work, case)[0]} | ({"silence_ended": day_of(ended, case)} if ended else {})
    return _whole(work, case, name, {**_said(work, case), **said})


def _said(work: Work, case: Case) -> dict[str, str]:
    """The fields of a letter that speaks of the whole case."""
    return {**fields(work, case, work.clocks.of_case(case.id)), **asked_and_given(case, case.decision, set())}


def _of_letter(work: Work, case: Case, name: str) -> dict[str, str]:
    """The same, with the authorities and the remedy of the rules that ask for this letter."""
    asking = [each for each in (case.assessment.findings if case.assessment else ()) if each.letter == name]
    return {
        **_said(work, case),
        "cite": authorities(cite for each in asking for cite in each.cite),
        "remedy": " ".join(dict.fromkeys(each.remedy for each in asking if each.remedy)),
    }


def _whole(work: Work, case: Case, name: str, said: Mapping[str, str]) -> Composed:
    """A letter that is one text."""
    opening, parts = in_parts(paragraphs(work, name, case.language, said))
    return Composed(opening=opening, parts=parts)


def in_parts(lines: Iterable[str]) -> InParts:
    """A text's opening and its parts; a line that begins with a number sign is a heading."""
    opening: list[str] = []
    parts: list[tuple[str, list[str]]] = []
    for line in lines:
        if line.startswith(HEADING):
            parts.append((line.removeprefix(HEADING), []))
        else:
            (parts[-1][1] if parts else opening).append(line)
    return tuple(opening), tuple(
        LetterPart(name=f"part_{at}", heading=heading, paragraphs=tuple(said_there))
        for at, (heading, said_there) in enumerate(parts, start=1)
    )


def _customer(work: Work, case: Case) -> tuple[str, ...]:
    """The name and address of the customer to whom a notice goes."""
    customer = _noticed(work, case)
    return (customer.name, *customer.address)


def _noticed(work: Work, case: Case) -> Customer:
    """The one customer whose data were demanded."""
    named = case.facts.get("accounts")
    if not isinstance(named, list | tuple) or len(named) != 1:
        raise Conflict("A notice goes to one customer, and this demand does not name exactly one account.")
    return work.customers.get(str(named[0]))


def _extended(work: Work, case: Case) -> str:
    """The day by which we answer if the requester is told today that we need longer."""
    told = replace(case, facts={**case.facts, "extension_notified_on": work.today.isoformat()})
    due = next(
        (clock.due for clock in examine(work, told, on=day_of_receipt(case)).clocks if clock.id == "answer"), None
    )
    if due is None:
        return phrases(case)["a_later_day"]
    return day_of(due, case) if isinstance(due, datetime) else phrases(case).day(due)


def _searched(case: Case) -> list[str]:
    """What was searched, decided line by decided line, with what was found."""
    say = phrases(case)
    found = []
    for line in case.lines:
        when = period(line.scope, case)
        what = opened(listed(dict.fromkeys(classes(line.scope, say)), say))
        accounts = line.scope.accounts
        if isinstance(accounts, frozenset) and not case.is_by_person_heard:
            what = say["of_account"].format(what, listed(sorted(accounts), say))
        found.append(say["none_found"].format(f"{what} {when}" if when else what))
    return found


COMPOSE: dict[LetterKind, Callable[[Work, Case], Composed]] = {
    LetterKind.ACKNOWLEDGEMENT: _acknowledgement,
    LetterKind.IDENTITY: _identity,
    LetterKind.CLARIFICATION: _clarification,
    LetterKind.EXTENSION: _extension,
    LetterKind.OBJECTION: _objection,
    LetterKind.REFUSAL: _refusal,
    LetterKind.ERASURE: _erasure,
    LetterKind.CORRECTION: _correction,
    LetterKind.GRANTED: _granted,
    LetterKind.COMPLAINT: _complaint,
    LetterKind.EPOC_ANSWER: _epoc_answer,
    LetterKind.PRESERVATION: _preservation,
    LetterKind.NO_RECORDS: _no_records,
    LetterKind.NOTICE: _notice,
}
