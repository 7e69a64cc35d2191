"""All findings at one moment, with the book's digest, the proposed dispositions and the narrowest compliant scope."""

from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from legal_rules.clocks import Clock
from legal_rules.narrowing import Recorded, WithholdingRule, withheld
from legal_rules.scope import DemandLine, Scope, hull
from legal_rules.vocabulary.groups import DATED_CLASSES


class Finding(NamedTuple):
    """What one rule says of one case; an outcome of "ask" names the facts still missing."""

    rule: str
    ground: str | None
    outcome: str
    title: str
    cite: tuple[str, ...]
    basis: str
    kind: str
    about: str
    remedy: str
    letter: str | None
    missing: tuple[str, ...]
    lines: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Every field, with lists for tuples."""
        return {
            "rule": self.rule,
            "ground": self.ground,
            "outcome": self.outcome,
            "title": self.title,
            "cite": list(self.cite),
            "basis": self.basis,
            "kind": self.kind,
            "about": self.about,
            "remedy": self.remedy,
            "letter": self.letter,
            "missing": list(self.missing),
            "lines": list(self.lines),
        }


@dataclass(frozen=True, kw_only=True)
class LineAssessment:
    """One demand line's proposed disposition and scope; None means nothing of it.

    `permitted` is the most that a lawyer may decide on: only the law that forbids has been taken away from it.
    """

    line: DemandLine
    disposition: str
    proposed: Scope | None
    permitted: Scope | None
    grounds: tuple[str, ...]
    reasons: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The line, what is proposed of it, and why."""
        return {
            **self.line.as_json(),
            "disposition": self.disposition,
            "proposed": None if self.proposed is None else self.proposed.as_json(),
            "permitted": None if self.permitted is None else self.permitted.as_json(),
            "grounds": list(self.grounds),
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, kw_only=True)
class Nondisclosure:
    """The answer to a request for silence, apart from the data; disposition None when silence is not asked."""

    disposition: str | None
    grounds: tuple[str, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What the rule book proposes for one request on the law of one day; a lawyer decides."""

    disposition: str
    lines: tuple[LineAssessment, ...]
    findings: tuple[Finding, ...]
    withheld: tuple[WithholdingRule, ...]
    nondisclosure: Nondisclosure
    release_gates: tuple[str, ...]
    clocks: tuple[Clock, ...]
    book: str
    on: date

    @property
    def scope(self) -> Scope:
        """The smallest box around what is proposed, its interval that of the dated classes; the lines are exact."""
        proposed = [line for line in self.lines if line.proposed is not None]
        whole = hull([line.proposed for line in proposed if line.proposed])
        dated = [line.proposed for line in proposed if line.proposed and line.line.data_class in DATED_CLASSES]
        return replace(whole, interval=hull(dated).interval) if dated else whole

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts still to be established, each once."""
        of_findings = (name for finding in self.findings for name in finding.missing)
        return tuple(dict.fromkeys((*of_findings, *self.nondisclosure.missing)))

    def withholds(self, recorded: Recorded) -> str | None:
        """The ground on which one recording stays out of what is produced, or None."""
        return withheld(recorded, self.withheld)

    def as_json(self) -> dict[str, object]:
        """The form that `desk assess --json` prints and that is stored with the case."""
        return {
            "disposition": self.disposition,
            "lines": [line.as_json() for line in self.lines],
            "findings": [finding.as_json() for finding in self.findings],
            "scope": self.scope.as_json(),
            "withheld": [rule.as_json() for rule in self.withheld],
            "nondisclosure": {
                "disposition": self.nondisclosure.disposition,
                "grounds": list(self.nondisclosure.grounds),
            },
            "release_gates": list(self.release_gates),
            "missing": list(self.missing),
            "clocks": [clock.as_json() for clock in self.clocks],
            "book": self.book,
            "on": self.on.isoformat(),
        }
