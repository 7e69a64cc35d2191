"""What a rule's own cases prove: that it answers as they say, and that none of its conditions is idle."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from legal_rules.errors import RuleBookError
from legal_rules.facts import Facts, parse
from legal_rules.places import Flaw, Key
from legal_rules.rule import CLEAR, Rule
from legal_rules.terms import Terms
from legal_rules.weighing import Answers

Raw = Mapping[str, Any]
TermsOf = Callable[[date], Terms]


@dataclass(frozen=True)
class Case:
    """One case of a rule: its facts, the day whose law it is about, and the answer it expects."""

    number: int
    name: str
    expect: str
    on: date
    answers: Answers
    # Of a case on the eve of its coming into force: what its facts are answered a day later.
    next_day: str | None

    def outcome(self, rule: Rule) -> str:
        """What the rule, or one a little different, answers."""
        return rule.outcome(self.answers.__getitem__) if rule.in_force(self.on) else CLEAR


def facts_of(raw: Raw, case: Raw) -> Facts:
    """The facts given to all cases of a rule and the case's own, less those it goes without."""
    told = raw.get("given", {}) | case.get("facts", {})
    return parse({name: value for name, value in told.items() if name not in case.get("without", ())})


def day_of(raw: Raw, case: Raw) -> date:
    """The day whose law a case is about: that on which the rule was last checked, where it names none."""
    day: date = case.get("on", raw["checked"]["on"])
    return day


def flaws_of_proof(raw: Raw, rule: Rule, terms: TermsOf) -> Iterator[Flaw]:
    """The cases that fail or cannot be tried; where there is none, what none of them shows."""
    cases: list[Case] = []
    wrong: list[Flaw] = []
    for number, case in enumerate(raw["case"]):
        try:
            cases.append(_tried(raw, rule, number, terms))
        except RuleBookError as refused:
            wrong.append(Flaw(str(refused), ("case", number, "facts")))
        except KeyError as absent:
            sentence = f"The case “{case['name']}” needs {absent}, a number that is not in force on its day."
            wrong.append(Flaw(sentence, ("case", number)))
    wrong += _failing(rule, cases)
    yield from wrong or (*_without_eve(rule, cases), *_idle(rule, cases))


def _tried(raw: Raw, rule: Rule, number: int, terms: TermsOf) -> Case:
    case = raw["case"][number]
    on, facts = day_of(raw, case), facts_of(raw, case)
    first = rule.in_force_from
    is_eve = on < first and on + timedelta(days=1) == first
    next_day = rule.outcome(_answers(case, facts, terms(first)).__getitem__) if is_eve else None
    tried = Case(number, case["name"], case["expect"], on, _answers(case, facts, terms(on)), next_day)
    # A condition that needs a number of days before there was one is found by asking it.
    for less in (rule, *(less for less, _ in weaker(rule))):
        tried.outcome(less)
    return tried


def _answers(case: Raw, facts: Facts, terms: Terms) -> Answers:
    """The phrases' answers; a case may suppose a house whose policy differs."""
    house = replace(terms.policy, **case.get("house", {}))
    return Answers(facts, replace(terms, policy=house))


def _failing(rule: Rule, cases: Iterable[Case]) -> Iterator[Flaw]:
    for case in cases:
        answer = case.outcome(rule)
        if answer != case.expect:
            sentence = f"The case “{case.name}” expects “{case.expect}”, but the rule answers “{answer}”."
            yield Flaw(sentence, ("case", case.number, "expect"))


def _without_eve(rule: Rule, cases: Iterable[Case]) -> Iterator[Flaw]:
    """Where no case shows that it is the date that clears."""
    if rule.in_force_from > date.min and not any(case.next_day == rule.then for case in cases):
        eve = rule.in_force_from - timedelta(days=1)
        sentence = f"No case on {eve}, the eve of its coming into force, has facts that it answers a day later."
        yield Flaw(sentence, ("in_force",))


def _idle(rule: Rule, cases: Iterable[Case]) -> Iterator[Flaw]:
    for less, flaw in weaker(rule):
        if all(case.outcome(less) == case.expect for case in cases):
            yield flaw


def weaker(rule: Rule) -> Iterator[tuple[Rule, Flaw]]:
    """The rule without each of its phrases and exceptions, and what is wrong where no case notices."""
    for phrase in rule.when:
        yield replace(rule, when=_without(rule.when, phrase)), _unnoticed(f"“{phrase}”", ("when",), phrase)
    for number, gone in enumerate(rule.unless):
        less = replace(rule, unless=tuple(each for each in rule.unless if each is not gone))
        yield less, _unnoticed(f"the exception “{gone.label}”", ("unless", number, "label"), gone.label)
        for phrase in gone.when:
            wider = replace(gone, when=_without(gone.when, phrase))
            less = replace(rule, unless=tuple(wider if each is gone else each for each in rule.unless))
            yield less, _unnoticed(f"“{phrase}” of “{gone.label}”", ("unless", number, "when"), phrase)


def _without(phrases: tuple[str, ...], gone: str) -> tuple[str, ...]:
    return tuple(phrase for phrase in phrases if phrase != gone)


def _unnoticed(what: str, key: Key, word: str) -> Flaw:
    return Flaw(f"No case notices when {what} is dropped.", key, word)
