"""Authorised agents: whom a customer named, and what the customer says of somebody who asks in their name."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Said(StrEnum):
    """What a customer says of somebody who asks in their name."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"
    # Confirmed first, and taken back.
    REVOKED = "revoked"


@dataclass(frozen=True, kw_only=True)
class AgentAnswer:
    """What the customer said of one request made in their name, and whether the agent may have what leaves, too."""

    said: Said
    at: datetime
    receives: bool = False

    @property
    def is_confirmed(self) -> bool:
        """Whether the customer stands by the agent."""
        return self.said is Said.CONFIRMED


@dataclass(frozen=True, kw_only=True)
class NamedAgent:
    """Whom a customer named before anybody asked: what they may ask for, and until which day, that day included."""

    id: str
    account: str
    name: str
    organisation: str
    rights: tuple[str, ...]
    until: date
    named_at: datetime
    revoked_at: datetime | None = None

    def permits(self, right: str, *, on: date) -> bool:
        """Whether the naming covers a request of this kind that was made on this day; one taken back covers none."""
        return self.revoked_at is None and right in self.rights and on <= self.until
