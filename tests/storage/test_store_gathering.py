"""Gathering many recordings: all of them, in any order, with bounded memory, and cancellable."""

import hashlib
import threading
from dataclasses import dataclass

import pytest
from conftest import fast_reader

from requests_portal.errors import GatherCancelled
from requests_portal.storage.buckets import make_buckets
from requests_portal.storage.gathering import in_parallel
from requests_portal.storage.outcomes import Fetched, Missing
from requests_portal.storage.recordings import Recordings


@dataclass(frozen=True)
class Clip:
    key: str
    version_id: str
    size: int
    sha256: str
    bucket: str = ""


def clips(recordings, count):
    for number in range(count):
        data = f"clip {number}".encode()
        stored = recordings.put(f"acct-9/{number}.wav", data, media_type="audio/wav")
        yield Clip(f"acct-9/{number}.wav", stored.version_id, stored.size, stored.sha256)


def test_every_clip_has_exactly_one_outcome(recordings, spool):
    wanted = list(clips(recordings, 20))
    recordings.delete(wanted[13].key, wanted[13].version_id)

    got = list(recordings.gather_many(wanted, spool, workers=4))

    assert {clip.key for clip, _ in got} == {clip.key for clip in wanted}
    assert len(got) == 20
    outcomes = dict(got)
    assert isinstance(outcomes.pop(wanted[13]), Missing)
    assert all(isinstance(outcome, Fetched) for outcome in outcomes.values())


def test_a_key_with_anything_in_it_is_read_by_its_version(client, spool, quick_reader, server):
    recordings = Recordings(client, "recordings", fast=quick_reader)
    keys = ["lämp 1+2%.wav", "/led/by/a/slash", "né<Code>NoSuchKey</Code>.wav", "q?x=1#y"]
    # SeaweedFS, a file system underneath, takes no such keys.
    keys += ["a//b/../c.wav", "ends/with/"] if server == "moto" else []
    stored = {key: recordings.put(key, key.encode(), media_type="audio/wav") for key in keys}

    for key, kept in stored.items():
        recordings.put(key, b"a newer version", media_type="audio/wav")
        fetched = recordings.fetch(key=key, **vars(kept), into=spool)

        assert isinstance(fetched, Fetched)
        assert spool.path(kept.sha256).read_bytes() == key.encode()


def test_clips_of_several_buckets_come_each_from_its_own(client, spool, reader, quick_reader):
    make_buckets(client, ["second"])
    recordings = Recordings(client, "recordings", fast=quick_reader if reader == "fast" else None)
    wanted = [
        Clip("acct-9/same.wav", s.version_id, s.size, s.sha256, bucket)
        for bucket in ("", "second")
        for s in [recordings.of_bucket(bucket).put("acct-9/same.wav", f"of {bucket}".encode(), media_type="audio/wav")]
    ]

    got = dict(recordings.gather_many(wanted, spool))

    assert all(isinstance(outcome, Fetched) for outcome in got.values())
    assert {spool.path(clip.sha256).read_bytes() for clip in wanted} == {b"of ", b"of second"}


def test_a_proxy_of_the_environment_is_not_asked_for_a_store_nearby(client, spool, monkeypatch, store_endpoint):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    kept = Recordings(client, "recordings").put("acct-9/near.wav", b"near", media_type="audio/wav")

    brought = fast_reader(store_endpoint).brings("recordings", key="acct-9/near.wav", **vars(kept), into=spool)

    assert brought


def test_the_same_clip_named_many_times_is_kept_once(recordings, spool):
    data = b"good night"
    stored = [recordings.put(f"acct-9/night-{n}.wav", data, media_type="audio/wav") for n in range(12)]
    wanted = [Clip(f"acct-9/night-{n}.wav", s.version_id, s.size, s.sha256) for n, s in enumerate(stored)]

    got = list(recordings.gather_many(wanted, spool, workers=6))

    assert all(isinstance(outcome, Fetched) for _, outcome in got)
    files = [path.name for path in spool.folder.rglob("*") if path.is_file()]
    assert files == [hashlib.sha256(data).hexdigest()]


def test_a_slow_one_does_not_keep_the_others_back():
    slow_may_finish = threading.Event()

    def fetch(name):
        if name == "slow":
            assert slow_may_finish.wait(10)
        return name.upper()

    order = []
    for name, result in in_parallel(["slow", "a", "b", "c"], fetch, workers=2, cancelled=lambda: False):
        assert result == name.upper()
        order.append(name)
        if len(order) == 3:
            slow_may_finish.set()

    assert order[-1] == "slow"
    assert sorted(order) == ["a", "b", "c", "slow"]


def test_no_more_is_taken_than_twice_the_workers_while_nobody_takes_the_results():
    taken = []

    def endless():
        number = 0
        while True:
            taken.append(number)
            yield number
            number += 1

    results = in_parallel(endless(), lambda number: number, workers=3, cancelled=lambda: False)
    most = 0
    for yielded in range(1, 101):
        next(results)
        most = max(most, len(taken) - (yielded - 1))
    results.close()

    assert most <= 6


def test_cancelling_ends_with_a_refusal_and_takes_nothing_more():
    taken, got = [], []

    def noted():
        for number in range(1000):
            taken.append(number)
            yield number

    def note(results):
        for number, _ in results:
            got.append(number)

    with pytest.raises(GatherCancelled):
        note(in_parallel(noted(), lambda number: number, workers=2, cancelled=lambda: len(got) >= 5))

    assert 5 <= len(got) <= len(taken) <= 9


def test_what_was_fetched_before_cancelling_is_not_fetched_again(recordings, spool, client):
    wanted = list(clips(recordings, 10))
    done = []

    def note(results):
        for clip, _ in results:
            done.append(clip)

    with pytest.raises(GatherCancelled):
        note(recordings.gather_many(wanted, spool, workers=2, cancelled=lambda: len(done) >= 3))
    for clip in done:
        recordings.delete(clip.key, clip.version_id)

    again = dict(recordings.gather_many(wanted, spool, workers=2))

    assert all(isinstance(outcome, Fetched) for outcome in again.values())
    assert len(again) == 10


def test_a_failure_of_our_own_ends_the_gathering():
    def fetch(number):
        if number == 3:
            raise OSError(28, "No space left on device")
        return number

    with pytest.raises(OSError, match="No space"):
        list(in_parallel(range(50), fetch, workers=2, cancelled=lambda: False))


def test_gathering_nothing_is_nothing(recordings, spool):
    assert list(recordings.gather_many([], spool)) == []
