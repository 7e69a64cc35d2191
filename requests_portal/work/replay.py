"""Replay: an old assessment is made again under its own edition, from the facts and on the day of then."""

from dataclasses import dataclass

from legal_rules.edition import engine
from legal_rules.errors import RuleBookError
from legal_rules.facts import parse
from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import AssessmentRecord
from requests_portal.model.edition import OnRecord
from requests_portal.work.assess import as_record
from requests_portal.work.ports import Work


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What a replay gave; `again` is None where another engine made it, or the facts kept cannot be read."""

    made: OnRecord
    again: AssessmentRecord | None
    engine: str
    engine_here: str

    @property
    def same(self) -> bool | None:
        """Whether the answer is the same to the letter; None where it cannot be given again."""
        return None if self.again is None else self.again.digest == self.made.assessment.digest


def replay(work: Work, assessment_id: str, *, by: Actor) -> Replay:
    """Make an assessment again as it was made; nothing is recorded, and the case stays as it is."""
    by.must(Act.REPLAY)
    made = work.assessments.get(assessment_id)
    work.cases.get(made.case, by=by)
    edition = work.editions.get(made.assessment.book)
    again = _again(work, made) if edition.runs_here else None
    return Replay(made=made, again=again, engine=edition.engine, engine_here=engine())


def _again(work: Work, made: OnRecord) -> AssessmentRecord | None:
    book = work.editions.read(work.editions.get(made.assessment.book))
    lines = tuple(record.line for record in made.assessment.lines)
    try:
        facts = parse(made.facts)
    except RuleBookError:
        # The same engine took these facts once: they are not what was kept, and the answer cannot be vouched for.
        return None
    # Its time limits are not part of an assessment's substance, so no calendar is needed.
    return as_record(book.assess(facts, on=made.on, lines=lines), at=work.now())
