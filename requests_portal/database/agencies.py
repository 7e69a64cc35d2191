"""The agency directory in SQL: what is in it now, and every change that was proposed."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from requests_portal.database.codec import from_json, to_json
from requests_portal.database.moments import to_text
from requests_portal.database.tables import agencies, agency_changes, agency_domains
from requests_portal.errors import Conflict, NotFound
from requests_portal.model.agency import Agency, ChangeState, DirectoryChange, Domain, folded

NO_SUCH_AGENCY = "There is no such agency in the directory. Check the address."
AT_ONCE = 200
T = TypeVar("T")


class SqlAgencies:
    """Fulfils the Agencies port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, agency_id: str) -> Agency:
        """The agency with this id, while the directory has it."""
        found = self.of([agency_id])
        if not found:
            raise NotFound(NO_SUCH_AGENCY)
        return found[0]

    def of(self, ids: Sequence[str]) -> Sequence[Agency]:
        """Those of these agencies that the directory has."""
        found: list[Agency] = []
        for some in _batches(ids):
            found += self._agencies(agencies.c.id.in_(some))
        return found

    def known(self, keys: Sequence[tuple[str, str, str]]) -> Sequence[Agency]:
        """The agencies of these names, countries and states, in the directory or taken out of it."""
        key = tuple_(agencies.c.folded, agencies.c.country, agencies.c.state)
        found: list[Agency] = []
        for some in _batches(keys):
            rows = self._session.execute(select(agencies.c.body).where(key.in_(some))).scalars()
            found += map(_agency, rows)
        return found

    def lock(self, ids: Sequence[str]) -> None:
        """Let nobody else change these agencies until the transaction ends, those taken out included."""
        for some in _batches(sorted(ids)):
            query = select(agencies.c.id).where(agencies.c.id.in_(some)).order_by(agencies.c.id)
            self._session.execute(query.with_for_update()).all()

    def search(self, find: str, *, after: str, most: int) -> Sequence[Agency]:
        """The agencies whose name holds all of these words, or that have such a domain, in the order of their names."""
        conditions = [_matches(find)] if find.strip() else []
        if after:
            last = select(agencies.c.folded, agencies.c.id).where(agencies.c.id == after).subquery()
            conditions.append(
                tuple_(agencies.c.folded, agencies.c.id) > select(last.c.folded, last.c.id).scalar_subquery()
            )
        return self._agencies(*conditions, most=most)

    def count(self) -> int:
        """How many agencies the directory has."""
        counted = select(func.count()).select_from(agencies).where(agencies.c.removed_at.is_(None))
        return self._session.execute(counted).scalar_one()

    def of_domains(self, hosts: Sequence[str]) -> Sequence[tuple[Domain, str]]:
        """Each of these domains that is in the directory, with the id of its agency."""
        rows = select(agency_domains).where(agency_domains.c.domain.in_(list(hosts)))
        return [(Domain(name=row.domain, below=row.below), row.agency_id) for row in self._session.execute(rows)]

    def domains(self) -> Iterator[tuple[Domain, str]]:
        """Every domain in the directory, with the id of its agency."""
        for row in self._session.execute(select(agency_domains).order_by(agency_domains.c.domain)):
            yield Domain(name=row.domain, below=row.below), row.agency_id

    def put(self, agency: Agency) -> None:
        """Keep an entry in the place of the one before it; refuses the name of another agency."""
        values = {
            "name": agency.name,
            "folded": agency.key[0],
            "country": agency.country,
            "state": agency.state,
            "removed_at": None,
            "body": to_json(agency),
        }
        try:
            kept = self._session.execute(update(agencies).where(agencies.c.id == agency.id).values(**values))
            if kept.rowcount == 0:  # type: ignore[attr-defined]
                self._session.execute(insert(agencies).values(id=agency.id, **values))
        except IntegrityError as taken:
            raise Conflict("The directory changed since this was proposed. Propose it anew.") from taken
        self._session.execute(delete(agency_domains).where(agency_domains.c.agency_id == agency.id))
        rows = {
            each.name: {"domain": each.name, "agency_id": agency.id, "below": each.below} for each in agency.domains
        }
        if rows:
            self._session.execute(insert(agency_domains), list(rows.values()))

    def remove(self, agency_id: str, *, at: datetime) -> None:
        """Take an agency out; the requests that were matched with it keep its id."""
        self._session.execute(update(agencies).where(agencies.c.id == agency_id).values(removed_at=to_text(at)))
        self._session.execute(delete(agency_domains).where(agency_domains.c.agency_id == agency_id))

    def add_change(self, change: DirectoryChange) -> None:
        """Keep a change that was proposed."""
        values = {"state": str(change.state), "proposed_at": to_text(change.proposed_at), "body": to_json(change)}
        self._session.execute(insert(agency_changes).values(id=change.id, **values))

    def put_change(self, change: DirectoryChange) -> None:
        """Keep the answer to a change; refuses when somebody else answered first."""
        open_ = (agency_changes.c.id == change.id, agency_changes.c.state == ChangeState.PROPOSED)
        values = {"state": str(change.state), "body": to_json(change)}
        done = self._session.execute(update(agency_changes).where(*open_).values(**values))
        if done.rowcount != 1:  # type: ignore[attr-defined]
            raise Conflict("This change has been answered already. Reload the page.")

    def change(self, change_id: str) -> DirectoryChange:
        """The change with this id, answered or not."""
        query = select(agency_changes.c.body).where(agency_changes.c.id == change_id)
        body = self._session.execute(query).scalar()
        if body is None:
            raise NotFound("There is no such change of the directory. Check the address.")
        return _change(body)

    def changes(self, *, most: int) -> Sequence[DirectoryChange]:
        """The changes that wait, and then those that were answered, the newest first."""
        waits = (agency_changes.c.state != ChangeState.PROPOSED).label("answered")
        newest = select(agency_changes.c.body).order_by(waits, agency_changes.c.proposed_at.desc(), agency_changes.c.id)
        return [_change(body) for body in self._session.execute(newest.limit(most)).scalars()]

    def _agencies(self, *conditions: ColumnElement[bool], most: int | None = None) -> list[Agency]:
        query = select(agencies.c.body).where(agencies.c.removed_at.is_(None), *conditions)
        rows = self._session.execute(query.order_by(agencies.c.folded, agencies.c.id).limit(most)).scalars()
        return [_agency(body) for body in rows]


def _matches(find: str) -> ColumnElement[bool]:
    words = [agencies.c.folded.contains(word, autoescape=True) for word in folded(find).split()]
    domain = agency_domains.c.domain.contains(find.strip().lower(), autoescape=True)
    return or_(and_(*words), agencies.c.id.in_(select(agency_domains.c.agency_id).where(domain)))


def _batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


def _agency(body: str) -> Agency:
    found: Agency = from_json(body, Agency)
    return found


def _change(body: str) -> DirectoryChange:
    found: DirectoryChange = from_json(body, DirectoryChange)
    return found
