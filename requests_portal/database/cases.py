"""Cases in SQL: one row each, the whole case as JSON beside the columns that lists filter by."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from requests_portal.database.codec import from_json, to_json
from requests_portal.database.counters import take
from requests_portal.database.moments import to_text
from requests_portal.database.tables import case_papers, case_people, cases, clocks
from requests_portal.database.visible import may_hear, may_know, may_see, people_of, visible
from requests_portal.errors import Conflict, NotFound
from requests_portal.model.actor import SYSTEM, Actor
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

    def id_of(self, reference: str, *, by: Actor) -> str:
        """The id of the case with this reference, if the actor may know of it."""
        # One that the actor may not know of is asked for as often as one that there is not.
        found = (cases.c.reference == reference) & visible(by)
        row = self._session.execute(select(cases.c.id, cases.c.track, cases.c.account).where(found)).first()
        if row is None or not may_know(by, Track(row.track), row.account, people_of(self._session, row.id)):
            raise NotFound(NO_SUCH_CASE)
        return str(row.id)

    def to_hear(self, case_id: str, *, by: Actor) -> Case:
        """The case with this id, if the actor may see its recordings."""
        return self._heard(cases.c.id == case_id, by)

    def to_hear_by_reference(self, reference: str, *, by: Actor) -> Case:
        """The case with this reference, if the actor may see its recordings."""
        return self._heard(cases.c.reference == reference, by)

    def still_open(self, *, by: Actor) -> Iterator[Case]:
        """Yield each case that we still owe an answer and that the actor may see, by its reference."""
        owed = cases.c.state.not_in([CaseState.ANSWERED, CaseState.CLOSED])
        for (body,) in self._session.execute(select(cases.c.body).where(owed).order_by(cases.c.reference)):
            case: Case = from_json(body, Case)
            if may_see(by, case.track, case.account, case.named):
                yield case

    def add(self, case: Case) -> None:
        """Keep a new case."""
        self._session.execute(insert(cases).values(**_columns(case)))
        self._enter_papers(case)
        self._name(case)

    def assigned_to(self, person: str, *, by: Actor) -> Sequence[tuple[str, str]]:
        """Id and reference of the person's open cases that exist for the actor, oldest first."""
        still = cases.c.state.not_in([CaseState.ANSWERED, CaseState.CLOSED])
        query = select(cases.c.id, cases.c.reference).where(cases.c.assigned_to == person, still, visible(by))
        rows = self._session.execute(query.order_by(cases.c.received_at, cases.c.id))
        return [(row.id, row.reference) for row in rows]

    def correcting(self, account: str) -> Sequence[Case]:
        """The account's own requests that propose other words for a transcript, newest first."""
        theirs = cases.c.account == account, cases.c.track == Track.DATA_SUBJECT
        query = select(cases.c.body).where(*theirs).order_by(cases.c.received_at.desc(), cases.c.reference.desc())
        found = (from_json(body, Case) for body in self._session.execute(query).scalars())
        return [each for each in found if each.proposed is not None]

    def by_agents(self, account: str) -> Sequence[Case]:
        """The requests that somebody made in the name of the account's holder, newest first."""
        theirs = (cases.c.account == account) & (cases.c.track == Track.DATA_SUBJECT)
        query = select(cases.c.body).where(theirs).order_by(cases.c.received_at.desc(), cases.c.reference.desc())
        found = (from_json(body, Case) for body in self._session.execute(query).scalars())
        return [case for case in found if case.is_by_agent]

    def answered_by_policy(self, case: Case, *, since: datetime) -> int:
        """How many other requests of the case's account that came since then a standing policy has decided."""
        theirs = (cases.c.account == case.account, cases.c.track == Track.DATA_SUBJECT, cases.c.id != case.id)
        query = select(cases.c.body).where(*theirs, cases.c.received_at >= to_text(since))
        decided = (from_json(body, Case).decision for body in self._session.execute(query).scalars())
        return sum(each is not None and each.policy is not None for each in decided)

    def naming(self, person: str) -> Sequence[Case]:
        """The sealed cases that name somebody, oldest first; for the desk's own processes alone."""
        theirs = select(case_people.c.case_id).where(case_people.c.person == person)
        query = select(cases.c.id).where(cases.c.id.in_(theirs)).order_by(cases.c.received_at, cases.c.id)
        return [self.get(case_id, by=SYSTEM) for case_id in self._session.execute(query).scalars()]

    def late(self, clock: str, *, agency: str, at: datetime, by: Actor) -> Sequence[Case]:
        """The agency's cases that the actor may see and whose clock of this name was met late, or not yet; by age."""
        over = and_(clocks.c.met_at.is_(None), clocks.c.due < to_text(at))
        late = and_(clocks.c.name == clock, or_(over, clocks.c.met_at > clocks.c.due))
        of_theirs = select(cases.c.body).join(clocks, clocks.c.case_id == cases.c.id)
        query = of_theirs.where(cases.c.agency == agency, late, visible(by))
        rows = self._session.execute(query.order_by(cases.c.received_at, cases.c.id))
        return [from_json(body, Case) for body in rows.scalars()]

    def put(self, case: Case) -> Case:
        """Keep a changed case; refuses when somebody else changed it first."""
        changed = replace(case, version=case.version + 1)
        done = self._session.execute(
            update(cases).where(cases.c.id == case.id, cases.c.version == case.version).values(**_columns(changed))
        )
        if done.rowcount != 1:  # type: ignore[attr-defined]
            raise Conflict("Somebody else changed this case a moment ago. Reload the page and try again.")
        self._enter_papers(changed)
        self._name(changed)
        return changed

    def next_reference(self, track: Track, year: int) -> str:
        """The next unused reference of the track, such as LE-2026-0412."""
        number = take(self._session, f"{PREFIX[track]}-{year}", 1)
        return f"{PREFIX[track]}-{year}-{number:04d}"

    def _enter_papers(self, case: Case) -> None:
        """Copy the case's papers out of its body, so that other cases are found by them."""
        papers = dict.fromkeys(each.sha256 for each in case.papers)
        if not papers:
            return
        mine = (case_papers.c.case_id == case.id, case_papers.c.sha256.in_(list(papers)))
        known = set(self._session.execute(select(case_papers.c.sha256).where(*mine)).scalars())
        rows = [{"sha256": sha256, "case_id": case.id} for sha256 in papers if sha256 not in known]
        if rows:
            self._session.execute(insert(case_papers), rows)

    def _name(self, case: Case) -> None:
        before = people_of(self._session, case.id)
        gone, new = set(before) - set(case.named), sorted(set(case.named) - set(before))
        if gone:
            of_them = case_people.c.person.in_(gone)
            self._session.execute(delete(case_people).where(case_people.c.case_id == case.id, of_them))
        if new:
            self._session.execute(insert(case_people), [{"case_id": case.id, "person": person} for person in new])

    def _heard(self, condition: ColumnElement[bool], by: Actor) -> Case:
        case = self._one(condition, SYSTEM)
        if not may_hear(self._session, case, by):
            raise NotFound(NO_SUCH_CASE)
        return case

    def _one(self, condition: object, by: Actor) -> Case:
        body = self._session.execute(select(cases.c.body).where(condition)).scalar()  # type: ignore[arg-type]
        if body is None:
            raise NotFound(NO_SUCH_CASE)
        case: Case = from_json(body, Case)
        if not may_see(by, case.track, case.account, case.named):
            raise NotFound(NO_SUCH_CASE)
        return case


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
        "sealed": bool(case.named),
        "version": case.version,
        "agency": case.agency,
        "file_number": case.requester.plain_file_number,
        "body": to_json(case),
    }
