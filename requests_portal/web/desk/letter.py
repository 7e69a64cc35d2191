"""The objection letter before it is signed: as a page, and as a watermarked PDF."""

import io

from flask import render_template
from werkzeug.wrappers import Response

from requests_portal.bundle import write_letter
from requests_portal.bundle.contents import LetterContents
from requests_portal.bundle.words import words_for
from requests_portal.errors import Conflict
from requests_portal.model.actor import Act
from requests_portal.model.case import Case
from requests_portal.web import display
from requests_portal.web.acts import does
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.case import crumbs, the_case
from requests_portal.web.desk.case_words import has_letter
from requests_portal.web.portal import the_portal
from requests_portal.work.compose import letter_contents
from requests_portal.work.ports import Work


@pages.get("/requests/<reference>/letter")
@does(Act.READ_CASE)
def letter(reference: str) -> str:
    """The objection letter as it stands."""
    with the_portal().outside.reading() as work:
        found = the_case(work, reference)
        contents = _draft(work, found)
    return render_template(
        "letter.html",
        case=found,
        crumbs=crumbs(found),
        letter=contents,
        date=display.day(contents.date, found.language if found.language != "en" else display.ENGLISH),
        remedy_label=words_for(found.language)["remedy"],
        rules=_rules(found),
    )


@pages.get("/requests/<reference>/letter.pdf")
@does(Act.READ_CASE)
def letter_pdf(reference: str) -> Response:
    """The objection letter as a PDF that says on every page that it is a draft."""
    with the_portal().outside.reading() as work:
        contents = _draft(work, the_case(work, reference))
    out = io.BytesIO()
    write_letter(contents, out, signer=None)
    headers = {"Content-Disposition": f'inline; filename="{reference}-objection-draft.pdf"'}
    return Response(out.getvalue(), mimetype="application/pdf", headers=headers)


def _draft(work: Work, found: Case) -> LetterContents:
    if not has_letter(found):
        raise Conflict("There is no objection letter: nothing is decided yet, or the decision objects to nothing.")
    portal = the_portal()
    return letter_contents(work, found, made_at=portal.now(), document_id=portal.new_id(), draft=True)


def _rules(found: Case) -> dict[str, list[str]]:
    """Which rules stand behind each ground, so that a reader of the draft can look them up."""
    behind: dict[str, list[str]] = {}
    for each in found.assessment.findings if found.assessment else ():
        if each.ground and each.outcome not in {"ask", "clear"}:
            behind.setdefault(each.ground, []).append(each.rule)
    return behind
