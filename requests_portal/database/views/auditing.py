"""The auditor's views in SQL: the log as it is kept, read from its first entry to its last where it is checked."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, Engine, LargeBinary, and_, func, literal, or_, select, true
from sqlalchemy.orm import Session

from requests_portal.audit_log.checkpoint import BadCheckpoint, Vkey, parse_and_verify
from requests_portal.audit_log.entry import BadEntry, Entry, decode
from requests_portal.audit_log.export import export
from requests_portal.audit_log.proof import InclusionProof, verify_proof
from requests_portal.audit_log.tree import Frontier, Tree, leaf_hash
from requests_portal.audit_log.verdict import Check, Verdict
from requests_portal.database.audit_store import entries, newest_checkpoint
from requests_portal.database.engine import reading
from requests_portal.database.tables import audit_checkpoints, audit_entries, cases
from requests_portal.database.visible import visible
from requests_portal.errors import NotFound
from requests_portal.model.actor import Act, Actor
from requests_portal.work.views.auditing import PAGE_ROWS, EntryPage, LogPage, LogQuery

BATCH = 1000
EMPTY = "The log has no entries yet."


class SqlAuditViews:
    """Fulfils the AuditViews port; `vkey` is the log's public key as one line."""

    def __init__(self, engine: Engine, vkey: str) -> None:
        self._engine = reading(engine)
        self._vkey = vkey

    def log(self, query: LogQuery, *, by: Actor) -> LogPage:
        """One page of the log, newest entry first."""
        by.must(Act.READ_LOG)
        chosen = _chosen(query, by)
        with Session(self._engine) as session:
            total = session.execute(select(func.count()).select_from(audit_entries).where(chosen)).scalar_one()
            pages = max(1, -(-total // PAGE_ROWS))
            page = min(max(1, query.page), pages)
            newest = select(audit_entries.c.index, audit_entries.c.entry).where(chosen)
            newest = newest.order_by(audit_entries.c.index.desc())
            rows = session.execute(newest.limit(PAGE_ROWS).offset((page - 1) * PAGE_ROWS))
            found = tuple((index, _entry(_raw(encoded))) for index, encoded in rows)
            return LogPage(
                entries=found,
                references=_references(session, [entry.case for _, entry in found if entry and entry.case], by),
                total=total,
                page=page,
                pages=pages,
                size=_size(session),
                checkpoint=newest_checkpoint(session),
            )

    def verify(self, *, by: Actor) -> Verdict:
        """Recompute the whole log, compare it with every checkpoint, and say which entry is the first broken one."""
        by.must(Act.READ_LOG)
        with Session(self._engine) as session:
            note = _newest(session)
            walk = _walked(session)
        signature = _signature(note, Vkey.parse(self._vkey))
        return Verdict(
            checks=(_form(walk), _root(walk), signature),
            size=walk.frontier.size,
            root=walk.frontier.root.hex(),
            first_broken=walk.first_broken,
        )

    def entry(self, index: int, *, by: Actor) -> EntryPage:
        """The entry at an index, from 0, with the proof that the newest checkpoint covers it."""
        by.must(Act.READ_LOG)
        with Session(self._engine) as session:
            note = _newest(session)
            tree = Tree(leaf_hash(encoded) for encoded in entries(session))
            encoded = next(entries(session, start=index, end=index + 1), None)
            if encoded is None or index >= tree.size:
                raise NotFound("The log has no entry with this number.")
            found = _entry(encoded)
            references = _references(session, [found.case] if found and found.case else [], by)
        proof = InclusionProof(
            entry=encoded,
            index=index,
            size=tree.size,
            hashes=tree.inclusion_proof(index, tree.size),
            checkpoint=note,
        )
        return EntryPage(
            entry=found,
            proof=proof,
            leaf=leaf_hash(encoded).hex(),
            root=tree.root(tree.size).hex(),
            reference=next(iter(references.values()), None),
            verdict=verify_proof(proof, Vkey.parse(self._vkey)),
            last=tree.size - 1,
        )

    def checkpoint(self, *, by: Actor) -> str:
        """The newest checkpoint as signed text; raises NotFound while the log is empty."""
        by.must(Act.READ_LOG)
        with Session(self._engine) as session:
            return _newest(session)

    def export(self, folder: Path, *, by: Actor) -> None:
        """Write the log to a new folder that anyone can check; raises Unusable when it is not what was signed."""
        by.must(Act.READ_LOG)
        with Session(self._engine) as session:
            export(entries(session), _newest(session), self._vkey, folder)


@dataclass(frozen=True, kw_only=True)
class _Walk:
    """One reading of all entries: the tree they give, the first fault in form, and the first in substance."""

    frontier: Frontier
    signed: int
    malformed: tuple[int, str] | None
    altered: tuple[int, str] | None

    @property
    def first_broken(self) -> int | None:
        """The index, from 0, of the first faulty entry."""
        return min((fault[0] for fault in (self.malformed, self.altered) if fault), default=None)


def _walked(session: Session) -> _Walk:
    checkpoints = _checkpoints(session)
    malformed: tuple[int, str] | None = None
    altered: tuple[int, str] | None = None
    frontier, sound = Frontier(), 0
    for index, encoded in _numbered(session):
        if index != frontier.size:
            altered = altered or (frontier.size, f"Entry {frontier.size:,} is missing.")
            break
        malformed = malformed or _malformed(index, encoded)
        frontier = frontier.append(leaf_hash(encoded))
        expected = checkpoints.get(frontier.size)
        if expected is not None and altered is None:
            altered = _altered(sound, frontier, expected)
            sound = frontier.size
    signed = max(checkpoints, default=0)
    return _Walk(frontier=frontier, signed=signed, malformed=malformed, altered=altered or _ends(frontier, signed))


def _checkpoints(session: Session) -> Mapping[int, str]:
    """The signed root in base64 at each size that a checkpoint was made for."""
    rows = session.execute(select(audit_checkpoints.c.size, audit_checkpoints.c.text))
    return {size: text.split("\n")[2] for size, text in rows}


def _numbered(session: Session) -> Iterator[tuple[int, bytes]]:
    query = select(audit_entries.c.index, audit_entries.c.entry).order_by(audit_entries.c.index)
    for index, encoded in session.execute(query.execution_options(yield_per=BATCH)):
        yield index, _raw(encoded)


def _raw(encoded: bytes | str) -> bytes:
    # SQLite keeps text in a column of bytes, if somebody puts it there.
    return encoded.encode() if isinstance(encoded, str) else bytes(encoded)


def _entry(encoded: bytes) -> Entry | None:
    """The entry, or None for bytes that are none: the page must show a broken log too."""
    try:
        return decode(encoded)
    except BadEntry:
        return None


def _malformed(index: int, encoded: bytes) -> tuple[int, str] | None:
    try:
        decode(encoded)
    except BadEntry as refusal:
        return index, f"Entry {index:,} is not in the log's form. {refusal.sentence}"
    return None


def _altered(sound: int, frontier: Frontier, expected: str) -> tuple[int, str] | None:
    """Compare the tree with a checkpoint; `sound` is the size up to which an earlier one agreed."""
    if base64.b64encode(frontier.root).decode() == expected:
        return None
    last = frontier.size - 1
    if last == sound:
        return sound, f"Entry {sound:,} is not the one that was signed: it was changed, put in or moved."
    return sound, f"Between entry {sound:,} and entry {last:,} something was changed, put in or moved after signing."


def _ends(frontier: Frontier, signed: int) -> tuple[int, str] | None:
    if frontier.size < signed:
        return frontier.size, f"The entries from {frontier.size:,} on are missing: {signed:,} were signed."
    if frontier.size > signed:
        return signed, f"Entry {signed:,} and what follows was never signed."
    return None


def _form(walk: _Walk) -> Check:
    if walk.malformed:
        return Check(id="entries", passed=False, sentence=walk.malformed[1])
    return Check(id="entries", passed=True, sentence=f"All {walk.frontier.size:,} entries are in the log's form.")


def _root(walk: _Walk) -> Check:
    if walk.altered:
        return Check(id="root", passed=False, sentence=walk.altered[1])
    sentence = "Hashed again from the first to the last, the entries give the root of every checkpoint ever signed."
    return Check(id="root", passed=True, sentence=sentence)


def _signature(note: str, vkey: Vkey) -> Check:
    try:
        parse_and_verify(note, vkey)
    except BadCheckpoint as refusal:
        return Check(id="checkpoint", passed=False, sentence=refusal.sentence)
    return Check(id="checkpoint", passed=True, sentence=f"The newest checkpoint is signed by {vkey.name}.")


def _newest(session: Session) -> str:
    note = newest_checkpoint(session)
    if note is None:
        raise NotFound(EMPTY)
    return note


def _size(session: Session) -> int:
    return int(session.execute(select(func.count()).select_from(audit_entries)).scalar_one())


def _chosen(query: LogQuery, by: Actor) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if query.act:
        # Canonical JSON sorts its members, so the act comes first in every entry.
        prefix = f'{{"act":"{query.act}",'.encode()
        conditions.append(func.substr(audit_entries.c.entry, 1, len(prefix)) == literal(prefix, LargeBinary))
    if query.case:
        named = select(cases.c.id).where(cases.c.reference == query.case, visible(by))
        conditions.append(or_(audit_entries.c.case_id == query.case, audit_entries.c.case_id.in_(named)))
    return and_(*conditions)


def _references(session: Session, ids: Sequence[str], by: Actor) -> Mapping[str, str]:
    rows = session.execute(select(cases.c.id, cases.c.reference).where(cases.c.id.in_(set(ids)), visible(by)))
    return {case: reference for case, reference in rows}  # noqa: C416 — rows are pairs, not a mapping
