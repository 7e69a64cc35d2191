"""Somebody who works here: whom the house let in, in which roles, and until when."""

from dataclasses import dataclass
from datetime import datetime

from requests_portal.model.actor import Actor, Role

# What nobody who works here is.
NO_STAFF = frozenset({"customer", "agent", "standing_policy", "system"})
STAFF_ROLES = frozenset(role for role in Role if role.value not in NO_STAFF)


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

    @property
    def actor(self) -> Actor:
        """Who they are as one who acts; who has left may do nothing, and is still known by name."""
        return Actor(id=self.id, name=self.name, roles=frozenset() if self.left_at else self.roles)
