"""The page behind the link of a release: its PIN is asked first; then what it holds, until when, and the way to it."""

import hashlib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Response, make_response, redirect, render_template, request, session, url_for
from werkzeug.datastructures import Authorization

from requests_portal.errors import NotFound
from requests_portal.model.actor import Act
from requests_portal.web import display
from requests_portal.web.acts import does, see_other
from requests_portal.web.portal import the_portal
from requests_portal.web.public.blueprint import LINK, pages
from requests_portal.web.public.documents import NO_SUCH, document_response, envelope_response, titled, volume_words
from requests_portal.web.public.whole import zip_response
from requests_portal.web.refusing import note_refusal
from requests_portal.work.collect import WrongPin, may_be_tried, unlock
from requests_portal.work.release import Download, document_called, through_link

TITLES = {"bundle": "Production", "objection_letter": "Our letter", "index": "Index of the volumes"}
# For how long a browser that has shown the PIN need not show it again, and for how many links at once.
SHOWN_FOR = timedelta(hours=1)
MOST_SHOWN = 5
SHOWN = "pins_shown"


class PinNeeded(Exception):  # noqa: N818 — no error: a question to be asked
    """The PIN of this link has not been shown."""


@pages.get(LINK)
@does(Act.COLLECT)
def link(token: str) -> str:
    """What the link gives, with sizes and fingerprints to compare; the form for its PIN where that was not shown."""
    try:
        return _given(token, _opened(token))
    except PinNeeded:
        with the_portal().outside.reading() as work:
            may_be_tried(work, token)
        return _asked(token)


@pages.post(LINK)
@does(Act.COLLECT)
def show_pin(token: str) -> Response | tuple[str, int]:
    """Open the link for this browser where the PIN fits."""
    pin = request.form.get("pin", "").strip()
    if not pin:
        return _asked(token, error="Type the PIN that came to you apart from the link."), 422
    if not _fits(token, pin):
        with the_portal().outside.reading() as work:
            may_be_tried(work, token)
        note_refusal(WrongPin.status)
        return _asked(token, error=WrongPin().sentence), WrongPin.status
    _remember(token)
    return see_other("public.link", token=token)


@pages.get(f"{LINK}/<kind>.pdf", defaults={"encrypted": False})
@pages.get(f"{LINK}/<kind>.pdf.p7m", defaults={"encrypted": True})
@does(Act.COLLECT)
def link_document(token: str, kind: str, *, encrypted: bool) -> Response:
    """One document behind the link, plain or in its envelope, whole or in part; every sending leaves a receipt."""
    try:
        download = _opened(token)
    except PinNeeded:
        return _pin_first(token)
    save_as = f"{download.case.reference}-{kind}.pdf"
    if encrypted:
        return envelope_response(download, kind, save_as=f"{save_as}.p7m")
    return document_response(download, document_called(download.documents, kind), save_as=save_as)


@pages.get(f"{LINK}/production.zip")
@does(Act.COLLECT)
def link_zip(token: str) -> Response:
    """The whole production as files, where it was not encrypted for its recipient."""
    try:
        download = _opened(token)
    except PinNeeded:
        return _pin_first(token)
    if download.release.certificate or not download.production.needs_certificate:
        raise NotFound(NO_SUCH)
    return zip_response(download, save_as=f"{download.case.reference}-production.zip")


def _given(token: str, download: Download) -> str:
    portal = the_portal()
    zone = ZoneInfo(portal.zone)
    return render_template(
        "public/link.html",
        audience="customer",
        token=token,
        case=download.case,
        production=download.production,
        expires=display.moment(download.release.expires_at, zone),
        expires_iso=download.release.expires_at.isoformat(),
        until=display.due_words(download.release.expires_at, now=portal.now(), zone=zone),
        documents=[
            {
                "kind": each.name,
                "title": TITLES[str(each.kind)] + volume_words(each, download.documents),
                "size": display.size(each.size),
                "pages": display.count(each.pages, "page"),
                "sha256": each.sha256,
            }
            for each in download.documents
        ],
        encrypted=bool(download.release.certificate),
        envelopes=[
            {
                "kind": each.document,
                "title": titled(each.document, TITLES),
                "size": display.size(each.size),
                "sha256": each.sha256,
                "saved_as": f"{download.case.reference}-{each.document}.pdf",
            }
            for each in download.envelopes
        ],
        address=portal.house.public_url + url_for("public.link", token=token),
        home_url="/verify",
    )


def _asked(token: str, *, error: str = "") -> str:
    return render_template(
        "public/link_pin.html",
        audience="customer",
        token=token,
        error=error,
        errors={"pin": [error]} if error else {},
        has_errors=bool(error),
        home_url="/verify",
    )


def _opened(token: str) -> Download:
    """What the link gives; raises PinNeeded unless this browser, or this request itself, has shown the PIN."""
    if not _was_shown(token) and not _comes_along(token):
        raise PinNeeded
    with the_portal().outside.reading() as work:
        return through_link(work, token)


def _fits(token: str, pin: str) -> bool:
    with the_portal().outside.unit_of_work() as work:
        return unlock(work, token, pin)


def _comes_along(token: str) -> bool:
    """Whether the request carries the PIN as the password of HTTP Basic (RFC 7617), for tools without cookies."""
    given = _password_sent()
    if given is None or given.type != "basic" or not given.password:
        return False
    if not _fits(token, given.password):
        raise WrongPin
    return True


def _password_sent() -> Authorization | None:
    try:
        return request.authorization
    except ValueError:
        # Werkzeug refuses by name what is no base64, but not what is no ASCII.
        return None


def _pin_first(token: str) -> Response:
    # A browser is led to the form; a download tool is told how to come along with the PIN.
    if request.accept_mimetypes.best == "text/html":
        return redirect(url_for("public.link", token=token), code=303)  # type: ignore[return-value]
    with the_portal().outside.reading() as work:
        may_be_tried(work, token)
    note_refusal(401)
    answer = make_response("Send the PIN as the password, without a name.\n", 401)
    answer.mimetype = "text/plain"
    answer.headers["WWW-Authenticate"] = 'Basic realm="PIN of this link", charset="UTF-8"'
    return answer


def _remember(token: str) -> None:
    until = (the_portal().now() + SHOWN_FOR).isoformat()
    others = [each for each in session.get(SHOWN, []) if each[0] != _mark(token)]
    session[SHOWN] = [*others, [_mark(token), until]][-MOST_SHOWN:]


def _was_shown(token: str) -> bool:
    until = dict(session.get(SHOWN, [])).get(_mark(token))
    return until is not None and the_portal().now() < datetime.fromisoformat(until)


def _mark(token: str) -> str:
    """What a browser's session names a link by."""
    return hashlib.sha256(token.encode()).hexdigest()
