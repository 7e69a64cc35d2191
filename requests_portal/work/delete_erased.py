"""Delete erased: the store loses every object of what was erased, as soon as no hold keeps it.

Each deletion is announced, done and recorded. A worker that dies in between, or a store that does not answer, is made
up for at the next turn, and never given up. A hold that comes after the announcement reaches the store first or finds
the object gone: the store denies deleting what it holds, and it is asked for the recording itself before the rest.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from requests_portal.errors import Conflict, Forbidden, NoBucket, Refused
from requests_portal.model.actor import SYSTEM
from requests_portal.model.erasure import Erasing, ToDelete
from requests_portal.model.stored import Stored
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work

CHUNK = 100
DELETERS = 8
TURN_SECONDS = 60.0
T = TypeVar("T")


def delete_erased(outside: Outside) -> None:
    """Delete what is due, some hundred at a time; what the store denies or does not answer stays to be deleted."""
    until = time.monotonic() + TURN_SECONDS
    while time.monotonic() < until:
        with outside.unit_of_work() as work:
            looked_at, part = work.erasures.begin(at=work.now(), most=CHUNK)
            gone = work.absent_buckets.taken_as_gone()
        if not looked_at:
            break
        answers = _all(part, partial(_deleted, outside, gone))
        _record(outside, list(zip(part, answers, strict=True)))
    _delete_late_copies(outside)


@dataclass(frozen=True, kw_only=True)
class _Answered:
    """What came of one deletion: None where all of it is gone, and the buckets that the store says do not exist."""

    failure: Erasing | None
    absent: frozenset[str] = frozenset()


def _record(outside: Outside, answered: Sequence[tuple[ToDelete, _Answered]]) -> None:
    lost = [each for each, answer in answered if answer.failure is None]
    absent = {each.recording: answer.absent for each, answer in answered if answer.absent}
    with outside.unit_of_work() as work:
        at = work.now()
        # These wait for a hold that is being written, so they come first: nobody may wait for us meanwhile.
        gone = [each for each in lost if not each.is_held and work.erasures.deleted(each, at=at)]
        for each in lost:
            if each.is_held:
                work.erasures.copies_deleted(each.recording, each.objects)
        for each, answer in answered:
            if answer.failure is not None:
                work.erasures.failed(each.recording, answer.failure, at=at)
        _say_absent(
            work, frozenset().union(*absent.values()), {stored.bucket for each in lost for stored in each.objects}
        )
        if gone:
            _say_gone(
                work,
                [each.recording for each in gone],
                in_absent=len({each.recording for each in gone} & absent.keys()),
            )
    for sha256 in (sha256 for each in gone for sha256 in each.spooled):
        outside.spool.remove(sha256)


def _say_absent(work: Work, absent: frozenset[str], asked: Iterable[str]) -> None:
    for bucket in sorted(absent):
        work.absent_buckets.said(bucket, at=work.now())
    work.absent_buckets.answered(frozenset(asked) - absent, at=work.now())


def _say_gone(work: Work, recordings: Sequence[str], *, in_absent: int) -> None:
    """Commit to what was deleted by what stays on record of it, and say of how many the bucket was gone."""
    numbers = {"recordings": len(recordings)} | ({"bucket_gone": in_absent} if in_absent else {})
    remembered = {"recordings": work.erasures.digest_of(recordings)}
    work.audit.add("recordings_erased", by=SYSTEM, numbers=numbers, private=remembered)


def _delete_late_copies(outside: Outside) -> None:
    with outside.reading() as work:
        late, gone = work.erasures.late_copies(at=work.now(), most=CHUNK), work.absent_buckets.taken_as_gone()
    for copy, answer in zip(late, _all(late, lambda each: _lost_late(outside, each, gone)), strict=True):
        with outside.unit_of_work() as work:
            work.erasures.late_copy_answered(copy, answer.failure, at=work.now())
            _say_absent(work, answer.absent, [copy.bucket] if answer.failure is None else [])


def _lost_late(outside: Outside, copy: Stored, gone: frozenset[str]) -> _Answered:
    # What is another recording's own goes with that one.
    return _Answered(failure=None) if _needed(outside, [copy]) else _lost(outside, [copy], gone)


def _deleted(outside: Outside, gone: frozenset[str], each: ToDelete) -> _Answered:
    # A hold that was committed beside the announcement is seen here; one that comes later meets the store's own.
    if _needed(outside, each.objects):
        return _Answered(failure=Erasing.AWAY)
    return _lost(outside, each.objects, gone)


def _lost(outside: Outside, objects: Iterable[Stored], gone: frozenset[str]) -> _Answered:
    """Have the store lose these, and every other version under their keys that nobody needs.

    In a bucket of which it says that it does not exist there is nothing, where an operator has taken it as gone.
    """
    absent: set[str] = set()
    try:
        for each in objects:
            try:
                failure = _loses(outside, each)
            except NoBucket:
                absent.add(each.bucket)
                continue
            if failure is not None:
                return _Answered(failure=failure, absent=frozenset(absent))
    except (Conflict, Forbidden):
        return _Answered(failure=Erasing.DENIED, absent=frozenset(absent))
    except Refused:
        return _Answered(failure=Erasing.AWAY, absent=frozenset(absent))
    return _Answered(failure=Erasing.NO_BUCKET if absent - gone else None, absent=frozenset(absent))


def _loses(outside: Outside, each: Stored) -> Erasing | None:
    store = outside.store.of_bucket(each.bucket)
    listed = store.every_version(each.key)
    if each.version_id not in listed and store.has(each.key, each.version_id):
        # Whatever else it has under the key would stay there unseen.
        return Erasing.UNLISTED
    others = [replace(each, version_id=version) for version in listed if version != each.version_id]
    # Asked now: what was entered since the turn began is needed too.
    needed = _needed(outside, others)
    lost = [each, *(other for other in others if other not in needed)]
    for one in lost:
        store.delete(one.key, one.version_id)
    # An answer that says it was deleted is not enough.
    still_there = {one.version_id for one in lost}.intersection(store.every_version(each.key))
    return Erasing.AWAY if still_there else None


def _needed(outside: Outside, objects: Sequence[Stored]) -> frozenset[Stored]:
    if not objects:
        return frozenset()
    with outside.reading() as work:
        return work.erasures.needed(objects)


def _all(of: Sequence[T], ask: Callable[[T], _Answered]) -> Sequence[_Answered]:
    with ThreadPoolExecutor(DELETERS, thread_name_prefix="erase") as pool:
        return list(pool.map(ask, of))
