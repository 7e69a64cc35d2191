"""The Flask application: pages by audience, one policy for what browsers may load, one page for every refusal."""

import uuid
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, Response, current_app, g, render_template, request, session
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException

from requests_portal.errors import Refused
from requests_portal.web import display
from requests_portal.web.acts import NOBODY, check_every_route_declares_its_act, is_staff, person
from requests_portal.web.auditing import pages as auditing_pages
from requests_portal.web.desk import casework, intake, queue
from requests_portal.web.my import pages as my_pages
from requests_portal.web.navigation import navigation
from requests_portal.web.portal import Portal, the_portal
from requests_portal.web.public import pages as public_pages

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


def make_app(portal: Portal, *, templates: Path) -> Flask:
    """The portal as a WSGI application."""
    app = Flask(__name__, template_folder=str(templates / "pages"), static_folder="static")
    app.config.update(
        SECRET_KEY=portal.secret_key,
        MAX_CONTENT_LENGTH=portal.max_upload,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        SESSION_COOKIE_NAME="desk" if portal.demo else "__Host-desk",
        SESSION_COOKIE_SECURE=not portal.demo,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.extensions["portal"] = portal
    CSRFProtect(app)
    for blueprint in (
        queue.pages,
        intake.pages,
        casework.pages,
        my_pages.pages,
        auditing_pages.pages,
        public_pages.pages,
    ):
        app.register_blueprint(blueprint)
    app.before_request(_who_is_it)
    app.after_request(_with_headers)
    app.context_processor(_on_every_page)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _broken)
    check_every_route_declares_its_act(app)
    return app


def _who_is_it() -> None:
    portal = the_portal()
    g.person = portal.staff().get(session.get("person", ""), NOBODY)


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
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


def _refused(refusal: Refused) -> tuple[str, int]:
    return _error_page(refusal.sentence, refusal.status), refusal.status


def _form_too_old(_error: CSRFError) -> tuple[str, int]:
    sentence = "This form is too old to be sent. Go back, reload the page and send it again; nothing you typed is lost."
    return _error_page(sentence, 400), 400


def _http_error(error: HTTPException) -> tuple[str, int]:
    code = error.code or 500
    return _error_page(SENTENCES.get(code, "Something is wrong with this address or form."), code), code


def _broken(error: Exception) -> tuple[str, int]:
    fault = uuid.uuid4().hex[:8]
    # The type and places, never the message: it may hold what somebody typed.
    current_app.logger.error("fault %s: %s at %s", fault, type(error).__name__, _places(error))
    return _error_page(f"Something broke on our side; nothing was changed. Quote {fault} when you report it.", 500), 500


SENTENCES = {
    400: "The browser sent something we cannot read. Go back and try again.",
    404: "There is no such page, or it is not yours to see. Check the address.",
    405: "This page cannot be used like that. Go back and use its buttons.",
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
