"""A bucket that is away, or slow, keeps no other bucket's holds from being told and asked about."""

from dataclasses import replace
from datetime import timedelta
from threading import Lock
from types import SimpleNamespace

import pytest
from a_house import MAYA, NOW, a_recording
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from requests_portal.database.catalogue import SqlCatalogue
from requests_portal.database.tables import held_recordings
from requests_portal.errors import Away
from requests_portal.model.hold import Held
from requests_portal.work import tell_store as telling
from requests_portal.work.ask_store import answers, ask_what_is_stale
from requests_portal.work.outside import Outside
from requests_portal.work.release_hold import release_hold
from requests_portal.work.tell_store import TELLERS, tell_store, tell_what_is_unconfirmed

MANY = 3000
DEAD, WELL = "a-dead-bucket", ""


class Buckets:
    """Buckets of which some are away, some versions of which fail for ever, and whose calls are counted."""

    def __init__(self, on=None, bucket=WELL) -> None:
        self.bucket, self.on = bucket, {} if on is None else on
        self.dead, self.broken, self.calls, self.lock = {DEAD}, set(), {}, Lock()

    def of_bucket(self, bucket):
        there = Buckets(self.on, bucket)
        there.dead, there.broken, there.calls, there.lock = self.dead, self.broken, self.calls, self.lock
        return there

    def answers(self):
        return self.bucket not in self.dead

    def is_absent(self):
        return False

    def _called(self, version):
        with self.lock:
            self.calls[self.bucket] = self.calls.get(self.bucket, 0) + 1
        if self.bucket in self.dead or version in self.broken:
            raise Away("The store does not answer.")

    def hold(self, *version):
        self._called(version)
        self.on[self.bucket, version] = True

    def release_hold(self, *version):
        self._called(version)
        self.on[self.bucket, version] = False

    def is_held(self, *version):
        self._called(version)
        return self.on.get((self.bucket, version), False)


@pytest.fixture
def store():
    return Buckets()


@pytest.fixture
def house(any_house, store):
    """A house most of whose recordings lie in a bucket that is away, with ids before all others."""
    lost = [
        replace(a_recording("a", NOW - timedelta(days=200)), id=f"a-{n:05}", key=f"a/{n}", bucket=DEAD)
        for n in range(MANY)
    ]
    with Session(any_house.engine) as session, session.begin():
        SqlCatalogue(session).add(lost)
    any_house.outside = Outside(
        unit_of_work=any_house.ledger.unit_of_work,
        reading=any_house.ledger.reading,
        store=store,
        vault=None,
        spool=None,
        scratch=None,
        signer=None,
    )
    return any_house


def confirmed(house, state=Held.PLACED):
    row = held_recordings.c
    query = select(row.bucket, func.count()).where(row.state == state).group_by(row.bucket)
    with house.engine.connect() as connection:
        return dict(map(tuple, connection.execute(query)))


def only_hold(house, case):
    with house.ledger.reading() as work:
        return work.holds.of_case(case.id)[-1].id


def test_a_dead_bucket_is_left_after_a_few_calls_and_the_others_are_told_and_asked(house, store):
    house.file()
    house.now += timedelta(minutes=1)

    tell_what_is_unconfirmed(house.outside)
    told = dict(store.calls)
    house.now += timedelta(days=2)
    ask_what_is_stale(house.outside)

    assert confirmed(house) == {WELL: 8}
    assert confirmed(house, Held.TO_PLACE) == {DEAD: MANY}
    # Each of the eight was told and then asked about; of the dead bucket every version is asked twice when told.
    assert (told[WELL], store.calls[WELL]) == (8, 16)
    assert told[DEAD] <= 4 * TELLERS
    assert store.calls[DEAD] - told[DEAD] <= 2 * TELLERS


def test_one_hold_in_two_buckets_lets_go_in_the_one_that_answers(house, store):
    hold = only_hold(house, house.file())
    store.dead.clear()
    tell_store(house.outside, hold)
    store.dead.add(DEAD)
    house.act(release_hold, hold, because="The demand was withdrawn.", by=MAYA)

    tell_store(house.outside, hold)

    assert confirmed(house, Held.LIFTED) == {WELL: 8}
    assert sum(not is_on for is_on in store.on.values()) == 8


def test_versions_that_fail_for_ever_keep_no_other_version_of_their_bucket_from_being_told(house, store):
    hold = only_hold(house, house.file())
    store.dead.clear()
    store.broken = {(f"a/{n}", "v1") for n in range(3 * TELLERS)}

    tell_store(house.outside, hold)

    assert confirmed(house) == {DEAD: MANY - 3 * TELLERS, WELL: 8}


def test_a_slow_bucket_is_left_in_the_middle_of_a_hundred_when_its_turn_is_over(house, store, monkeypatch):
    house.file()
    house.now += timedelta(minutes=1)
    store.dead.clear()
    # Every call takes ten seconds of the turn.
    monkeypatch.setattr(telling, "time", SimpleNamespace(monotonic=lambda: 10.0 * store.calls.get(DEAD, 0)))

    tell_what_is_unconfirmed(house.outside)

    assert 1 <= confirmed(house)[DEAD] <= telling.TURN_SECONDS / 10 + TELLERS


def test_asked_for_all_of_a_hold_what_a_dead_bucket_keeps_is_answered_as_away(house, store):
    hold = only_hold(house, house.file())

    found = [answer for _, answer in answers(house.outside, hold, asked_before=house.now)]

    assert (found.count("away"), found.count("not_held")) == (MANY, 8)
    assert store.calls[DEAD] <= 2 * TELLERS
