"""Why the rule book answers as it does: of every rule what was asked, what was known, and why it does not apply."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from legal_rules.assessment import Assessment
from legal_rules.book import Book
from legal_rules.clocks import Clock
from legal_rules.conditions import CONDITIONS
from legal_rules.disposition import ASK
from legal_rules.facts import FACTS, Facts, dump
from legal_rules.periods import Period
from legal_rules.rule import CLEAR, Answer, Rule, all_hold
from legal_rules.weighing import Answers

# What became of a rule.
APPLIES: Final = "applies"
OPEN: Final = "open"
EXCEPTED: Final = "excepted"
DOES_NOT_HOLD: Final = "does not hold"
NOT_IN_FORCE: Final = "not in force"
# And of a time limit that would run.
BEHIND_ANOTHER: Final = "behind another"
NOT_BEGUN: Final = "not begun"


@dataclass(frozen=True, kw_only=True)
class Looked:
    """A fact that a phrase looked at, and what is established of it; None when nothing is."""

    fact: str
    value: object

    def as_json(self) -> dict[str, object]:
        """The fact's name and value, and of whom to ask what is not established."""
        known = {"fact": self.fact, "value": self.value}
        return known if self.value is not None else known | {"asked_of": FACTS[self.fact].asked_of}


@dataclass(frozen=True, kw_only=True)
class Said:
    """A phrase, what it answers, and the facts it looked at."""

    phrase: str
    answer: bool | None
    looked_at: tuple[Looked, ...]

    def as_json(self) -> dict[str, object]:
        """The phrase, true, false or null, and the facts."""
        facts = [each.as_json() for each in self.looked_at]
        return {"phrase": self.phrase, "answer": self.answer, "facts": facts}


@dataclass(frozen=True, kw_only=True)
class Tried:
    """An exception that was tried: whether it holds, and on which phrases that rests."""

    label: str
    cite: str
    exception_to: str | None
    then: str
    holds: bool | None
    when: tuple[Said, ...]

    def as_json(self) -> dict[str, object]:
        """Every field."""
        return {
            "label": self.label,
            "cite": self.cite,
            "exception_to": self.exception_to,
            "then": self.then,
            "holds": self.holds,
            "when": [said.as_json() for said in self.when],
        }


@dataclass(frozen=True, kw_only=True)
class Reason:
    """What became of one rule and why."""

    rule: Rule
    verdict: str
    outcome: str
    when: tuple[Said, ...]
    unless: tuple[Tried, ...]
    missing: tuple[str, ...]

    @property
    def broken(self) -> Said | None:
        """The first phrase that is false, for which it does not hold."""
        return next((said for said in self.when if said.answer is False), None)

    def as_json(self) -> dict[str, object]:
        """The rule, its authority and dates, the verdict, and every phrase and exception with its facts."""
        rule = self.rule
        return {
            "rule": rule.id,
            "title": rule.title,
            "cite": list(rule.cite),
            "basis": rule.basis,
            "kind": rule.kind,
            "about": rule.about,
            "ground": rule.ground,
            "in_force": {
                "from": rule.in_force_from.isoformat(),
                "to": rule.in_force_to.isoformat() if rule.in_force_to else None,
            },
            "verdict": self.verdict,
            "outcome": self.outcome,
            "because": None if self.broken is None else self.broken.as_json(),
            "when": [said.as_json() for said in self.when],
            "unless": [tried.as_json() for tried in self.unless],
            "missing": list(self.missing),
        }


@dataclass(frozen=True, kw_only=True)
class Timed:
    """What became of one time limit: the clock it runs, or why it runs none."""

    period: Period
    verdict: str
    when: tuple[Said, ...]
    clocks: tuple[Clock, ...]
    # The period that runs the clock in its place, since it comes first.
    instead: str | None

    @property
    def broken(self) -> Said | None:
        """The first phrase that is false, for which it does not run."""
        return next((said for said in self.when if said.answer is False), None)

    def as_json(self) -> dict[str, object]:
        """The period, its authority, the verdict, its phrases and the clocks it runs."""
        return {
            "period": self.period.id,
            "clock": self.period.clock,
            "cite": list(self.period.cite),
            "basis": self.period.basis,
            "verdict": self.verdict,
            "instead": self.instead,
            "because": None if self.broken is None else self.broken.as_json(),
            "when": [said.as_json() for said in self.when],
            "clocks": [clock.as_json() for clock in self.clocks],
        }


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A fact still to be established: who can supply it, what it means, and the rules that wait for it."""

    fact: str
    asked_of: str
    sentence: str
    rules: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Every field."""
        return {"fact": self.fact, "asked_of": self.asked_of, "sentence": self.sentence, "rules": list(self.rules)}


@dataclass(frozen=True, kw_only=True)
class Why:
    """The whole of an answer's reasons: of every rule, of every time limit, and what would still have to be known."""

    disposition: str
    on: date
    book: str
    reasons: tuple[Reason, ...]
    time_limits: tuple[Timed, ...]
    asked: tuple[Asked, ...]

    def of(self, *verdicts: str) -> tuple[Reason, ...]:
        """The rules of which one of these became."""
        return tuple(reason for reason in self.reasons if reason.verdict in verdicts)

    def as_json(self, rule: str | None = None) -> dict[str, object]:
        """The form that `desk rules explain --json` prints, of every rule or of one."""
        return {
            "disposition": self.disposition,
            "on": self.on.isoformat(),
            "book": self.book,
            "rules": [reason.as_json() for reason in self.reasons if rule in {None, reason.rule.id}],
            "time_limits": [timed.as_json() for timed in self.time_limits],
            "missing": [each.as_json() for each in self.asked],
        }


def why(book: Book, facts: Facts, assessment: Assessment) -> Why:
    """The reasons of an assessment that this book made of these facts."""
    terms = book.terms(assessment.on)
    said = _Sayings(facts, Answers(facts, terms))
    reasons = tuple(_reason(rule, said, assessment.on) for rule in book.rules)
    return Why(
        disposition=assessment.disposition,
        on=assessment.on,
        book=book.digest,
        reasons=reasons,
        time_limits=tuple(_time_limits(book, said, assessment)),
        asked=tuple(_asked(reasons, assessment)),
    )


class _Sayings:
    """What the phrases say of one request."""

    def __init__(self, facts: Facts, answers: Answers) -> None:
        self.facts = facts
        self.answer: Answer = answers.__getitem__
        self._values: Mapping[str, object] = dump(facts)

    def all_of(self, phrases: Iterable[str]) -> tuple[Said, ...]:
        return tuple(self._of(phrase) for phrase in phrases)

    def _of(self, phrase: str) -> Said:
        looked_at = tuple(Looked(fact=name, value=self._values.get(name)) for name in CONDITIONS[phrase].reads)
        return Said(phrase=phrase, answer=self.answer(phrase), looked_at=looked_at)

    def missing(self, phrases: Iterable[str]) -> tuple[str, ...]:
        """The facts of the first phrase that is open."""
        unsure = next(phrase for phrase in phrases if self.answer(phrase) is None)
        return CONDITIONS[unsure].missing(self.facts)


def _reason(rule: Rule, said: _Sayings, on: date) -> Reason:
    if not rule.in_force(on):
        # Its phrases may need numbers that were not in force either.
        return Reason(rule=rule, verdict=NOT_IN_FORCE, outcome=CLEAR, when=(), unless=(), missing=())
    outcome = rule.outcome(said.answer)
    return Reason(
        rule=rule,
        verdict=_verdict(rule, said, outcome),
        outcome=outcome,
        when=said.all_of(rule.when),
        unless=tuple(_tried(rule, said)),
        missing=said.missing(rule.phrases) if outcome == ASK else (),
    )


def _verdict(rule: Rule, said: _Sayings, outcome: str) -> str:
    if outcome == ASK:
        return OPEN
    if outcome != CLEAR:
        return APPLIES
    return DOES_NOT_HOLD if all_hold(rule.when, said.answer) is False else EXCEPTED


def _tried(rule: Rule, said: _Sayings) -> Iterator[Tried]:
    """The exceptions, where the rule itself holds or may: where it does not, none is asked for."""
    if all_hold(rule.when, said.answer) is not False:
        for each in rule.unless:
            yield Tried(
                label=each.label,
                cite=each.cite,
                exception_to=each.exception_to,
                then=each.consequence.then,
                holds=all_hold(each.when, said.answer),
                when=said.all_of(each.when),
            )


def _time_limits(book: Book, said: _Sayings, assessment: Assessment) -> Iterator[Timed]:
    running: dict[str, str] = {}
    for period in book.periods:
        if period.clock is not None:
            timed = _timed(period, said, assessment, instead=running.get(period.clock))
            running |= {clock.id: period.id for clock in timed.clocks}
            yield timed


def _timed(period: Period, said: _Sayings, assessment: Assessment, *, instead: str | None) -> Timed:
    """What became of a time limit, where `instead` runs its clock already."""
    if period.value(assessment.on) is None:
        return Timed(period=period, verdict=NOT_IN_FORCE, when=(), clocks=(), instead=None)
    running = tuple(clock for clock in assessment.clocks if clock.period == period.id)
    holds = all_hold(period.when, said.answer)
    if running:
        verdict = APPLIES
    elif holds:
        verdict = BEHIND_ANOTHER if instead else NOT_BEGUN
    else:
        verdict = OPEN if holds is None else DOES_NOT_HOLD
    first = instead if verdict == BEHIND_ANOTHER else None
    return Timed(period=period, verdict=verdict, when=said.all_of(period.when), clocks=running, instead=first)


def _asked(reasons: Iterable[Reason], assessment: Assessment) -> Iterator[Asked]:
    """What the assessment still asks, in its order, with the rules that wait."""
    waiting: dict[str, list[str]] = {name: [] for name in assessment.missing}
    for reason in reasons:
        for name in reason.missing:
            if name in waiting:
                waiting[name].append(reason.rule.id)
    for name, rules in waiting.items():
        yield Asked(fact=name, asked_of=FACTS[name].asked_of, sentence=FACTS[name].sentence, rules=tuple(rules))
