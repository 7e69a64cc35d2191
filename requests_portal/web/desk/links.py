"""The link of a release: giving its recipient a new one, and revoking it."""

from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from requests_portal.errors import NotFound, Unusable
from requests_portal.model.actor import Act
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.production import page_of
from requests_portal.web.desk.release import certificate_sent, handed_over
from requests_portal.web.desk.schema import ReasonSchema
from requests_portal.web.forms import Errors, loaded, typed
from requests_portal.web.portal import the_portal
from requests_portal.work.reissue import reissue
from requests_portal.work.revoke import revoke

LINK = "/requests/<reference>/productions/<int:number>/links/<release>"


@pages.get(LINK)
@does(Act.RELEASE)
def link(reference: str, number: int, release: str) -> str:
    """What can be done with one link."""
    return _page(reference, number, release, {})


@pages.post(f"{LINK}/reissue")
@does(Act.RELEASE, fresh=True)
def reissue_link(reference: str, number: int, release: str) -> Response | tuple[str, int]:
    """Give the same recipient a new link and PIN, and show them this once."""
    _found(reference, number, release)
    token, pin = the_portal().new_token(), the_portal().new_pin()
    try:
        with the_portal().outside.unit_of_work() as work:
            reissue(work, release, token=token, pin=pin, certificate=certificate_sent() or None, by=person())
    except Unusable as refusal:
        return _page(reference, number, release, {"certificate": refusal.sentence}), 422
    return handed_over(reference, number, token, pin)


@pages.post(f"{LINK}/revoke")
@does(Act.RELEASE)
def revoke_link(reference: str, number: int, release: str) -> Response | tuple[str, int]:
    """End the link; the reason stays with the release."""
    _found(reference, number, release)
    said, errors = loaded(ReasonSchema(), typed(ReasonSchema(), request.form))
    if errors:
        return _page(reference, number, release, errors), 422
    with the_portal().outside.unit_of_work() as work:
        revoke(work, release, reason=said["reason"], by=person())
    return see_other("casework.production", reference=reference, number=number)


def _found(reference: str, number: int, release: str) -> dict[str, Any]:
    """The page's production and this release of it; raises NotFound for another production's."""
    given = page_of(*the_portal().desk.production(reference, number, by=person()))
    for each in given["releases"]:
        if each["id"] == release:
            return {**given, "given": each}
    raise NotFound("This production has no such link.")


def _page(reference: str, number: int, release: str, errors: Errors) -> str:
    return render_template(
        "link.html",
        **_found(reference, number, release),
        link_days=the_portal().house.link_days,
        typed_reason=request.form.get("reason", ""),
        errors=errors,
        summary={name: [sentence] for name, sentence in errors.items()},
        has_errors=bool(errors),
    )
