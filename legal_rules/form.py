"""What a rule's file must hold, and everything in which one does not: told all at once, for those who write rules."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from itertools import combinations
from typing import Any, get_args

from legal_rules.conditions import CONDITIONS
from legal_rules.disposition import ASK, ORDER
from legal_rules.errors import nearest
from legal_rules.facts import FACTS
from legal_rules.narrowing import OPERATIONS, PREDICATES
from legal_rules.places import Flaw
from legal_rules.rule import (
    CLEAR,
    OF_EXCEPTION,
    OPTIONAL,
    OPTIONAL_OF_EXCEPTION,
    REQUIRED,
    About,
    Basis,
    Kind,
)
from legal_rules.terms import Policy
from legal_rules.vocabulary.grounds import GROUNDS

Raw = Mapping[str, Any]
Flaws = Iterator[Flaw]


def is_text(value: object) -> bool:
    """Whether it is text that says something."""
    return isinstance(value, str) and bool(value.strip())


def are_texts(value: object) -> bool:
    """Whether it is a list of texts; an empty one too."""
    return isinstance(value, list) and all(map(is_text, value))


def is_day(value: object) -> bool:
    """Whether it is a day without a time."""
    return type(value) is date


def is_table(value: object) -> bool:
    """Whether it is a table of keys and values."""
    return isinstance(value, dict)


def are_tables(value: object) -> bool:
    """Whether it is a list of tables."""
    return isinstance(value, list) and all(map(is_table, value))


# Whether a value has the form, and what the form is called.
Form = tuple[Callable[[object], bool], str]
TEXT: Form = (is_text, "some text")
TEXTS: Form = (are_texts, "a list of texts")
DAY: Form = (is_day, "a day such as 2026-05-01")
TABLE: Form = (is_table, "a table")
TABLES: Form = (are_tables, "a list of tables")
RULE: Mapping[str, Form] = {
    **dict.fromkeys(REQUIRED | OPTIONAL, TEXT),
    **dict.fromkeys(("cite", "when", "narrow"), TEXTS),
    **dict.fromkeys(("unless", "case"), TABLES),
    **dict.fromkeys(("checked", "in_force", "given"), TABLE),
}
EXCEPTION: Mapping[str, Form] = {
    **dict.fromkeys(OF_EXCEPTION | OPTIONAL_OF_EXCEPTION, TEXT),
    **dict.fromkeys(("when", "narrow"), TEXTS),
}
CASE: Mapping[str, Form] = {
    **dict.fromkeys(("name", "expect"), TEXT),
    **dict.fromkeys(("facts", "house"), TABLE),
    "without": TEXTS,
    "on": DAY,
}
# The tables within a rule: the keys that each must have, and the form of those it may have.
WITHIN: Mapping[str, tuple[frozenset[str], Mapping[str, Form]]] = {
    "checked": (frozenset({"on", "confidence"}), {"on": DAY, "confidence": TEXT}),
    "in_force": (frozenset({"from"}), {"from": DAY, "to": DAY}),
    "unless": (OF_EXCEPTION, EXCEPTION),
    "case": (frozenset({"name", "expect"}), CASE),
}
CONFIDENCE = ("read", "secondary", "recalled")


def flaws_of_form(raw: Raw) -> Flaws:
    """Keys that are missing, unknown or of another form than they must have."""
    yield from flaws_of_keys(raw, REQUIRED, RULE)
    for name, (required, forms) in WITHIN.items():
        value = raw.get(name)
        if isinstance(value, dict):
            yield from flaws_of_keys(value, required, forms, name)
        elif isinstance(value, list) and are_tables(value):
            for number, each in enumerate(value):
                yield from flaws_of_keys(each, required, forms, name, number)
                yield from _of_house(each.get("house"), name, number)


def _of_house(house: object, *at: str | int) -> Flaws:
    """The keys that a case's own house has and no house policy knows."""
    known = [field.name for field in fields(Policy)]
    for name in house if isinstance(house, dict) else ():
        if name not in known:
            yield Flaw(unknown("house policy", name, known), (*at, "house"))


def flaws_of_keys(table: Raw, required: frozenset[str], forms: Mapping[str, Form], *at: str | int) -> Flaws:
    """The keys of one table that are missing, unknown or of another form."""
    for name in sorted(required - table.keys()):
        yield Flaw("The citation is missing." if name == "cite" else f"“{name}” is missing.", at)
    for name, value in table.items():
        if name not in forms:
            yield Flaw(unknown("key", name, forms), (*at, name))
        elif not forms[name][0](value):
            yield Flaw(f"“{name}” must be {forms[name][1]}.", (*at, name))


def unknown(what: str, word: str, known: Iterable[str]) -> str:
    """The sentence that refuses a word, with the nearest known one."""
    near = nearest(word, known)
    return f"No {what} is called “{word}”." + (f" Did you mean “{near}”?" if near else "")


def flaws_of_content(raw: Raw, *, on: date, letters: Mapping[str, frozenset[str]]) -> Flaws:
    """What a rule of the right form says that it may not, on a day and with the letters of each language."""
    yield from _of_words(raw)
    yield from _of_statement(raw)
    yield from _of_dates(raw, on)
    yield from _of_exceptions(raw)
    yield from _of_letters(raw, letters)


def _of_words(raw: Raw) -> Flaws:
    yield from flaws_of_words(raw, "phrase", CONDITIONS, "when")
    yield from flaws_of_words(raw, "operation", OPERATIONS, "narrow")
    yield from flaws_of_words(raw, "disposition", ORDER, "then")
    yield from flaws_of_words(raw, "ground", GROUNDS, "ground")
    yield from flaws_of_words(raw, "basis", get_args(Basis), "basis")
    yield from flaws_of_words(raw, "kind", get_args(Kind), "kind")
    yield from flaws_of_words(raw, "part of the answer", get_args(About), "about")
    yield from flaws_of_words(raw, "predicate", PREDICATES, "withhold")
    yield from flaws_of_words(raw["checked"], "confidence", CONFIDENCE, "confidence", within=("checked",))
    for number, exception in enumerate(raw.get("unless", ())):
        at = ("unless", number)
        yield from flaws_of_words(exception, "phrase", CONDITIONS, "when", within=at)
        yield from flaws_of_words(exception, "operation", OPERATIONS, "narrow", within=at)
        yield from flaws_of_words(exception, "disposition", (*ORDER, CLEAR), "then", within=at)
    for number, case in enumerate(raw.get("case", ())):
        yield from flaws_of_words(case, "answer", (*ORDER, CLEAR, ASK), "expect", within=("case", number))
        yield from flaws_of_words(case, "fact", FACTS, "without", within=("case", number))


def flaws_of_words(table: Raw, what: str, known: Iterable[str], name: str, within: tuple[str | int, ...] = ()) -> Flaws:
    """The words of one key's value, a text or several, that nothing is called."""
    value: str | list[str] = table.get(name, [])
    for word in [value] if isinstance(value, str) else value:
        if word not in known:
            yield Flaw(unknown(what, word, known), (*within, name), word)


def _of_statement(raw: Raw) -> Flaws:
    if not raw["cite"]:
        yield Flaw("The citation is missing.", ("cite",))
    if not raw["when"]:
        yield Flaw("Nothing says when the rule applies.", ("when",))
    if not raw.get("case"):
        yield Flaw("It has no case.", ("id",))
    if raw["basis"] == "policy" and raw["kind"] == "forbid":
        yield Flaw("A house policy is dressed as law: it forbids nothing.", ("kind",))
    if raw["basis"] == "law" and raw["cite"] and raw["cite"][0].lower().startswith("house policy"):
        yield Flaw("A house policy is dressed as law: its basis is policy.", ("basis",))


def _of_dates(raw: Raw, on: date) -> Flaws:
    checked, since, until = raw["checked"]["on"], raw["in_force"]["from"], raw["in_force"].get("to")
    if (checked.year + 1, checked.month, checked.day) < (on.year, on.month, on.day):
        yield Flaw(f"It was last checked on {checked}, more than a year ago.", ("checked",))
    if until is not None and until <= since:
        yield Flaw(f"The dates are reversed: it ends on {until} and begins on {since}.", ("in_force",))


def _of_exceptions(raw: Raw) -> Flaws:
    exceptions = raw.get("unless", [])
    above = {each["label"]: each.get("exception_to") for each in exceptions}
    for number, each in enumerate(exceptions):
        label, parent = each["label"], each.get("exception_to")
        if label in [earlier["label"] for earlier in exceptions[:number]]:
            yield Flaw(f"Two exceptions are called “{label}”.", ("unless", number, "label"))
        if not each["when"]:
            yield Flaw("Nothing says when the exception applies.", ("unless", number, "when"))
        if parent is not None and parent not in above:
            yield Flaw(unknown("exception", parent, above), ("unless", number, "exception_to"))
        elif label in _above(label, above):
            yield Flaw(f"“{label}” is an exception to itself.", ("unless", number, "exception_to"))
    yield from _of_disagreements(exceptions)


def _above(label: str, above: Mapping[str, str | None]) -> set[str]:
    """The exceptions to which one is an exception, directly or by another."""
    found: set[str] = set()
    while (parent := above.get(label)) is not None and parent not in found:
        found.add(parent)
        label = parent
    return found


def _of_disagreements(exceptions: Iterable[Raw]) -> Flaws:
    """Two exceptions at one level that could both hold and say different things."""
    for (_, one), (number, other) in combinations(enumerate(exceptions), 2):
        same_level = one.get("exception_to") == other.get("exception_to")
        if same_level and _follows(one) != _follows(other) and not _exclusive(one["when"], other["when"]):
            sentence = f"The exceptions “{one['label']}” and “{other['label']}” can disagree."
            yield Flaw(sentence, ("unless", number, "label"))


def _follows(exception: Raw) -> tuple[str, list[str]]:
    return exception.get("then", CLEAR), exception.get("narrow", [])


def _exclusive(one: Iterable[str], other: Iterable[str]) -> bool:
    known = [(CONDITIONS.get(a), CONDITIONS.get(b)) for a in one for b in other]
    return any(a is not None and b is not None and a.excludes(b) for a, b in known)


def _of_letters(raw: Raw, letters: Mapping[str, frozenset[str]]) -> Flaws:
    letter = raw.get("letter")
    for language, names in sorted(letters.items()):
        if letter is not None and letter not in names:
            yield Flaw(f"There is no letter “{letter}” in the language “{language}”.", ("letter",))
