"""The rule book: every rule file read strictly, one digest for the whole, and the question it answers."""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from legal_rules.assessment import Assessment, Finding, LineAssessment, Nondisclosure
from legal_rules.conditions import CONDITIONS
from legal_rules.disposition import ASK, CLARIFY, COMPLY, OF_THE_WHOLE, WHEN_ASKING, of_line, of_request, strongest
from legal_rules.errors import UnreadableBook
from legal_rules.facts import FACTS, Facts, with_implied
from legal_rules.narrowing import OPERATIONS, Cut, WithholdingRule, narrowed
from legal_rules.periods import Calendar, Period, Weekdays, clocks, read_periods
from legal_rules.rule import CLEAR, Answer, Rule, read_rule
from legal_rules.scope import DemandLine, Scope, demand_lines
from legal_rules.terms import DATA, Matrix, Policy, Terms, read_matrix, read_policy

# What an edition is made of besides the data files: the meaning of its words.
_MEANINGS = (
    *("conditions.py", "disposition.py", "facts.py", "narrowing.py", "periods.py"),
    *("rule.py", "scope.py", "terms.py", "book.py"),
)
_NOT_RULES = frozenset({"periods.toml", "matrix.toml", "house_policy.toml"})
WORKING_WEEK = Weekdays()
# What per-recording exclusions look at: a recording and its transcript stay or leave together.
RECORDINGS = frozenset({"audio", "transcript"})


def load(policy: Path | None = None) -> "Book":
    """Read the shipped book, with a company's policy file over the shipped policy; raises UnreadableBook."""
    house = read_policy(policy)
    rules = tuple(sorted((read_rule(raw, name) for name, raw in rule_files()), key=lambda rule: rule.id))
    if len({rule.id for rule in rules}) != len(rules):
        raise UnreadableBook("Two rules have one id.")
    periods = read_periods(tomllib.loads((DATA / "periods.toml").read_text(encoding="utf-8")), house)
    return Book(digest=_digest(house), rules=rules, periods=periods, policy=house, matrix=read_matrix())


def rule_files() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each rule file's name and TOML, in the order of their paths."""
    for path in sorted(DATA.rglob("*.toml")):
        if path.name not in _NOT_RULES:
            try:
                yield path.name, tomllib.loads(path.read_text(encoding="utf-8"))
            except tomllib.TOMLDecodeError as broken:
                raise UnreadableBook(f"{path.name}: {broken}") from broken


def _digest(policy: Policy) -> str:
    whole = hashlib.sha256()
    home = Path(__file__).parent
    for path in [*sorted(DATA.rglob("*.toml")), *(home / name for name in _MEANINGS)]:
        content = path.read_bytes()
        whole.update(f"{path.relative_to(home).as_posix()}\0{len(content)}\0".encode())
        whole.update(content)
    house = asdict(policy) | {"approved_channels": sorted(policy.approved_channels)}
    whole.update(json.dumps(house, sort_keys=True).encode())
    return whole.hexdigest()


class _Answers(dict[str, bool | None]):
    """What each phrase says of these facts, asked at most once."""

    def __init__(self, facts: Facts, terms: Terms) -> None:
        super().__init__()
        self._facts = facts
        self._terms = terms

    def __missing__(self, phrase: str) -> bool | None:
        value = self[phrase] = CONDITIONS[phrase].test(self._facts, self._terms)
        return value


@dataclass(frozen=True, eq=False, slots=True)
class _Fired:
    """A rule that is not clear, what it answered, what it cuts away and what it still asks."""

    rule: Rule
    outcome: str
    cuts: tuple[Cut, ...]
    missing: tuple[str, ...]

    def touches(self, line: DemandLine) -> bool:
        held_one_by_one = self.rule.withhold is not None and line.data_class in RECORDINGS
        return held_one_by_one or any(cut.touches(line) for cut in self.cuts)

    @property
    def asks(self) -> bool:
        return self.outcome == ASK


@dataclass(frozen=True, kw_only=True)
class Book:
    """An edition of the rules: what it says of a request depends on nothing else."""

    digest: str
    rules: tuple[Rule, ...]
    periods: tuple[Period, ...]
    policy: Policy
    matrix: Matrix

    def assess(
        self,
        facts: Facts,
        *,
        on: date,
        lines: Sequence[DemandLine] | None = None,
        calendar: Calendar | None = None,
    ) -> Assessment:
        """Propose an answer under the law of the day of receipt `on`; without a calendar Monday to Friday work."""
        facts = with_implied(facts)
        day = self._day(on)
        answer = _Answers(facts, day.terms).__getitem__
        fired = [f for rule in day.rules if (f := _ask(rule, facts, day.terms, answer))]
        demanded = demand_lines(facts) if lines is None else tuple(lines)
        weighed = [_weigh(line, [f for f in fired if f.rule.about == "data"]) for line in demanded]
        # While nobody knows what is sought, the lines are not all there.
        complete = lines is not None or facts.seeks is not None
        return Assessment(
            disposition=_disposition(weighed, [f for f in fired if f.rule.about == "data"], complete=complete),
            lines=tuple(map(_line, weighed)),
            findings=tuple(_finding(f, demanded) for f in fired if not (f.asks and f.rule.about == "release")),
            withheld=tuple(_withholding(f, facts) for f in fired if f.rule.withhold),
            nondisclosure=_nondisclosure(facts, [f for f in fired if f.rule.about == "nondisclosure"]),
            release_gates=tuple(f.rule.ground or f.rule.id for f in fired if f.rule.about == "release"),
            clocks=clocks(facts, day.periods, answer, on=on, calendar=calendar or WORKING_WEEK),
            book=self.digest,
            on=on,
        )

    def terms(self, on: date) -> Terms:
        """What the phrases read besides the facts, as it stood on that day."""
        return self._day(on).terms

    def _day(self, on: date) -> "_Day":
        known = self._days.get(on)
        if known is None:
            periods = tuple(period for period in self.periods if period.value(on) is not None)
            days = {period.id: period.value(on) or 0 for period in periods}
            known = self._days[on] = _Day(
                terms=Terms(on=on, policy=self.policy, matrix=self.matrix, days=days),
                rules=tuple(rule for rule in self.rules if rule.in_force(on)),
                periods=periods,
            )
        return known

    @cached_property
    def _days(self) -> dict[date, "_Day"]:
        return {}


@dataclass(frozen=True, kw_only=True)
class _Day:
    """The law of one day: the rules and periods in force, and what their phrases read."""

    terms: Terms
    rules: tuple[Rule, ...]
    periods: tuple[Period, ...]


def _ask(rule: Rule, facts: Facts, terms: Terms, answer: Answer) -> _Fired | None:
    """What this rule says of these facts; None when it is clear."""
    outcome = rule.outcome(answer)
    if outcome == CLEAR:
        return None
    cuts = tuple(OPERATIONS[name](facts, terms) for name in rule.narrow)
    return _Fired(rule, outcome, cuts, _missing(rule, facts, answer) if outcome == ASK else ())


def _missing(rule: Rule, facts: Facts, answer: Answer) -> tuple[str, ...]:
    """The facts to ask for next: those of its first open phrase, since their answer may make the others moot."""
    return next(CONDITIONS[phrase].missing(facts) for phrase in rule.phrases if answer(phrase) is None)


@dataclass(frozen=True)
class _Weighed:
    """One line with the rules that touch it: its answer as far as it is settled, and if all that is open applied."""

    line: DemandLine
    touching: Sequence[_Fired]
    settled: tuple[str, Scope]
    if_all_apply: tuple[str, Scope]


def _weigh(line: DemandLine, fired: Sequence[_Fired]) -> _Weighed:
    # A rule that cuts nothing away anywhere speaks of every line; one that holds recordings back, of theirs alone.
    touching = [f for f in fired if f.touches(line)]
    speaking = [f for f in fired if not (f.cuts or f.rule.withhold) or f in touching]
    sure = [f for f in speaking if not f.asks]
    settled = _answer(line, sure)
    return _Weighed(line, touching, settled, settled if len(sure) == len(speaking) else _answer(line, speaking))


def _answer(line: DemandLine, fired: Sequence[_Fired]) -> tuple[str, Scope]:
    """The line's disposition and what is left of it, if each of these rules applied."""
    left = _left(line, fired)
    untouched = left.interval == line.interval
    outcomes = [f.rule.then for f in fired]
    return of_line(demanded_all=untouched, proposes_any=not left.is_empty, outcomes=outcomes), left


def _left(line: DemandLine, fired: Sequence[_Fired]) -> Scope:
    return narrowed(line, [cut for f in fired for cut in f.cuts])


def _disposition(weighed: Sequence[_Weighed], fired: Sequence[_Fired], *, complete: bool) -> str:
    """The whole request's disposition; an open question matters only when its answer could change that."""
    settled = _folded([w.settled for w in weighed], [f for f in fired if not f.asks])
    if_all_apply = _folded([w.if_all_apply for w in weighed], fired)
    certain = settled == if_all_apply and (complete or settled in OF_THE_WHOLE)
    return settled if certain else _asking(fired)


def _folded(answers: Sequence[tuple[str, Scope]], fired: Sequence[_Fired]) -> str:
    lines = [(disposition, not left.is_empty) for disposition, left in answers]
    return of_request(lines, [f.rule.then for f in fired])


def _asking(fired: Sequence[_Fired]) -> str:
    """What the unknown facts make us do first; never comply."""
    return strongest([CLARIFY, *(WHEN_ASKING[FACTS[name].asked_of] for f in fired for name in f.missing)])


def _line(weighed: _Weighed) -> LineAssessment:
    """The line's own answer; what an open question might still take away is not proposed."""
    (settled, _), (if_all_apply, left) = weighed.settled, weighed.if_all_apply
    permitted = _left(weighed.line, [f for f in weighed.touching if f.rule.kind == "forbid"])
    return LineAssessment(
        line=weighed.line,
        disposition=settled if settled == if_all_apply else _asking(weighed.touching),
        proposed=None if left.is_empty else left,
        permitted=None if permitted.is_empty else permitted,
        grounds=tuple(dict.fromkeys(f.rule.ground for f in weighed.touching if f.rule.ground and not f.asks)),
        reasons=tuple(f.rule.title for f in weighed.touching),
    )


def _finding(fired: _Fired, lines: Sequence[DemandLine]) -> Finding:
    rule = fired.rule
    return Finding(
        rule=rule.id,
        ground=rule.ground,
        outcome=fired.outcome,
        title=rule.title,
        cite=rule.cite,
        basis=rule.basis,
        kind=rule.kind,
        about=rule.about,
        remedy=rule.remedy,
        letter=rule.letter,
        missing=fired.missing,
        lines=tuple(line.id for line in lines if fired.touches(line)),
    )


def _withholding(fired: _Fired, facts: Facts) -> WithholdingRule:
    rule = fired.rule
    return WithholdingRule(
        rule=rule.id,
        ground=rule.ground or rule.id,
        predicate=rule.withhold or "",
        classes=RECORDINGS,
        agreed=facts.other_voices_consented or frozenset(),
    )


def _nondisclosure(facts: Facts, fired: Sequence[_Fired]) -> Nondisclosure:
    """Silence is answered apart from the data: objections first, then what must be asked, then compliance."""
    grounds = tuple(f.rule.ground for f in fired if f.rule.ground and not f.asks)
    if grounds:
        return Nondisclosure(disposition=strongest(f.rule.then for f in fired if not f.asks), grounds=grounds)
    if facts.track == "data_subject" or facts.nondisclosure_requested is False:
        return Nondisclosure(disposition=None, grounds=())
    if facts.nondisclosure_requested is None or fired:
        return Nondisclosure(disposition=_asking(fired), grounds=())
    return Nondisclosure(disposition=COMPLY, grounds=())
