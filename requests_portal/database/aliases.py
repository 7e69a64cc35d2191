"""Aliases in SQL: the numbers under which one customer's account was or is known, joined from pairs."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, or_, select, text
from sqlalchemy.orm import Session

from requests_portal.database.moments import to_text
from requests_portal.database.tables import aliases


class SqlAliases:
    """Fulfils the Aliases port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, account: str, alias: str, *, by: str, at: datetime) -> bool:
        """Join two numbers of one account; False where they were joined already.

        Whoever places a hold on one of them meanwhile is waited for, so that its hold is seen.
        """
        self._lock("SHARE ROW EXCLUSIVE")
        first, second = sorted((account, alias))
        pair = (aliases.c.account == first) & (aliases.c.alias == second)
        if self._session.execute(select(aliases.c.account).where(pair)).first() is not None:
            return False
        values = {"account": first, "alias": second, "entered_by": by, "entered_at": to_text(at)}
        self._session.execute(insert(aliases).values(**values))
        return True

    def of(self, accounts: Iterable[str]) -> frozenset[str]:
        """These numbers and every other one that pairs join with them, over as many steps as there are.

        None is joined with them until this transaction ends, so that a hold on all of them misses none.
        """
        self._lock("SHARE")
        found = frozenset(accounts)
        new = found
        while new:
            column = aliases.c
            query = select(column.account, column.alias).where(or_(column.account.in_(new), column.alias.in_(new)))
            reached = {number for row in self._session.execute(query) for number in row}
            new = frozenset(reached - found)
            found |= new
        return found

    def _lock(self, mode: str) -> None:
        # SQLite lets one writer at a time anyway.
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(text(f"LOCK TABLE aliases IN {mode} MODE"))
