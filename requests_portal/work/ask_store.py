"""Ask the store: whether each version that a hold keeps is really held there, and what is done where it is not."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from requests_portal.model.actor import SYSTEM
from requests_portal.model.hold import Answer, HeldVersion
from requests_portal.work.outside import Outside
from requests_portal.work.tell_store import ask_all, asked, each_bucket

# A version that the store was not asked about for a day is asked about by the next round.
STALE = timedelta(days=1)
CHUNK = 500


def ask_store(outside: Outside, hold_id: str) -> None:
    """Ask about every version that the hold keeps, and record the answers."""
    with outside.reading() as work:
        now, buckets = work.now(), work.holds.buckets(hold_id)
    for bucket in buckets:
        _ask(outside, hold_id, bucket, asked_before=now)


def ask_what_is_stale(outside: Outside) -> None:
    """Ask about what nobody asked about for a day, as far as one turn of each bucket goes."""
    with outside.reading() as work:
        before = work.now() - STALE
        stale = work.holds.stale(asked_before=before)
    each_bucket(stale, lambda *named: _ask(outside, *named, asked_before=before))


def answers(outside: Outside, hold_id: str, *, asked_before: datetime) -> Iterator[tuple[HeldVersion, Answer]]:
    """Yield each version that was not asked about since, with the store's answer, once that is recorded.

    A store that does not answer says nothing: what it said last stands.
    """
    with outside.reading() as work:
        buckets = work.holds.buckets(hold_id)
    for bucket in buckets:
        answers_now = True
        for part in _parts(outside, hold_id, bucket, asked_before):
            found: Mapping[str, Answer] = {}
            if answers_now:
                found, answers_now = _answered(outside, hold_id, bucket, part)
            yield from ((version, found.get(version.recording, Answer.AWAY)) for version in part)


def _ask(outside: Outside, hold_id: str, bucket: str, until: float = float("inf"), *, asked_before: datetime) -> bool:
    """Ask one bucket about one hold; whether there is time left and the bucket answers."""
    parts = _parts(outside, hold_id, bucket, asked_before)
    return all(_answered(outside, hold_id, bucket, part, until)[1] for part in parts)


def _parts(outside: Outside, hold_id: str, bucket: str, asked_before: datetime) -> Iterator[Sequence[HeldVersion]]:
    after = ""
    while True:
        with outside.reading() as work:
            part = work.holds.to_ask(hold_id, bucket=bucket, asked_before=asked_before, after=after, most=CHUNK)
        if not part:
            return
        yield part
        after = part[-1].recording


def _answered(
    outside: Outside, hold_id: str, bucket: str, part: Sequence[HeldVersion], until: float = float("inf")
) -> tuple[Mapping[str, Answer], bool]:
    store = outside.store.of_bucket(bucket)
    found, goes_on = ask_all(store, part, lambda version: asked(outside, version), until=until)
    _record(outside, hold_id, {name: answer for name, answer in found.items() if answer is not Answer.AWAY})
    return found, goes_on


def _record(outside: Outside, hold_id: str, found: dict[str, Answer]) -> None:
    with outside.unit_of_work() as work:
        contradicted = work.holds.asked(hold_id, found, at=work.now())
        if contradicted:
            case = work.holds.get(hold_id).case
            work.audit.add("hold_contradicted", by=SYSTEM, case=case, numbers={"recordings": contradicted})
            work.queue.enqueue("place_hold", hold_id)
