"""The productions of a case as its pages show them: in as many queries for one as for many, their items counted."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, Select, Table, select
from sqlalchemy.orm import Session

from requests_portal.database.catalogue import as_recording
from requests_portal.database.codec import from_json
from requests_portal.database.productions import (
    as_archived,
    as_document,
    as_receipt,
    as_release,
    item_counts,
    whole,
)
from requests_portal.database.recalls import as_recalled
from requests_portal.database.tables import (
    archived_copies,
    documents,
    envelopes,
    productions,
    progress,
    recalls,
    receipts,
    recordings,
    releases,
)
from requests_portal.model.production import Envelope, Production
from requests_portal.work.views.desk import ProductionView

# How many recordings of a production its pages list; the bundle lists them all.
CERTIFIED = 200


def productions_of(session: Session, case_id: str) -> tuple[ProductionView, ...]:
    """Every production of the case in the order in which they were reserved, their items counted and not read."""
    query = select(productions.c.body).where(productions.c.case_id == case_id).order_by(productions.c.number)
    return _views(session, [from_json(body, Production) for body in session.execute(query).scalars()])


def production_of(session: Session, case_id: str, number: int) -> ProductionView | None:
    """One production of the case with its items, and the first of its recordings."""
    query = select(productions.c.body).where(productions.c.case_id == case_id, productions.c.number == number)
    body = session.execute(query).scalar()
    if body is None:
        return None
    production = whole(session, body)
    (view,) = _views(session, [production])
    ids = [item.recording for item in production.items[:CERTIFIED]]
    rows = session.execute(select(recordings).where(recordings.c.id.in_(ids)))
    return replace(view, recordings={row.id: as_recording(row) for row in rows})


def _views(session: Session, made: Sequence[Production]) -> tuple[ProductionView, ...]:
    if not made:
        return ()
    ids = [each.id for each in made]
    many = item_counts(session, ids)
    of = {table: table.c.production.in_(ids) for table in (documents, archived_copies, releases)}
    document = _grouped(session, _in_volumes(documents).where(of[documents]))
    copy = _grouped(session, _in_volumes(archived_copies).where(of[archived_copies]))
    issued = releases.c.at, releases.c.issue
    release = _grouped(session, select(releases).where(of[releases]).order_by(*issued))
    sealed = select(releases.c.production, envelopes).join(releases, releases.c.id == envelopes.c.release)
    sealed = sealed.where(of[releases], releases.c.certificate != "").order_by(*issued, envelopes.c.document)
    envelope = _grouped(session, sealed)
    downloaded = select(releases.c.production, receipts).join(releases, releases.c.id == receipts.c.release)
    receipt = _grouped(session, downloaded.where(of[releases]).order_by(receipts.c.id))
    stages = _grouped(session, select(progress).where(progress.c.production.in_(ids)))
    recalled = _recalled(session, ids)
    return tuple(
        ProductionView(
            production=each,
            items=many[each.id],
            documents=tuple(map(as_document, document[each.id])),
            archived=tuple(map(as_archived, copy[each.id])),
            releases=tuple(map(as_release, release[each.id])),
            envelopes=tuple(Envelope(**_without_production(row)) for row in envelope[each.id]),
            recalled=as_recalled(recalled[each.id][0]) if each.id in recalled else None,
            replaced_by=recalled[each.id][1] if each.id in recalled else None,
            receipts=tuple(map(as_receipt, receipt[each.id])),
            progress={row.stage: (row.done, row.total, row.seconds) for row in stages[each.id]},
            recordings={},
        )
        for each in made
    )


def _in_volumes(table: Table) -> Select[Any]:
    return select(table).order_by(table.c.kind, table.c.volume)


def _grouped(session: Session, query: Select[Any]) -> Mapping[str, list[Row[Any]]]:
    grouped: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(query):
        grouped[row.production].append(row)
    return grouped


def _recalled(session: Session, ids: Sequence[str]) -> dict[str, tuple[Row[Any], int | None]]:
    """Each recall, with the number of the production that took its place."""
    rows = session.execute(select(recalls).where(recalls.c.production.in_(ids))).all()
    instead = [row.replaced_by for row in rows if row.replaced_by]
    named = session.execute(select(productions.c.id, productions.c.number).where(productions.c.id.in_(instead)))
    numbers = {row.id: row.number for row in named}
    return {row.production: (row, numbers.get(row.replaced_by)) for row in rows}


def _without_production(row: Row[Any]) -> dict[str, Any]:
    return {name: value for name, value in row._asdict().items() if name != "production"}
