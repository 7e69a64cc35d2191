"""The custodian's certificate: exactly these words, about exactly these items."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request
from werkzeug.wrappers import Response

from requests_portal.errors import Conflict
from requests_portal.model.actor import Act
from requests_portal.model.digest import digest_of
from requests_portal.model.production import ProductionState
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk import wording
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.production import page_of
from requests_portal.web.desk.scope_words import device_name
from requests_portal.web.portal import the_portal
from requests_portal.work import produce
from requests_portal.work.compose import certificate_paragraphs
from requests_portal.work.views.desk import ProductionView


@pages.get("/requests/<reference>/productions/<int:number>/certify")
@does(Act.CERTIFY)
def certify(reference: str, number: int) -> str:
    """The certificate with everything it speaks of."""
    found, view = the_portal().desk.production(reference, number, by=person())
    with the_portal().outside.reading() as work:
        paragraphs = certificate_paragraphs(work, found, view.production, by=person())
        names = work.catalogue.devices(sorted({each.account for each in view.recordings.values()}))
    return render_template(
        "certify.html",
        **page_of(found, view),
        paragraphs=paragraphs,
        digest=produce.certified_digest(view.production),
        words=digest_of(list(paragraphs)),
        waits=view.production.state is ProductionState.GATHERED,
        rows=_rows(view, dict(names)),
        more=len(view.production.items) - len(view.recordings),
    )


@pages.post("/requests/<reference>/productions/<int:number>/certify")
@does(Act.CERTIFY)
def sign_off(reference: str, number: int) -> Response:
    """Sign off the certificate; its words are composed again and have to be those that were read."""
    found, view = the_portal().desk.production(reference, number, by=person())
    with the_portal().outside.unit_of_work() as work:
        made = work.productions.get(view.production.id)
        words = certificate_paragraphs(work, found, made, by=person())
        if request.form.get("words", "") != digest_of(list(words)):
            raise Conflict("The certificate's words changed since you opened it. Read it again before you sign off.")
        produce.certify(work, made.id, paragraphs=words, digest=request.form.get("digest", ""), by=person())
    return see_other("casework.production", reference=reference, number=number)


def _rows(view: ProductionView, names: dict[str, str]) -> list[dict[str, Any]]:
    wrong = {each.bates: each.kind for each in view.production.discrepancies}
    rows = []
    for item in view.production.items:
        recording = view.recordings.get(item.recording)
        if recording is not None:
            at = display.moment(recording.recorded_at, ZoneInfo(recording.zone))
            what = f"Recording, {device_name(recording.device, names)}, {at}"
            leaves, said = (item.produced, f"{what}, with silenced parts") if item.produced else (recording, what)
            rows.append(_row(item.bates, said, leaves.sha256, wrong.get(item.bates, "")))
            if item.listening is not None:
                rows.append(_row(item.bates, "Copy of it to listen to", item.listening.sha256, ""))
    for each in view.production.record_sets:
        what = f"{wording.class_words(each.data_class)}, {display.count(len(each.rows), 'row')} from {each.source}"
        rows.append(_row(each.bates, what, each.sha256, ""))
    return rows


def _row(bates: str, what: str, sha256: str, wrong: str) -> dict[str, Any]:
    return {"bates": bates, "what": what, "sha256": sha256, "wrong": wrong}
