"""A worker: who executes durable work, under which stable name, and whether it is still heard of."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# A worker is heard of this often; one that was not heard of for so long has lost its name to whoever asks for it.
BEAT = timedelta(seconds=3)
LEASE = timedelta(seconds=25)


@dataclass(frozen=True, kw_only=True)
class Worker:
    """One start of one worker; neither its seat nor its machine says where that is."""

    name: str
    id: str
    seat: str
    machine: str
    version: str
    began_at: datetime
    beat_at: datetime
    beats: int = 0
    # Asked to take nothing new, and to end when what it has begun is done.
    draining: bool = False
    ended_at: datetime | None = None

    def is_alive(self, at: datetime) -> bool:
        """Whether it has not ended and was heard of within the lease."""
        return self.ended_at is None and abs(at - self.beat_at) <= LEASE
