"""Webhooks: JSON by HTTPS POST, signed with a secret that both sides have; no redirection is followed."""

import hmac
import json
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from requests_portal.errors import Away, Unusable
from requests_portal.mail.addresses import is_webhook_address
from requests_portal.mail.texts import Written

SECONDS = 10.0
# Of an answer only its status counts.
MOST_BYTES = 64 * 1024


class NoWebhook(Away):
    """Who listens there does not take the message for now."""

    code = "no_webhook"


class _NoRedirection(HTTPRedirectHandler):
    """Where the roster points is where we send, and nowhere else."""

    def redirect_request(self, *_arguments: Any) -> None:
        """Refuse to go on elsewhere; what was answered then is an error."""


@dataclass(frozen=True, kw_only=True)
class Webhooks:
    """What posts to any webhook, signing with one secret."""

    secret: str = field(repr=False)
    seconds: float = SECONDS

    def send(self, written: Written, *, to: str, id: str, at: datetime) -> None:  # noqa: A002 — the word for it
        """Post one message; raises NoWebhook where nobody answers, or answers anything but 2xx."""
        if not is_webhook_address(to):
            raise Unusable("A message is addressed to something that is no https address.")
        body = json.dumps({"id": id, "subject": written.subject, "text": written.body}, ensure_ascii=False).encode()
        stamp = str(int(at.timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": id,
            "Desk-Timestamp": stamp,
            "Desk-Signature": f"v1={signature(self.secret, stamp, body)}",
        }
        self._post(Request(to, data=body, headers=headers, method="POST"))  # noqa: S310 — checked above

    def _post(self, request: Request) -> None:
        # Without a proxy of the machine's own: what is signed goes where the roster says.
        opener = build_opener(_NoRedirection, ProxyHandler({}))
        try:
            with closing(opener.open(request, timeout=self.seconds)) as answer:
                answer.read1(MOST_BYTES)
        except HTTPError as error:
            error.close()
            raise NoWebhook(f"The webhook answers with an error ({error.code}).") from error
        except (URLError, OSError, HTTPException) as error:
            raise NoWebhook("The webhook does not answer.") from error


def signature(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 in hex over the timestamp, a full stop and the body, as the receiver computes it again."""
    return hmac.digest(secret.encode(), stamp.encode() + b"." + body, "sha256").hex()
