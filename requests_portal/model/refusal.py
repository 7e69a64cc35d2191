"""Refusals: who was refused what, where and how often, until the audit log has them."""

from dataclasses import dataclass
from datetime import datetime

from requests_portal.model.actor import Actor, Role

VISITOR = "visitor"


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What somebody tried and was refused: by page and kind of refusal, never by what they typed or asked for."""

    actor: str
    # The role under which the log names them; VISITOR for somebody who has not signed in.
    role: str
    act: str
    page: str
    status: int


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """The same attempt, so often between two moments."""

    attempt: Attempt
    times: int
    first_at: datetime
    last_at: datetime


def attempt(by: Actor, *, act: str, page: str, status: int) -> Attempt:
    """What this actor tried."""
    return Attempt(actor=by.id, role=by.role if by.roles else VISITOR, act=act, page=page, status=status)


def who(tried: Attempt) -> Actor | None:
    """Who tried it; None for somebody who has not signed in."""
    return None if tried.role == VISITOR else Actor(id=tried.actor, name="", roles=frozenset({Role(tried.role)}))
