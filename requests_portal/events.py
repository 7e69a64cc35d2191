"""The worker's ear at the store's queue: it takes messages until the block ends, and outlasts whatever goes wrong."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from requests_portal.errors import Refused
from requests_portal.work.events import Queue, take_events
from requests_portal.work.look import Objects
from requests_portal.work.outside import Outside

# After a turn that failed, and after one in which the store gave no answer.
PAUSE_SECONDS = 5.0
STOP_SECONDS = 30.0
log = logging.getLogger(__name__)


@contextmanager
def listening(
    outside: Outside, objects: Objects, queue: Queue, *, new_id: Callable[[], str], pause: float = PAUSE_SECONDS
) -> Iterator[None]:
    """Take the queue's messages in a thread of its own until the block ends."""
    over = threading.Event()

    def go() -> None:
        while not over.is_set():
            if not _went_well(outside, objects, queue, new_id):
                over.wait(pause)

    thread = threading.Thread(target=go, name="events", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=STOP_SECONDS)


def _went_well(outside: Outside, objects: Objects, queue: Queue, new_id: Callable[[], str]) -> bool:
    try:
        taken = take_events(outside.reading, outside.unit_of_work, objects, queue, new_id=new_id)
    except Refused as refusal:
        log.warning("events: %s", refusal.sentence)
        return False
    except Exception as error:  # noqa: BLE001 — its messages come again; the type alone, a message may hold personal data
        log.warning("a turn of events failed: %s", type(error).__name__)
        return False
    return not taken.left
