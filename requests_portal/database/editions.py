"""Editions of the rule book in SQL: each kept whole under its digest, and who put which one in use."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from legal_rules.book import Book, read
from legal_rules.edition import Edition
from requests_portal.database.codec import from_json, to_json
from requests_portal.database.moments import to_text
from requests_portal.database.tables import edition_adoptions, editions
from requests_portal.errors import Conflict, NotFound, Unusable
from requests_portal.model.edition import Adoption, AdoptionState, EngineChanged

NO_SUCH_EDITION = "No edition of the rule book is kept under this digest. Check the address."


class Bookshelf:
    """The editions that this process has read: an edition never changes, so each is read once."""

    def __init__(self) -> None:
        self._editions: dict[str, Edition] = {}
        self._books: dict[str, Book] = {}

    def edition(self, digest: str, fetch: Callable[[], Edition]) -> Edition:
        """The edition with this digest, fetched at most once."""
        if digest not in self._editions:
            self._editions[digest] = fetch()
        return self._editions[digest]

    def book(self, edition: Edition) -> Book:
        """The edition as read; raises UnreadableBook."""
        if edition.digest not in self._books:
            self._books[edition.digest] = read(edition)
        return self._books[edition.digest]


SHELF = Bookshelf()


class SqlEditions:
    """Fulfils the Editions port; `on_offer` reads the edition that this software and this house's policy file make."""

    def __init__(self, session: Session, on_offer: Callable[[], Edition], shelf: Bookshelf = SHELF) -> None:
        self._session = session
        self._on_offer = on_offer
        self._shelf = shelf

    def on_offer(self) -> Edition:
        """The edition in the files here and now, adopted or not; raises UnreadableBook or OSError."""
        return self._on_offer()

    def keep(self, edition: Edition, *, at: datetime) -> None:
        """Keep an edition's files for good; one that is kept already stays as it is."""
        kept = select(editions.c.digest).where(editions.c.digest == edition.digest)
        if self._session.execute(kept).scalar() is None:
            files = json.dumps(dict(edition.files), ensure_ascii=False)
            values = {"engine": edition.engine, "kept_at": to_text(at), "files": files}
            self._session.execute(insert(editions).values(digest=edition.digest, **values))

    def get(self, digest: str) -> Edition:
        """The edition kept under this digest."""
        return self._shelf.edition(digest, lambda: self._fetched(digest))

    def read(self, edition: Edition) -> Book:
        """The edition as a book that can assess; refuses one to which this software would give another meaning."""
        if not edition.runs_here:
            raise EngineChanged(edition)
        return self._shelf.book(edition)

    def add(self, adoption: Adoption) -> None:
        """Keep a new proposal; refuses while another one waits."""
        try:
            self._session.execute(insert(edition_adoptions).values(id=adoption.id, **_columns(adoption)))
        except IntegrityError as taken:
            raise Conflict("Another edition has been put forward already. Answer that one first.") from taken

    def put(self, adoption: Adoption) -> None:
        """Keep an answered proposal; refuses when somebody else answered first."""
        waiting = (edition_adoptions.c.id == adoption.id, edition_adoptions.c.state == AdoptionState.PROPOSED)
        try:
            done = self._session.execute(update(edition_adoptions).where(*waiting).values(**_columns(adoption)))
        except IntegrityError as taken:
            raise Conflict("Another edition was adopted a moment ago. Reload the page.") from taken
        if done.rowcount != 1:  # type: ignore[attr-defined]
            raise Conflict("This edition has been answered already. Reload the page.")

    def adoption(self, adoption_id: str) -> Adoption:
        """The proposal with this id, answered or not."""
        body = self._session.execute(select(edition_adoptions.c.body).where(edition_adoptions.c.id == adoption_id))
        found = body.scalar()
        if found is None:
            raise NotFound("There is no such proposal. Check the address.")
        return _adoption(found)

    def adoptions(self) -> Sequence[Adoption]:
        """Every edition ever put forward, newest first."""
        newest = select(edition_adoptions.c.body).order_by(
            edition_adoptions.c.proposed_at.desc(), edition_adoptions.c.id.desc()
        )
        return [_adoption(body) for (body,) in self._session.execute(newest)]

    def waiting(self) -> Adoption | None:
        """The proposal that waits for an answer; there is at most one."""
        query = select(edition_adoptions.c.body).where(edition_adoptions.c.state == AdoptionState.PROPOSED)
        body = self._session.execute(query).scalar()
        return None if body is None else _adoption(body)

    def in_use(self) -> Adoption | None:
        """The adoption by which the edition in use came into use; None before the desk was set up."""
        newest = select(func.max(edition_adoptions.c.number)).scalar_subquery()
        body = self._session.execute(select(edition_adoptions.c.body).where(edition_adoptions.c.number == newest))
        found = body.scalar()
        return None if found is None else _adoption(found)

    def _fetched(self, digest: str) -> Edition:
        row = self._session.execute(select(editions).where(editions.c.digest == digest)).one_or_none()
        if row is None:
            raise NotFound(NO_SUCH_EDITION)
        edition = Edition(json.loads(row.files), row.engine)
        if edition.digest != digest:
            raise Unusable("This edition's files are not what its digest says. Restore them from a backup.")
        return edition


def _columns(adoption: Adoption) -> dict[str, object]:
    return {
        "edition": adoption.edition,
        "state": str(adoption.state),
        # At most one waits: the column is unique, and empty once there is an answer.
        "waits": 1 if adoption.state is AdoptionState.PROPOSED else None,
        "number": adoption.number,
        "proposed_at": to_text(adoption.proposed_at),
        "body": to_json(adoption),
    }


def _adoption(body: str) -> Adoption:
    found: Adoption = from_json(body, Adoption)
    return found
