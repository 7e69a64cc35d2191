"""Mail a link: a customer asks for one with their address, and a worker sends it where the address is known.

The page that is asked does the same for every address and knows none of them; a link's token is nowhere but in its
mail.
"""

import json
import logging
import secrets
from datetime import datetime, timedelta

from requests_portal.errors import Away
from requests_portal.model.message import Message, Outgoing
from requests_portal.model.passkey import OneTimeLink
from requests_portal.work.outside import Outside, Post
from requests_portal.work.passkeys import CHALLENGE_BYTES, random_text
from requests_portal.work.ports import Customer, Work
from requests_portal.work.sign_in import token_digest

ASKED, SIGN_IN_LINK = "mailed_link", "sign_in"
LASTS = timedelta(minutes=15)
SOME = 32
TOKEN_BYTES = 32
log = logging.getLogger(__name__)


def ask_for_link(work: Work, mail: str) -> None:
    """Note that somebody asked for a link to this address, whether or not anybody has it."""
    at = work.now()
    work.challenges.clear(ended_before=at)
    _note(work, mail, until=at + LASTS)


def mail_links(outside: Outside) -> None:
    """Mail what was asked for; where the mail does not go out now, it is tried again for as long as it is of use."""
    if outside.post is None:
        return
    for mail, until in _some(outside):
        try:
            _mail(outside, outside.post, mail)
        except Away as error:
            _not_mailed(error)
            with outside.unit_of_work() as work:
                _note(work, mail, until=until)
        except Exception as error:  # noqa: BLE001 — one that can never be mailed keeps no other one back
            _not_mailed(error)


def _some(outside: Outside) -> list[tuple[str, datetime]]:
    """The addresses that were asked for longest ago, and until when a link is of use; they wait no longer."""
    with outside.unit_of_work() as work:
        at = work.now()
        taken = {tuple(json.loads(each)) for each in work.challenges.take_some(ASKED, at=at, limit=SOME)}
    asked = [(mail, datetime.fromisoformat(until)) for mail, until in sorted(taken)]
    return [(mail, until) for mail, until in asked if until > at]


def _not_mailed(error: Exception) -> None:
    # The type alone: a message may hold personal data.
    log.warning("a link was not mailed: %s", type(error).__name__)


def _note(work: Work, mail: str, *, until: datetime) -> None:
    """Put an address at the end of the line: whoever failed before does not go before everybody else again."""
    body, ends_at = json.dumps([mail, until.isoformat()]), work.now() + LASTS
    work.challenges.add(random_text(CHALLENGE_BYTES), purpose=ASKED, owner="", body=body, ends_at=ends_at)


def _mail(outside: Outside, post: Post, mail: str) -> None:
    with outside.reading() as work:
        known = work.customers.by_mail(mail)
    for customer in known:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        with outside.unit_of_work() as work:
            outgoing = _linked(work, customer, token)
        # To the address that we know, however the one that was typed is written.
        post.send(outgoing, to=customer.email)


def _linked(work: Work, customer: Customer, token: str) -> Outgoing:
    at = work.now()
    link = OneTimeLink(
        sha256=token_digest(token),
        purpose=SIGN_IN_LINK,
        owner=customer.account,
        customer=True,
        made_at=at,
        ends_at=at + LASTS,
    )
    work.one_time_links.add(link)
    words = {"link": f"{work.house.public_url.rstrip('/')}/sign-in/link/{token}", "house": work.house.name}
    message = Message(key=link.sha256, to=customer.email, template="sign_in_link", words=words)
    return Outgoing(id=work.new_id(), at=at, tries=0, message=message)
