"""Gather: what a production names is read into the spool, and whatever is not as catalogued becomes a named finding."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from requests_portal.bundle.listening import listening_copy
from requests_portal.bundle.silencing import Unsilenceable, silence
from requests_portal.errors import NotFound
from requests_portal.model.actor import SYSTEM
from requests_portal.model.production import Derived, Discrepancy, Gathered, Item, Production, ProductionState
from requests_portal.model.recording import Recording
from requests_portal.model.silence import DerivedFile
from requests_portal.work.outside import Outside, Spool
from requests_portal.work.selection import SOUND

# One checkpoint for each hundred recordings: a cancel is noticed, and a crash repeats, at most that many.
CHUNK = 100
# Decoders let go of Python's lock; a worker has two processors.
DECODERS = 2
SENTENCES = {
    "missing": "{bates}: the store no longer has this recording in the version that was catalogued.",
    "altered": "{bates}: what the store has is not what was catalogued; its digest differs.",
    "unreadable": "{bates}: the store could not be read, though asked several times.",
    "unsilenced": "{bates}: the parts to be silenced could not be silenced, so all of it is held back.",
}


def chunks(production: Production) -> Iterator[tuple[int, int]]:
    """The production's items as ranges of at most CHUNK."""
    total = len(production.items)
    return ((start, min(start + CHUNK, total)) for start in range(0, total, CHUNK))


def gather(outside: Outside, production_id: str, start: int, end: int) -> Gathered | None:
    """Read items `start` to `end` into the spool and make what leaves of them; None when it was cancelled meanwhile."""
    begun = time.perf_counter()
    production, recordings = _to_read(outside, production_id, start, end)
    if production.state is not ProductionState.GATHERING:
        return None
    items = {item.recording: item for item in production.items[start:end]}
    with ThreadPoolExecutor(DECODERS) as decoders:
        read = outside.store.gather_many(recordings, outside.spool, cancelled=lambda: False)
        # Decoding runs beside reading: it takes the processor, and reading waits for the network.
        answers = [
            decoders.submit(_looked_at, outside.spool, items[recording.id], recording, outcome)
            for recording, outcome in read
        ]
        found = [answer.result() for answer in answers]
    _say_how_far(outside, production, end, time.perf_counter() - begun)
    return Gathered(
        discrepancies=tuple(sorted((f for f in found if isinstance(f, Discrepancy)), key=lambda each: each.bates)),
        derived=tuple(sorted((f for f in found if isinstance(f, Derived)), key=lambda each: each.bates)),
    )


def _looked_at(spool: Spool, item: Item, recording: Recording, outcome: object) -> Discrepancy | Derived | None:
    wrong = _discrepancy(item.bates, recording, type(outcome).__name__.lower())
    return wrong or derive(spool, item, recording)


def derive(spool: Spool, item: Item, recording: Recording) -> Discrepancy | Derived | None:
    """Make what leaves instead of a recording, and the copy to listen to; the recording itself is never changed."""
    if SOUND not in item.classes:
        return None
    try:
        produced = _silenced(spool, item, recording)
    except Unsilenceable:
        return _discrepancy(item.bates, recording, "unsilenced")
    leaves = produced or recording
    source, called = spool.path(leaves.sha256), leaves.media_type
    listening = _made(spool, lambda target: listening_copy(source, target, called=called))
    return Derived(bates=item.bates, produced=produced, listening=listening) if produced or listening else None


def _silenced(spool: Spool, item: Item, recording: Recording) -> DerivedFile | None:
    parts = [(each.start, each.end) for each in item.silences]
    source = spool.path(recording.sha256)
    return _made(spool, lambda target: silence(source, target, parts)) if parts else None


def _made(spool: Spool, write: Callable[[Path], str | None]) -> DerivedFile | None:
    made = spool.make(write)
    if made is None:
        return None
    sha256, size, media_type = made
    return DerivedFile(sha256=sha256, size=size, media_type=media_type)


def place_hold(outside: Outside, hold_id: str) -> None:
    """Tell the store to hold each version of a hold, and to let go of those that no hold keeps any more."""
    with outside.reading() as work:
        to_place, to_lift = work.holds.to_place(hold_id), work.holds.to_lift(hold_id)
    # What the store has confirmed is recorded as it goes, so that a crash does not begin again from nothing.
    for start in range(0, max(len(to_place), len(to_lift)), CHUNK):
        part = slice(start, start + CHUNK)
        _tell_store(outside, hold_id, to_place[part], to_lift[part])


def _tell_store(outside: Outside, hold_id: str, to_place: Sequence[Recording], to_lift: Sequence[Recording]) -> None:
    placed = [recording.id for recording in to_place if _set_hold(outside, recording, on=True)]
    lifted = [recording.id for recording in to_lift if _set_hold(outside, recording, on=False)]
    _follow_what_changed(outside, to_place, to_lift)
    with outside.unit_of_work() as work:
        work.holds.placed(hold_id, placed)
        work.holds.lifted(hold_id, lifted)


def _set_hold(outside: Outside, recording: Recording, *, on: bool) -> bool:
    """Whether the store did it; a version that is gone keeps no other one from being held."""
    tell = outside.store.hold if on else outside.store.release_hold
    try:
        tell(recording.key, recording.version_id)
    except NotFound:
        return not on
    return True


def _follow_what_changed(outside: Outside, placed: Sequence[Recording], lifted: Sequence[Recording]) -> None:
    # While the store was told, another case may have begun to hold the same recording, or this hold may have ended.
    with outside.reading() as work:
        to_lift = [recording for recording in placed if not work.holds.is_held(recording.id)]
        to_place = [recording for recording in lifted if work.holds.is_held(recording.id)]
    for recording in to_lift:
        _set_hold(outside, recording, on=False)
    for recording in to_place:
        _set_hold(outside, recording, on=True)


def _to_read(outside: Outside, production_id: str, start: int, end: int) -> tuple[Production, list[Recording]]:
    with outside.reading() as work:
        production = work.productions.get(production_id)
        items: Sequence[Item] = production.items[start:end]
        return production, [work.catalogue.get(item.recording, by=SYSTEM) for item in items]


def _discrepancy(bates: str, recording: Recording, kind: str) -> Discrepancy | None:
    if kind == "fetched":
        return None
    return Discrepancy(bates=bates, recording=recording.id, kind=kind, sentence=SENTENCES[kind].format(bates=bates))


def _say_how_far(outside: Outside, production: Production, done: int, seconds: float) -> None:
    with outside.unit_of_work() as work:
        so_far = work.productions.progress(production.id).get("gather", (0, 0, 0.0))
        work.productions.set_progress(
            production.id, "gather", done=done, total=len(production.items), seconds=so_far[2] + seconds
        )
