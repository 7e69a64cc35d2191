"""Tell the store: what is held is held there as well, and what no hold keeps any more is let go.

A worker may die between telling the store and recording it, and several may be at it. Letting go is therefore
announced first: while it is, nobody tells the store to hold the same version, and whoever announced it looks once more
whether another hold has come. What was told twice was told once; what was not recorded is told again.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Event

from requests_portal.errors import Forbidden, NotFound, Refused
from requests_portal.model.hold import Answer, HeldVersion
from requests_portal.model.stored import Stored
from requests_portal.work.outside import Outside, RecordingStore
from requests_portal.work.ports import Work

# What the store has answered is recorded after so many, so that a crash does not begin again from nothing.
CHUNK = 100
TELLERS = 8
BUCKETS_AT_ONCE = 8
# What the store did not confirm is told again after this, by a round, until it does.
AGAIN = timedelta(seconds=20)
# The longest that one turn of a bucket takes.
TURN_SECONDS = 60.0
# From what is well to what has to be done again.
_WORSE = (Answer.HELD, Answer.GONE, Answer.NOT_HELD, Answer.DENIED, Answer.AWAY)
Told = Callable[[HeldVersion], Answer]


def tell_store(outside: Outside, hold_id: str) -> None:
    """Tell the store to hold each version of a hold, and to let go of those that no hold keeps any more.

    What it does not confirm stays to be told; a bucket that is away keeps no other one from being told.
    """
    with outside.reading() as work:
        buckets = work.holds.buckets(hold_id)
    for bucket in buckets:
        _tell(outside, hold_id, bucket, float("inf"))


def tell_what_is_unconfirmed(outside: Outside) -> None:
    """Tell the store again whatever it has not confirmed yet, what was tried longest ago first; never given up."""
    with outside.reading() as work:
        waiting = work.holds.unconfirmed(at=work.now(), again=AGAIN)
    each_bucket(waiting, lambda *one: _tell(outside, *one))


def each_bucket(waiting: Sequence[tuple[str, str]], go: Callable[[str, str, float], bool]) -> None:
    """Go over the holds that wait, in each bucket beside the others and for one turn; `go` says whether it answers.

    A bucket that is away, or takes its time, keeps none of the others waiting.
    """
    holds_of: dict[str, list[str]] = {}
    for hold_id, bucket in waiting:
        holds_of.setdefault(bucket, []).append(hold_id)

    def turn(bucket: str) -> bool:
        until = time.monotonic() + TURN_SECONDS
        return all(go(hold_id, bucket, until) for hold_id in holds_of[bucket])

    with ThreadPoolExecutor(BUCKETS_AT_ONCE, thread_name_prefix="buckets") as pool:
        for _ in pool.map(turn, holds_of):
            pass


def ask_all(
    store: RecordingStore, versions: Sequence[HeldVersion], ask: Told, *, until: float = float("inf")
) -> tuple[Mapping[str, Answer], bool]:
    """What the store answers about versions of one bucket, several asked at once, and whether to go on with others.

    None is asked any more once the time is over, or once several in a row have shown that the bucket is away.
    """
    answers: dict[str, Answer] = {}
    is_over = Event()

    def one(version: HeldVersion) -> None:
        if is_over.is_set() or time.monotonic() >= until:
            is_over.set()
            return
        answers[version.recording] = ask(version)
        last = list(answers.values())[-TELLERS:]
        # A version alone may fail for ever; that says nothing of the others in its bucket.
        if len(last) >= min(TELLERS, len(versions)) and set(last) == {Answer.AWAY} and not store.answers():
            is_over.set()

    with ThreadPoolExecutor(TELLERS, thread_name_prefix="holds") as pool:
        for _ in pool.map(one, versions):
            pass
    return answers, not is_over.is_set()


def asked(outside: Outside, version: HeldVersion) -> Answer:
    """Whether the store says that a legal hold is on the version and on its transcript; the worse answer of the two."""
    store = outside.store.of_bucket(version.bucket)

    def ask(key: str, version_id: str) -> Answer:
        return Answer.HELD if store.is_held(key, version_id) else Answer.NOT_HELD

    return _worst(_answer(ask, each.key, each.version_id) for each in version.objects)


def _tell(outside: Outside, hold_id: str, bucket: str, until: float) -> bool:
    """Tell one bucket about one hold; whether there is time left and the bucket answers."""
    return _place(outside, hold_id, bucket, until) and _let_go(outside, hold_id, bucket, until)


def _place(outside: Outside, hold_id: str, bucket: str, until: float) -> bool:
    after, store = "", outside.store.of_bucket(bucket)
    with outside.reading() as work:
        begun = work.now()
    while True:
        with outside.reading() as work:
            part = work.holds.to_place(hold_id, bucket=bucket, tried_before=begun - AGAIN, after=after, most=CHUNK)
        if not part:
            return True
        answers, goes_on = ask_all(store, part, lambda version: _held(outside, version), until=until)
        with outside.unit_of_work() as work:
            work.holds.told(hold_id, answers, at=work.now())
        if not goes_on:
            return False
        after = part[-1].recording


def _let_go(outside: Outside, hold_id: str, bucket: str, until: float) -> bool:
    store = outside.store.of_bucket(bucket)
    while time.monotonic() < until:
        with outside.unit_of_work() as work:
            part = work.holds.begin_lifting(hold_id, bucket=bucket, at=work.now(), most=CHUNK)
        if not part:
            return True
        # A hold that was committed beside the announcement is seen here; a later one waits for it.
        with outside.reading() as work:
            kept = work.holds.kept_objects(part)
        whole = [version.recording for version in part if kept.issuperset(version.objects)]
        free = [version for version in part if not kept.issuperset(version.objects)]
        answers, goes_on = ask_all(store, free, partial(_released, outside, kept), until=until)
        is_absent = Answer.AWAY in answers.values() and store.is_absent()
        with outside.unit_of_work() as work:
            if is_absent and _is_taken_as_gone(work, bucket):
                answers, goes_on = {version.recording: Answer.GONE for version in free}, True
            work.holds.not_lifted(hold_id, whole, at=work.now())
            work.holds.lifted(hold_id, answers, at=work.now())
            waited = work.holds.waiting_for([version.recording for version in part])
        for other in sorted(waited - {hold_id}):
            goes_on = goes_on and _place(outside, other, bucket, until)
        if not goes_on:
            return False
    return False


def _is_taken_as_gone(work: Work, bucket: str) -> bool:
    """Record that there is no such bucket; whether an operator has said before that it is gone for good."""
    work.absent_buckets.said(bucket, at=work.now())
    return bucket in work.absent_buckets.taken_as_gone()


def _held(outside: Outside, version: HeldVersion) -> Answer:
    store = outside.store.of_bucket(version.bucket)

    def tell(key: str, version_id: str) -> Answer:
        store.hold(key, version_id)
        return Answer.HELD

    return _worst(_told(store, tell, each.key, each.version_id) for each in version.objects)


def _released(outside: Outside, kept: frozenset[Stored], version: HeldVersion) -> Answer:
    store = outside.store.of_bucket(version.bucket)

    def tell(key: str, version_id: str) -> Answer:
        store.release_hold(key, version_id)
        return Answer.NOT_HELD

    return _worst(_told(store, tell, each.key, each.version_id) for each in version.objects if each not in kept)


def _told(store: RecordingStore, tell: Callable[[str, str], Answer], key: str, version_id: str) -> Answer:
    answer = _answer(tell, key, version_id)
    if answer is not Answer.AWAY:
        return answer
    # Not every store can say in this answer that the version is gone.
    asked_again = _answer(lambda *each: Answer.HELD if store.is_held(*each) else Answer.NOT_HELD, key, version_id)
    return Answer.GONE if asked_again is Answer.GONE else Answer.AWAY


def _answer(act: Callable[[str, str], Answer], key: str, version_id: str) -> Answer:
    try:
        return act(key, version_id)
    except NotFound:
        return Answer.GONE
    except Forbidden:
        return Answer.DENIED
    except Refused:
        return Answer.AWAY


def _worst(answers: Iterable[Answer]) -> Answer:
    """The answer that leaves most to do: every object has been asked by then."""
    return max(tuple(answers), key=_WORSE.index)
