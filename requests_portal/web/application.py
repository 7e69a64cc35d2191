"""The Flask application: pages by audience, one policy for what browsers may load, one page for every refusal."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, Response, abort, current_app, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from requests_portal.errors import NotFound, Refused
from requests_portal.model.canary import Touch
from requests_portal.web import display
from requests_portal.web.acts import NOBODY, NotFresh, NotSignedIn, check_every_route_declares_its_act, is_staff, person
from requests_portal.web.auditing import alarms, listening
from requests_portal.web.auditing import pages as auditing_pages
from requests_portal.web.desk import agencies, casework, holds, intake, queue
from requests_portal.web.me import pages as me_pages
from requests_portal.web.my import pages as my_pages
from requests_portal.web.navigation import navigation
from requests_portal.web.operations import pages as operations_pages
from requests_portal.web.people import pages as people_pages
from requests_portal.web.portal import Portal, the_portal
from requests_portal.web.public import pages as public_pages
from requests_portal.web.refusing import note_canary, note_refusal
from requests_portal.web.signed_in import note_who_it_is, shows_a_lapsed_session
from requests_portal.web.watching import watch

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
# What is typed into a form; files are limited by MAX_CONTENT_LENGTH.
MAX_FORM_BYTES = 512 * 1024


class NotText(Refused):
    """Something in the address or the form is no text."""

    code = "not_text"
    status = 400

    def __init__(self) -> None:
        super().__init__("The address or the form holds a character that is no text. Type it anew instead of pasting.")


def make_app(portal: Portal, *, templates: Path) -> Flask:
    """The portal as a WSGI application."""
    app = Flask(__name__, template_folder=str(templates / "pages"), static_folder="static")
    app.config.update(
        SECRET_KEY=portal.secret_key,
        MAX_CONTENT_LENGTH=portal.max_upload,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        SESSION_COOKIE_NAME="__Host-desk" if portal.secure else "desk",
        SESSION_COOKIE_SECURE=portal.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.extensions["portal"] = portal
    watch(app)
    app.before_request(_is_it_for_us)
    # A forged form is counted as its sender's: who it is comes first.
    app.before_request(_who_is_it)
    app.before_request(_is_it_text)
    CSRFProtect(app)
    add_pages(app)
    app.after_request(_with_headers)
    app.context_processor(_on_every_page)
    app.register_error_handler(NotSignedIn, _sign_in_first)
    app.register_error_handler(NotFresh, _sign_in_again)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _broken)
    return app


def add_pages(app: Flask) -> None:
    """Give the application every page there is; refuses one that declares no act."""
    for blueprint in (
        queue.pages,
        intake.pages,
        casework.pages,
        holds.pages,
        agencies.pages,
        me_pages.pages,
        people_pages.pages,
        my_pages.pages,
        auditing_pages.pages,
        alarms.pages,
        listening.pages,
        operations_pages.pages,
        public_pages.pages,
    ):
        app.register_blueprint(blueprint)
    check_every_route_declares_its_act(app)


def _is_it_for_us() -> None:
    """Refuse a request for another name than ours: an answer could carry that name on."""
    hosts = the_portal().hosts
    if hosts and request.endpoint not in WATCHED and request.host.lower() not in hosts:
        abort(421)


def _who_is_it() -> None:
    # What is the same for everybody is given without asking the database who it is.
    if request.endpoint != "static" and request.endpoint not in WATCHED:
        note_who_it_is(NOBODY)


def _is_it_text() -> None:
    """Refuse what holds the character NUL, which no text has and some databases take nowhere."""
    # Intake's long forms say it beside the field, so that nothing typed is lost.
    form = MultiDict() if request.blueprint == intake.pages.name else request.form
    told = [request.path, *_words_of(request.args), *_words_of(form)]
    if any("\0" in each for each in told):
        raise NotText


def _words_of(told: MultiDict[str, str]) -> Iterator[str]:
    for name, value in told.items(multi=True):
        yield from (name, value)


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _on_every_page() -> dict[str, Any]:
    portal = the_portal()
    return {
        "demo": portal.demo,
        "house": portal.house,
        "person": person() if person() is not NOBODY else None,
        "staff": is_staff(),
        "nav": navigation(person(), request.path),
        "now": portal.now(),
        "zone_sentence": display.zone_sentence(portal.now(), ZoneInfo(portal.zone)),
    }


def _sign_in_first(asked: NotSignedIn) -> AnyResponse:
    # Whoever only follows a link to a page that is not for anybody has tried nothing.
    if shows_a_lapsed_session() or request.method not in {"GET", "HEAD"}:
        note_refusal(401)
    return redirect(url_for("public.sign_in", next=asked.next))


def _sign_in_again(asked: NotFresh) -> tuple[str, int]:
    note_refusal(401)
    return asked.page, 401


def _refused(refusal: Refused) -> tuple[str, int]:
    note_refusal(refusal.status)
    if refusal.reached_canary:
        note_canary(Touch.ASKED_BY_ID if isinstance(refusal, NotFound) else Touch.SOUGHT)
    return _error_page(refusal.sentence, refusal.status), refusal.status


def _form_too_old(_error: CSRFError) -> tuple[str, int]:
    note_refusal(400)
    sentence = "This form is too old to be sent. Go back, reload the page and send it again; nothing you typed is lost."
    return _error_page(sentence, 400), 400


def _http_error(error: HTTPException) -> tuple[str, int]:
    code = error.code or 500
    note_refusal(code)
    return _error_page(SENTENCES.get(code, "Something is wrong with this address or form."), code), code


def _broken(error: Exception) -> tuple[str, int]:
    fault = uuid.uuid4().hex[:8]
    # The type and places, never the message: it may hold what somebody typed.
    current_app.logger.error("fault %s: %s at %s", fault, type(error).__name__, _places(error))
    return _error_page(f"Something broke on our side; nothing was changed. Quote {fault} when you report it.", 500), 500


# Machines that watch ask a process by its address.
WATCHED = frozenset({"public.healthz", "public.readyz", "public.metrics"})
SENTENCES = {
    400: "The browser sent something we cannot read. Go back and try again.",
    404: "There is no such page, or it is not yours to see. Check the address.",
    405: "This page cannot be used like that. Go back and use its buttons.",
    421: "This portal answers under another name. Check the address.",
    413: "The file is larger than we take. Split it, or send it on paper.",
}


def _error_page(sentence: str, status: int) -> str:
    audience = "desk" if is_staff() else "customer"
    return render_template("error.html", sentence=sentence, status=status, audience=audience)


def _places(error: Exception) -> str:
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{Path(code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(places[-6:])
