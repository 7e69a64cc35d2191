"""How often what the database keeps of recordings and cases differs from reading them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Recount:
    """A comparison, by the moment it began: on how many days of a device and on how many cases the two differed."""

    at: datetime
    days: int
    cases: int
