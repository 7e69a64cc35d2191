"""A rule: one cited, dated statement: when → then, unless; and the finding it makes of one case."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from legal_rules.conditions import CONDITIONS
from legal_rules.disposition import ASK, ORDER
from legal_rules.errors import UnreadableBook
from legal_rules.narrowing import OPERATIONS, PREDICATES

Answer = Callable[[str], bool | None]
Basis = Literal["law", "guidance", "policy"]
Kind = Literal["forbid", "raise", "prefer"]
About = Literal["data", "nondisclosure", "release"]
CLEAR = "clear"

# LAW's own codes; a rule that grants or escalates without objecting has none.
GROUNDS = frozenset(
    [
        "NO_DATE_RANGE",
        "EXCESSIVE_DATE_RANGE",
        "NO_ACCOUNT",
        "AREA_DUMP",
        "BULK",
        "REVERSE_KEYWORD",
        "LATER_STEP_WITHOUT_JUDGE",
        "CATEGORY_NOT_REACHABLE",
        "CIVIL_CONTENT_BARRED",
        "NO_NEXUS",
        "CATCH_ALL",
        "UNSIGNED",
        "MISSING_ISSUER",
        "ISSUER_NOT_COMPETENT",
        "EXPIRED",
        "WRONG_JURISDICTION",
        "NOT_DOMESTICATED",
        "WRONG_ENTITY",
        "IMPROPER_SERVICE",
        "AUTHENTICITY",
        "PRIVILEGE",
        "THIRD_PARTIES",
        "EXPRESSIVE_CONTENT",
        "NONDISCLOSURE_NO_BASIS",
        "NONDISCLOSURE_NO_END",
        "NONDISCLOSURE_NO_INDIVIDUAL_FINDING",
        "DUPLICATE",
        "FOREIGN_NO_TREATY",
        "TREATY_TARGETING_LIMIT",
        "OFFENCE_THRESHOLD",
        "CONFLICT_OF_LAWS",
        "PROSPECTIVE",
        "CONTENT_NOT_HELD",
        "UNDUE_BURDEN",
        "EMERGENCY_NOT_SHOWN",
        "SHIELD_LAW",
        "STATUTORY_FORM_MISSING",
        "BIOMETRIC_TEMPLATE",
        "CHILD_DATA",
        "INCOMPLETE",
        "TERRITORY",
        "INSTRUMENT_NOT_IN_FORCE",
        "IDENTITY_UNVERIFIED",
        "AGENT_AUTHORITY",
        "CLARIFY",
        "MANIFESTLY_UNFOUNDED",
        "EXCESSIVE_REPETITIVE",
        "EXCESSIVE_ABUSE",
        "ANNUAL_CAP",
        "RIGHTS_OF_OTHERS",
        "PROHIBITED_FIELD",
        "LEGAL_SECRECY",
        "SEARCH_DISPROPORTIONATE",
        "SUBJECT_MISMATCH",
        "OVER_VERIFICATION",
    ]
)


@dataclass(frozen=True, kw_only=True)
class Unless:
    """An exception, with an authority of its own."""

    label: str
    cite: str
    when: tuple[str, ...]


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
    then: str
    narrow: tuple[str, ...]
    withhold: str | None
    remedy: str
    letter: str | None

    def in_force(self, on: date) -> bool:
        """Whether its dates include this day; the last day is excluded."""
        return self.in_force_from <= on and (self.in_force_to is None or on < self.in_force_to)

    def outcome(self, answer: Answer) -> str:
        """`then`, or "clear", or "ask" when an unknown fact could still decide it."""
        holds = all_hold(self.when, answer)
        if holds is False:
            return CLEAR
        open_exception = False
        for exception in self.unless:
            excused = all_hold(exception.when, answer)
            if excused:
                return CLEAR
            open_exception |= excused is None
        return ASK if holds is None or open_exception else self.then

    @property
    def phrases(self) -> tuple[str, ...]:
        """Every phrase it rests on, exceptions included."""
        return (*self.when, *(phrase for exception in self.unless for phrase in exception.when))


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


REQUIRED = frozenset({"id", "title", "cite", "basis", "kind", "checked", "in_force", "when", "then", "remedy", "case"})
OPTIONAL = frozenset({"ground", "about", "narrow", "withhold", "letter", "unless", "given"})


def read_rule(raw: Mapping[str, Any], name: str) -> Rule:
    """A rule from its TOML form; raises UnreadableBook naming the file and what is wrong."""
    _check_keys(raw, name)
    rule = Rule(
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
        unless=tuple(Unless(label=e["label"], cite=e["cite"], when=tuple(e["when"])) for e in raw.get("unless", ())),
        then=raw["then"],
        narrow=tuple(raw.get("narrow", ())),
        withhold=raw.get("withhold"),
        remedy=raw["remedy"],
        letter=raw.get("letter"),
    )
    _check_words(rule, name)
    return rule


def _check_keys(raw: Mapping[str, Any], name: str) -> None:
    wrong = (REQUIRED - raw.keys()) | (raw.keys() - REQUIRED - OPTIONAL)
    if wrong:
        raise UnreadableBook(f"{name}: these keys are missing or unknown: {', '.join(sorted(wrong))}.")


def _check_words(rule: Rule, name: str) -> None:
    for what, words, known in (
        ("phrase", rule.phrases, CONDITIONS),
        ("operation", rule.narrow, OPERATIONS),
        ("predicate", (rule.withhold,) if rule.withhold else (), PREDICATES),
        ("ground", (rule.ground,) if rule.ground else (), GROUNDS),
        ("disposition", (rule.then,), ORDER),
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
