"""Standing policies in SQL: each that was put forward, with whoever agreed to it."""

from collections.abc import Sequence

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from requests_portal.database.codec import from_json, to_json
from requests_portal.database.moments import to_text
from requests_portal.database.tables import standing_policies as table
from requests_portal.errors import Conflict, NotFound
from requests_portal.model.standing_policy import PolicyAdoption, PolicyState


class SqlStandingPolicies:
    """Fulfils the StandingPolicies port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, adoption: PolicyAdoption) -> None:
        """Keep a new proposal; refuses while another one waits."""
        try:
            self._session.execute(insert(table).values(id=adoption.id, **_columns(adoption)))
        except IntegrityError as taken:
            raise Conflict("Another standing policy waits already. Answer that one first.") from taken

    def put(self, adoption: PolicyAdoption, *, before: PolicyAdoption) -> None:
        """Keep what became of it; refuses when somebody else answered first."""
        same = (table.c.id == adoption.id, table.c.body == to_json(before))
        try:
            done = self._session.execute(update(table).where(*same).values(**_columns(adoption)))
        except IntegrityError as taken:
            raise Conflict("Another standing policy came into force a moment ago. Reload the page.") from taken
        if done.rowcount != 1:  # type: ignore[attr-defined]
            raise Conflict("Somebody answered this policy a moment ago. Reload the page.")

    def get(self, adoption_id: str) -> PolicyAdoption:
        """The policy that was put forward under this id."""
        body = self._session.execute(select(table.c.body).where(table.c.id == adoption_id)).scalar()
        if body is None:
            raise NotFound("There is no such standing policy. Check the address.")
        return _adoption(body)

    def all(self) -> Sequence[PolicyAdoption]:
        """Every policy ever put forward, newest first."""
        newest = select(table.c.body).order_by(table.c.proposed_at.desc(), table.c.id.desc())
        return [_adoption(body) for (body,) in self._session.execute(newest)]

    def newest(self) -> PolicyAdoption | None:
        """The version that came into force last, be it withdrawn or not; None where none ever did."""
        last = select(func.max(table.c.number)).scalar_subquery()
        body = self._session.execute(select(table.c.body).where(table.c.number == last)).scalar()
        return None if body is None else _adoption(body)

    def numbered(self, number: int) -> PolicyAdoption:
        """The version of this number; raises NotFound."""
        body = self._session.execute(select(table.c.body).where(table.c.number == number)).scalar()
        if body is None:
            raise NotFound("There is no such version of the standing policy. Check the address.")
        return _adoption(body)


def _columns(adoption: PolicyAdoption) -> dict[str, object]:
    return {
        # At most one waits: the column is unique, and empty once there is an answer.
        "waits": 1 if adoption.state is PolicyState.PROPOSED else None,
        "number": adoption.number,
        "proposed_at": to_text(adoption.proposed.at),
        "body": to_json(adoption),
    }


def _adoption(body: str) -> PolicyAdoption:
    found: PolicyAdoption = from_json(body, PolicyAdoption)
    return found
