"""A passkey, a link that is used once, and what a browser was asked: what people sign in with."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# How long a browser has to answer.
ANSWERED_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Credential:
    """What an authenticator made: its id and public key, base64url, and how often it says to have been used."""

    credential_id: str
    public_key: str
    sign_count: int


@dataclass(frozen=True, kw_only=True)
class Named:
    """Which credential an answer is of, and whose the authenticator says it is."""

    credential_id: str
    user_handle: str


@dataclass(frozen=True, kw_only=True)
class Passkey:
    """One of somebody's passkeys; `user_handle` is what authenticators name its owner by."""

    id: str
    owner: str
    customer: bool
    user_handle: str
    credential: Credential
    name: str
    added_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OneTimeLink:
    """A link that is used once: to enrol a passkey, or to sign in; of its token there is the digest alone."""

    sha256: str
    purpose: str
    owner: str
    customer: bool
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None = None
