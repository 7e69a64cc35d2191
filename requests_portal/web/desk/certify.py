"""The custodian's certificate: exactly these words on exactly these pages, about exactly these items."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, make_response, render_template, request, send_file
from werkzeug.wrappers import Response as Answer

from requests_portal.errors import Conflict, Unusable
from requests_portal.model.actor import Act
from requests_portal.model.production import ProductionState
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk import wording
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.production import page_of
from requests_portal.web.desk.scope_words import device_name
from requests_portal.web.portal import the_portal
from requests_portal.web.signed_in import is_fresh
from requests_portal.work import produce
from requests_portal.work.draw import Drawn, StillDrawing, draw, forget
from requests_portal.work.views.desk import ProductionView

AT_ONCE = 10
PICTURE_WIDTH = 1240  # A4 at 150 dots an inch
CHANGED = "The pages changed since you opened them. Read them again before you sign off."
UNREAD = "Tick that you have read the pages. By signing off you make the statement on them in your own name."


@pages.get("/requests/<reference>/productions/<int:number>/certify")
@does(Act.CERTIFY)
def certify(reference: str, number: int) -> str:
    """The certificate, everything it speaks of, and the pages as they will leave."""
    found, view = the_portal().desk.production(reference, number, by=person())
    waits = view.production.state is ProductionState.GATHERED
    try:
        drawn = draw(the_portal().outside, view.production.id, by=person()) if waits else None
    except StillDrawing as busy:
        return render_template("certify_busy.html", **page_of(found, view), sentence=busy.sentence)
    with the_portal().outside.reading() as work:
        names = work.catalogue.devices(sorted({each.account for each in view.recordings.values()}))
    return render_template(
        "certify.html",
        **page_of(found, view),
        drawn=drawn,
        fresh=is_fresh(),
        rows=_rows(view, dict(names)),
        more=len(view.production.items) - len(view.recordings),
        **(_shown(drawn) if drawn else {}),
    )


@pages.post("/requests/<reference>/productions/<int:number>/certify")
@does(Act.CERTIFY, fresh=True)
def sign_off(reference: str, number: int) -> Answer:
    """Sign off the pages that were read; the digest of what is signed has to be that of what was shown."""
    _, view = the_portal().desk.production(reference, number, by=person())
    if request.form.get("read") != "yes":
        raise Unusable(UNREAD)
    outside = the_portal().outside
    drawn = draw(outside, view.production.id, by=person())
    if request.form.get("digest", "") != drawn.digest:
        raise Conflict(CHANGED)
    with outside.unit_of_work() as work:
        made = [each.digest for each in drawn.volumes]
        produce.certify(
            work, view.production.id, paragraphs=drawn.paragraphs, pages=made, digest=drawn.items, by=person()
        )
    forget(outside, view.production.id)
    return see_other("casework.production", reference=reference, number=number)


@pages.get("/requests/<reference>/productions/<int:number>/certify/<int:page>.png")
@does(Act.CERTIFY)
def certify_page(reference: str, number: int, page: int) -> Response:
    """One page as a picture."""
    path, at = _drawn(reference, number).page(page)
    answer = make_response(the_portal().page_picture(path, at, PICTURE_WIDTH))
    answer.mimetype = "image/png"
    return answer


@pages.get("/requests/<reference>/productions/<int:number>/certify/<int:volume>.pdf")
@does(Act.CERTIFY)
def certify_pdf(reference: str, number: int, volume: int) -> Answer:
    """The pages of one volume as a PDF that a screen reader can read; it holds no recording."""
    answer = send_file(_drawn(reference, number).volume(volume).path.resolve(), mimetype="application/pdf")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _drawn(reference: str, number: int) -> Drawn:
    _, view = the_portal().desk.production(reference, number, by=person())
    return draw(the_portal().outside, view.production.id, by=person())


def _shown(drawn: Drawn) -> dict[str, Any]:
    """The pages that are shown at once, and the numbers of what comes before and after."""
    first = min(max(request.args.get("from", 1, type=int), 1), drawn.pages)
    first -= (first - 1) % AT_ONCE
    last = min(first + AT_ONCE - 1, drawn.pages)
    return {
        "shown": range(first, last + 1),
        "before": first - AT_ONCE if first > 1 else None,
        "after": last + 1 if last < drawn.pages else None,
    }


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
