"""An OpenID Connect provider: code flow with PKCE, state and nonce; what comes back is believed only when all fits.

OpenID Connect Core 1.0 § 3.1.3.7; the age of the sign-in is compared here, since no library does it.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from requests_portal.errors import Away
from requests_portal.model.provider import Asked, Said
from requests_portal.model.session import FRESH
from requests_portal.work.from_provider import NotLetIn

DISCOVERY = "/.well-known/openid-configuration"
SECONDS = 5
# Signed with a key that the provider alone has; never "none", and never with the secret that we share with it.
ALGORITHMS = ["RS256", "PS256", "ES256"]
KEPT = timedelta(hours=1)
LEEWAY = timedelta(seconds=60)
# For how long a provider that did not answer is not asked again, and how long anybody waits for somebody else's asking.
PAUSE = timedelta(seconds=10)
WAITING = 2.0
MOST_BYTES = 256 * 1024
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


# When it was asked, what the provider says of itself, and its keys.
Published = tuple[datetime, Mapping[str, Any], KeySet]


@dataclass(frozen=True, kw_only=True)
class Client:
    """How the provider knows this portal."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str


class Provider:
    """Fulfils the IdentityProvider port; what it publishes is kept for an hour, or until a key is not among it."""

    def __init__(self, client: Client, *, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now
        self._lock = threading.Lock()
        self._known: Published | None = None
        self._failed_at: datetime | None = None

    def ask(self, *, max_age: timedelta) -> Asked:
        """Where to send a browser whose person must have signed in there no longer ago than that; with none, anew."""
        published, _ = self._published()
        anew = {} if max_age else {"prompt": "login"}
        verifier, nonce = generate_token(64), generate_token(43)
        with self._session() as session:
            url, state = session.create_authorization_url(
                published["authorization_endpoint"],
                state=generate_token(43),
                code_verifier=verifier,
                nonce=nonce,
                max_age=int(max_age.total_seconds()),
                **anew,
            )
        return Asked(url=url, state=state, nonce=nonce, verifier=verifier)

    def said(self, code: str, *, nonce: str, verifier: str, max_age: timedelta) -> Said:
        """What the provider says of who came back with this code; refuses whatever does not fit in all respects."""
        published, keys = self._published()
        token = self._token(published["token_endpoint"], code, verifier)
        try:
            found = jwt.decode(token, keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            # It may have begun to sign with a key that it published since.
            found = self._decoded(token, self._published(afresh=True)[1])
        return self._believed(found.claims, nonce=nonce, max_age=max_age)

    def _decoded(self, token: str, keys: KeySet) -> jwt.Token:
        try:
            return jwt.decode(token, keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError) as error:
            raise NotLetIn from error

    def _believed(self, claims: Mapping[str, Any], *, nonce: str, max_age: timedelta) -> Said:
        now, client = self._now(), self._client
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        subject = claims.get("sub")
        auth_at, ends_at, issued_at = (_moment(claims.get(name)) for name in ("auth_time", "exp", "iat"))
        fits = (
            claims.get("iss") == client.issuer
            and client.client_id in audiences
            and (len(audiences) == 1 or claims.get("azp") == client.client_id)
            and claims.get("azp", client.client_id) == client.client_id
            and claims.get("nonce") == nonce
            and isinstance(subject, str)
            and bool(subject)
        )
        if not fits or auth_at is None or ends_at is None or issued_at is None:
            raise NotLetIn
        if ends_at + LEEWAY <= now or issued_at - LEEWAY > now:
            raise NotLetIn
        # What is asked of whoever signs in afresh has no leeway: they would be sent here again and again.
        leeway = LEEWAY if max_age > FRESH else timedelta()
        if not now - max_age - leeway <= auth_at <= now + LEEWAY:
            raise NotLetIn
        return Said(issuer=client.issuer, subject=str(subject), auth_at=min(auth_at, now), claims=claims)

    def _token(self, endpoint: str, code: str, verifier: str) -> str:
        try:
            with self._session() as session:
                answer = session.fetch_token(
                    endpoint, code=code, code_verifier=verifier, grant_type="authorization_code", allow_redirects=False
                )
        except OAuthError as error:
            raise NotLetIn from error
        except (requests.RequestException, ValueError) as error:
            raise _away() from error
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise NotLetIn
        return token

    def _published(self, *, afresh: bool = False) -> tuple[Mapping[str, Any], KeySet]:
        known = self._known
        if known is None or afresh or self._now() - known[0] > KEPT:
            known = self._asked_by_one(known)
        return known[1], known[2]

    def _asked_by_one(self, before: Published | None) -> Published:
        """What it publishes now; a provider that is slow keeps nobody waiting but whoever asked first."""
        if not self._lock.acquire(timeout=WAITING):
            raise _away()
        try:
            known = self._known
            if known is not None and known is not before:
                return known
            if self._failed_at is not None and self._now() - self._failed_at < PAUSE:
                raise _away()
            return self._asked_now()
        finally:
            self._lock.release()

    def _asked_now(self) -> Published:
        try:
            known = self._known = (self._now(), *self._asked_what_it_publishes())
        except Away:
            self._failed_at = self._now()
            raise
        self._failed_at = None
        return known

    def _asked_what_it_publishes(self) -> tuple[Mapping[str, Any], KeySet]:
        published = _read(self._client.issuer.rstrip("/") + DISCOVERY)
        named = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if published.get("issuer") != self._client.issuer or not all(_is_safe(published.get(each)) for each in named):
            raise _away()
        listed = _read(published["jwks_uri"]).get("keys")
        usable = [each for each in listed if _signs(each)] if isinstance(listed, list) else []
        try:
            return published, KeySet.import_key_set({"keys": usable})
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise _away() from error

    def _session(self) -> OAuth2Session:
        return OAuth2Session(
            client_id=self._client.client_id,
            client_secret=self._client.client_secret,
            scope="openid email profile",
            redirect_uri=self._client.redirect_uri,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106 — the name of a method
            default_timeout=SECONDS,
        )


def _read(url: str) -> dict[str, Any]:
    try:
        with requests.get(url, timeout=SECONDS, allow_redirects=False, stream=True) as answer:
            answer.raise_for_status()
            body = answer.raw.read(MOST_BYTES + 1, decode_content=True)
            if answer.is_redirect or len(body) > MOST_BYTES:
                raise _away()
        found = json.loads(body)
    except (requests.RequestException, OSError, ValueError, RecursionError) as error:
        raise _away() from error
    if not isinstance(found, dict):
        raise _away()
    return found


def _is_safe(url: object) -> bool:
    address = urlsplit(url) if isinstance(url, str) else urlsplit("")
    return address.scheme == "https" or (address.scheme == "http" and address.hostname in LOOPBACK)


def _signs(key: object) -> bool:
    return isinstance(key, dict) and key.get("kty") in {"RSA", "EC"} and key.get("use", "sig") == "sig"


def _moment(seconds: object) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _away() -> Away:
    return Away("The identity provider does not answer as it should. Try again in a minute.")
