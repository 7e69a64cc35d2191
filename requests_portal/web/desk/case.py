"""The page of one case, and the small acts on it: give it to somebody, wait, assess again."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from requests_portal.errors import Unusable
from requests_portal.model.actor import SYSTEM, Act, Actor
from requests_portal.model.case import Case
from requests_portal.model.duty import LAST_RESORT
from requests_portal.model.escalation import Step
from requests_portal.model.follow_up import FOLLOW_UP
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk import wording
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.case_words import case_page, name_in
from requests_portal.web.desk.follow_up_words import miss_row, owed_words
from requests_portal.web.desk.policy_words import why_words
from requests_portal.web.desk.schema import WaitSchema
from requests_portal.web.forms import Errors, Typed, loaded, typed
from requests_portal.web.portal import the_portal
from requests_portal.work.assess import assess
from requests_portal.work.assign import assign as give_to
from requests_portal.work.assign import wait_for_requester
from requests_portal.work.follow_up import BLOCKED, blocking
from requests_portal.work.four_eyes import why_not
from requests_portal.work.ports import Work

# The words of the queue's address that a form may carry along.
QUEUE_WORDS = ("view", "kind", "stage", "law", "assigned", "find", "sort", "order", "page")


@pages.get("/requests/<reference>")
@does(Act.READ_CASE)
def case(reference: str) -> str:
    """One case: what is demanded, what is proposed and why, and what can be done now."""
    portal, by = the_portal(), person()
    page = portal.desk.case(reference, by=by)
    with portal.outside.reading() as work:
        adopted = work.editions.in_use()
        steps = work.escalations.of_case(page.case.id)
        under = page.case.decision.policy if page.case.decision else None
        blocked_by = blocking(work, page.case, by=SYSTEM) if page.case.is_open else ()
        named = blocking(work, page.case, by=by) if blocked_by else ()
        decided_under = work.standing_policies.numbered(under.number) if under else None
    return render_template(
        "case.html",
        **case_page(page, now=portal.now(), zone=portal.zone, staff=portal.staff()),
        approval_asked=wording.approval_words(page.case.decision.because) if page.case.decision else "",
        why_not_approve=why_not(page.case, by),
        colleagues=colleagues(portal.staff()),
        may_take=by.may(Act.ASSIGN) and page.case.is_open and page.case.assigned_to is None,
        woken=_woken(steps),
        edition_in_use=adopted.edition if adopted else None,
        decided_under=decided_under,
        blocked=BLOCKED if blocked_by else "",
        missed=[miss_row(each) for each in named],
        owed=owed_words(page.case, next((row for row in page.clocks if row.name == FOLLOW_UP and row.due), None)),
        not_routine=why_words(page.case.not_routine),
    )


def _woken(steps: Sequence[Step]) -> str:
    """Who was told last that nobody has the case, in words; empty where nobody was."""
    if not steps:
        return ""
    last, portal = steps[-1], the_portal()
    who = "the house's last resort" if last.who == LAST_RESORT else name_in(portal.staff(), last.who)
    return f"{who}, {display.short_moment(last.at, now=portal.now(), zone=ZoneInfo(portal.zone))}"


@pages.post("/requests/<reference>/assign")
@does(Act.ASSIGN)
def assign(reference: str) -> Response:
    """Give the case to a member of staff, or to nobody yet."""
    to, back = request.form.get("to", ""), request.form.get("back", "")
    if to and to not in dict(colleagues(the_portal().staff())):
        raise Unusable("Choose somebody from the list; nobody else can work on requests.")
    with the_portal().outside.unit_of_work() as work:
        give_to(work, the_case(work, reference).id, to=to or None, by=person())
    return see_other("queue.queue", **_view(back)) if back else see_other("casework.case", reference=reference)


@pages.post("/requests/<reference>/assess")
@does(Act.ASSESS)
def assess_again(reference: str) -> Response:
    """Assess the case again; a decision on it and what is produced under that no longer stand."""
    with the_portal().outside.unit_of_work() as work:
        assess(work, the_case(work, reference).id, by=person())
    return see_other("casework.case", reference=reference)


@pages.get("/requests/<reference>/wait")
@does(Act.DECIDE)
def wait(reference: str) -> str:
    """Ask what the requester has to supply."""
    with the_portal().outside.reading() as work:
        return _wait_form(the_case(work, reference), {}, {})


@pages.post("/requests/<reference>/wait")
@does(Act.DECIDE)
def wait_for_them(reference: str) -> Response | tuple[str, int]:
    """Let the case wait for its requester."""
    values = typed(WaitSchema(), request.form)
    said, errors = loaded(WaitSchema(), values)
    with the_portal().outside.unit_of_work() as work:
        found = the_case(work, reference)
        if errors:
            return _wait_form(found, values, errors), 422
        wait_for_requester(work, found.id, for_what=said["for_what"], by=person())
    return see_other("casework.case", reference=reference)


def the_case(work: Work, reference: str) -> Case:
    """The case that an address names, for the person who is signed in."""
    return work.cases.by_reference(reference, by=person())


def colleagues(staff: dict[str, Actor]) -> list[tuple[str, str]]:
    """Everybody who works on requests, by name."""
    workers = [actor for actor in staff.values() if actor.may(Act.READ_QUEUE)]
    return [(actor.id, actor.name) for actor in sorted(workers, key=lambda actor: actor.name)]


def crumbs(found: Case) -> list[tuple[str, str | None]]:
    """The way back from a page of a case."""
    start: list[tuple[str, str | None]] = []
    if person().may(Act.READ_QUEUE):
        start = [("Queue", url_for("queue.queue"))]
    return [*start, (found.reference, url_for("casework.case", reference=found.reference))]


def _view(back: str) -> dict[str, Any]:
    """The queue's own filters to return to; nothing else is taken from the form."""
    asked = parse_qs(urlsplit(back).query)
    return {name: asked[name] for name in QUEUE_WORDS if name in asked}


def _wait_form(found: Case, values: Typed, errors: Errors) -> str:
    missing = [wording.fact_words(name) for name in missing_facts(found)]
    return form_page("case_wait.html", found, errors, values=values, missing=missing)


def form_page(template: str, found: Case, errors: Errors, **values: Any) -> str:
    """A page of a case with a form on it: the way back, and each error above the form and beside its field."""
    return render_template(
        template,
        case=found,
        crumbs=crumbs(found),
        errors=errors,
        summary={name: [sentence] for name, sentence in errors.items()},
        has_errors=bool(errors),
        **values,
    )


def missing_facts(found: Case) -> list[str]:
    """The facts that the assessment asks for, each once."""
    findings = found.assessment.findings if found.assessment else ()
    return list(dict.fromkeys(name for finding in findings for name in finding.missing))
