"""Notices in SQL: one for each case, account and decision, whoever gives it."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from requests_portal.database.codec import from_json
from requests_portal.database.moments import from_text, to_text
from requests_portal.database.tables import cases, clocks, notices
from requests_portal.database.visible import visible
from requests_portal.model.actor import Actor
from requests_portal.model.case import Case, Track
from requests_portal.model.notice import EndingSilence, Notice

# The clocks that say when silence towards the customer ends, or is to be looked at again.
ENDINGS = ("customer_notice", "gag_review")


class SqlNotices:
    """Fulfils the Notices port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, notice: Notice) -> None:
        """Keep a notice; the second of one decision is refused by the table itself."""
        values = {"id": notice.id, "case_id": notice.case, "account": notice.account, "at": to_text(notice.at)}
        told = {"decision": notice.decision, "body": json.dumps(notice.paragraphs)}
        self._session.execute(insert(notices).values(**values, **told))

    def of_case(self, case_id: str) -> Sequence[Notice]:
        """What was told of a case."""
        rows = self._session.execute(select(notices).where(notices.c.case_id == case_id).order_by(notices.c.at))
        return [as_notice(row) for row in rows]

    def demands_of(self, accounts: frozenset[str]) -> Sequence[Case]:
        """The legal demands that name one of these accounts."""
        found: dict[str, Case] = {}
        for account in sorted(accounts):
            written = json.dumps(account, ensure_ascii=False)
            demands = (cases.c.track == Track.LEGAL_DEMAND) & cases.c.body.contains(written, autoescape=True)
            for body in self._session.execute(select(cases.c.body).where(demands)).scalars():
                case: Case = from_json(body, Case)
                found[case.id] = case
        return list(found.values())

    def ending(self, before: datetime, *, by: Actor, most: int | None = None) -> Sequence[EndingSilence]:
        """The demands whose silence ends before a moment, or has ended without a notice, the soonest first."""
        runs = clocks.c.name.in_(ENDINGS) & clocks.c.met_at.is_(None) & (clocks.c.due <= to_text(before))
        query = (
            select(clocks.c.case_id, cases.c.reference, clocks.c.due)
            .join(cases, cases.c.id == clocks.c.case_id)
            .where(runs, visible(by))
            .order_by(clocks.c.due, cases.c.reference)
        )
        rows = self._session.execute(query.limit(most))
        return [EndingSilence(case=row.case_id, reference=row.reference, ends_at=from_text(row.due)) for row in rows]


def as_notice(row: Row[Any]) -> Notice:
    """A notice as it was kept."""
    return Notice(
        id=row.id,
        case=row.case_id,
        account=row.account,
        at=from_text(row.at),
        paragraphs=tuple(json.loads(row.body)),
        decision=row.decision,
    )
