"""Whom customers named to ask in their name, in SQL."""

from collections.abc import Sequence

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from requests_portal.database.codec import from_json, to_json
from requests_portal.database.tables import named_agents
from requests_portal.errors import NotFound
from requests_portal.model.agent import NamedAgent


class SqlNamedAgents:
    """Fulfils the NamedAgents port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, agent_id: str, *, account: str) -> NamedAgent:
        """One that the account's holder named; raises NotFound for an unknown one and another customer's alike."""
        theirs = (named_agents.c.id == agent_id) & (named_agents.c.account == account)
        body = self._session.execute(select(named_agents.c.body).where(theirs)).scalar()
        if body is None:
            raise NotFound("You have named no such agent. Check the address.")
        found: NamedAgent = from_json(body, NamedAgent)
        return found

    def of(self, account: str) -> Sequence[NamedAgent]:
        """Everybody whom the account's holder ever named, the newest first."""
        theirs = named_agents.c.account == account
        rows = self._session.execute(select(named_agents.c.body).where(theirs).order_by(named_agents.c.id.desc()))
        return [from_json(body, NamedAgent) for body in rows.scalars()]

    def put(self, named: NamedAgent) -> None:
        """Keep a naming, or what became of it."""
        values = {"account": named.account, "body": to_json(named)}
        done = self._session.execute(update(named_agents).where(named_agents.c.id == named.id).values(**values))
        if done.rowcount != 1:  # type: ignore[attr-defined]
            self._session.execute(insert(named_agents).values(id=named.id, **values))
