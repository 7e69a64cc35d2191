"""Signing in and out; the demonstration lets a visitor be any of its invented people."""

from urllib.parse import urlsplit

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from requests_portal.errors import NotFound
from requests_portal.model.actor import Act
from requests_portal.web.acts import does, is_staff, note_sign_in, person, see_other
from requests_portal.web.portal import Persona, the_portal
from requests_portal.web.public.blueprint import pages

NO_DEMO = "There is no such page, or it is not yours to see. Check the address."


@pages.get("/sign-in")
@does(Act.SIGN_IN)
def sign_in() -> Response | str:
    """Where somebody who is not signed in is sent; in the demonstration, on to its people."""
    if the_portal().demo:
        return redirect(url_for("public.demo", next=safe_next(request.args.get("next", ""))))
    return render_template("public/sign_in.html", audience="customer", zone_sentence=None)


@pages.get("/demo")
@does(Act.SIGN_IN)
def demo() -> str:
    """The invented people, each with a line on what to try."""
    personas = _personas()
    return render_template(
        "public/demo.html",
        audience="desk" if is_staff() else "customer",
        staff_personas=[each for each in personas if not each.actor.is_customer],
        customers=[each for each in personas if each.actor.is_customer],
        next=safe_next(request.args.get("next", "")),
        zone_sentence=None,
    )


@pages.post("/demo/<persona_id>")
@does(Act.SIGN_IN)
def sign_in_as(persona_id: str) -> Response:
    """Become one of the invented people, in a session of their own."""
    for persona in _personas():
        if persona.actor.id == persona_id:
            session.clear()
            session["person"] = persona_id
            note_sign_in()
            return redirect(safe_next(request.form.get("next", "")), code=303)
    raise NotFound("There is no such person in this demonstration.")


@pages.post("/sign-in/again")
@does(Act.SIGN_IN)
def sign_in_again() -> Response:
    """Sign the same person in once more, and send on what they were about to send (307 keeps it as it was)."""
    if person() not in [each.actor for each in _personas()]:
        return see_other("public.sign_in")
    note_sign_in()
    return redirect(safe_next(request.args.get("next", "")), code=307)


@pages.post("/sign-out")
@does(Act.SIGN_IN)
def sign_out() -> Response:
    """End the session."""
    session.clear()
    return see_other("public.sign_in")


def safe_next(asked: str) -> str:
    """The address to go on to, if it is one of ours; else the first page. Nobody can send a visitor elsewhere."""
    parts = urlsplit(asked.replace("\\", "/"))
    ours = asked.startswith("/") and not asked.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return asked if ours and asked.isprintable() else "/"


def _personas() -> tuple[Persona, ...]:
    portal = the_portal()
    if not portal.demo:
        raise NotFound(NO_DEMO)
    return portal.personas
