"""What an account is reached and signed into by, and the hours in which a change of it holds everything back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Whoever had the account before is to hear of a change, and to say that it was not theirs, before anything leaves.
COOLING_OFF = timedelta(hours=72)


class Contact(StrEnum):
    """What of an account was changed."""

    MAIL = "mail"
    PHONE = "phone"
    PASSKEY = "passkey"


@dataclass(frozen=True, kw_only=True)
class ContactChange:
    """One change of how an account is reached; `earlier` is the address or number before, empty for a passkey."""

    id: str
    account: str
    contact: Contact
    earlier: str
    at: datetime
