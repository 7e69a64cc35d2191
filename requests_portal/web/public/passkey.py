"""Signing in with a passkey, or enrolling the first one through a link that is used once."""

from flask import Response as JsonResponse
from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from requests_portal.errors import NotFound
from requests_portal.model.actor import Act
from requests_portal.web.acts import does
from requests_portal.web.client import count_try
from requests_portal.web.passkey_challenge import asked, challenge_of_browser
from requests_portal.web.portal import the_portal
from requests_portal.web.public.blueprint import pages
from requests_portal.web.public.next_page import safe_next
from requests_portal.web.signed_in import ENROLMENT, let_in, somebody
from requests_portal.work.mail_link import SIGN_IN_LINK
from requests_portal.work.passkeys import SIGN_IN, WrongPasskey, answered, ask_to_sign_in, owner_of
from requests_portal.work.people import LinkUsed, use_link

MAILED = "mailed_link"


@pages.post("/sign-in/passkey/options")
@does(Act.SIGN_IN)
def passkey_options() -> JsonResponse:
    """What a browser needs to know to sign somebody in: the same for everybody."""
    count_try()
    with the_portal().outside.unit_of_work() as work:
        challenge, told = ask_to_sign_in(work, the_portal().relying_party)
    return asked(challenge, told)


@pages.post("/sign-in/passkey")
@does(Act.SIGN_IN)
def with_passkey() -> Response:
    """Sign in whoever's passkey has answered."""
    count_try()
    outside, challenge = the_portal().outside, challenge_of_browser()
    with outside.unit_of_work() as work:
        answered(work, SIGN_IN, challenge, owner="")
    with outside.unit_of_work() as work:
        found = owner_of(work, the_portal().relying_party, request.form.get("answer", ""), challenge=challenge)
        who = somebody(work, found.owner, customer=found.customer)
        if who is None:
            raise WrongPasskey
    return let_in(redirect(safe_next(request.form.get("next", "")), code=303), who, how="passkey")


@pages.get("/sign-in/link/<token>")
@does(Act.SIGN_IN)
def one_time_link(token: str) -> str:
    """A button, whatever the link: programs that look into mails press none."""
    _only_in_a_real_portal()
    return render_template("public/one_time_link.html", token=token, audience="customer", zone_sentence=None)


@pages.post("/sign-in/link/<token>")
@does(Act.SIGN_IN)
def use_one_time_link(token: str) -> Response:
    """Use the link up, and lead whoever has none on to making a passkey."""
    _only_in_a_real_portal()
    count_try()
    with the_portal().outside.unit_of_work() as work:
        used = use_link(work, token)
        who = somebody(work, used.owner, customer=used.customer)
        if who is None:
            raise LinkUsed
        first = not work.passkeys.of(who.id)
    onwards = redirect(url_for("me.passkeys") if first else "/", code=303)
    return let_in(onwards, who, how=MAILED if used.purpose == SIGN_IN_LINK else ENROLMENT)


def _only_in_a_real_portal() -> None:
    if the_portal().demo:
        raise NotFound("There is no such page, or it is not yours to see. Check the address.")
