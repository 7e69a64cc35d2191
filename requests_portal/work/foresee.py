"""Foresee: what another edition of the rule book would say of the open cases, before anybody adopts it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from legal_rules.book import Book
from legal_rules.edition import Edition
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import AssessmentRecord, Case
from requests_portal.model.clock import ClockRow
from requests_portal.model.digest import digest_of
from requests_portal.work.assess import as_record, clock_rows, day_of_receipt, examine
from requests_portal.work.ports import Work


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one edition says of one case, and the time limits it counts."""

    assessment: AssessmentRecord
    clocks: tuple[ClockRow, ...]

    @property
    def digest(self) -> str:
        """The digest of everything that people compare."""
        return digest_of([self.assessment.digest, self.limits])

    @property
    def answer(self) -> object:
        """The answer without its wording: what would be given, on which grounds, and when."""
        said = self.assessment
        lines = [(each.line.id, each.disposition, each.proposed) for each in said.lines]
        findings = [(each.rule, each.outcome, each.ground, each.missing) for each in said.findings]
        silence = (said.nondisclosure, said.nondisclosure_grounds)
        return (said.disposition, lines, findings, silence, said.release_gates, self.limits)

    @property
    def limits(self) -> list[tuple[str, str]]:
        """Each time limit by name with its moment in UTC, however it was written down."""
        return sorted((row.name, row.due.astimezone(UTC).isoformat() if row.due else "") for row in self.clocks)


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One open case under the edition in use and under the other; `before` is None where it was never assessed."""

    case: Case
    before: Said | None
    after: Said

    @property
    def words_only(self) -> bool:
        """Whether the answer stays and only a title, a citation or a remedy reads differently."""
        return self.before is not None and self.before.answer == self.after.answer

    @property
    def stops(self) -> bool:
        """Whether the case was decided on an assessment that would not be given again, so that approval stops."""
        known = self.case.assessment
        return self.case.decision is not None and known is not None and known.digest != self.after.assessment.digest


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What adopting an edition would change in the open cases the reader may see, and how many stay as they are."""

    effects: tuple[Effect, ...]
    unchanged: int
    digest: str


def foresee(work: Work, digest: str, *, by: Actor) -> Foreseen:
    """Compare the edition with this digest with the one in use, on today's law, over every open case; keeps nothing."""
    by.must(Act.READ_RULES)
    other = work.editions.read(_edition(work, digest))
    present = _present(work)
    effects: list[Effect] = []
    unchanged = 0
    for case in work.cases.still_open(by=by):
        before = _recorded(work, case) if present is None else _said(work, case, present)
        after = _said(work, case, other)
        if before is None or before.digest != after.digest:
            effects.append(Effect(case=case, before=before, after=after))
        else:
            unchanged += 1
    return Foreseen(effects=tuple(effects), unchanged=unchanged, digest=_digest(digest, effects))


def _edition(work: Work, digest: str) -> Edition:
    offered = work.editions.on_offer()
    return offered if offered.digest == digest else work.editions.get(digest)


def _present(work: Work) -> Book | None:
    """The edition in use as a book; None where this software would give it another meaning."""
    adopted = work.editions.in_use()
    edition = work.editions.get(adopted.edition) if adopted else None
    return work.editions.read(edition) if edition is not None and edition.runs_here else None


def _said(work: Work, case: Case, book: Book) -> Said:
    answer = examine(work, case, on=work.today, book=book)
    counted = examine(work, case, on=day_of_receipt(case), book=book)
    return Said(assessment=as_record(answer, at=work.now()), clocks=tuple(clock_rows(case, counted.clocks)))


def _recorded(work: Work, case: Case) -> Said | None:
    """What was last said of the case, where the edition that said it cannot be asked again."""
    if case.assessment is None:
        return None
    return Said(assessment=case.assessment, clocks=tuple(work.clocks.of_case(case.id)))


def _digest(edition: str, effects: Sequence[Effect]) -> str:
    return digest_of(
        [edition, [[each.case.id, each.before.digest if each.before else None, each.after.digest] for each in effects]]
    )
