"""A piece of durable work that has not ended, and whether anybody is at it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from requests_portal.model.worker import Worker


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One workflow on one subject, under the version of the release that filed it; `worker` is "" until one begins."""

    id: str
    workflow: str
    subject: str
    version: str
    worker: str
    at: datetime

    def is_moving(self, workers: Iterable[Worker], *, version: str, at: datetime) -> bool:
        """Whether it goes on by itself: begun by a living worker of its release, or waiting for one that can come."""
        alive = [each for each in workers if each.is_alive(at) and each.version == self.version]
        if self.worker:
            return any(each.name == self.worker for each in alive)
        return self.version == version or bool(alive)
