"""Duty: who is on call when, and whom an unclaimed clock wakes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

LAST_RESORT = "last_resort"


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One stretch of one person's duty, from (included) to (excluded), in their order among those on call then."""

    who: str
    mail: str
    webhook: str
    begins: datetime
    ends: datetime
    order: int

    @property
    def addresses(self) -> tuple[str, ...]:
        """Everything that reaches them."""
        return tuple(each for each in (self.mail, self.webhook) if each)


@dataclass(frozen=True, kw_only=True)
class Called:
    """Somebody to be told: a member of staff, or the house's last resort."""

    who: str
    addresses: tuple[str, ...]


def on_call(duties: Sequence[Duty], at: datetime) -> tuple[Duty, ...]:
    """Who is on call, in order; where nobody is, those whose duty begins next."""
    now = [each for each in duties if each.begins <= at < each.ends]
    if not now:
        begins = min((each.begins for each in duties if each.begins > at), default=None)
        now = [each for each in duties if each.begins == begins]
    return tuple(sorted(now, key=lambda each: (each.order, each.begins, each.who)))


def to_call(duties: Sequence[Duty], last_resort: str, at: datetime) -> tuple[Called, ...]:
    """Whom to tell, one after the other: those on call, and in the end the house's last resort."""
    called = [Called(who=each.who, addresses=each.addresses) for each in on_call(duties, at)]
    if last_resort:
        called.append(Called(who=LAST_RESORT, addresses=(last_resort,)))
    return tuple(called)
