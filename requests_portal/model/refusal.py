"""Refusals: who was refused what, where and how often, until the audit log has them."""

from dataclasses import dataclass
from datetime import datetime

from requests_portal.model.actor import Actor, Role

VISITOR = "visitor"
# A visitor whose browser shows a session that opens nothing: it ran out, as every session does, or was ended, or is
# none of ours. Whose it was is not asked.
LAPSED = "lapsed_session"


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What somebody tried and was refused: by page and kind of refusal, never by what they typed or asked for."""

    actor: str
    # The role under which the log names them; VISITOR or LAPSED for somebody who is not signed in.
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


def attempt(by: Actor, *, act: str, page: str, status: int, lapsed: bool = False) -> Attempt:
    """What this actor tried; of somebody who is not signed in, `lapsed` says whether a session was shown."""
    visitor = LAPSED if lapsed else VISITOR
    return Attempt(actor=by.id, role=by.role if by.roles else visitor, act=act, page=page, status=status)


def who(tried: Attempt) -> Actor | None:
    """Who tried it; None for somebody who is not signed in."""
    if tried.role in {VISITOR, LAPSED}:
        return None
    return Actor(id=tried.actor, name="", roles=frozenset({Role(tried.role)}))
