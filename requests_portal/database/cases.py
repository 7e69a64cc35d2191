"""Cases in SQL: one row each, the whole case as JSON beside the columns that lists filter by."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from requests_portal.database.codec import from_json, to_json
from requests_portal.database.counters import take
from requests_portal.database.moments import to_text
from requests_portal.database.tables import cases
from requests_portal.errors import Conflict, NotFound
from requests_portal.model.actor import Act, Actor, Role
from requests_portal.model.case import AssessmentRecord, Case, CaseState, Track
from requests_portal.work.decide import raised_grounds
from requests_portal.work.views.desk import law_of

PREFIX = {Track.LEGAL_DEMAND: "LE", Track.DATA_SUBJECT: "DS"}
NO_SUCH_CASE = "There is no such case, or it is not yours to see. Check the reference."


class SqlCases:
    """Fulfils the Cases port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, case_id: str, *, by: Actor) -> Case:
        """The case with this id, if the actor may see it."""
        return self._one(cases.c.id == case_id, by)

    def by_reference(self, reference: str, *, by: Actor) -> Case:
        """The case with this reference, if the actor may see it."""
        return self._one(cases.c.reference == reference, by)

    def still_open(self, *, by: Actor) -> Iterator[Case]:
        """Yield each case that we still owe an answer and that the actor may see, by its reference."""
        owed = cases.c.state.not_in([CaseState.ANSWERED, CaseState.CLOSED])
        for (body,) in self._session.execute(select(cases.c.body).where(owed).order_by(cases.c.reference)):
            case: Case = from_json(body, Case)
            if may_see(by, case.track, case.account):
                yield case

    def add(self, case: Case) -> None:
        """Keep a new case."""
        self._session.execute(insert(cases).values(**_columns(case)))

    def put(self, case: Case) -> Case:
        """Keep a changed case; refuses when somebody else changed it first."""
        changed = replace(case, version=case.version + 1)
        done = self._session.execute(
            update(cases).where(cases.c.id == case.id, cases.c.version == case.version).values(**_columns(changed))
        )
        if done.rowcount != 1:  # type: ignore[attr-defined]
            raise Conflict("Somebody else changed this case a moment ago. Reload the page and try again.")
        return changed

    def next_reference(self, track: Track, year: int) -> str:
        """The next unused reference of the track, such as LE-2026-0412."""
        number = take(self._session, f"{PREFIX[track]}-{year}", 1)
        return f"{PREFIX[track]}-{year}-{number:04d}"

    def _one(self, condition: object, by: Actor) -> Case:
        body = self._session.execute(select(cases.c.body).where(condition)).scalar()  # type: ignore[arg-type]
        if body is None:
            raise NotFound(NO_SUCH_CASE)
        case: Case = from_json(body, Case)
        if not may_see(by, case.track, case.account):
            raise NotFound(NO_SUCH_CASE)
        return case


def may_see(by: Actor, track: Track, account: str | None) -> bool:
    """Whether the case exists for this actor: customers see only their own requests, never an authority's."""
    if Role.SYSTEM in by.roles or by.may(Act.READ_CASE):
        return True
    return by.may(Act.READ_OWN) and track is Track.DATA_SUBJECT and account is not None and account == by.account


def _assessed(assessment: AssessmentRecord | None) -> dict[str, object]:
    if assessment is None:
        return {"disposition": "", "objections": 0, "questions": 0}
    asked = {name for finding in assessment.findings for name in finding.missing}
    return {
        "disposition": assessment.disposition,
        "objections": len(raised_grounds(assessment)),
        "questions": len(asked),
    }


def _columns(case: Case) -> dict[str, object]:
    return {
        "id": case.id,
        "reference": case.reference,
        "track": case.track,
        "state": case.state,
        "account": case.account,
        "assigned_to": case.assigned_to,
        "received_at": to_text(case.received_at),
        "title": case.title,
        "organisation": case.requester.organisation or case.requester.name,
        "law": law_of(case),
        **_assessed(case.assessment),
        "version": case.version,
        "body": to_json(case),
    }
