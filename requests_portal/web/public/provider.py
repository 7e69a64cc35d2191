"""Signing in through an identity provider: off to it, and back."""

import json
from datetime import timedelta

from flask import g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from requests_portal.errors import NotFound
from requests_portal.model.actor import Act
from requests_portal.model.passkey import ANSWERED_WITHIN
from requests_portal.model.session import FRESH, STAFF
from requests_portal.web.acts import does
from requests_portal.web.client import count_try
from requests_portal.web.portal import the_portal
from requests_portal.web.public.blueprint import pages
from requests_portal.web.public.next_page import safe_next
from requests_portal.web.signed_in import let_in
from requests_portal.work.from_provider import STATE, NotLetIn, colleague, customer
from requests_portal.work.outside import IdentityProvider

COLLEAGUES, CUSTOMERS = "colleagues", "customers"
BROWSER = "provider_state"


@pages.get("/sign-in/provider/<whose>")
@does(Act.SIGN_IN)
def to_provider(whose: str) -> Response:
    """Send the browser to the provider; whoever is signed in here already is asked there who they are."""
    speaks = _provider(whose)
    count_try()
    again = g.get("signed_in") is not None
    # Whoever is signed in here is asked by the provider whatever it remembers of them.
    asked = speaks.ask(max_age=timedelta() if again else STAFF.whole)
    kept = {
        "whose": whose,
        "nonce": asked.nonce,
        "verifier": asked.verifier,
        "max_age": (FRESH if again else STAFF.whole).total_seconds(),
        "next": safe_next(request.args.get("next", "")),
    }
    with the_portal().outside.unit_of_work() as work:
        at = work.now()
        work.challenges.clear(ended_before=at)
        ends_at = at + 3 * ANSWERED_WITHIN
        work.challenges.add(asked.state, purpose=STATE, owner="", body=json.dumps(kept), ends_at=ends_at)
    session[BROWSER] = asked.state
    return redirect(asked.url)


@pages.get("/sign-in/back")
@does(Act.SIGN_IN)
def from_provider() -> Response:
    """Let in whom the provider means, if the browser that comes back is the one that was sent."""
    portal, state = the_portal(), str(session.pop(BROWSER, ""))
    if not state or request.args.get("state", "") != state:
        raise NotLetIn
    with portal.outside.unit_of_work() as work:
        body = work.challenges.take(state, purpose=STATE, owner="", at=work.now())
    if body is None or "code" not in request.args:
        raise NotLetIn
    kept = json.loads(body)
    said = _provider(kept["whose"]).said(
        request.args["code"],
        nonce=kept["nonce"],
        verifier=kept["verifier"],
        max_age=timedelta(seconds=kept["max_age"]),
    )
    if request.args.get("iss", said.issuer) != said.issuer:
        raise NotLetIn
    with portal.outside.unit_of_work() as work:
        if kept["whose"] == COLLEAGUES:
            who = colleague(work, said, portal.providers.roles(said))
        else:
            who = customer(work, said, portal.providers.account_claim)
    if who is None:
        raise NotLetIn
    return let_in(redirect(kept["next"]), who, how="identity_provider", auth_at=said.auth_at)


def _provider(whose: str) -> IdentityProvider:
    providers = the_portal().providers
    found = {COLLEAGUES: providers.colleagues, CUSTOMERS: providers.customers}.get(whose)
    if found is None:
        raise NotFound("There is no such page, or it is not yours to see. Check the address.")
    return found


def ways(going_on: str) -> list[tuple[str, str]]:
    """The providers that people can sign in with here: what the button says, and where it leads."""
    providers = the_portal().providers
    found = []
    if providers.colleagues is not None:
        found.append(("Sign in as a colleague", url_for("public.to_provider", whose=COLLEAGUES, next=going_on)))
    if providers.customers is not None:
        found.append(("Sign in as a customer", url_for("public.to_provider", whose=CUSTOMERS, next=going_on)))
    return found
