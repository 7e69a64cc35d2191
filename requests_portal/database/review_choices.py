"""Human review in SQL: who wants none, and what may be offered to people who review."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from requests_portal.database.canary_rows import of_no_canary
from requests_portal.database.erasures import is_erased
from requests_portal.database.moments import to_text
from requests_portal.database.tables import recordings, unreviewed_accounts


class SqlReviewChoices:
    """Fulfils the ReviewChoices port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def may_be_reviewed(self, account: str) -> bool:
        """Whether people may listen to the account's recordings for the company's own purposes."""
        chosen = select(unreviewed_accounts.c.account).where(unreviewed_accounts.c.account == account)
        return self._session.execute(chosen).first() is None

    def choose(self, account: str, *, reviewed: bool, at: datetime) -> None:
        """Keep the customer's choice."""
        self._session.execute(delete(unreviewed_accounts).where(unreviewed_accounts.c.account == account))
        if not reviewed:
            self._session.execute(insert(unreviewed_accounts).values(account=account, since=to_text(at)))

    def reviewable(self, *, after: str, most: int) -> Sequence[str]:
        """The next recordings, by id, that people may review: the choice is read here and copied nowhere."""
        against = select(unreviewed_accounts.c.account).where(unreviewed_accounts.c.account == recordings.c.account)
        query = select(recordings.c.id).where(recordings.c.id > after, ~against.exists(), ~is_erased(), of_no_canary())
        return tuple(self._session.execute(query.order_by(recordings.c.id).limit(most)).scalars())
