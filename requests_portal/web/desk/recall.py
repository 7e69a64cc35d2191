"""Recalling a released production: withdrawn, or replaced by a later one of the same case."""

from flask import render_template, request
from werkzeug.wrappers import Response

from requests_portal.model.actor import Act
from requests_portal.model.production import Production, ProductionState
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.production import page_of
from requests_portal.web.desk.schema import RecallSchema
from requests_portal.web.forms import Errors, loaded, typed
from requests_portal.web.portal import the_portal
from requests_portal.work.recall import recall

NO_SUCH = "Choose a released production of this case, or leave it empty."
RECALL = "/requests/<reference>/productions/<int:number>/recall"


@pages.get(RECALL)
@does(Act.RECALL)
def recall_form(reference: str, number: int) -> str:
    """What a recall says, to whom, and what it cannot do."""
    return _page(reference, number, {})


@pages.post(RECALL)
@does(Act.RECALL, fresh=True)
def recall_it(reference: str, number: int) -> Response | tuple[str, int]:
    """Withdraw or replace the production."""
    said, errors = loaded(RecallSchema(), typed(RecallSchema(), request.form))
    _, view = the_portal().desk.production(reference, number, by=person())
    later: dict[str, str | None] = {str(each.number): each.id for each in _others(view.production)}
    chosen = said.get("replaced_by", "")
    if chosen and chosen not in later:
        errors = {**errors, "replaced_by": NO_SUCH}
    if errors:
        return _page(reference, number, errors), 422
    with the_portal().outside.unit_of_work() as work:
        recall(work, view.production.id, reason=said["reason"], replaced_by=later.get(chosen), by=person())
    return see_other("casework.production", reference=reference, number=number)


def _page(reference: str, number: int, errors: Errors) -> str:
    found, view = the_portal().desk.production(reference, number, by=person())
    later = _others(view.production)
    made_for_it = next((str(each.number) for each in later if each.replaces == view.production.id), "")
    return render_template(
        "recall.html",
        **page_of(found, view),
        others=[(str(each.number), f"Production {each.number}") for each in later],
        reason=request.form.get("reason", ""),
        replaced_by=request.form.get("replaced_by", made_for_it),
        errors=errors,
        summary={name: [sentence] for name, sentence in errors.items()},
        has_errors=bool(errors),
    )


def _others(production: Production) -> list[Production]:
    """The case's other released productions that still stand; one of them can replace it."""
    with the_portal().outside.reading() as work:
        made = [each for each in work.productions.of_case(production.case) if each.id != production.id]
        released = [each for each in made if each.state is ProductionState.RELEASED]
        return [each for each in released if work.recalls.of_production(each.id) is None]
