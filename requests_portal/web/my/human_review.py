"""Human review: the customer says whether people may listen to their recordings to improve the service."""

from flask import render_template, request
from werkzeug.wrappers import Response

from requests_portal.model.actor import Act
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.my.blueprint import pages
from requests_portal.web.portal import the_portal
from requests_portal.work.choose_review import choose_review

OPTIONS = (
    ("off", "No", "People do not listen to your recordings to improve our service."),
    ("on", "Yes", "People may listen to some of them, without your name, to correct what was understood."),
)


@pages.get("/my/human-review")
@does(Act.CHOOSE_REVIEW)
def human_review() -> str:
    """What the customer chose, and what it means."""
    return _form("")


@pages.post("/my/human-review")
@does(Act.CHOOSE_REVIEW)
def set_human_review() -> Response | tuple[str, int]:
    """Keep the choice; what is offered for review heeds it from then on."""
    chosen = request.form.get("review", "")
    if chosen not in {name for name, _, _ in OPTIONS}:
        return _form("Choose yes or no."), 422
    with the_portal().outside.unit_of_work() as work:
        choose_review(work, reviewed=chosen == "on", by=person())
    return see_other("my.human_review", kept="yes")


def _form(error: str) -> str:
    with the_portal().outside.reading() as work:
        reviewed = work.review_choices.may_be_reviewed(str(person().account))
    return render_template(
        "my/human_review.html",
        audience="customer",
        kept=request.method == "GET" and request.args.get("kept") == "yes",
        chosen="on" if reviewed else "off",
        options=OPTIONS,
        error=error,
        errors={"review": [error]} if error else {},
        has_errors=bool(error),
    )
