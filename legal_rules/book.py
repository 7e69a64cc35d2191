"""The rule book: an edition read strictly, and the question it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from legal_rules.assessment import Assessment
from legal_rules.clocks import working_week
from legal_rules.counting import Calendars
from legal_rules.edition import COMPANY_POLICY, MATRIX, SHIPPED_POLICY, Edition, shipped
from legal_rules.errors import UnreadableBook
from legal_rules.facts import Facts
from legal_rules.periods import Period, read_periods
from legal_rules.rule import Rule, read_rule
from legal_rules.scope import DemandLine
from legal_rules.terms import Matrix, Policy, Terms, read_matrix, read_policy
from legal_rules.weighing import Law, weighed


def load(policy: Path | None = None) -> "Book":
    """Read the shipped book, with a company's policy file over the shipped policy; raises UnreadableBook."""
    return read(shipped(policy))


def read(edition: Edition) -> "Book":
    """Read an edition; raises UnreadableBook naming the file and what is wrong."""
    company = edition.table(COMPANY_POLICY) if COMPANY_POLICY in edition.files else {}
    house = read_policy(edition.table(SHIPPED_POLICY), company)
    rules = tuple(sorted((read_rule(raw, path) for path, raw in edition.rules()), key=lambda rule: rule.id))
    if len({rule.id for rule in rules}) != len(rules):
        raise UnreadableBook("Two rules have one id.")
    return Book(
        edition=edition,
        rules=rules,
        periods=read_periods(edition.periods(), house),
        policy=house,
        matrix=read_matrix(edition.table(MATRIX)),
    )


@dataclass(frozen=True, kw_only=True)
class Book:
    """An edition as read: what it says of a request depends on nothing else."""

    edition: Edition
    rules: tuple[Rule, ...]
    periods: tuple[Period, ...]
    policy: Policy
    matrix: Matrix

    @cached_property
    def digest(self) -> str:
        """The edition's SHA-256."""
        return self.edition.digest

    def assess(
        self,
        facts: Facts,
        *,
        on: date,
        lines: Sequence[DemandLine] | None = None,
        calendars: Calendars = working_week,
    ) -> Assessment:
        """Propose an answer under the law of the day of receipt `on`; without calendars Monday to Friday work."""
        return weighed(facts, self.law(on), lines=lines, calendars=calendars, book=self.digest)

    def terms(self, on: date) -> Terms:
        """What the phrases read besides the facts, as it stood on that day."""
        return self.law(on).terms

    def law(self, on: date) -> Law:
        """The rules and periods in force on a day, and what their phrases read; each day is worked out once."""
        known = self._days.get(on)
        if known is None:
            known = self._days[on] = self._law(on)
        return known

    def _law(self, on: date) -> Law:
        periods = tuple(period for period in self.periods if period.value(on) is not None)
        days = {period.id: period.value(on) or 0 for period in periods}
        return Law(
            terms=Terms(on=on, policy=self.policy, matrix=self.matrix, days=days),
            rules=tuple(rule for rule in self.rules if rule.in_force(on)),
            periods=periods,
        )

    @cached_property
    def _days(self) -> dict[date, Law]:
        return {}
