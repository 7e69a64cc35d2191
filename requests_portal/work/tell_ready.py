"""Tell ready: a customer is mailed once that an answer to their own request waits in their account.

Nothing is released while an account cools off, so that the address is one that has been theirs for 72 hours.
"""

from requests_portal.errors import NotFound
from requests_portal.model.case import Case, Track
from requests_portal.model.message import Message
from requests_portal.model.production import Production
from requests_portal.work.compose.language import FALLBACK, PHRASES
from requests_portal.work.ports import Customer, Work

TEMPLATE = "answer_ready"


def tell_ready(work: Work, case: Case, production: Production) -> None:
    """Let a mail without content go out to the customer who asked; whoever asked without an account gets a link."""
    customer = _asking(work, case)
    if customer is None or "@" not in customer.email:
        return
    message = Message(
        key=f"{TEMPLATE}-{production.id}",
        to=customer.email,
        template=f"{TEMPLATE}_{_language(customer)}",
        words={"company": work.house.name, "link": f"{work.house.public_url}/my/requests"},
    )
    work.messages.add(message, id=work.new_id(), at=work.now())


def _asking(work: Work, case: Case) -> Customer | None:
    if case.track is not Track.DATA_SUBJECT or case.account is None:
        return None
    try:
        return work.customers.get(case.account)
    except NotFound:
        return None


def _language(customer: Customer) -> str:
    """The customer's own language where we have words of it, without its region (BCP 47)."""
    language = customer.language.partition("-")[0].lower()
    return language if language in PHRASES else FALLBACK
