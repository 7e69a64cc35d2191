"""Every assessment ever made, in SQL: with its facts, so that it can be replayed, and which rules said what."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, case, func, insert, not_, select
from sqlalchemy.orm import Session

from requests_portal.database.codec import from_json, to_json
from requests_portal.database.moments import to_text
from requests_portal.database.tables import assessment_findings, assessments, cases
from requests_portal.errors import NotFound
from requests_portal.model.edition import OnRecord

ASK = "ask"


class SqlAssessments:
    """Fulfils the Assessments port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, made: OnRecord) -> None:
        """Keep an assessment; it is never changed."""
        self._session.execute(
            insert(assessments).values(
                id=made.id,
                case_id=made.case,
                at=to_text(made.assessment.at),
                edition=made.assessment.book,
                digest=made.assessment.digest,
                body=to_json(made),
            )
        )
        outcomes = {finding.rule: finding.outcome for finding in made.assessment.findings}
        if outcomes:
            rows = [{"assessment": made.id, "rule": rule, "outcome": said} for rule, said in outcomes.items()]
            self._session.execute(insert(assessment_findings), rows)

    def of_case(self, case_id: str) -> Sequence[OnRecord]:
        """The case's assessments, newest first."""
        newest = assessments.c.at.desc(), assessments.c.id.desc()
        found = select(assessments.c.body).where(assessments.c.case_id == case_id).order_by(*newest)
        return [from_json(body, OnRecord) for (body,) in self._session.execute(found)]

    def get(self, assessment_id: str) -> OnRecord:
        """The assessment with this id."""
        body = self._session.execute(select(assessments.c.body).where(assessments.c.id == assessment_id)).scalar()
        if body is None:
            raise NotFound("There is no such assessment. Check the address.")
        found: OnRecord = from_json(body, OnRecord)
        return found

    def fired(self) -> Mapping[str, tuple[int, int]]:
        """For each rule in how many cases it ever said something, and in how many it asked; no sealed case counts."""
        asked = assessment_findings.c.outcome == ASK
        query = (
            select(assessment_findings.c.rule, _cases_where(~asked), _cases_where(asked))
            .join(assessments, assessments.c.id == assessment_findings.c.assessment)
            .where(_of_no_sealed_case())
            .group_by(assessment_findings.c.rule)
        )
        return {rule: (said, asks) for rule, said, asks in self._session.execute(query)}

    def cases_counted(self) -> int:
        """How many cases have an assessment on record; no sealed one counts."""
        return self._session.execute(
            select(func.count(assessments.c.case_id.distinct())).where(_of_no_sealed_case())
        ).scalar_one()


def _of_no_sealed_case() -> ColumnElement[bool]:
    # A count that some see and others do not would say that there is one.
    return assessments.c.case_id.in_(select(cases.c.id).where(not_(cases.c.sealed)))


def _cases_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, assessments.c.case_id)).distinct())
