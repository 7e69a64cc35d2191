"""Productions in SQL, with their signed documents, releases and receipts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from requests_portal.database.codec import from_json, to_json
from requests_portal.database.counters import take
from requests_portal.database.moments import from_text, maybe_moment, to_text
from requests_portal.database.tables import (
    archived_copies,
    documents,
    envelopes,
    productions,
    progress,
    receipts,
    releases,
)
from requests_portal.errors import Conflict, NotFound
from requests_portal.model.case import Track
from requests_portal.model.production import (
    ArchivedCopy,
    DocumentKind,
    Envelope,
    Production,
    Receipt,
    Release,
    SignedDocument,
)

# Customers' numbers run apart, so that a gap between two of them never tells of a demand they must not know of (I6).
BATES_FROM = {Track.LEGAL_DEMAND: 1, Track.DATA_SUBJECT: 500_000_001}


class SqlProductions:
    """Fulfils the Productions port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, production_id: str) -> Production:
        """The production with this id."""
        body = self._session.execute(select(productions.c.body).where(productions.c.id == production_id)).scalar()
        if body is None:
            raise NotFound("There is no such production.")
        found: Production = from_json(body, Production)
        return found

    def of_case(self, case_id: str) -> Sequence[Production]:
        """The case's productions in the order they were reserved."""
        rows = self._session.execute(
            select(productions.c.body).where(productions.c.case_id == case_id).order_by(productions.c.number)
        )
        return [from_json(body, Production) for (body,) in rows]

    def add(self, production: Production) -> None:
        """Keep a newly reserved production."""
        self._session.execute(insert(productions).values(**_columns(production)))

    def put(self, production: Production) -> Production:
        """Keep a changed production; refuses when something else changed it first."""
        changed = replace(production, version=production.version + 1)
        done = self._session.execute(
            update(productions)
            .where(productions.c.id == production.id, productions.c.version == production.version)
            .values(**_columns(changed))
        )
        if done.rowcount != 1:  # type: ignore[attr-defined]
            raise Conflict("This production changed a moment ago. Reload the page and try again.")
        return changed

    def reserve_bates(self, count: int, track: Track) -> tuple[int, int]:
        """Reserve consecutive Bates numbers of the track's own range; they are given out once, used or not."""
        first = BATES_FROM[track] + take(self._session, f"bates-{track}", count) - 1
        return first, first + count - 1

    def record_document(self, document: SignedDocument) -> None:
        """Record a signature; a second one for the same production, volume and kind is refused (I3)."""
        kept_until = document.kept_until and to_text(document.kept_until)
        values = {**vars(document), "signed_at": to_text(document.signed_at), "kept_until": kept_until}
        try:
            self._session.execute(insert(documents).values(**values))
        except IntegrityError as error:
            raise Conflict("A signature for this volume is already recorded.") from error

    def documents(self, production_id: str) -> Sequence[SignedDocument]:
        """The signed documents of a production."""
        rows = self._session.execute(
            select(documents)
            .where(documents.c.production == production_id)
            .order_by(documents.c.kind, documents.c.volume)
        )
        return [_document(row) for row in rows]

    def record_archived(self, copy: ArchivedCopy) -> None:
        """Record a document's archived copy; a second one of the same document is refused."""
        values = {**vars(copy), "stamped_at": to_text(copy.stamped_at)}
        try:
            self._session.execute(insert(archived_copies).values(**values))
        except IntegrityError as error:
            raise Conflict("An archived copy of this document is already recorded.") from error

    def archived(self, production_id: str) -> Sequence[ArchivedCopy]:
        """The archived copies of a production's documents."""
        rows = self._session.execute(
            select(archived_copies)
            .where(archived_copies.c.production == production_id)
            .order_by(archived_copies.c.kind, archived_copies.c.volume)
        )
        return [_archived(row) for row in rows]

    def add_release(self, release: Release) -> None:
        """Record a release; a second live one to the same recipient is refused (I3)."""
        try:
            self._session.execute(insert(releases).values(**_release_columns(release)))
        except IntegrityError as error:
            raise Conflict("This production has already been released to this recipient.") from error

    def put_release(self, release: Release) -> None:
        """Keep a release that was revoked."""
        self._session.execute(update(releases).where(releases.c.id == release.id).values(**_release_columns(release)))

    def count_wrong_pin(self, release_id: str) -> None:
        """Count one more wrong PIN."""
        one_more = {"wrong_pins": releases.c.wrong_pins + 1}
        self._session.execute(update(releases).where(releases.c.id == release_id).values(**one_more))

    def releases(self, production_id: str) -> Sequence[Release]:
        """The releases of a production."""
        rows = self._session.execute(
            select(releases).where(releases.c.production == production_id).order_by(releases.c.at, releases.c.issue)
        )
        return [_release(row) for row in rows]

    def release(self, release_id: str) -> Release:
        """The release with this id, which nobody else changes until the transaction ends."""
        row = self._session.execute(select(releases).where(releases.c.id == release_id).with_for_update()).first()
        if row is None:
            raise NotFound("There is no such release.")
        return _release(row)

    def release_by_token(self, token_sha256: str) -> Release:
        """The release whose link carries a token with this digest."""
        row = self._session.execute(select(releases).where(releases.c.token_sha256 == token_sha256)).first()
        if row is None:
            raise NotFound("This link is not known. Check that you copied all of it.")
        return _release(row)

    def add_envelope(self, envelope: Envelope) -> None:
        """Record a document that was encrypted for a release's recipient."""
        self._session.execute(insert(envelopes).values(**vars(envelope)))

    def envelopes(self, release_id: str) -> Sequence[Envelope]:
        """What leaves through a release's link encrypted."""
        rows = self._session.execute(
            select(envelopes).where(envelopes.c.release == release_id).order_by(envelopes.c.document)
        )
        return [Envelope(**row._asdict()) for row in rows]

    def add_receipt(self, receipt: Receipt) -> None:
        """Record one download."""
        self._session.execute(insert(receipts).values(**{**vars(receipt), "at": to_text(receipt.at)}))

    def receipts(self, production_id: str) -> Sequence[Receipt]:
        """Every download of a production's documents, oldest first."""
        rows = self._session.execute(
            select(receipts)
            .join(releases, releases.c.id == receipts.c.release)
            .where(releases.c.production == production_id)
            .order_by(receipts.c.id)
        )
        return [_receipt(row) for row in rows]

    def set_progress(self, production_id: str, stage: str, *, done: int, total: int, seconds: float) -> None:
        """Say how far a stage has come, for the page that watches it."""
        key = (progress.c.production == production_id, progress.c.stage == stage)
        values = {"done": done, "total": total, "seconds": seconds}
        if self._session.execute(update(progress).where(*key).values(**values)).rowcount == 0:  # type: ignore[attr-defined]
            self._session.execute(insert(progress).values(production=production_id, stage=stage, **values))

    def progress(self, production_id: str) -> Mapping[str, tuple[int, int, float]]:
        """How far each stage has come: done, total, seconds."""
        rows = self._session.execute(select(progress).where(progress.c.production == production_id))
        return {row.stage: (row.done, row.total, row.seconds) for row in rows}


def _columns(production: Production) -> dict[str, object]:
    return {
        "id": production.id,
        "case_id": production.case,
        "number": production.number,
        "state": production.state,
        "version": production.version,
        "body": to_json(production),
    }


def _document(row: Row[Any]) -> SignedDocument:
    values = row._asdict()
    moments = {"signed_at": from_text(row.signed_at), "kept_until": maybe_moment(row.kept_until)}
    return SignedDocument(**{**values, "kind": DocumentKind(row.kind), **moments})


def _archived(row: Row[Any]) -> ArchivedCopy:
    values = row._asdict()
    return ArchivedCopy(**{**values, "kind": DocumentKind(row.kind), "stamped_at": from_text(row.stamped_at)})


def _release(row: Row[Any]) -> Release:
    values = {name: value for name, value in row._asdict().items() if name != "live"}
    moments = {"expires_at": from_text(row.expires_at), "at": from_text(row.at)}
    return Release(**{**values, **moments, "revoked_at": maybe_moment(row.revoked_at)})


def _release_columns(release: Release) -> dict[str, object]:
    return {
        **vars(release),
        "expires_at": to_text(release.expires_at),
        "at": to_text(release.at),
        "revoked_at": release.revoked_at and to_text(release.revoked_at),
        "live": 1 if release.is_live else None,
    }


def _receipt(row: Row[Any]) -> Receipt:
    return Receipt(
        release=row.release,
        document=row.document,
        at=from_text(row.at),
        first_byte=row.first_byte,
        last_byte=row.last_byte,
    )
