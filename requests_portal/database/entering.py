"""Entering what waits into the catalogue: what is there already is compared and never overwritten."""

import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, delete, insert, or_, select
from sqlalchemy.exc import IntegrityError

from requests_portal.database.erasures import erase_again
from requests_portal.database.hold_scopes import HoldScopes
from requests_portal.database.pseudonyms import NAME, RANDOM_BYTES
from requests_portal.database.tables import copies, pseudonyms, recordings
from requests_portal.database.turns import take_turn_to_enter
from requests_portal.database.waiting_lines import (
    NAMES,
    OPEN,
    SOME,
    Refusal,
    WaitingLines,
    beside,
    differing,
    in_order,
    waiting,
)
from requests_portal.days import now
from requests_portal.errors import Conflict

ALWAYS_SAID = ("account", "device", "recorded_at", "zone", "size", "sha256", "media_type")
IN_JSON = frozenset({"speakers", "reviews", "words"})
OTHERWISE = "the catalogue says otherwise of this object and was left as it is"
# Lines entered in one transaction: fewer write the same pages again and again, more keep other writers waiting.
ENTERED = 50_000


def compare(lines: WaitingLines) -> int:
    """Let what the catalogue says already wait no longer, and refuse what it contradicts; how many it said."""
    connection, same = lines.connection, 0
    for at in (_STORED, _TO_BE_UPLOADED):
        known = select(waiting, *beside(recordings)).join(recordings, at)
        unlike = known.where(case((_SAYS_THE_SAME, 0), else_=1) == 1).order_by(waiting.c.line)
        lines.settle(unlike, lambda row: _contradictions(connection, row))
        with connection.begin():
            there = select(recordings.c.id).where(at).exists()
            same += connection.execute(delete(waiting).where(there)).rowcount
    return same


def enter(lines: WaitingLines, new_id: Callable[[], str]) -> Iterator[int]:
    """Enter what waits, some thousand lines a transaction, and yield how many; a kill leaves whole transactions."""
    last = lines.lay_in_order(new_id)
    for start in range(1, last + 1, ENTERED):
        batch = in_order.c.number.between(start, start + ENTERED - 1)
        try:
            yield _enter(lines.connection, batch)
        except IntegrityError:
            # Somebody entered some of it meanwhile.
            compare(lines)
            yield _once_more(lines.connection, batch)


def _once_more(connection: Connection, batch: ColumnElement[bool]) -> int:
    try:
        return _enter(connection, batch)
    except IntegrityError as error:
        raise Conflict("Somebody else enters the same recordings just now. Import the manifest again.") from error


def _enter(connection: Connection, batch: ColumnElement[bool]) -> int:
    connection.execution_options(reads_only=False)
    try:
        with connection.begin():
            take_turn_to_enter(connection)
            _name_customers(connection, batch)
            rows = _of(batch, *(_FROM.get(name, waiting.c[name]) for name in NAMES))
            rows = rows.join(pseudonyms, pseudonyms.c.account == waiting.c.account).order_by(in_order.c.number)
            counted = {"preserve_rowcount": True}
            entered = connection.execute(
                insert(recordings).from_select(NAMES, rows), execution_options=counted
            ).rowcount
            HoldScopes(connection).hold_entered(_of(batch, in_order.c.id), at=now())
            erase_again(connection, _entered(connection, batch), at=now())
            listed = _of(batch, in_order.c.id, waiting.c.copies).where(waiting.c.copies != "")
            for some in connection.execute(listed, execution_options={"yield_per": SOME}).partitions():
                connection.execute(insert(copies), [copy for row in some for copy in _copies(row)])
    finally:
        connection.execution_options(reads_only=True)
    return entered


def _entered(connection: Connection, batch: ColumnElement[bool]) -> Iterator[dict[str, Any]]:
    named = _of(batch, in_order.c.id, waiting.c.bucket, waiting.c.key, waiting.c.version_id)
    yield from (row._asdict() for row in connection.execute(named))


def _of(batch: ColumnElement[bool], *columns: Any) -> Select[Any]:
    return select(*columns).select_from(in_order).join(waiting, waiting.c.line == in_order.c.line).where(batch)


def _name_customers(connection: Connection, batch: ColumnElement[bool]) -> None:
    unnamed = _of(batch, waiting.c.account).outerjoin(pseudonyms, pseudonyms.c.account == waiting.c.account)
    accounts = connection.execute(unnamed.where(pseudonyms.c.account.is_(None)).distinct()).scalars().all()
    if accounts:
        names = [{"account": each, "pseudonym": secrets.token_hex(RANDOM_BYTES)} for each in sorted(accounts)]
        connection.execute(NAME, names)


def _copies(row: Row[Any]) -> Iterator[dict[str, str]]:
    for bucket, key, version_id, kind in json.loads(row.copies):
        yield {"recording_id": row.id, "bucket": bucket, "key": key, "version_id": version_id, "kind": kind}


def _contradictions(connection: Connection, row: Row[Any]) -> list[Refusal]:
    said = row._mapping  # noqa: SLF001 — SQLAlchemy's public name for it
    names = [*ALWAYS_SAID, *(name for name, left_open in OPEN.items() if said[name] != left_open)]
    found = [name for name in differing(row, names) if not (name in IN_JSON and _alike(row, name))]
    if row.copies and not {tuple(each) for each in json.loads(row.copies)} <= _known_copies(connection, row.there_id):
        found.append("copies")
    return [Refusal(line=row.line, column=name, fault=OTHERWISE) for name in found]


def _alike(row: Row[Any], name: str) -> bool:
    """Whether both mean the same: 0 and 0.0 are one number."""
    said, there = (row._mapping[each] for each in (name, f"there_{name}"))  # noqa: SLF001 — same
    return said is not None and there is not None and bool(json.loads(said) == json.loads(there))


def _known_copies(connection: Connection, recording_id: str) -> set[tuple[str, ...]]:
    query = select(copies.c.bucket, copies.c.key, copies.c.version_id, copies.c.kind)
    return {tuple(each) for each in connection.execute(query.where(copies.c.recording_id == recording_id))}


def _says_the_same() -> ColumnElement[bool]:
    always = (waiting.c[name] == recordings.c[name] for name in ALWAYS_SAID)
    left_open = (
        (name, waiting.c[name] == said if said is not None else waiting.c[name].is_(None))
        for name, said in OPEN.items()
    )
    may = (or_(is_open, waiting.c[name] == recordings.c[name]) for name, is_open in left_open)
    return and_(*always, *may, waiting.c.copies == "")


# What a line does not say itself.
_FROM: dict[str, ColumnElement[Any]] = {"id": in_order.c.id, "pseudonym": pseudonyms.c.pseudonym}
_FILE = and_(recordings.c.bucket == waiting.c.bucket, recordings.c.key == waiting.c.key)
_STORED = and_(_FILE, recordings.c.version_id == waiting.c.version_id)
# What is still to be uploaded has no version yet; its key is its own.
_TO_BE_UPLOADED = and_(_FILE, waiting.c.version_id == "")
_SAYS_THE_SAME = _says_the_same()
