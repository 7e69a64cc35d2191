"""What the rule book refuses to read, each refusal as one plain sentence."""

from collections.abc import Iterable
from difflib import get_close_matches


class RuleBookError(ValueError):
    """Something given to the rule book cannot be used; the message says what, and what would be."""


class UnknownFact(RuleBookError):  # noqa: N818 — named for what was found, as the portal's refusals are
    """A fact was named that the vocabulary does not have."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.nearest = nearest(name, known)
        super().__init__(f"There is no fact named “{name}”." + _perhaps(self.nearest))


class BadFactValue(RuleBookError):  # noqa: N818
    """A known fact was given a value it cannot have."""

    def __init__(self, name: str, *, got: object, allowed: str, among: Iterable[str] = ()) -> None:
        self.name = name
        self.got = got
        self.allowed = allowed
        self.nearest = nearest(str(got), among)
        super().__init__(f"The fact “{name}” cannot be {got!r}: it takes {allowed}." + _perhaps(self.nearest))


class ContradictoryFacts(RuleBookError):  # noqa: N818
    """Two facts cannot both be true."""


class UnreadableBook(RuleBookError):  # noqa: N818
    """A rule, period, matrix or policy file does not say what such a file must say."""


def nearest(given: str, known: Iterable[str]) -> str | None:
    """The known word closest to what was given, or None when nothing is close."""
    found = get_close_matches(given.lower(), sorted(known), n=1, cutoff=0.5)
    return found[0] if found else None


def _perhaps(name: str | None) -> str:
    return f" Did you mean “{name}”?" if name else ""
