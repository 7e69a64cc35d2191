"""Who works here, in SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.orm import Session

from requests_portal.database.moments import from_text, maybe_moment, maybe_text, to_text
from requests_portal.database.people import folded
from requests_portal.database.tables import people
from requests_portal.model.actor import Role
from requests_portal.model.person import Awaited, Person


class SqlStaff:
    """Fulfils the Staff port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, person: Person) -> None:
        """Enter somebody who begins here."""
        self._session.execute(insert(people).values(id=person.id, since=to_text(person.since), **_values(person)))

    def put(self, person: Person) -> None:
        """Keep what has changed of somebody."""
        self._session.execute(update(people).where(people.c.id == person.id).values(**_values(person)))

    def get(self, person_id: str) -> Person | None:
        """Somebody by their id."""
        return self._one(people.c.id == person_id)

    def to_change(self, person_id: str) -> Person | None:
        """Somebody by their id, whom nobody else changes until the transaction ends."""
        row = self._session.execute(select(people).where(people.c.id == person_id).with_for_update()).first()
        return None if row is None else _person(row)

    def by_mail(self, mail: str) -> Person | None:
        """Somebody by their address, however it is written."""
        return self._one(people.c.mail == folded(mail))

    def by_subject(self, issuer: str, subject: str) -> Person | None:
        """Somebody by what their identity provider calls them."""
        return self._one((people.c.issuer == issuer) & (people.c.subject == subject))

    def all(self) -> Sequence[Person]:
        """Everybody who works here or has worked here, by name."""
        return [_person(row) for row in self._session.execute(select(people).order_by(people.c.name, people.c.id))]

    def _one(self, where: Any) -> Person | None:
        row = self._session.execute(select(people).where(where)).first()
        return None if row is None else _person(row)


def _values(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "mail": folded(person.mail),
        "roles": " ".join(sorted(person.roles)),
        "issuer": person.issuer,
        "subject": person.subject,
        "left_at": maybe_text(person.left_at),
        "awaited_roles": " ".join(sorted(person.awaited.roles)) if person.awaited else "",
        "awaited_by": " ".join(sorted(person.awaited.by)) if person.awaited else "",
        "awaited_at": maybe_text(person.awaited.at if person.awaited else None),
    }


def _person(row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        mail=row.mail,
        roles=_roles(row.roles),
        since=from_text(row.since),
        left_at=maybe_moment(row.left_at),
        issuer=row.issuer,
        subject=row.subject,
        awaited=_awaited(row),
    )


def _awaited(row: Row[Any]) -> Awaited | None:
    if row.awaited_at is None:
        return None
    by = frozenset(row.awaited_by.split())
    return Awaited(roles=_roles(row.awaited_roles), by=by, at=from_text(row.awaited_at))


def _roles(words: str) -> frozenset[Role]:
    known = {role.value: role for role in Role}
    # A role that this release does not know gives nothing.
    return frozenset(known[each] for each in words.split() if each in known)
