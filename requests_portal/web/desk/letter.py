"""The letters of a case: read as a page and as a PDF, changed by hand, put back, and finished for sending."""

import io
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request
from werkzeug.wrappers import Response

from requests_portal.bundle import write_letter
from requests_portal.bundle.contents import LetterContents
from requests_portal.bundle.words import words_for
from requests_portal.errors import Conflict, NotFound
from requests_portal.model.actor import Act
from requests_portal.model.case import Case
from requests_portal.model.letter import LetterAct, LetterKind
from requests_portal.model.production import DocumentKind
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk import letter_words, wording
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.case import crumbs, form_page, the_case
from requests_portal.web.desk.letter_words import Signed
from requests_portal.web.forms import Errors
from requests_portal.web.portal import the_portal
from requests_portal.work import write
from requests_portal.work.compose import letter_contents
from requests_portal.work.compose.available import answer_letter, available, standing_version
from requests_portal.work.compose.letter import assembled, sections_now
from requests_portal.work.compose.sections import Section
from requests_portal.work.ports import Work
from requests_portal.work.standing import MovedOn

FIELD = "section-"
NO_ANSWER = "There is no objection letter: nothing is decided yet, or the decision objects to nothing."


@pages.get("/requests/<reference>/letter")
@does(Act.READ_CASE)
def letter(reference: str) -> str:
    """The letter that goes out with the decision."""
    with the_portal().outside.reading() as work:
        found = the_case(work, reference)
        return _page(work, found, _answer(found))


@pages.get("/requests/<reference>/letter.pdf")
@does(Act.READ_CASE)
def letter_pdf(reference: str) -> Response:
    """The letter that goes out with the decision, as a PDF."""
    with the_portal().outside.reading() as work:
        found = the_case(work, reference)
        return _pdf(work, found, _answer(found))


@pages.get("/requests/<reference>/letters/<kind>")
@does(Act.READ_CASE)
def letter_of(reference: str, kind: str) -> str:
    """One of the case's letters as it stands."""
    with the_portal().outside.reading() as work:
        found = the_case(work, reference)
        return _page(work, found, _kind(work, found, kind))


@pages.get("/requests/<reference>/letters/<kind>.pdf")
@does(Act.READ_CASE)
def letter_of_pdf(reference: str, kind: str) -> Response:
    """One of the case's letters as a PDF, which says on every page that it is a draft while it is one."""
    with the_portal().outside.reading() as work:
        found = the_case(work, reference)
        return _pdf(work, found, _kind(work, found, kind))


@pages.get("/requests/<reference>/letters/<kind>/edit")
@does(Act.WRITE_LETTER)
def edit_letter(reference: str, kind: str) -> str:
    """The letter's words, section by section, to be changed by hand."""
    with the_portal().outside.reading() as work:
        found = the_case(work, reference)
        named = _kind(work, found, kind)
        if reason := write.why_not_write(found, named):
            raise Conflict(reason)
        return _form(work, found, named, _words_to_start_from(found, named), {})


@pages.post("/requests/<reference>/letters/<kind>/edit")
@does(Act.WRITE_LETTER)
def keep_letter(reference: str, kind: str) -> Response | tuple[str, int]:
    """Keep the words that were typed; what is wrong with them is said beside them."""
    with the_portal().outside.unit_of_work() as work:
        found = the_case(work, reference)
        named = _kind(work, found, kind)
        typed = _typed()
        if errors := write.problems(typed, sections_now(work, found, named)):
            return _form(work, found, named, typed, errors), 422
        try:
            write.edit_letter(work, found.id, named, typed, seen=request.form.get("seen", ""), by=person())
        except MovedOn as moved:
            return _form(work, found, named, typed, {next(iter(typed), "opening"): moved.sentence}), moved.status
    return see_other("casework.letter_of", reference=reference, kind=kind)


@pages.post("/requests/<reference>/letters/<kind>/take-back")
@does(Act.WRITE_LETTER)
def take_back(reference: str, kind: str) -> Response:
    """Put the letter back as it was assembled."""
    with the_portal().outside.unit_of_work() as work:
        found = the_case(work, reference)
        named = _kind(work, found, kind)
        write.take_back(work, found.id, named, seen=request.form.get("seen", ""), by=person())
    return see_other("casework.letter_of", reference=reference, kind=kind)


@pages.post("/requests/<reference>/letters/<kind>/finish")
@does(Act.WRITE_LETTER)
def finish_letter(reference: str, kind: str) -> Response:
    """Finish a letter that goes out by itself."""
    with the_portal().outside.unit_of_work() as work:
        found = the_case(work, reference)
        named = _kind(work, found, kind)
        write.finish_letter(work, found.id, named, seen=request.form.get("seen", ""), by=person())
    return see_other("casework.letter_of", reference=reference, kind=kind)


def _answer(found: Case) -> LetterKind:
    kind = answer_letter(found)
    if kind is None:
        raise Conflict(NO_ANSWER)
    return kind


def _kind(work: Work, found: Case, name: str) -> LetterKind:
    for kind in available(found, work.clocks.of_case(found.id)):
        if kind == name:
            return kind
    raise NotFound("This case has no such letter as it stands.")


def _page(work: Work, found: Case, kind: LetterKind) -> str:
    zone = ZoneInfo(the_portal().zone)
    signed = _signed(work, found, kind)
    contents = _contents(work, found, kind, signed)
    before, now = assembled(work, found, kind), sections_now(work, found, kind)
    headings = {each.name: letter_words.name_of(each) for each in before}
    return render_template(
        "letter.html",
        case=found,
        crumbs=crumbs(found),
        title=wording.LETTERS[kind],
        base=f"/requests/{found.reference}/letters/{kind}",
        state=letter_words.state(found, kind, signed),
        letter=contents,
        date=display.day(contents.date, found.language if found.language != "en" else display.ENGLISH),
        remedy_label=words_for(found.language)["remedy"],
        rules=_rules(found),
        changes=letter_words.changes(before, now),
        changed=standing_version(found, kind),
        versions=letter_words.versions(found, kind, headings, zone),
        voided=letter_words.voided(found, kind, zone),
        why_not=write.why_not_write(found, kind),
        seen=write.seen_as(found, kind),
        is_answer=kind is answer_letter(found),
        no_reason=kind in {LetterKind.OBJECTION, LetterKind.REFUSAL} and not contents.objections,
        approved=found.approval,
        signed=signed,
    )


def _pdf(work: Work, found: Case, kind: LetterKind) -> Response:
    signed = _signed(work, found, kind)
    if signed is not None:
        # What was signed is what left: it is shown itself, and not written again.
        document = signed.document
        body = b"".join(the_portal().outside.vault.read_bundle(document.key, document.version_id))
        return _as_pdf(body, f"{found.reference}-{kind}.pdf")
    contents = _contents(work, found, kind, None)
    out = io.BytesIO()
    write_letter(contents, out, signer=None)
    return _as_pdf(out.getvalue(), f"{found.reference}-{kind}{'-draft' if contents.draft else ''}.pdf")


def _as_pdf(body: bytes, filename: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{filename}"'}
    return Response(body, mimetype="application/pdf", headers=headers)


def _contents(work: Work, found: Case, kind: LetterKind, signed: Signed | None) -> LetterContents:
    """The letter as of the moment its words were fixed; until then a draft of this moment."""
    portal = the_portal()
    version = standing_version(found, kind)
    finished = version if version and version.act is LetterAct.FINISHED else None
    at = signed.sealed_at if signed else finished.at if finished else portal.now()
    draft = signed is None and finished is None
    return letter_contents(work, found, kind=kind, made_at=at, document_id=portal.new_id(), draft=draft)


def _signed(work: Work, found: Case, kind: LetterKind) -> Signed | None:
    """The signed letter of the decision that stands, if it has come so far."""
    if found.decision is None or kind is not answer_letter(found):
        return None
    for production in work.productions.of_case(found.id):
        for document in work.productions.documents(production.id):
            if production.decision == found.decision.id and document.kind is DocumentKind.OBJECTION_LETTER:
                return Signed(document=document, sealed_at=document.signed_at)
    return None


def _typed() -> dict[str, str]:
    """The words of each section as typed, with the line ends that every system has."""
    sent = {name: text for name, text in request.form.items() if name.startswith(FIELD)}
    return {name.removeprefix(FIELD): text.replace("\r\n", "\n").strip() for name, text in sent.items()}


def _words_to_start_from(found: Case, kind: LetterKind) -> dict[str, str]:
    """The words of an earlier version, where the address asks to start from them."""
    asked = request.args.get("from", "")
    for version in found.letters:
        if version.kind is kind and str(version.number) == asked:
            return dict(version.sections)
    return {}


def _form(work: Work, found: Case, kind: LetterKind, words: dict[str, str], errors: Errors) -> str:
    """The form with the letter's words, or with those that were typed."""
    return form_page(
        "letter_edit.html",
        found,
        {f"{FIELD}{name}": sentence for name, sentence in errors.items()},
        title=wording.LETTERS[kind],
        base=f"/requests/{found.reference}/letters/{kind}",
        seen=write.seen_as(found, kind),
        fields=[_field(each, words, errors) for each in sections_now(work, found, kind)],
        is_answer=kind is answer_letter(found),
        signed=_signed(work, found, kind),
    )


def _field(section: Section, words: dict[str, str], errors: Errors) -> dict[str, Any]:
    return {
        "name": f"{FIELD}{section.name}",
        "label": letter_words.name_of(section),
        "value": words.get(section.name, section.text),
        "rows": letter_words.rows(section),
        "error": errors.get(section.name, ""),
    }


def _rules(found: Case) -> dict[str, list[str]]:
    """Which rules stand behind each ground, so that a reader of the draft can look them up."""
    behind: dict[str, list[str]] = {}
    for each in found.assessment.findings if found.assessment else ():
        if each.ground and each.outcome not in {"ask", "clear"}:
            behind.setdefault(each.ground, []).append(each.rule)
    return behind
