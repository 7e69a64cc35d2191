"""Weighing one request: which rules speak, what they leave of each demand line, and what that comes to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from legal_rules.assessment import Assessment, Finding, LineAssessment, Nondisclosure
from legal_rules.clocks import clocks
from legal_rules.conditions import CONDITIONS
from legal_rules.counting import Calendars
from legal_rules.disposition import ASK, CLARIFY, COMPLY, OF_THE_WHOLE, WHEN_ASKING, of_line, of_request, strongest
from legal_rules.facts import FACTS, Facts
from legal_rules.narrowing import OPERATIONS, Cut, WithholdingRule, narrowed
from legal_rules.periods import Period
from legal_rules.rule import CLEAR, Answer, Rule
from legal_rules.scope import DemandLine, Scope, demand_lines
from legal_rules.terms import Terms
from legal_rules.vocabulary.groups import RIGHTS_ABOUT_NO_DATA

# What per-recording exclusions look at: a recording and its transcript stay or leave together.
RECORDINGS = frozenset({"audio", "transcript"})
SILENCE = "silence is requested"


@dataclass(frozen=True, kw_only=True)
class Law:
    """The law of one day: the rules and periods in force, and what their phrases read."""

    terms: Terms
    rules: tuple[Rule, ...]
    periods: tuple[Period, ...]

    @property
    def on(self) -> date:
        """The day."""
        return self.terms.on

    @cached_property
    def tree(self) -> tuple["Branch", ...]:
        """The rules by their phrases in order: one that does not hold settles every rule that begins with it."""
        root = Branch("")
        for rule in self.rules:
            branch = root
            for phrase in rule.when:
                branch = branch.branches.setdefault(phrase, Branch(phrase))
            branch.rules.append(rule)
        return tuple(root.branches.values())


@dataclass(frozen=True, slots=True)
class Branch:
    """A phrase after the phrases above it: the rules whose last it is, and the phrases that may come next."""

    phrase: str
    rules: list[Rule] = field(default_factory=list)
    branches: dict[str, "Branch"] = field(default_factory=dict)


class Answers(dict[str, bool | None]):
    """What each phrase says of these facts, asked at most once."""

    def __init__(self, facts: Facts, terms: Terms) -> None:
        super().__init__()
        self._facts = facts
        self._terms = terms

    def __missing__(self, phrase: str) -> bool | None:
        value = self[phrase] = CONDITIONS[phrase].test(self._facts, self._terms)
        return value


@dataclass(frozen=True, eq=False, slots=True)
class Fired:
    """A rule that is not clear: what it answers, what would follow, what it cuts away and what it still asks."""

    rule: Rule
    outcome: str
    then: str
    cuts: tuple[Cut, ...]
    missing: tuple[str, ...]

    def touches(self, line: DemandLine) -> bool:
        """Whether anything of this line is cut away, or its recordings are held back one by one."""
        held_one_by_one = self.rule.withhold is not None and line.data_class in RECORDINGS
        return held_one_by_one or any(cut.touches(line) for cut in self.cuts)

    @property
    def asks(self) -> bool:
        """Whether an unknown fact still decides it."""
        return self.outcome == ASK


def weighed(
    facts: Facts, law: Law, *, lines: Sequence[DemandLine] | None, calendars: Calendars, book: str
) -> Assessment:
    """The assessment of these facts and lines under the law of one day."""
    answer = Answers(facts, law.terms).__getitem__
    fired = _fired(facts, law, answer)
    about: dict[str, list[Fired]] = {"data": [], "nondisclosure": [], "release": []}
    for each in fired:
        about[each.rule.about].append(each)
    demanded = demand_lines(facts) if lines is None else tuple(lines)
    weights = [_weigh(line, about["data"]) for line in demanded]
    # A gate that failed stops the whole; one that is still open is only listed.
    stopping = [*about["data"], *(f for f in about["release"] if not f.asks)]
    # While nobody knows what is sought, the lines are not all there.
    complete = lines is not None or facts.seeks is not None or facts.right in RIGHTS_ABOUT_NO_DATA
    return Assessment(
        disposition=_disposition(weights, stopping, complete=complete),
        lines=tuple(map(_line, weights)),
        findings=tuple(_finding(f, demanded) for f in fired if not (f.asks and f.rule.about == "release")),
        withheld=tuple(_withholding(f, facts) for f in fired if f.rule.withhold),
        nondisclosure=_nondisclosure(facts, about["nondisclosure"], answer),
        release_gates=tuple(f.rule.ground or f.rule.id for f in about["release"]),
        clocks=clocks(facts, law.periods, answer, on=law.on, calendars=calendars),
        book=book,
        on=law.on,
    )


def _fired(facts: Facts, law: Law, answer: Answer) -> list[Fired]:
    """Every rule in force that is not clear, in the order of their ids."""
    found: list[Fired] = []

    def follow(branches: Iterable[Branch], open_above: tuple[str, ...] | None) -> None:
        for branch in branches:
            holds = answer(branch.phrase)
            if holds is False:
                continue
            # The facts of a rule's first open phrase are asked for first: their answer may make the others moot.
            missing = CONDITIONS[branch.phrase].missing(facts) if holds is None and open_above is None else open_above
            for rule in branch.rules:
                found.extend(_speaks(rule, missing, facts, law.terms, answer))
            follow(branch.branches.values(), missing)

    follow(law.tree, None)
    return sorted(found, key=lambda fired: fired.rule.id)


def _speaks(
    rule: Rule, missing: tuple[str, ...] | None, facts: Facts, terms: Terms, answer: Answer
) -> tuple[Fired, ...]:
    """What a rule whose phrases hold, or may hold while facts are missing, comes to; nothing where it is clear."""
    possible = rule.where_it_holds(answer)
    follows = [each for each in possible if each.then != CLEAR]
    if not follows:
        return ()
    # What an unknown fact decides takes away all that it could, so that nothing is given on a guess.
    cuts = tuple([OPERATIONS[name](facts, terms) for each in follows for name in each.narrow])
    then = follows[0].then if len(follows) == 1 else strongest([each.then for each in follows])
    if missing is None and len(possible) == 1:
        return (Fired(rule, then, then, cuts, ()),)
    return (Fired(rule, ASK, then, cuts, missing or _missing(rule, facts, answer)),)


def _missing(rule: Rule, facts: Facts, answer: Answer) -> tuple[str, ...]:
    """The facts of the first open phrase of its exceptions."""
    return CONDITIONS[next(phrase for phrase in rule.phrases if answer(phrase) is None)].missing(facts)


@dataclass(frozen=True)
class _Weight:
    """One line with the rules that touch it: its answer as far as it is settled, and if all that is open applied."""

    line: DemandLine
    touching: Sequence[Fired]
    settled: tuple[str, Scope]
    if_all_apply: tuple[str, Scope]


def _weigh(line: DemandLine, fired: Sequence[Fired]) -> _Weight:
    # A rule that cuts nothing away anywhere speaks of every line; one that holds recordings back, of theirs alone.
    touching = [f for f in fired if f.touches(line)]
    speaking = [f for f in fired if not (f.cuts or f.rule.withhold) or f in touching]
    sure = [f for f in speaking if not f.asks]
    settled = _answer(line, sure)
    return _Weight(line, touching, settled, settled if len(sure) == len(speaking) else _answer(line, speaking))


def _answer(line: DemandLine, fired: Sequence[Fired]) -> tuple[str, Scope]:
    """The line's disposition and what is left of it, if each of these rules applied."""
    left = _left(line, fired)
    untouched = left.interval == line.interval
    outcomes = [f.then for f in fired]
    return of_line(demanded_all=untouched, proposes_any=not left.is_empty, outcomes=outcomes), left


def _left(line: DemandLine, fired: Sequence[Fired]) -> Scope:
    return narrowed(line, [cut for f in fired for cut in f.cuts])


def _disposition(weights: Sequence[_Weight], fired: Sequence[Fired], *, complete: bool) -> str:
    """The whole request's disposition; an open question matters only when its answer could change that."""
    settled = _folded([w.settled for w in weights], [f for f in fired if not f.asks])
    if_all_apply = _folded([w.if_all_apply for w in weights], fired)
    certain = settled == if_all_apply and (complete or settled in OF_THE_WHOLE)
    return settled if certain else _asking(fired)


def _folded(answers: Sequence[tuple[str, Scope]], fired: Sequence[Fired]) -> str:
    lines = [(disposition, not left.is_empty) for disposition, left in answers]
    return of_request(lines, [f.then for f in fired])


def _asking(fired: Sequence[Fired]) -> str:
    """What the unknown facts make us do first; never comply."""
    return strongest([CLARIFY, *(WHEN_ASKING[FACTS[name].asked_of] for f in fired for name in f.missing)])


def _line(weight: _Weight) -> LineAssessment:
    """The line's own answer; what an open question might still take away is not proposed."""
    (settled, _), (if_all_apply, left) = weight.settled, weight.if_all_apply
    permitted = _left(weight.line, [f for f in weight.touching if f.rule.kind == "forbid"])
    return LineAssessment(
        line=weight.line,
        disposition=settled if settled == if_all_apply else _asking(weight.touching),
        proposed=None if left.is_empty else left,
        permitted=None if permitted.is_empty else permitted,
        grounds=tuple(dict.fromkeys(f.rule.ground for f in weight.touching if f.rule.ground and not f.asks)),
        reasons=tuple(f.rule.title for f in weight.touching),
    )


def _finding(fired: Fired, lines: Sequence[DemandLine]) -> Finding:
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
        lines=tuple([line.id for line in lines if fired.touches(line)]) if fired.cuts or rule.withhold else (),
    )


def _withholding(fired: Fired, facts: Facts) -> WithholdingRule:
    rule = fired.rule
    return WithholdingRule(
        rule=rule.id,
        ground=rule.ground or rule.id,
        predicate=rule.withhold or "",
        classes=RECORDINGS,
        agreed=facts.other_voices_consented or frozenset(),
    )


def _nondisclosure(facts: Facts, fired: Sequence[Fired], answer: Answer) -> Nondisclosure:
    """Silence is answered apart from the data: objections first, then what must be asked, then compliance."""
    grounds = tuple(dict.fromkeys(f.rule.ground for f in fired if f.rule.ground and not f.asks))
    if grounds:
        return Nondisclosure(disposition=strongest(f.then for f in fired if not f.asks), grounds=grounds)
    asked = answer(SILENCE)
    if facts.track == "data_subject" or asked is False:
        return Nondisclosure(disposition=None, grounds=())
    if asked is None or fired:
        unsaid = () if asked else CONDITIONS[SILENCE].missing(facts)
        missing = tuple(dict.fromkeys((*(name for f in fired for name in f.missing), *unsaid)))
        return Nondisclosure(disposition=_asking(fired), grounds=(), missing=missing)
    return Nondisclosure(disposition=COMPLY, grounds=())
