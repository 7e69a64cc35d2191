"""What can show that a customer asks: details that match our records, and what they declared; no ID card."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Detail(StrEnum):
    """A kind of detail that a person gave and our records hold; the detail itself is never kept with the check."""

    NAME = "name"
    POSTAL_ADDRESS = "postal_address"
    EMAIL = "email"
    PHONE = "phone"
    DEVICE = "device"
    ORDER = "order"
    SETTING = "setting"


SAID = {
    Detail.NAME: "name",
    Detail.POSTAL_ADDRESS: "postal address",
    Detail.EMAIL: "e-mail address",
    Detail.PHONE: "telephone number",
    Detail.DEVICE: "serial number of a device",
    Detail.ORDER: "number of an order or invoice",
    Detail.SETTING: "something of the account that only its holder knows",
}


class HeardDetail(StrEnum):
    """What somebody told of when they were heard on another's device that fits the recordings, and is kept nowhere."""

    TIME = "time"
    PLACE = "place"
    WORDS = "words"


HEARD = {
    HeardDetail.TIME: "the day and about the time",
    HeardDetail.PLACE: "the place where the device stands",
    HeardDetail.WORDS: "words that they spoke",
}
# A time that many know is not enough, and words that anybody says are not either.
HEARD_ENOUGH = frozenset({HeardDetail.TIME, HeardDetail.WORDS})


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What somebody declared under penalty of perjury, word for word, and the paper that they signed."""

    text: str
    language: str
    # Of the text and of the signed paper (SHA-256).
    digest: str
    paper: str
    signed_by: str
    signed_on: date
    by: str
    by_name: str
    at: datetime
