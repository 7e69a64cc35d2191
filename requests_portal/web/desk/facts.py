"""Correcting the facts of a case, with a reason."""

from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from legal_rules.errors import RuleBookError
from requests_portal.model.actor import Act
from requests_portal.model.case import Case
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.case import form_page, missing_facts, the_case
from requests_portal.web.desk.facts_form import corrections, sections
from requests_portal.web.desk.schema import ReasonSchema
from requests_portal.web.forms import Errors, loaded, typed
from requests_portal.web.portal import the_portal
from requests_portal.work.correct import correct_facts


@pages.get("/requests/<reference>/facts")
@does(Act.CORRECT_FACTS)
def facts(reference: str) -> str:
    """What is established about the request, to be corrected."""
    with the_portal().outside.reading() as work:
        return _form(the_case(work, reference), None, {})


@pages.post("/requests/<reference>/facts")
@does(Act.CORRECT_FACTS)
def correct(reference: str) -> Response | tuple[str, int]:
    """Correct the facts that were changed in the form; the case is assessed again."""
    with the_portal().outside.reading() as work:
        found = the_case(work, reference)
    said, errors = loaded(ReasonSchema(), typed(ReasonSchema(), request.form))
    changes, wrong = corrections(found, request.form)
    errors = wrong | errors
    if not changes and not wrong:
        errors = {"reason": "Nothing is changed. Change a fact, or go back to the request."}
    if not errors:
        errors = _correct(found, changes, said["reason"])
    if errors:
        return _form(found, request.form, errors), 422
    return see_other("casework.case", reference=reference)


def _correct(found: Case, changes: dict[str, object], reason: str) -> Errors:
    """Correct the facts; facts that contradict each other are an error of the first one changed."""
    try:
        with the_portal().outside.unit_of_work() as work:
            correct_facts(work, found.id, changes, reason=reason, by=person())
    except RuleBookError as contradiction:
        return {next(iter(changes)): str(contradiction)}
    return {}


def _form(found: Case, form: MultiDict[str, str] | None, errors: Errors) -> str:
    return form_page(
        "case_facts.html",
        found,
        errors,
        sections=sections(found, missing_facts(found), form, errors),
        reason=form.get("reason", "") if form else "",
    )
