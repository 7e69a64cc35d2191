"""Productions in SQL, with their signed documents, releases and receipts."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from requests_portal.database.codec import from_json, to_json
from requests_portal.database.counters import take
from requests_portal.database.moments import from_text, maybe_moment, to_text
from requests_portal.database.tables import (
    archived_copies,
    documents,
    envelopes,
    production_items,
    productions,
    progress,
    receipts,
    recordings,
    releases,
)
from requests_portal.database.turns import take_turn_at_case
from requests_portal.errors import Conflict, NotFound
from requests_portal.model.case import Track
from requests_portal.model.production import (
    ArchivedCopy,
    DocumentKind,
    Envelope,
    Item,
    Production,
    ProductionState,
    Receipt,
    Release,
    SignedDocument,
)

BATCH = 500
# An item as it is kept from which nothing was made, and no part of which is silenced.
_NOTHING_MADE = re.compile(
    r'\{"bates":"([^"\\]*)","recording":"([^"\\]*)","classes":(\["[^"\\]*"(?:,"[^"\\]*")*\])'
    r',"silences":\[\],"produced":null,"listening":null\}'
)
# Where a production still reads its recordings from the spool, or would if it was tried again.
UNSIGNED = frozenset(ProductionState) - {
    ProductionState.SIGNED,
    ProductionState.OFFERED,
    ProductionState.RELEASED,
    ProductionState.CANCELLED,
}
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
        return whole(self._session, body)

    def standing(self, production_id: str) -> tuple[ProductionState, int]:
        """The production's state, and how many items it has, without reading them."""
        state = self._session.execute(select(productions.c.state).where(productions.c.id == production_id)).scalar()
        if state is None:
            raise NotFound("There is no such production.")
        many = select(func.count()).where(production_items.c.production == production_id)
        return ProductionState(state), self._session.execute(many).scalar_one()

    def items(self, production_id: str, start: int, end: int) -> Sequence[Item]:
        """The production's items from `start` to before `end`, in their order."""
        return _items(self._session, production_id, start, end)

    def put_items(self, production_id: str, start: int, items: Sequence[Item]) -> None:
        """Keep what was made of the items from `start` on; only while they are gathered are they changed."""
        query = select(productions.c.state).where(productions.c.id == production_id).with_for_update()
        if self._session.execute(query).scalar() != ProductionState.GATHERING:
            return
        kept = production_items.c
        change = update(production_items).where(kept.production == production_id, kept.position == bindparam("at"))
        rows = [{"at": position, "body": to_json(item)} for position, item in enumerate(items, start)]
        if rows:
            self._session.connection().execute(change, rows)

    def in_spool(self) -> Iterator[str]:
        """The digests of what productions still need in the spool; one may come twice."""
        kept = production_items.c
        of_items = select(recordings.c.sha256).join(production_items, kept.recording == recordings.c.id)
        read = of_items.join(productions).where(productions.c.state.in_(UNSIGNED))
        yield from self._session.execute(read.execution_options(yield_per=BATCH)).scalars()
        yield from self.made()

    def made(self) -> Iterator[str]:
        """The digests of what was made of recordings: it lies nowhere else but inside the bundle it goes beside."""
        kept = production_items.c
        made = select(kept.body).join(productions).where(productions.c.state != ProductionState.CANCELLED)
        with_files = made.where(kept.body.contains('"sha256":')).execution_options(yield_per=BATCH)
        for body in self._session.execute(with_files).scalars():
            item: Item = from_json(body, Item)
            yield from (each.sha256 for each in (item.produced, item.listening) if each is not None)

    def of_case(self, case_id: str) -> Sequence[Production]:
        """The case's productions in the order they were reserved."""
        rows = self._session.execute(
            select(productions.c.body).where(productions.c.case_id == case_id).order_by(productions.c.number)
        )
        return [whole(self._session, body) for (body,) in rows.all()]

    def states(self, case_id: str) -> Sequence[tuple[str, ProductionState]]:
        """The id and state of each of the case's productions, in the order they were reserved, without reading them."""
        columns = productions.c
        query = select(columns.id, columns.state).where(columns.case_id == case_id).order_by(columns.number)
        return [(found, ProductionState(state)) for found, state in self._session.execute(query)]

    def accounts(self, production_id: str) -> Sequence[str]:
        """The accounts whose recordings the production's items are."""
        kept = production_items.c
        of_items = select(recordings.c.account).join(production_items, kept.recording == recordings.c.id)
        found = of_items.where(kept.production == production_id).distinct().order_by(recordings.c.account)
        return list(self._session.execute(found).scalars())

    def add(self, production: Production) -> None:
        """Keep a newly reserved production with its items."""
        take_turn_at_case(self._session, production.case)
        self._session.execute(insert(productions).values(**_columns(production)))
        if production.items:
            self._session.execute(insert(production_items), _item_rows(production))

    def put(self, production: Production) -> Production:
        """Keep a changed production, but for its items; refuses when something else changed it first."""
        take_turn_at_case(self._session, production.case)
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
        return [as_document(row) for row in rows]

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
        return [as_archived(row) for row in rows]

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
        return [as_release(row) for row in rows]

    def release(self, release_id: str) -> Release:
        """The release with this id, which nobody else changes until the transaction ends."""
        row = self._session.execute(select(releases).where(releases.c.id == release_id).with_for_update()).first()
        if row is None:
            raise NotFound("There is no such release.")
        return as_release(row)

    def release_by_token(self, token_sha256: str) -> Release:
        """The release whose link carries a token with this digest."""
        row = self._session.execute(select(releases).where(releases.c.token_sha256 == token_sha256)).first()
        if row is None:
            raise NotFound("This link is not known. Check that you copied all of it.")
        return as_release(row)

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
        return [as_receipt(row) for row in rows]

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


def whole(session: Session, body: str) -> Production:
    """The production that a row's body and its items are."""
    found: Production = from_json(body, Production)
    return replace(found, items=tuple(_items(session, found.id, 0, None)))


def item_counts(session: Session, production_ids: Sequence[str]) -> dict[str, int]:
    """How many items each of these productions has, without reading them."""
    of = production_items.c.production
    counted = session.execute(select(of, func.count()).where(of.in_(production_ids)).group_by(of))
    return dict.fromkeys(production_ids, 0) | {row[0]: row[1] for row in counted}


def _items(session: Session, production_id: str, start: int, end: int | None) -> list[Item]:
    kept = production_items.c
    query = select(kept.body).where(kept.production == production_id, kept.position >= start).order_by(kept.position)
    rows = session.execute(
        (query if end is None else query.where(kept.position < end)).execution_options(yield_per=BATCH)
    )
    return [_item(body) for body in rows.scalars()]


def _item(body: str) -> Item:
    plain = _NOTHING_MADE.fullmatch(body)
    if plain is None:
        item: Item = from_json(body, Item)
        return item
    # All that reading it strictly would give, ten times as fast and in a third of the room: there may be 100,000.
    return Item(bates=plain[1], recording=plain[2], classes=_classes(plain[3]))


@lru_cache(maxsize=16)
def _classes(text: str) -> tuple[str, ...]:
    """The same tuple for the same classes."""
    return tuple(json.loads(text))


def _item_rows(production: Production) -> list[dict[str, object]]:
    return [
        {"production": production.id, "position": position, "recording": item.recording, "body": to_json(item)}
        for position, item in enumerate(production.items)
    ]


def _columns(production: Production) -> dict[str, object]:
    return {
        "id": production.id,
        "case_id": production.case,
        "number": production.number,
        "state": production.state,
        "version": production.version,
        "body": to_json(replace(production, items=())),
    }


def as_document(row: Row[Any]) -> SignedDocument:
    """The signed document that a row holds."""
    values = row._asdict()
    moments = {"signed_at": from_text(row.signed_at), "kept_until": maybe_moment(row.kept_until)}
    return SignedDocument(**{**values, "kind": DocumentKind(row.kind), **moments})


def as_archived(row: Row[Any]) -> ArchivedCopy:
    """The archived copy that a row holds."""
    values = row._asdict()
    return ArchivedCopy(**{**values, "kind": DocumentKind(row.kind), "stamped_at": from_text(row.stamped_at)})


def as_release(row: Row[Any]) -> Release:
    """The release that a row holds."""
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


def as_receipt(row: Row[Any]) -> Receipt:
    """The download that a row holds."""
    return Receipt(
        release=row.release,
        document=row.document,
        at=from_text(row.at),
        first_byte=row.first_byte,
        last_byte=row.last_byte,
    )
