"""Signing in and out; the demonstration lets a visitor be any of its invented people."""

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from requests_portal.errors import NotFound
from requests_portal.model.actor import Act
from requests_portal.web.acts import does, is_staff, person, see_other
from requests_portal.web.portal import Persona, the_portal
from requests_portal.web.public.blueprint import pages
from requests_portal.web.public.next_page import safe_next
from requests_portal.web.public.provider import ways
from requests_portal.web.signed_in import let_in, let_out
from requests_portal.work.keep_form import kept_form

ONE_CLICK = "demonstration"
NO_DEMO = "There is no such page, or it is not yours to see. Check the address."


@pages.get("/sign-in")
@does(Act.SIGN_IN)
def sign_in() -> Response | str:
    """Where somebody who is not signed in is sent; in the demonstration, on to its people."""
    if the_portal().demo:
        return redirect(url_for("public.demo", next=safe_next(request.args.get("next", ""))))
    going_on = safe_next(request.args.get("next", ""))
    through, mails = ways(going_on), the_portal().mails
    return render_template(
        "public/sign_in.html", next=going_on, ways=through, mails=mails, audience="customer", zone_sentence=None
    )


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
            return let_in(_onwards(request.form), persona.actor, how=ONE_CLICK)
    raise NotFound("There is no such person in this demonstration.")


@pages.post("/sign-in/again")
@does(Act.SIGN_IN)
def sign_in_again() -> Response:
    """Sign the same person of the demonstration in once more, and lead on to what they were about to send."""
    if person().id not in {each.actor.id for each in _personas()}:
        return see_other("public.sign_in")
    return let_in(_onwards(request.args), person(), how=ONE_CLICK)


@pages.get("/sign-in/go-on/<form_id>")
@does(Act.READ_SESSIONS)
def go_on(form_id: str) -> str:
    """What somebody was about to send before they signed in afresh, and a button that sends it."""
    with the_portal().outside.reading() as work:
        form = kept_form(work, form_id, by=person())
    return render_template("public/go_on.html", form=form, audience="desk" if is_staff() else "customer")


@pages.post("/sign-out")
@does(Act.SIGN_IN)
def sign_out() -> Response:
    """End the session."""
    return let_out(see_other("public.sign_in"), by=person())


def _onwards(asked: Mapping[str, str]) -> Response:
    return redirect(safe_next(asked.get("next", "")), code=303)


def _personas() -> tuple[Persona, ...]:
    portal = the_portal()
    if not portal.demo:
        raise NotFound(NO_DEMO)
    return portal.personas
