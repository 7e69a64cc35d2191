"""Asking for a link by mail: whatever address is typed, the answer and the work are the same."""

from flask import render_template, request

from requests_portal.errors import NotFound, Unusable
from requests_portal.mail.addresses import is_mail_address
from requests_portal.model.actor import Act
from requests_portal.web.acts import does
from requests_portal.web.client import count_try, is_allowed
from requests_portal.web.portal import the_portal
from requests_portal.web.public.blueprint import pages
from requests_portal.work.limit import Limit
from requests_portal.work.mail_link import ask_for_link

BY_CLIENT = Limit(kind="mail_client", most=20)
# As long as a link lasts: for whomever a stranger reaches it, one that still works lies in their mailbox.
BY_ADDRESS = Limit(kind="mail_address", most=5)
BY_ALL = Limit(kind="mail_all", most=2000)


@pages.post("/sign-in/mail")
@does(Act.SIGN_IN)
def mail_me() -> str:
    """Have a link mailed to the address that was typed, if we know it."""
    portal, mail = the_portal(), request.form.get("mail", "").strip().lower()
    if not portal.mails:
        raise NotFound("There is no such page, or it is not yours to see. Check the address.")
    count_try(BY_CLIENT)
    if not is_mail_address(mail):
        raise Unusable("That is no mail address. Write it like juniper@example.org.")
    allowed = [is_allowed(BY_ADDRESS, mail), is_allowed(BY_ALL, "")]
    with portal.outside.unit_of_work() as work:
        if all(allowed):
            ask_for_link(work, mail)
    return render_template("public/mailed.html", audience="customer", zone_sentence=None)
