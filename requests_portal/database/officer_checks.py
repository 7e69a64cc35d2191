"""Checks of who sends legal demands, in SQL: each is kept as it was made."""

from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from requests_portal.database.codec import from_json, to_json
from requests_portal.database.moments import to_text
from requests_portal.database.tables import officer_checks
from requests_portal.model.officer_check import OfficerCheck


class SqlOfficerChecks:
    """Fulfils the OfficerChecks port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, check: OfficerCheck) -> None:
        """Keep a check."""
        values = {"case_id": check.case, "kind": str(check.kind), "outcome": str(check.outcome)}
        body = {"at": to_text(check.at), "body": to_json(check)}
        self._session.execute(insert(officer_checks).values(id=check.id, **values, **body))

    def of_case(self, case_id: str) -> Sequence[OfficerCheck]:
        """The checks of a case, the newest first."""
        newest = select(officer_checks.c.body).where(officer_checks.c.case_id == case_id)
        rows = self._session.execute(newest.order_by(officer_checks.c.at.desc(), officer_checks.c.id.desc()))
        return [from_json(body, OfficerCheck) for body in rows.scalars()]
