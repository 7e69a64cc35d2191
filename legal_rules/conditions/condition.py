"""A phrase that rules use, the facts it reads, and what it means: True, False, or None for not established."""

from collections.abc import Callable
from dataclasses import dataclass

from legal_rules.errors import UnreadableBook
from legal_rules.facts import Facts
from legal_rules.terms import Terms

Test = Callable[[Facts, Terms], bool | None]


@dataclass(frozen=True)
class Condition:
    """A phrase, the facts it reads, and its three-valued meaning; learning a fact never flips an answer."""

    phrase: str
    reads: tuple[str, ...]
    test: Test
    # Of a phrase that asks whether one fact has one of these values.
    values: frozenset[object] | None = None
    # The facts to ask for while it is open, where those settle it; every fact it reads where this is empty.
    asks: tuple[str, ...] = ()

    def missing(self, facts: Facts) -> tuple[str, ...]:
        """The facts it reads that nobody has established."""
        return tuple([name for name in self.asks or self.reads if getattr(facts, name) is None])

    def excludes(self, other: "Condition") -> bool:
        """Whether the two can never both hold, because they ask one fact for different values."""
        both = self.values is not None and other.values is not None and self.reads == other.reads
        return both and not (self.values or frozenset()) & (other.values or frozenset())


CONDITIONS: dict[str, Condition] = {}


def condition(phrase: str, *reads: str, asks: tuple[str, ...] = ()) -> Callable[[Test], Test]:
    """Define a phrase once."""

    def register(test: Test) -> Test:
        _register(Condition(phrase, reads, test, asks=asks))
        return test

    return register


def _register(defined: Condition) -> None:
    if defined.phrase in CONDITIONS:
        raise UnreadableBook(f"Two conditions read “{defined.phrase}”.")
    CONDITIONS[defined.phrase] = defined


def is_(phrase: str, fact: str, *values: object) -> None:
    """Define a phrase that holds when one fact has one of these values."""
    wanted = frozenset(values)

    def test(facts: Facts, _: Terms) -> bool | None:
        value = getattr(facts, fact)
        return None if value is None else value in wanted

    _register(Condition(phrase, (fact,), test, wanted))


def has(phrase: str, fact: str, *values: str) -> None:
    """Define a phrase that holds when a fact that lists several things has any of these."""
    wanted = frozenset(values)

    def test(facts: Facts, _: Terms) -> bool | None:
        value = getattr(facts, fact)
        return None if value is None else not wanted.isdisjoint(value)

    condition(phrase, fact)(test)


def seeks(phrase: str, *classes: str) -> None:
    """Define a phrase that holds when any of these classes is asked for."""
    has(phrase, "seeks", *classes)
