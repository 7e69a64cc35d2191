"""One word of the vocabulary of facts: its type, its values, who can supply it, and whether the paper states it."""

from dataclasses import dataclass, field
from typing import Any, Literal

FactType = Literal["choice", "choices", "flag", "date", "moment", "number", "texts", "country"]
Origin = Literal["paper", "world"]
AskedOf = Literal["issuer", "requester", "intake", "lawyer", "catalogue", "call_back", "identity_check"]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A fact's name, type and allowed values, the sentence that defines it, who is asked for it, and its origin.

    What a paper could state is closed once somebody has read it through; what the world knows stays unknown until
    somebody establishes it.
    """

    name: str = ""
    type: FactType
    allowed: tuple[str, ...] = ()
    asked_of: AskedOf
    sentence: str
    origin: Origin


def paper(kind: FactType, sentence: str, *allowed: str, asked_of: AskedOf = "issuer") -> Any:
    """Declare a fact that the paper states, or does not."""
    return _field(Fact(type=kind, allowed=allowed, asked_of=asked_of, sentence=sentence, origin="paper"))


def world(kind: FactType, sentence: str, *allowed: str, asked_of: AskedOf = "lawyer") -> Any:
    """Declare a fact about the world, which no paper settles."""
    return _field(Fact(type=kind, allowed=allowed, asked_of=asked_of, sentence=sentence, origin="world"))


def _field(fact: Fact) -> Any:
    return field(default=None, metadata={"fact": fact})
