"""Timestamps from an authority over HTTP (RFC 3161, 3.4): bounded in time and size, and checked before they count."""

import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from requests_portal.bundle.strict_file import Doubt
from requests_portal.bundle.timestamp import WrongTimestamp, stamp_in
from requests_portal.errors import Away

SECONDS = 10.0
MOST_BYTES = 64 * 1024
PAUSES = (0.5, 2.0)
NONCE_BYTES = 8
# How far the authority's clock and ours may be apart before one of them has to be looked at.
DRIFT = timedelta(minutes=10)
_GRANTED = frozenset({"granted", "granted_with_mods"})
_REQUEST, _REPLY = "application/timestamp-query", "application/timestamp-reply"

# Sends a request to the authority and returns its answer, both DER; raises Away.
Ask = Callable[[bytes], bytes]


class CheckedTimestamper:
    """An authority whose every answer is checked against pinned certificates; fulfils `bundle.contents.Timestamper`."""

    def __init__(
        self,
        ask: Ask,
        pinned: Sequence[x509.Certificate],
        *,
        now: Callable[[], datetime],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._ask = ask
        self._pinned = tuple(pinned)
        self._now = now
        self._pause = pause

    @property
    def certificates_pem(self) -> tuple[bytes, ...]:
        """The certificates that every timestamp of this authority leads to."""
        return tuple(each.public_bytes(Encoding.PEM) for each in self._pinned)

    def stamp(self, digest: bytes) -> bytes:
        """Return a token over a SHA-256 digest, asking up to three times; raises Away or WrongTimestamp."""
        for pause in PAUSES:
            try:
                return self._stamped(digest)
            except Away:
                self._pause(pause)
        return self._stamped(digest)

    def _stamped(self, digest: bytes) -> bytes:
        nonce = int.from_bytes(secrets.token_bytes(NONCE_BYTES), "big") | 1
        token = _token_in(self._ask(_request(digest, nonce)))
        self._check(token, digest, nonce)
        return token

    def _check(self, token: bytes, digest: bytes, nonce: int) -> None:
        try:
            stamp = stamp_in(token, digest)
        except Doubt as doubt:
            raise WrongTimestamp(f"The timestamp authority's answer can't be relied on: {doubt}") from doubt
        except Exception as error:
            raise WrongTimestamp("The timestamp authority's answer can't be read.") from error
        if stamp.nonce != nonce:
            raise WrongTimestamp("The timestamp authority answered another request than ours.")
        if not stamp.leads_to(self._pinned):
            raise WrongTimestamp(
                "The timestamp was made with a certificate that the settings do not trust. "
                "Ask an operator to look at the timestamp authority and its certificate."
            )
        if abs(stamp.at - self._now()) > DRIFT:
            raise WrongTimestamp("The timestamp authority's clock and ours are apart. Ask an operator to look at both.")


def over_http(url: str, *, tick: Callable[[], float] = time.monotonic, seconds: float = SECONDS) -> Ask:
    """Return a function that asks the authority at this address, following no redirection."""
    opener = build_opener(_NoRedirection)

    def ask(request: bytes) -> bytes:
        return _answer(opener, url, request, tick=tick, seconds=seconds)

    return ask


class _NoRedirection(HTTPRedirectHandler):
    """Where the settings point is where we ask, and nowhere else."""

    def redirect_request(self, *_arguments: Any) -> None:
        """Refuse to go on elsewhere; what was answered then is an error."""


def _answer(opener: OpenerDirector, url: str, request: bytes, *, tick: Callable[[], float], seconds: float) -> bytes:
    headers = {"Content-Type": _REQUEST, "Accept": _REPLY}
    end = tick() + seconds
    try:
        with closing(opener.open(Request(url, data=request, headers=headers), timeout=seconds)) as answer:  # noqa: S310 — the settings' own address
            body = b""
            # One piece at a time: an authority that sends a byte now and then must not hold us for ever.
            while piece := answer.read1(MOST_BYTES):
                body += piece
                if len(body) > MOST_BYTES or tick() > end:
                    raise Away("The timestamp authority's answer is too long or too slow.")
    except HTTPError as error:
        raise Away(f"The timestamp authority answers with an error ({error.code}).") from error
    except (URLError, OSError, HTTPException) as error:
        raise Away("The timestamp authority does not answer.") from error
    return body


def _request(digest: bytes, nonce: int) -> bytes:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest}
    asked = {"version": "v1", "message_imprint": imprint, "nonce": nonce, "cert_req": True}
    return bytes(tsp.TimeStampReq(asked).dump())


def _token_in(answer: bytes) -> bytes:
    try:
        answered = tsp.TimeStampResp.load(answer, strict=True)
        status = answered["status"]["status"].native
        token = bytes(answered["time_stamp_token"].dump())
    except (ValueError, TypeError, KeyError) as error:
        raise Away("The timestamp authority answers with something that is no timestamp.") from error
    if status not in _GRANTED or not token:
        raise Away("The timestamp authority refuses a timestamp for now.")
    return token
