"""Gather: what a production names is read into the spool, and whatever is not as catalogued becomes a named finding."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from requests_portal.bundle.listening import listening_copy
from requests_portal.bundle.silencing import Unsilenceable, silence
from requests_portal.errors import GatherCancelled
from requests_portal.model.actor import SYSTEM
from requests_portal.model.production import Derived, Discrepancy, Gathered, Item, Production, ProductionState
from requests_portal.model.recording import Recording
from requests_portal.model.silence import DerivedFile
from requests_portal.work.outside import Outside, Spool
from requests_portal.work.ports import Work
from requests_portal.work.produce import with_what_was_made
from requests_portal.work.selection import SOUND

Found = TypeVar("Found", Discrepancy, Derived)
# One checkpoint for each hundred recordings; what a crash leaves in the spool of the next hundred is not read again.
CHUNK = 100
# A cancel is noticed within a second.
ASK_SECONDS = 1.0
# Decoders let go of Python's lock; a worker has two processors.
DECODERS = 2
UNREAD = frozenset({"missing", "denied", "unreadable"})
SENTENCES = {
    "missing": "{bates}: the store no longer has this recording in the version that was catalogued.",
    "denied": "{bates}: the store refuses to give us this recording, so it could not be read.",
    "altered": "{bates}: what the store has is not what was catalogued; its digest differs.",
    "unreadable": "{bates}: the store could not be read, though asked several times.",
    "unsilenced": "{bates}: the parts to be silenced could not be silenced, so all of it is held back.",
}


def chunks(total: int) -> Iterator[tuple[int, int]]:
    """So many items as ranges of at most CHUNK."""
    return ((start, min(start + CHUNK, total)) for start in range(0, total, CHUNK))


def gather(outside: Outside, production_id: str, start: int, end: int) -> Gathered | None:
    """Read items `start` to `end` into the spool and make what leaves of them; None when it was cancelled meanwhile."""
    begun = time.perf_counter()
    stopped = _Stopped(outside, production_id)
    if stopped.now():
        return None
    with outside.reading() as work:
        items = work.productions.items(production_id, start, end)
        recordings = work.catalogue.of([item.recording for item in items], by=SYSTEM)
    try:
        found = _read(outside, items, recordings, stopped)
    except GatherCancelled:
        return None
    made = with_what_was_made(items, [found])
    with outside.unit_of_work() as work:
        work.productions.put_items(production_id, start, made)
        _say_how_far(work, production_id, end, time.perf_counter() - begun)
    # What was made is with the items; only what is wrong goes on to where all of it comes together.
    return replace(found, derived=())


def is_answered(outside: Outside, found: Gathered) -> bool:
    """Whether the bucket of each recording that was not read answers; one that does not says nothing of a recording."""
    unread = [each.recording for each in found.discrepancies if each.kind in UNREAD]
    if not unread:
        return True
    with outside.reading() as work:
        recordings = work.catalogue.of(unread, by=SYSTEM)
    return _all_answer(outside, {each.bucket for each in recordings.values()})


def read_again(outside: Outside, production: Production, *, volume: int = 1) -> None:
    """Read what was gathered and no longer lies in the spool, such as after a restore; nothing is recorded anew."""
    known = {each.recording for each in production.discrepancies}
    # The first volume tells of all of them.
    here = production.in_volumes[volume - 1]
    needed = production.items if volume == 1 else production.items[here.start : here.end]
    for start, end in chunks(len(needed)):
        items = [each for each in needed[start:end] if each.recording not in known]
        with outside.reading() as work:
            recordings = work.catalogue.of([each.recording for each in items], by=SYSTEM)
        there = [each for each in items if each.recording in recordings]
        lacking = [each for each in there if _lacks(outside.spool, each, recordings[each.recording])]
        if lacking:
            _read_once(outside, lacking, recordings, lambda: False)


def _lacks(spool: Spool, item: Item, recording: Recording) -> bool:
    needed = (recording, item.produced, item.listening)
    return not all(spool.has(each.sha256) for each in needed if each is not None)


class _Stopped:
    """Whether the production is gathered no more; the database is asked at most once a second."""

    def __init__(self, outside: Outside, production_id: str) -> None:
        self._outside = outside
        self._production = production_id
        self._asked = time.monotonic()

    def __call__(self) -> bool:
        """Whether it was so when it was last asked."""
        if time.monotonic() - self._asked < ASK_SECONDS:
            return False
        self._asked = time.monotonic()
        return self.now()

    def now(self) -> bool:
        """Whether it is so now."""
        with self._outside.reading() as work:
            state, _ = work.productions.standing(self._production)
        return state is not ProductionState.GATHERING


def _read(
    outside: Outside, items: Sequence[Item], recordings: Mapping[str, Recording], stopped: Callable[[], bool]
) -> Gathered:
    """Read all; what could not be read is read once more where the store answers: it may just have come back."""
    first = _read_once(outside, items, recordings, stopped)
    doubtful = {each.recording for each in first.discrepancies if each.kind == "unreadable"}
    if not doubtful or not _all_answer(outside, {recordings[each].bucket for each in doubtful}):
        return first
    second = _read_once(outside, [item for item in items if item.recording in doubtful], recordings, stopped)
    certain = tuple(each for each in first.discrepancies if each.recording not in doubtful)
    return Gathered(
        discrepancies=_in_order(certain, second.discrepancies), derived=_in_order(first.derived, second.derived)
    )


def _all_answer(outside: Outside, buckets: Iterable[str]) -> bool:
    return all(outside.store.of_bucket(bucket).answers() for bucket in buckets)


def _in_order(*found: Iterable[Found]) -> tuple[Found, ...]:
    return tuple(sorted((each for some in found for each in some), key=lambda each: each.bates))


def _read_once(
    outside: Outside, items: Sequence[Item], recordings: Mapping[str, Recording], stopped: Callable[[], bool]
) -> Gathered:
    item_of = {item.recording: item for item in items}
    with ThreadPoolExecutor(DECODERS) as decoders:
        read = outside.store.gather_many(
            [recordings[item.recording] for item in items], outside.spool, cancelled=stopped
        )
        # Decoding runs beside reading: it takes the processor, and reading waits for the network.
        answers = [
            decoders.submit(_looked_at, outside.spool, item_of[recording.id], recording, outcome)
            for recording, outcome in read
        ]
        found = [answer.result() for answer in answers]
    return Gathered(
        discrepancies=_in_order(each for each in found if isinstance(each, Discrepancy)),
        derived=_in_order(each for each in found if isinstance(each, Derived)),
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


def _discrepancy(bates: str, recording: Recording, kind: str) -> Discrepancy | None:
    if kind == "fetched":
        return None
    return Discrepancy(bates=bates, recording=recording.id, kind=kind, sentence=SENTENCES[kind].format(bates=bates))


def _say_how_far(work: Work, production_id: str, done: int, seconds: float) -> None:
    _, total = work.productions.standing(production_id)
    _, _, before = work.productions.progress(production_id).get("gather", (0, 0, 0.0))
    work.productions.set_progress(production_id, "gather", done=done, total=total, seconds=before + seconds)
