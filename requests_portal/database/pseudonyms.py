"""The guarded map between accounts and pseudonyms: any customer can be named, few may ask whose a name is."""

import secrets
from collections.abc import Iterable, Mapping

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from requests_portal.database.tables import pseudonyms
from requests_portal.errors import NotFound
from requests_portal.model.actor import Act, Actor

AT_ONCE = 500
RANDOM_BYTES = 10
# Two who name the same customer at once get the same name: the one that was first.
NAME = text("INSERT INTO pseudonyms (account, pseudonym) VALUES (:account, :pseudonym) ON CONFLICT DO NOTHING")


class SqlPseudonyms:
    """Fulfils the Pseudonyms port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, accounts: Iterable[str]) -> Mapping[str, str]:
        """The pseudonym of each account; who has none yet is given a random one."""
        wanted = sorted(set(accounts))
        found: dict[str, str] = {}
        for start in range(0, len(wanted), AT_ONCE):
            found |= self._of_some(wanted[start : start + AT_ONCE])
        return found

    def account(self, pseudonym: str, *, by: Actor) -> str:
        """Whose pseudonym it is, for those who may know."""
        by.must(Act.READ_PSEUDONYMS)
        query = select(pseudonyms.c.account).where(pseudonyms.c.pseudonym == pseudonym)
        account: str | None = self._session.execute(query).scalar()
        if account is None:
            raise NotFound("There is no customer with this pseudonym.")
        return account

    def _of_some(self, accounts: list[str]) -> dict[str, str]:
        found = self._named(accounts)
        unnamed = [
            {"account": each, "pseudonym": secrets.token_hex(RANDOM_BYTES)} for each in accounts if each not in found
        ]
        if not unnamed:
            return found
        self._session.execute(NAME, unnamed)
        return self._named(accounts)

    def _named(self, accounts: list[str]) -> dict[str, str]:
        query = select(pseudonyms).where(pseudonyms.c.account.in_(accounts))
        return {row.account: row.pseudonym for row in self._session.execute(query)}
