"""What is wrong with a rule book, all of it at once, each with its file and line."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations
from typing import Any

from legal_rules.book import Book, read
from legal_rules.conditions import CONDITIONS
from legal_rules.edition import COMPANY_POLICY, MATRIX, PERIODS, SHIPPED_POLICY, Edition, shipped
from legal_rules.errors import UnreadableBook
from legal_rules.form import are_tables, flaws_of_content, flaws_of_form, flaws_of_words, is_text, unknown
from legal_rules.periods import Period, read_periods
from legal_rules.places import Flaw, Places
from legal_rules.proof import flaws_of_proof
from legal_rules.rule import read_rule
from legal_rules.terms import Matrix, Policy, Terms, read_matrix, read_policy

Flaws = Iterator[Flaw]
TermsOf = Callable[[date], Terms]


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, and where."""

    path: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.sentence}"

    def as_json(self) -> dict[str, object]:
        """The file, the line and the sentence."""
        return {"path": self.path, "line": self.line, "sentence": self.sentence}


@dataclass(frozen=True)
class File:
    """One file of the book that is TOML, and where its keys stand."""

    path: str
    text: str
    raw: dict[str, Any]

    @cached_property
    def places(self) -> Places:
        """Where its keys stand."""
        return Places(self.text)

    def problems(self, flaws: Iterable[Flaw]) -> list[Problem]:
        """These flaws, each with its line."""
        return [Problem(self.path, self.places.line(*f.key, word=f.word), f.sentence) for f in flaws]


def check(edition: Edition, *, on: date, letters: Mapping[str, frozenset[str]]) -> tuple[Problem, ...]:
    """Everything wrong with an edition on a day, by file and line; `letters` are the letters' names by language."""
    files, problems = _parsed(edition)
    rules = [files[path] for path in edition.rule_paths if path in files]
    policy, of_policy = _policy(files)
    matrix, of_matrix = _matrix(files)
    periods, of_periods = _periods(files, policy)
    problems += [*of_policy, *of_matrix, *of_periods, *_problems_of_names(rules)]
    # The cases are tried on as much of the book as can be read.
    readable = Book(edition=edition, rules=(), periods=periods, policy=policy, matrix=matrix)
    for file in rules:
        problems += _problems_of_rule(file, readable.terms, on=on, letters=letters)
    return tuple(sorted(set(problems or _refused(edition))))


def _parsed(edition: Edition) -> tuple[dict[str, File], list[Problem]]:
    """The files that are TOML, and what is wrong with the others."""
    files: dict[str, File] = {}
    problems = [
        Problem(path, 1, "The file is missing.") for path in (MATRIX, SHIPPED_POLICY) if path not in edition.files
    ]
    for path, text in edition.files.items():
        try:
            files[path] = File(path, text, edition.table(path))
        except UnreadableBook as broken:
            sentence = str(broken).removeprefix(f"{path}: ")
            line = re.search(r"at line (\d+)", sentence)
            problems.append(
                Problem(path, int(line[1]) if line else text.count("\n") + 1, f"This is no TOML: {sentence}.")
            )
    return files, problems


def _refused(edition: Edition) -> list[Problem]:
    """What reading the book as a whole refuses besides: nothing that cannot be used is called clean."""
    try:
        read(edition)
    except UnreadableBook as refused:
        path = next((path for path in edition.files if str(refused).startswith(path)), SHIPPED_POLICY)
        return [Problem(path, 1, str(refused))]
    return []


def _problems_of_rule(file: File, terms: TermsOf, *, on: date, letters: Mapping[str, frozenset[str]]) -> list[Problem]:
    """Of one rule: its form, then what it says, then what its cases prove; each only where the one before holds."""
    if misshapen := file.problems(flaws_of_form(file.raw)):
        return misshapen
    said = file.problems([*flaws_of_content(file.raw, on=on, letters=letters), *_overlooked(file)])
    try:
        rule = read_rule(file.raw, file.path)
    except UnreadableBook as refused:
        return said or file.problems([Flaw(str(refused))])
    return said + file.problems(flaws_of_proof(file.raw, rule, terms) if file.raw.get("case") else ())


def _overlooked(file: File) -> Flaws:
    """Exceptions that stand after a case, where the book does not read them."""
    if file.raw.get("case"):
        first = file.places.line("case", 0)
        for number, _ in enumerate(file.raw.get("unless", ())):
            if file.places.line("unless", number) > first:
                yield Flaw("Exceptions stand before the cases, so that none is overlooked.", ("unless", number))


def _problems_of_names(rules: Iterable[File]) -> list[Problem]:
    """Files that are the same rule."""
    by_id: dict[str, list[File]] = defaultdict(list)
    for file in rules:
        by_id[str(file.raw.get("id"))].append(file)
    return [
        problem
        for name, files in by_id.items()
        for one, other in combinations(files, 2)
        for problem in other.problems([_twice(name, one, other)])
    ]


def _twice(name: str, one: File, other: File) -> Flaw:
    (since, until), (since_too, until_too) = _dates(one.raw), _dates(other.raw)
    overlap = max(since, since_too) < min(until, until_too)
    return Flaw(f"{one.path} is called “{name}” too{', and their dates overlap' if overlap else ''}.", ("id",))


def _dates(raw: Mapping[str, Any]) -> tuple[date, date]:
    dates = raw.get("in_force")
    since, until = (dates.get("from"), dates.get("to")) if isinstance(dates, dict) else (None, None)
    return since if isinstance(since, date) else date.min, until if isinstance(until, date) else date.max


def _policy(files: Mapping[str, File]) -> tuple[Policy, list[Problem]]:
    """The house policy as far as it can be read, and the keys of both its files that cannot."""
    usable, problems = shipped().table(SHIPPED_POLICY), []
    for file in (files[path] for path in (SHIPPED_POLICY, COMPANY_POLICY) if path in files):
        for name, value in file.raw.items():
            if name not in usable:
                problems += file.problems([Flaw(unknown("house policy", name, usable), (name,))])
                continue
            try:
                read_policy(usable, {name: value})
            except UnreadableBook as refused:
                problems += file.problems([Flaw(str(refused), (name,))])
            else:
                usable[name] = value
    if (house := files.get(SHIPPED_POLICY)) is not None:
        problems += house.problems(Flaw(f"“{name}” is missing.") for name in sorted(usable.keys() - house.raw.keys()))
    return read_policy(usable, {}), problems


def _matrix(files: Mapping[str, File]) -> tuple[Matrix, list[Problem]]:
    """The matrix as far as it can be read, and the cells that name an unknown word or no authority."""
    readable: dict[str, dict[str, str]] = {}
    flaws: list[Flaw] = []
    raw = files[MATRIX].raw if MATRIX in files else {}
    for process, cells in raw.items():
        readable[process] = {}
        for data_class, cite in cells.items() if isinstance(cells, dict) else [("", "")]:
            try:
                readable[process] |= read_matrix({process: {data_class: cite if is_text(cite) else ""}})[process]
            except UnreadableBook as refused:
                flaws.append(Flaw(str(refused), (process, data_class)))
    return readable, files[MATRIX].problems(flaws) if flaws else []


@dataclass(frozen=True)
class _RawPeriod:
    """One period as it stands in its file."""

    file: File
    number: int
    raw: Mapping[str, Any]

    def problem(self, sentence: str, key: str = "id", word: str | None = None) -> Problem:
        return self.file.problems([Flaw(sentence, ("period", self.number, key), word)])[0]


def _periods(files: Mapping[str, File], house: Policy) -> tuple[tuple[Period, ...], list[Problem]]:
    """The periods that can be read, and what is wrong with the others: each is left out and the rest read again."""
    left: list[_RawPeriod] = []
    problems = [
        file.problems([Flaw("“period” must be a list of tables.", ("period",))])[0] for file in _shapeless(files)
    ]
    for each in _raw_periods(files):
        wrong = [*_of_period(each, house), *_told_twice(each, left)]
        problems += wrong
        left += [] if wrong else [each]
    while True:
        try:
            return read_periods([each.raw for each in left], house), problems
        except UnreadableBook as refused:
            # A refusal begins with the period's name.
            culprit = next((each for each in left if str(refused).startswith(f"{each.raw['id']}:")), left[0])
            problems.append(culprit.problem(str(refused)))
            left.remove(culprit)


def _period_files(files: Mapping[str, File]) -> list[File]:
    return [file for path, file in sorted(files.items()) if path.rpartition("/")[2] == PERIODS]


def _shapeless(files: Mapping[str, File]) -> list[File]:
    """Files of periods that hold none as they must be written."""
    return [file for file in _period_files(files) if not are_tables(file.raw.get("period"))]


def _raw_periods(files: Mapping[str, File]) -> Iterator[_RawPeriod]:
    for file in _period_files(files):
        raw = file.raw.get("period", [])
        for number, each in enumerate(raw if are_tables(raw) else ()):
            yield _RawPeriod(file, number, each)


def _of_period(period: _RawPeriod, house: Policy) -> Iterator[Problem]:
    """Its name, its citation, its phrases, and whether every value has the form it needs."""
    raw = period.raw
    if not is_text(raw.get("id")):
        yield period.problem("“id” is missing.")
    if not raw.get("cite"):
        yield period.problem("The citation is missing.", "cite")
    for flaw in flaws_of_words(raw, "phrase", CONDITIONS, "when"):
        yield period.problem(flaw.sentence, "when", flaw.word)
    try:
        read_periods([raw], house)
    except UnreadableBook:
        return  # told when all are read together, since one period may speak of another
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as broken:
        yield period.problem(f"A value has not the form that a period needs: {broken}.")


def _told_twice(period: _RawPeriod, others: Iterable[_RawPeriod]) -> Iterator[Problem]:
    for other in others:
        if other.raw["id"] == period.raw.get("id"):
            yield period.problem(f"{other.file.path} tells the period “{other.raw['id']}” too, for the same days.")
