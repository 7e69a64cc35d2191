"""Recalls in SQL, and the lists of them that were signed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from requests_portal.database.moments import from_text, to_text
from requests_portal.database.tables import documents, recall_lists, recalls
from requests_portal.errors import Conflict
from requests_portal.model.production import RecalledProduction


class SqlRecalls:
    """Fulfils the Recalls port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, recalled: RecalledProduction) -> None:
        """Record a recall; a production is recalled once."""
        try:
            self._session.execute(insert(recalls).values(**{**vars(recalled), "at": to_text(recalled.at)}))
        except IntegrityError as error:
            raise Conflict("This production was already recalled.") from error

    def of_production(self, production_id: str) -> RecalledProduction | None:
        """The production's recall."""
        row = self._session.execute(select(recalls).where(recalls.c.production == production_id)).first()
        return None if row is None else as_recalled(row)

    def of_document(self, sha256: str) -> RecalledProduction | None:
        """The recall of the production that the document with this digest belongs to."""
        joined = select(recalls).join(documents, documents.c.production == recalls.c.production)
        row = self._session.execute(joined.where(documents.c.sha256 == sha256)).first()
        return None if row is None else as_recalled(row)

    def every(self) -> Sequence[RecalledProduction]:
        """Every recall, oldest first."""
        return [as_recalled(row) for row in self._session.execute(select(recalls).order_by(recalls.c.at))]

    def keep_list(self, file: bytes, *, at: datetime) -> None:
        """Keep a list that was signed; of two at the same moment, the first."""
        known = self._session.execute(select(recall_lists.c.signed_at).where(recall_lists.c.signed_at == to_text(at)))
        if known.first() is None:
            self._session.execute(insert(recall_lists).values(signed_at=to_text(at), file=file))

    def newest_list(self) -> tuple[datetime, bytes] | None:
        """The list that was signed last, and when."""
        row = self._session.execute(select(recall_lists).order_by(recall_lists.c.signed_at.desc()).limit(1)).first()
        return None if row is None else (from_text(row.signed_at), bytes(row.file))


def as_recalled(row: Row[Any]) -> RecalledProduction:
    """The recall that a row holds."""
    return RecalledProduction(**{**row._asdict(), "at": from_text(row.at)})
