"""Sealing a case: who alone may know of it."""

from flask import render_template, request
from werkzeug.wrappers import Response

from requests_portal.errors import Unusable
from requests_portal.model.actor import Act
from requests_portal.model.case import Case
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.case import crumbs, the_case
from requests_portal.web.portal import the_portal
from requests_portal.work.name_people import name_people


@pages.get("/requests/<reference>/sealed")
@does(Act.SEAL_CASE)
def sealed(reference: str) -> str:
    """Who may know of the case, and whom to name."""
    with the_portal().outside.reading() as work:
        return _form(the_case(work, reference), None, "")


@pages.post("/requests/<reference>/sealed")
@does(Act.SEAL_CASE, fresh=True)
def seal_for(reference: str) -> Response | tuple[str, int]:
    """Seal the case for those who were ticked, or open it to everybody whose role includes it."""
    with the_portal().outside.reading() as work:
        the_case(work, reference)
    named = request.form.getlist("named") if request.form.get("who") == "named" else []
    if request.form.get("who") not in {"named", "everybody"} or not set(named) <= set(_people()):
        raise Unusable("Choose who may see the request, and people from the list only.")
    try:
        with the_portal().outside.unit_of_work() as work:
            name_people(work, the_case(work, reference).id, named, by=person())
    except Unusable as refusal:
        with the_portal().outside.reading() as work:
            return _form(the_case(work, reference), named, refusal.sentence), 422
    return see_other("casework.case", reference=reference)


def _people() -> dict[str, str]:
    """Everybody whom a request can concern, by name."""
    acts = (Act.READ_CASE, Act.LISTEN, Act.OPERATE)
    staff = [each for each in the_portal().staff().values() if any(each.may(act) for act in acts)]
    return {each.id: each.name for each in sorted(staff, key=lambda each: each.name)}


def _form(case: Case, ticked: list[str] | None, error: str) -> str:
    named = list(case.named) if ticked is None else ticked
    return render_template(
        "case_sealed.html",
        case=case,
        crumbs=crumbs(case),
        who="named" if named or error else "everybody",
        people=[(person_id, name, "") for person_id, name in _people().items()],
        ticked=named or [person().id],
        error=error,
        summary={"named": [error]} if error else {},
    )
