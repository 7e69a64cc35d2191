"""What allows us to leave out part of what a facially valid order reaches: an agreement, or a motion to the court."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from requests_portal.errors import Unusable

Way = Literal["agreed", "motion", "raised"]


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """How it is settled that less leaves: who agreed, or the motion and its date; until then it is only raised."""

    way: Way
    # Who agreed, with their office; or the court that has the motion.
    who: str = ""
    on: date | None = None
    # The motion's number in the court's register.
    number: str = ""

    @property
    def is_settled(self) -> bool:
        """Whether somebody agreed or a motion was filed."""
        return self.way != "raised"

    def checked(self, today: date) -> "Settlement":
        """Itself, complete; raises Unusable with a sentence for what is missing."""
        if self.way == "raised":
            return RAISED
        if not self.who.strip():
            raise Unusable("Name who agreed, with their office." if self.way == "agreed" else "Name the court.")
        if self.on is None or self.on > today:
            raise Unusable("Enter the day of the agreement or the motion; it cannot lie in the future.")
        if self.way == "motion" and not self.number.strip():
            raise Unusable("Enter the motion's number, as the court's register has it.")
        return self


# The letter raises it with the issuer; it must be settled by the return date.
RAISED = Settlement(way="raised")
