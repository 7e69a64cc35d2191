"""A rule: one cited, dated statement: when → then, unless; and the finding it makes of one case."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations
from typing import Any, Literal

from legal_rules.conditions import CONDITIONS
from legal_rules.disposition import ASK, ORDER
from legal_rules.errors import UnreadableBook
from legal_rules.narrowing import OPERATIONS, PREDICATES
from legal_rules.vocabulary.grounds import GROUNDS

Answer = Callable[[str], bool | None]
Basis = Literal["law", "guidance", "policy"]
Kind = Literal["forbid", "raise", "prefer"]
About = Literal["data", "nondisclosure", "release"]
CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows: a disposition, and the operations that narrow the demand; "clear" when nothing does."""

    then: str
    narrow: tuple[str, ...] = ()


NOTHING_FOLLOWS = Consequence(CLEAR)
_CLEAR_ALONE = (NOTHING_FOLLOWS,)


@dataclass(frozen=True, kw_only=True)
class Unless:
    """An exception with an authority of its own: what follows instead, and the exception it is itself one to."""

    label: str
    cite: str
    when: tuple[str, ...]
    consequence: Consequence = NOTHING_FOLLOWS
    exception_to: str | None = None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One statement of law or policy as we apply it."""

    id: str
    title: str
    cite: tuple[str, ...]
    basis: Basis
    kind: Kind
    checked_on: date
    confidence: str
    in_force_from: date
    in_force_to: date | None
    ground: str | None
    about: About
    when: tuple[str, ...]
    unless: tuple[Unless, ...]
    consequence: Consequence
    withhold: str | None
    remedy: str
    letter: str | None

    @property
    def then(self) -> str:
        """The disposition where the rule holds and no exception does."""
        return self.consequence.then

    @property
    def narrow(self) -> tuple[str, ...]:
        """The operations on the demand where the rule holds and no exception does."""
        return self.consequence.narrow

    def in_force(self, on: date) -> bool:
        """Whether its dates include this day; the last day is excluded."""
        return self.in_force_from <= on and (self.in_force_to is None or on < self.in_force_to)

    def possible(self, answer: Answer) -> tuple[Consequence, ...]:
        """What may follow from what is known: one consequence when it is settled, several while facts are open."""
        holds = all_hold(self.when, answer)
        if holds is False:
            return _CLEAR_ALONE
        follows = self.where_it_holds(answer)
        return follows if holds else _distinct((NOTHING_FOLLOWS, *follows))

    def where_it_holds(self, answer: Answer) -> tuple[Consequence, ...]:
        """What may follow where every phrase of `when` holds: the rule's consequence, or an exception's."""
        return self._follows(None, self.consequence, answer) if self.unless else self._alone

    @cached_property
    def _alone(self) -> tuple[Consequence, ...]:
        return (self.consequence,)

    def _follows(self, parent: str | None, default: Consequence, answer: Answer) -> tuple[Consequence, ...]:
        """The consequence at this level of exceptions, or that of the deeper one that holds, or may."""
        may: list[Consequence] = []
        for exception in self.unless:
            if exception.exception_to != parent:
                continue
            holds = all_hold(exception.when, answer)
            if holds is False:
                continue
            deeper = self._follows(exception.label, exception.consequence, answer)
            if holds:
                return deeper
            may.extend(deeper)
        return _distinct((default, *may))

    def outcome(self, answer: Answer) -> str:
        """The disposition that follows, "clear" when none does, or "ask" when an unknown fact could still decide it."""
        possible = self.possible(answer)
        return possible[0].then if len(possible) == 1 else ASK

    @cached_property
    def phrases(self) -> tuple[str, ...]:
        """Every phrase it rests on, exceptions included."""
        return (*self.when, *(phrase for exception in self.unless for phrase in exception.when))

    @property
    def operations(self) -> tuple[str, ...]:
        """Every operation it may ask for, exceptions included."""
        return (*self.narrow, *(name for exception in self.unless for name in exception.consequence.narrow))


def _distinct(consequences: tuple[Consequence, ...]) -> tuple[Consequence, ...]:
    return tuple(dict.fromkeys(consequences))


def all_hold(phrases: tuple[str, ...], answer: Answer) -> bool | None:
    """Kleene's AND: one False settles it; otherwise one unknown leaves it open."""
    known: bool | None = True
    for phrase in phrases:
        value = answer(phrase)
        if value is False:
            return False
        if value is None:
            known = None
    return known


REQUIRED = frozenset({"id", "title", "cite", "basis", "kind", "checked", "in_force", "when", "then", "remedy"})
OPTIONAL = frozenset({"ground", "about", "narrow", "withhold", "letter", "unless", "given", "case"})
OF_EXCEPTION = frozenset({"label", "cite", "when"})
OPTIONAL_OF_EXCEPTION = frozenset({"then", "narrow", "exception_to"})


def read_rule(raw: Mapping[str, Any], name: str) -> Rule:
    """A rule from its TOML form; raises UnreadableBook naming the file and what is wrong."""
    _check_keys(raw, name, REQUIRED, OPTIONAL)
    try:
        rule = _rule(raw, name)
    except (KeyError, TypeError, AttributeError) as misshapen:
        raise UnreadableBook(f"{name}: a value has another shape than a rule's has ({misshapen}).") from misshapen
    _check_words(rule, name)
    return rule


def _rule(raw: Mapping[str, Any], name: str) -> Rule:
    return Rule(
        id=raw["id"],
        title=raw["title"],
        cite=tuple(raw["cite"]),
        basis=raw["basis"],
        kind=raw["kind"],
        checked_on=raw["checked"]["on"],
        confidence=raw["checked"]["confidence"],
        in_force_from=raw["in_force"]["from"],
        in_force_to=raw["in_force"].get("to"),
        ground=raw.get("ground"),
        about=raw.get("about", "data"),
        when=tuple(raw["when"]),
        unless=tuple(_exception(each, name) for each in raw.get("unless", ())),
        consequence=Consequence(raw["then"], tuple(raw.get("narrow", ()))),
        withhold=raw.get("withhold"),
        remedy=raw["remedy"],
        letter=raw.get("letter"),
    )


def _exception(raw: Mapping[str, Any], name: str) -> Unless:
    _check_keys(raw, name, OF_EXCEPTION, OPTIONAL_OF_EXCEPTION)
    return Unless(
        label=raw["label"],
        cite=raw["cite"],
        when=tuple(raw["when"]),
        consequence=Consequence(raw.get("then", CLEAR), tuple(raw.get("narrow", ()))),
        exception_to=raw.get("exception_to"),
    )


def _check_keys(raw: Mapping[str, Any], name: str, required: frozenset[str], optional: frozenset[str]) -> None:
    wrong = (required - raw.keys()) | (raw.keys() - required - optional)
    if wrong:
        raise UnreadableBook(f"{name}: these keys are missing or unknown: {', '.join(sorted(wrong))}.")


def _check_words(rule: Rule, name: str) -> None:
    for what, words, known in (
        ("phrase", rule.phrases, CONDITIONS),
        ("operation", rule.operations, OPERATIONS),
        ("predicate", (rule.withhold,) if rule.withhold else (), PREDICATES),
        ("ground", (rule.ground,) if rule.ground else (), GROUNDS),
        ("disposition", (rule.then,), ORDER),
        ("disposition", tuple(e.consequence.then for e in rule.unless), (*ORDER, CLEAR)),
        ("exception", tuple(e.exception_to for e in rule.unless if e.exception_to), {e.label for e in rule.unless}),
        ("basis", (rule.basis,), ("law", "guidance", "policy")),
        ("kind", (rule.kind,), ("forbid", "raise", "prefer")),
        ("confidence", (rule.confidence,), ("read", "secondary", "recalled")),
        ("part of the answer", (rule.about,), ("data", "nondisclosure", "release")),
    ):
        for word in words:
            if word not in known:
                raise UnreadableBook(f"{name}: no {what} is called “{word}”.")
    if not rule.cite or not rule.when:
        raise UnreadableBook(f"{name}: a rule needs a citation and a condition.")
    if rule.basis == "policy" and rule.kind == "forbid":
        raise UnreadableBook(f"{name}: a house policy forbids nothing by law.")
    _check_exceptions(rule, name)


def _check_exceptions(rule: Rule, name: str) -> None:
    """Two exceptions at one level that could both hold must agree, or the book would say two things at once."""
    parents = {each.label: each.exception_to for each in rule.unless}
    for label, parent in parents.items():
        above, steps = parent, len(parents)
        while above is not None and steps:
            above, steps = parents[above], steps - 1
        if above is not None:
            raise UnreadableBook(f"{name}: the exception “{label}” is in the end one to itself.")
    for one, other in combinations(rule.unless, 2):
        if one.label == other.label:
            raise UnreadableBook(f"{name}: two exceptions are called “{one.label}”.")
        same_level = one.exception_to == other.exception_to
        if same_level and one.consequence != other.consequence and not _exclusive(one.when, other.when):
            raise UnreadableBook(f"{name}: the exceptions “{one.label}” and “{other.label}” can disagree.")


def _exclusive(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return any(CONDITIONS[a].excludes(CONDITIONS[b]) for a in one for b in other)
