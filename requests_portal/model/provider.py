"""What an identity provider says of somebody who signed in with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How a browser is sent to the provider, and what has to come back with it."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a verified ID token says: whom the provider knows, since when they are signed in there, and its claims."""

    issuer: str
    subject: str
    auth_at: datetime
    claims: Mapping[str, Any]

    @property
    def mail(self) -> str:
        """Their address, where the provider says that it has verified it."""
        mail = self.claims.get("email")
        return mail if isinstance(mail, str) and self.claims.get("email_verified") is True else ""

    @property
    def name(self) -> str:
        """Their name."""
        name = self.claims.get("name")
        return name if isinstance(name, str) else ""

    def words(self, claim: str) -> frozenset[str]:
        """The values of a claim that is one word or a list of them."""
        found = self.claims.get(claim)
        listed = found if isinstance(found, list) else [found]
        return frozenset(each for each in listed if isinstance(each, str))
