"""Workers in SQL: who holds which name, and the beats that say so."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from requests_portal.database.moments import from_text, maybe_moment, maybe_text, to_text
from requests_portal.database.tables import workers
from requests_portal.model.worker import Worker


class SqlWorkers:
    """Fulfils the Workers port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, name: str) -> Worker | None:
        """Whoever had the name last."""
        found = self._session.execute(select(workers).where(workers.c.name == name)).first()
        return None if found is None else _worker(found)

    def all(self) -> Sequence[Worker]:
        """Every worker there was, by name."""
        return [_worker(row) for row in self._session.execute(select(workers).order_by(workers.c.name))]

    def take(self, worker: Worker, *, over: Worker | None) -> bool:
        """Give the name to this worker; False where another was quicker, or `over` was heard of meanwhile."""
        if over is None:
            return self._insert(worker)
        unheard = (workers.c.name == over.name, workers.c.id == over.id, workers.c.beats == over.beats)
        return self._update(unheard, _values(worker))

    def beat(self, worker: Worker, *, at: datetime) -> Worker | None:
        """Note that the worker is alive, and answer with its row; None once the name is somebody else's."""
        values = {"beat_at": to_text(at), "beats": workers.c.beats + 1}
        return self.find(worker.name) if self._update(_ours(worker), values) else None

    def drain(self, worker: Worker) -> None:
        """Ask the worker to take nothing new and to end."""
        self._update(_ours(worker), {"draining": True})

    def ended(self, worker: Worker, *, at: datetime) -> bool:
        """Let go of the name; False where it has been somebody else's, or has ended, already."""
        return self._update((*_ours(worker), workers.c.ended_at.is_(None)), {"ended_at": to_text(at)})

    def _insert(self, worker: Worker) -> bool:
        try:
            with self._session.begin_nested():
                self._session.execute(insert(workers).values(**_values(worker)))
        except IntegrityError:
            return False
        return True

    def _update(self, where: tuple[Any, ...], values: dict[str, Any]) -> bool:
        done = self._session.execute(update(workers).where(*where).values(**values))
        return bool(done.rowcount)  # type: ignore[attr-defined]


def _ours(worker: Worker) -> tuple[Any, ...]:
    return (workers.c.name == worker.name, workers.c.id == worker.id)


def _values(worker: Worker) -> dict[str, Any]:
    texts = {"began_at": to_text(worker.began_at), "beat_at": to_text(worker.beat_at)}
    return vars(worker) | texts | {"ended_at": maybe_text(worker.ended_at)}


def _worker(row: Row[Any]) -> Worker:
    found = row._mapping  # noqa: SLF001 — SQLAlchemy's own name for a row as a mapping
    moments = {"began_at": from_text(found["began_at"]), "beat_at": from_text(found["beat_at"])}
    return Worker(**{**found, **moments, "ended_at": maybe_moment(found["ended_at"])})
