"""Releasing a production: the link is shown once, on the page that answers the release, and kept nowhere."""

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from requests_portal.bundle.envelope import BIGGEST_CERTIFICATE
from requests_portal.errors import Unusable
from requests_portal.model.actor import Act
from requests_portal.model.case import Case
from requests_portal.model.production import ProductionState
from requests_portal.web.acts import does, person
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.production import page_of
from requests_portal.web.desk.schema import RecipientSchema
from requests_portal.web.forms import Errors, loaded, typed
from requests_portal.web.portal import the_portal
from requests_portal.work.belongs import stopping
from requests_portal.work.compose.addressee import as_addressed
from requests_portal.work.compose.available import grants_correction, grants_erasure
from requests_portal.work.release import release as hand_over
from requests_portal.work.views.desk import ProductionView


@pages.get("/requests/<reference>/productions/<int:number>/release")
@does(Act.RELEASE)
def release(reference: str, number: int) -> str:
    """What would be released, and to whom."""
    found, view = the_portal().desk.production(reference, number, by=person())
    with the_portal().outside.reading() as work:
        to = recipient_of(as_addressed(work, found))
    return _form(found, view, to, {})


@pages.post("/requests/<reference>/productions/<int:number>/release")
@does(Act.RELEASE, fresh=True)
def release_it(reference: str, number: int) -> Response | tuple[str, int]:
    """Release it and show the link, this once."""
    portal, by = the_portal(), person()
    found, view = portal.desk.production(reference, number, by=by)
    values = typed(RecipientSchema(), request.form)
    said, errors = loaded(RecipientSchema(), values)
    if errors:
        return _form(found, view, values.get("recipient", ""), errors), 422
    token, pin = portal.new_token(), portal.new_pin()
    try:
        stop = stopping(portal.outside.unit_of_work, view.production.id)
        with stop, portal.outside.unit_of_work() as work:
            hand_over(
                work,
                view.production.id,
                recipient=said["recipient"],
                token=token,
                pin=pin,
                certificate=certificate_sent(),
                by=by,
            )
    except Unusable as refusal:
        return _form(found, view, said["recipient"], {"certificate": refusal.sentence}), 422
    return handed_over(reference, number, token, pin)


def certificate_sent() -> bytes:
    """The recipient's certificate as it was uploaded; empty where none was."""
    upload = request.files.get("certificate")
    return upload.stream.read(BIGGEST_CERTIFICATE + 1) if upload else b""


def recipient_of(found: Case) -> str:
    """Whom the answer is written to, on one line."""
    return ", ".join(part for part in (found.requester.name, found.requester.organisation) if part)


def _form(found: Case, view: ProductionView, recipient: str, errors: Errors) -> str:
    return render_template(
        "release.html",
        **page_of(found, view),
        recipient=recipient,
        own=found.opens_in_account_alone,
        erases=grants_erasure(found),
        corrects=grants_correction(found),
        waits=view.production.state is ProductionState.OFFERED,
        link_days=the_portal().house.link_days,
        errors=errors,
        summary={name: [sentence] for name, sentence in errors.items()},
        has_errors=bool(errors),
    )


def handed_over(reference: str, number: int, token: str, pin: str) -> Response:
    """The page after a release; a browser keeps no copy of it, since it shows the secrets of the link."""
    found, view = the_portal().desk.production(reference, number, by=person())
    own = found.opens_in_account_alone
    # A customer opens the answer in their account, so their link is thrown away unseen.
    link = None if own else the_portal().house.public_url + url_for("public.link", token=token)
    answer = make_response(
        render_template(
            "released.html",
            **page_of(found, view),
            own=own,
            link=link,
            pin=f"{pin[:4]} {pin[4:]}",
            given=page_of(found, view)["releases"][-1],
        )
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
