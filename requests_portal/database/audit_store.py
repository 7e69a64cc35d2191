"""The audit log in SQL: entries join the act's own transaction, and its last step appends them to the tree."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from requests_portal.audit_log.checkpoint import Checkpoint, CheckpointKey, sign
from requests_portal.audit_log.entry import Entry, commit, decode, encode
from requests_portal.audit_log.proof import InclusionProof
from requests_portal.audit_log.tree import Frontier, Tree, leaf_hash
from requests_portal.database.tables import audit_checkpoints, audit_entries, audit_head, audit_private
from requests_portal.errors import NotFound
from requests_portal.model.actor import Actor, Role

# The advisory lock under which PostgreSQL appends; SQLite's BEGIN IMMEDIATE already lets one writer at a time.
APPEND_LOCK = 0x0A0D17


@dataclass(frozen=True, kw_only=True)
class LogIdentity:
    """The log's name and its signing key."""

    origin: str
    key: CheckpointKey


@dataclass
class _Waiting:
    entry: Entry
    private: list[tuple[str, bytes, str]] = field(default_factory=list)


class SqlAudit:
    """Fulfils the Audit port; `flush` is the last thing in the transaction."""

    def __init__(
        self,
        session: Session,
        *,
        log: LogIdentity,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        new_salt: Callable[[], bytes],
    ) -> None:
        self._session = session
        self._log = log
        self._now = now
        self._new_id = new_id
        self._new_salt = new_salt
        self._waiting: list[_Waiting] = []

    def add(
        self,
        act: str,
        *,
        by: Actor,
        case: str | None = None,
        subjects: Mapping[str, str] | None = None,
        numbers: Mapping[str, int] | None = None,
        words: Mapping[str, str] | None = None,
        private: Mapping[str, str] | None = None,
    ) -> None:
        """Record an act; `private` values enter the log only as commitments."""
        kept = dict(private or {})
        if by.role is Role.CUSTOMER:
            kept["actor"] = by.id
        salted = [(name, self._new_salt(), value) for name, value in kept.items()]
        commitments = {name: commit(salt, name, value) for name, salt, value in salted}
        entry = Entry(
            id=self._new_id(),
            at=self._now(),
            act=act,
            actor=commitments.pop("actor", by.id),
            role=str(by.role),
            case=case,
            digests=dict(subjects or {}),
            numbers=dict(numbers or {}),
            words=dict(words or {}),
            commitments=commitments,
        )
        self._waiting.append(_Waiting(entry, salted))

    def proof(self, act: str, *, case: str, number: tuple[str, int]) -> InclusionProof:
        """The case's newest entry of an act with this number, and its proof in the first checkpoint that covers it.

        The same proof each time, however far the log has grown since.
        """
        index, encoded = self._newest(act, case, number)
        covering = select(audit_checkpoints).where(audit_checkpoints.c.size > index).order_by(audit_checkpoints.c.size)
        row = self._session.execute(covering.limit(1)).one()
        tree = Tree(leaf_hash(each) for each in entries(self._session, end=row.size))
        return InclusionProof(
            entry=encoded,
            index=index,
            size=row.size,
            hashes=tree.inclusion_proof(index, row.size),
            checkpoint=row.text,
        )

    def _newest(self, act: str, case: str, number: tuple[str, int]) -> tuple[int, bytes]:
        of_case = select(audit_entries.c.index, audit_entries.c.entry).where(audit_entries.c.case_id == case)
        for index, entry in self._session.execute(of_case.order_by(audit_entries.c.index.desc())):
            found = decode(bytes(entry))
            if found.act == act and found.numbers.get(number[0]) == number[1]:
                return index, bytes(entry)
        raise NotFound("The audit log holds no such entry.")

    def flush(self) -> None:
        """Append what was recorded to the tree and sign the new checkpoint; nothing to do for a reading."""
        if not self._waiting:
            return
        frontier = self._locked_head()
        for waiting in self._waiting:
            frontier = frontier.append(self._write(waiting, frontier.size))
        self._session.execute(update(audit_head).values(frontier=frontier.encode()))
        checkpoint = Checkpoint(origin=self._log.origin, size=frontier.size, root=frontier.root)
        note = sign(checkpoint, self._log.key, self._log.origin)
        self._session.execute(insert(audit_checkpoints).values(size=frontier.size, text=note))
        self._waiting.clear()

    def _locked_head(self) -> Frontier:
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": APPEND_LOCK})
        encoded = self._session.execute(select(audit_head.c.frontier)).scalar()
        if encoded is None:
            self._session.execute(insert(audit_head).values(id=1, frontier=Frontier().encode()))
            return Frontier()
        return Frontier.decode(encoded)

    def _write(self, waiting: _Waiting, index: int) -> bytes:
        encoded = encode(waiting.entry)
        values = {"index": index, "case_id": waiting.entry.case, "entry": encoded}
        self._session.execute(insert(audit_entries).values(**values))
        for name, salt, value in waiting.private:
            self._session.execute(insert(audit_private).values(index=index, field=name, salt=salt, value=value))
        return leaf_hash(encoded)


def entries(session: Session, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """Yield the log's entries in order, from `start` (included) to `end` (excluded)."""
    query = select(audit_entries.c.entry).where(audit_entries.c.index >= start).order_by(audit_entries.c.index)
    if end is not None:
        query = query.where(audit_entries.c.index < end)
    for (entry,) in session.execute(query.execution_options(yield_per=1000)):
        yield bytes(entry)


def newest_checkpoint(session: Session) -> str | None:
    """The newest signed checkpoint, or None while the log is empty."""
    found: str | None = session.execute(
        select(audit_checkpoints.c.text).order_by(audit_checkpoints.c.size.desc()).limit(1)
    ).scalar()
    return found
