"""Cooling off: for 72 hours after a change of how an account is reached, nothing of it leaves.

Whoever was reached before hears of the change, and of what is asked for meanwhile.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from requests_portal.errors import NotFound, Refused
from requests_portal.model.actor import Actor
from requests_portal.model.contact import COOLING_OFF, Contact, ContactChange
from requests_portal.model.message import Message
from requests_portal.work.ports import Customer, Work

CHANGED, ASKED = "contact_changed", "asked_while_cooling"
SAID = {Contact.MAIL: "e-mail address", Contact.PHONE: "telephone number", Contact.PASSKEY: "passkey"}


class CoolingOff(Refused):
    """How the account is reached was changed a short while ago; what is asked for can leave later."""

    code = "cooling_off"
    status = 403


def cool_off(work: Work, customer: Customer, contact: Contact, *, earlier: str = "", by: Actor) -> None:
    """Record a change of how the account is reached, and tell every address it was ever reached at before."""
    change = ContactChange(id=work.new_id(), account=customer.account, contact=contact, earlier=earlier, at=work.now())
    work.customers.contact_changed(change)
    work.audit.add("contact_changed", by=by, words={"contact": str(contact)}, private={"account": customer.account})
    _tell(work, customer, CHANGED, key=change.id, words={"contact": SAID[contact]})


def cool_off_account(work: Work, account: str | None, contact: Contact, *, by: Actor) -> None:
    """The same for an account by its number; one that we do not know has nothing that could leave."""
    customer = known_customer(work, account)
    if customer is not None:
        cool_off(work, customer, contact, by=by)


def tell_of_request(work: Work, account: str | None, *, key: str) -> None:
    """Tell every earlier address that something was asked for while the account cools off; else nobody."""
    customer = known_customer(work, account)
    if customer is not None and cools_off_until(work, customer.account) is not None:
        _tell(work, customer, ASKED, key=key, words={})


def cools_off_until(work: Work, account: str | None) -> datetime | None:
    """When the account's cooling-off ends; None while nothing is held back."""
    newest = next(iter(work.customers.contact_changes(account)), None) if account else None
    ends = None if newest is None else newest.at + COOLING_OFF
    return ends if ends is not None and ends > work.now() else None


def must_not_cool_off(work: Work, account: str | None) -> None:
    """Refuse while something of how the account is reached was changed less than 72 hours ago."""
    ends = cools_off_until(work, account)
    if ends is None:
        return
    customer = known_customer(work, account)
    zone = ZoneInfo(customer.zone if customer else "UTC")
    raise CoolingOff(
        "An e-mail address, a telephone number or a passkey of this account was changed a short while ago. So that "
        "nobody can take an account over and leave with what is in it, nothing leaves it before "
        f"{in_words(ends, zone)}. Come back then; nothing needs to be asked for again."
    )


def in_words(at: datetime, zone: ZoneInfo) -> str:
    """A moment on a customer's own clock: "26 November 2026, 09:30 (America/Los_Angeles)"."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%B %Y, %H:%M} ({zone.key})"


def _tell(work: Work, customer: Customer, template: str, *, key: str, words: dict[str, str]) -> None:
    said = {"company": work.house.name, "link": f"{work.house.public_url}/my/requests", **words}
    for number, address in enumerate(_addresses(work, customer), start=1):
        message = Message(key=f"{template}-{key}-{number}", to=address, template=template, words=said)
        work.messages.add(message, id=work.new_id(), at=work.now())


def _addresses(work: Work, customer: Customer) -> Iterable[str]:
    """Every mail address by which the customer is or ever was reached, each once."""
    changes = work.customers.contact_changes(customer.account)
    ever = [customer.email, *(each.earlier for each in changes if each.contact is Contact.MAIL)]
    return {each.strip().lower(): each for each in ever if "@" in each}.values()


def known_customer(work: Work, account: str | None) -> Customer | None:
    """Who has the account; None where it is of nobody we know."""
    try:
        return work.customers.get(account) if account else None
    except NotFound:
        return None
