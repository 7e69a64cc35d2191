"""Somebody who works here: whom the house let in, in which roles, and until when."""

from dataclasses import dataclass
from datetime import datetime

from requests_portal.model.actor import Actor, Role

# What nobody who works here is given.
NO_STAFF = frozenset({"customer", "agent", "standing_policy", "system", "awaited"})
STAFF_ROLES = frozenset(role for role in Role if role.value not in NO_STAFF)
# What an administrator gives alone: it shows no contents and confirms nobody. Any other role a second person confirms.
GIVEN_ALONE = frozenset({Role.OPERATOR})


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """Roles that somebody was given, and has once a person who had no hand in that has confirmed them."""

    roles: frozenset[Role]
    # Whoever had a hand in giving them.
    by: frozenset[str]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Person:
    """A colleague; the log names them by their id, for good."""

    id: str
    name: str
    mail: str
    roles: frozenset[Role]
    since: datetime
    left_at: datetime | None = None
    # By which the house's identity provider knows them.
    issuer: str | None = None
    subject: str | None = None
    awaited: Awaited | None = None

    @property
    def actor(self) -> Actor:
        """Who they are as one who acts; who has left may do nothing, and is still known by name."""
        return Actor(id=self.id, name=self.name, roles=frozenset() if self.left_at else self._held)

    @property
    def _held(self) -> frozenset[Role]:
        # Whoever waits makes a passkey meanwhile, so that it can be asked after before anything is confirmed.
        return self.roles or (frozenset({Role.AWAITED}) if self.awaited else frozenset())
