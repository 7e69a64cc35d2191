"""Messages out to staff: mail and webhooks, without personal data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

SHORTEST, LONGEST = timedelta(seconds=30), timedelta(hours=1)
# One that could not be sent for so long is shown in red; it is tried all the same.
LATE = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is to be sent to somebody; of several with one key only the first is kept.

    `to` is a mail address, the address of a webhook, a member of staff by id, or empty for whoever is on call.
    `template` names a text under templates/mail; `words` fills it and holds references and links, never personal data.
    """

    key: str
    to: str
    template: str
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_addressed(self) -> bool:
        """Whether it is to an address, rather than to somebody whose addresses are looked up when it is due."""
        return "@" in self.to or is_webhook(self.to)


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A message that waits to be sent; its id is the same however often it is sent."""

    id: str
    at: datetime
    tries: int
    message: Message

    @property
    def pause(self) -> timedelta:
        """How long to wait after this attempt, if it fails: twice as long each time, at most an hour."""
        doubled: int = 2 ** min(self.tries, 16)
        return min(SHORTEST * doubled, LONGEST)


def is_webhook(address: str) -> bool:
    """Whether it is the address of a webhook rather than of a mailbox."""
    return address.startswith(("https://", "http://"))
