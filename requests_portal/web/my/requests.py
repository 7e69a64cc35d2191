"""A customer's requests: all of them, and where one stands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from requests_portal.bundle.contents import LetterContents
from requests_portal.model.actor import Act
from requests_portal.model.case import Case, CaseState
from requests_portal.model.letter import LetterKind
from requests_portal.model.production import SignedDocument
from requests_portal.web import display
from requests_portal.web.acts import does, person
from requests_portal.web.my import stages, wording
from requests_portal.web.my.blueprint import pages
from requests_portal.web.my.cooling import held_until
from requests_portal.web.my.rights import rights_of
from requests_portal.web.portal import the_portal
from requests_portal.web.public.documents import volume_words
from requests_portal.web.public.everything import left_out
from requests_portal.work.answer_agent import may_confirm
from requests_portal.work.compose import letter_contents
from requests_portal.work.compose.available import is_complaint
from requests_portal.work.correct_transcript import was_refused
from requests_portal.work.views.my import Given, OwnRequest

_TONES = {
    "ready": "ok",
    "answered": "ok",
    "withdrawn": "bad",
    "question": "warn",
    "identity": "warn",
    "closed": "plain",
}


@pages.get("/my/requests")
@does(Act.READ_OWN)
def requests() -> str:
    """Every request of the account, newest first."""
    portal = the_portal()
    zone = ZoneInfo(portal.my.customer(by=person()).zone)
    return render_template(
        "my/requests.html",
        audience="customer",
        rows=[_row(own, zone) for own in portal.my.requests(by=person())],
        zone_sentence=display.zone_sentence(portal.now(), zone),
    )


@pages.get("/my/requests/<reference>")
@does(Act.READ_OWN)
def status(reference: str) -> str:
    """Where one request stands, and what it has brought."""
    own, zone = the_portal().my.request(reference, by=person()), _zone()
    return render_template("my/status.html", audience="customer", **_status(own, zone))


@pages.get("/my/requests/<reference>/progress")
@does(Act.READ_OWN)
def progress(reference: str) -> Response:
    """The steps alone, for the page that watches them; X-Done ends the watching when the stage has changed."""
    own, zone = the_portal().my.request(reference, by=person()), _zone()
    answer = make_response(render_template("my/steps.html", steps=stages.steps(own, zone)))
    if stages.stage_of(own) != request.args.get("since"):
        answer.headers["X-Done"] = "1"
    return answer


def _zone() -> ZoneInfo:
    return ZoneInfo(the_portal().my.customer(by=person()).zone)


def _row(own: OwnRequest, zone: ZoneInfo) -> dict[str, Any]:
    words, day = stages.limit(own, now=the_portal().now(), zone=zone)
    return {
        "reference": own.case.reference,
        "asked": wording.asked_of(own.case),
        "heading": stages.heading(own),
        "made": display.day(own.case.received_at.astimezone(zone).date()),
        "limit": f"{words} {day}.".replace("..", ".").strip() if words else "",
        "tone": _tone(own),
    }


def _tone(own: OwnRequest) -> str:
    return _TONES.get(stages.stage_of(own), "info")


def _status(own: OwnRequest, zone: ZoneInfo) -> dict[str, Any]:
    portal, case = the_portal(), own.case
    words, day = stages.limit(own, now=portal.now(), zone=zone)
    return {
        "own": own,
        "case": case,
        "stage": stages.stage_of(own),
        "done": stages.is_done(own),
        "heading": stages.heading(own),
        "made": display.day(case.received_at.astimezone(zone).date()),
        "asked": wording.asked_of(case),
        "limit_words": words,
        "limit_day": day,
        "may_confirm": may_confirm(case),
        "question": case.waiting_for if case.state is CaseState.WAITING else "",
        "steps": stages.steps(own, zone),
        "is_copy": stages.is_copy(case),
        "given": [_given(each, own, zone) for each in own.given],
        "rights": rights_of(case),
        "automatic": case.decision.policy.number if case.decision and case.decision.policy else None,
        "untouched": stages.is_automatic(case),
        "words": [quote.words for quote in case.quotes],
        "acknowledged": _acknowledged(case),
        "closed": wording.CLOSED.get(case.closed_because, ""),
        "proposed": case.proposed,
        "refused": was_refused(case),
        "held_until": held_until(zone),
        "zone_sentence": display.zone_sentence(portal.now(), zone),
    }


def _acknowledged(case: Case) -> LetterContents | None:
    """The letter that acknowledges a complaint, with whom else one can turn to; of other requests the page says all."""
    if not is_complaint(case):
        return None
    portal = the_portal()
    with portal.outside.reading() as work:
        return letter_contents(
            work,
            case,
            kind=LetterKind.ACKNOWLEDGEMENT,
            made_at=case.received_at,
            document_id="",
            draft=False,
            as_assembled=True,
        )


def _given(each: Given, own: OwnRequest, zone: ZoneInfo) -> dict[str, Any]:
    """One release as the page shows it; several are told apart by their day."""
    return {
        "number": each.production.number,
        "title": f"What you got on {_day(each.at, zone)}" if len(own.given) > 1 else "What you got",
        "withdrawn": _withdrawn(each, own, zone) if each.ended_at else "",
        "recalled": each.recalled,
        "what": _left(each),
        "left_out": left_out(each.production),
        "documents": [_document(document, each.documents) for document in each.documents],
    }


def _withdrawn(each: Given, own: OwnRequest, zone: ZoneInfo) -> str:
    """What became of a release that can be downloaded no more."""
    on = _day(each.ended_at or each.at, zone)
    for later in own.given:
        if later.production.id == each.replaced_by:
            return f"On {on} we replaced it by what you got on {_day(later.at, zone)}, which is on this page."
    return f"We withdrew it on {on}."


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return display.day(moment.astimezone(zone).date())


def _document(document: SignedDocument, documents: Sequence[SignedDocument]) -> dict[str, str]:
    kind = str(document.kind)
    return {
        "kind": kind,
        "name": document.name,
        "title": wording.DOCUMENTS[kind] + volume_words(document, documents),
        "action": wording.DOWNLOADS[kind],
        "size": display.size(document.size),
        "pages": display.count(document.pages, "page"),
        "sha256": document.sha256,
    }


def _left(given: Given) -> str:
    """How much was released, in words; empty where only a letter was."""
    production, parts = given.production, []
    if given.items:
        # Each of these is of one item.
        parts.append(display.count(given.items - len({each.bates for each in production.discrepancies}), "recording"))
    if production.record_sets:
        parts.append(display.count(len(production.record_sets), "table of records", "tables of records"))
    return " and ".join(parts)
