"""The operator's pages: what is not as it should be, what runs, and what to do with a production that is stuck."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from requests_portal.errors import NotFound
from requests_portal.model.actor import Act
from requests_portal.model.duty import on_call
from requests_portal.model.production import Production, ProductionState
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk import wording
from requests_portal.web.desk.case_words import name_in
from requests_portal.web.desk.schema import ReasonSchema
from requests_portal.web.forms import Errors, loaded, typed
from requests_portal.web.portal import the_portal
from requests_portal.work import unstick
from requests_portal.work.doctor import Diagnosis, Fault
from requests_portal.work.take_as_gone import absent_bucket, take_as_gone
from requests_portal.work.unstick import GOES_ON
from requests_portal.work.views.operations import Standing

pages = Blueprint("operations", __name__)

TONES = {"red": ("bad", "Now"), "warning": ("warn", "Soon"), "note": ("plain", "Note")}
ONE = "/operations/<reference>/<int:number>"
BUCKET = "/operations/buckets/<name>"


@pages.get("/operations")
@does(Act.READ_OPERATIONS)
def operations() -> str:
    """What is not as it should be, and what runs."""
    return render_template("operations.html", **_page())


@pages.get("/operations/now")
@does(Act.READ_OPERATIONS)
def now() -> str:
    """The part of the page that changes by itself."""
    return render_template("operations_part.html", **_page())


@pages.get(ONE)
@does(Act.OPERATE)
def production(reference: str, number: int) -> str:
    """What can be done with one production that does not go on."""
    return _one(reference, number, {})


@pages.post(f"{ONE}/retry")
@does(Act.OPERATE)
def retry(reference: str, number: int) -> AnyResponse | tuple[str, int]:
    """Have it worked on again by this release."""
    return _done(reference, number, unstick.try_again)


@pages.post(f"{ONE}/set-aside")
@does(Act.OPERATE)
def set_aside(reference: str, number: int) -> AnyResponse | tuple[str, int]:
    """Stop it; its case goes on."""
    return _done(reference, number, unstick.set_aside)


@pages.get(BUCKET)
@does(Act.OPERATE)
def bucket(name: str) -> str:
    """What can be done about a bucket that the store says does not exist."""
    return _bucket(name, {})


@pages.post(f"{BUCKET}/gone")
@does(Act.OPERATE)
def bucket_gone(name: str) -> AnyResponse | tuple[str, int]:
    """Take it as gone for good."""
    said, errors = loaded(ReasonSchema(), typed(ReasonSchema(), request.form))
    if errors:
        return _bucket(name, errors), 422
    take_as_gone(the_portal().outside, name, because=said["reason"], by=person())
    return see_other("operations.operations")


@pages.post("/operations/renew")
@does(Act.OPERATE)
def renew() -> Response:
    """File again what nobody goes on with."""
    unstick.renew(the_portal().outside, by=person())
    return see_other("operations.operations")


def _done(reference: str, number: int, act: Callable[..., Production]) -> AnyResponse | tuple[str, int]:
    said, errors = loaded(ReasonSchema(), typed(ReasonSchema(), request.form))
    if errors:
        return _one(reference, number, errors), 422
    act(the_portal().outside, _found(reference, number), because=said["reason"], by=person())
    return see_other("operations.operations")


def _one(reference: str, number: int, errors: Errors) -> str:
    found = _found(reference, number)
    again = found.state in GOES_ON or found.state in {ProductionState.FAILED, ProductionState.WAITING}
    return render_template(
        "operations_production.html",
        reference=reference,
        production=found,
        state=wording.PRODUCTION_STATES[found.state],
        may_retry=again,
        may_set_aside=again or found.state is ProductionState.GATHERED,
        errors=errors,
        summary={name: [sentence] for name, sentence in errors.items()},
        has_errors=bool(errors),
        typed_reason=request.form.get("reason", ""),
    )


def _bucket(name: str, errors: Errors) -> str:
    portal = the_portal()
    with portal.outside.reading() as work:
        found = absent_bucket(work, name)
    return render_template(
        "operations_bucket.html",
        bucket=found,
        since=display.short_moment(found.since, now=portal.now(), zone=ZoneInfo(portal.zone)),
        waiting=display.count(found.waiting, "recording", "recordings"),
        errors=errors,
        summary={field: [sentence] for field, sentence in errors.items()},
        has_errors=bool(errors),
        typed_reason=request.form.get("reason", ""),
    )


def _found(reference: str, number: int) -> Production:
    with the_portal().outside.reading() as work:
        return unstick.by_number(work, reference, number, by=person())


def _page() -> dict[str, Any]:
    portal, by = the_portal(), person()
    if portal.doctor is None:
        raise NotFound("There is no such page, or it is not yours to see. Check the address.")
    found = portal.doctor(by)
    seen, zone = found.seen, ZoneInfo(portal.zone)
    staff = portal.staff()
    called = on_call(seen.found.duties, seen.at)
    return {
        "summary": _summary(found),
        "faults": [_fault(each, zone) for each in found.faults],
        "well": found.well,
        "standing": [_standing(each) for each in found.standing],
        "absent": [each for each in seen.found.absent if each.name and not each.is_taken_as_gone],
        "lost": any(each.name in {"older_release", "stranded"} for each in found.faults),
        "workers": [
            {
                "name": each.name,
                "version": each.version,
                "state": ("warn", "Drains") if each.draining else ("ok", "Alive"),
                "since": display.short_moment(each.began_at, now=seen.at, zone=zone),
            }
            for each in seen.running.alive
        ],
        "queue": [
            (words, display.number(sum(each.count for each in seen.running.pending if each.state == state)))
            for state, words in (("queued", "Wait for a worker"), ("begun", "Being done"), ("delayed", "For later"))
        ],
        "rounds": [
            {
                "name": each.name.replace("_", " ").capitalize(),
                "ended": display.short_moment(each.ended_at or each.begun_at, now=seen.at, zone=zone),
                "due": display.short_moment(each.due_at, now=seen.at, zone=zone),
                "failure": each.failure,
            }
            for each in seen.running.rounds
        ],
        "on_call": [
            (name_in(staff, each.who), display.short_moment(each.ends, now=seen.at, zone=zone)) for each in called
        ],
        "may_read_cases": by.may(Act.READ_CASE),
        "may_operate": by.may(Act.OPERATE),
    }


def _summary(found: Diagnosis) -> tuple[str, str]:
    red = sum(each.severity == "red" for each in found.faults)
    if red:
        return "bad", display.count(red, "fault that needs somebody now", "faults that need somebody now")
    soon = sum(each.severity == "warning" for each in found.faults)
    return ("warn", f"{soon} to see to soon") if soon else ("ok", "All is well")


def _fault(fault: Fault, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "name": fault.name,
        "tag": TONES[fault.severity],
        "sentence": fault.sentence,
        "action": fault.action,
        "cases": fault.cases,
        "due": display.due(fault.deadline, now=the_portal().now(), zone=zone) if fault.deadline else None,
    }


def _standing(each: Standing) -> dict[str, Any]:
    return {
        "reference": each.case.reference,
        "number": each.number,
        "state": wording.PRODUCTION_STATES[each.state],
        "failure": each.failure,
    }
