"""Objects that several recordings name: let go of when the last hold on any of them ends, deleted with the last one.

A transcript may be that of two recordings, a recording's sound may be another one's copy, and two of its versions may
be two recordings.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from threading import Lock

import pytest
from a_house import JUNIPER, KETTLE, MARLOW, MARSH, NOW, ActingHouse, a_recording
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, text

from legal_rules.scope import EVERY, Scope, between
from requests_portal.database.engine import connect
from requests_portal.database.tables import erasures, held_recordings, recordings
from requests_portal.errors import Conflict, NotFound
from requests_portal.model.erasure import Chosen
from requests_portal.model.hold import Held, Hold
from requests_portal.model.recording import Copy
from requests_portal.work import delete_erased as deleting
from requests_portal.work import tell_store as telling
from requests_portal.work.enter_copy import enter_copy
from requests_portal.work.erase import erase_own
from requests_portal.work.outside import Outside

HOLDING = {Held.TO_PLACE, Held.PLACED, Held.GONE}
WORDS = ("words", "w1")
MINUTE = timedelta(minutes=1)
BEFORE = NOW - timedelta(days=100)


class Died(Exception):  # noqa: N818 — what happens to a worker
    """The worker was killed."""


class Objects:
    """One bucket that keeps versions and denies deleting what is held; something may happen around one of its acts."""

    def __init__(self) -> None:
        self.there, self.on, self.lock = set(), set(), Lock()
        self.after, self.then = None, None

    def of_bucket(self, _bucket):
        return self

    def happens(self, after, then):
        self.after, self.then = after, then

    def passes(self):
        if self.after is not None:
            self.after -= 1
            if self.after < 0:
                self.after = None
                self.then()

    def _act(self, act, version):
        self.passes()
        with self.lock:
            act(version)
        self.passes()

    def _must_be_there(self, version):
        if version not in self.there:
            raise NotFound("The store has no such version.")

    def answers(self):
        return True

    def hold(self, *version):
        self._must_be_there(version)
        self._act(self.on.add, version)

    def release_hold(self, *version):
        self._must_be_there(version)
        self._act(self.on.discard, version)

    def is_absent(self):
        return False

    def is_held(self, *version):
        self._must_be_there(version)
        return version in self.on

    def delete(self, *version):
        self._act(self._delete, version)

    def _delete(self, version):
        if version in self.on:
            raise Conflict("It is held.")
        self.there.discard(version)

    def every_version(self, key):
        self.passes()
        return sorted(version for name, version in self.there if name == key)

    def has(self, *version):
        return version in self.there


class Spool:
    def remove(self, sha256):
        """Nothing was gathered."""


def world(house, store):
    return Outside(
        unit_of_work=house.ledger.unit_of_work,
        reading=house.ledger.reading,
        store=store,
        vault=None,
        spool=Spool(),
        scratch=None,
        signer=None,
    )


def sharing_words(number, **changed):
    """One of several recordings, a minute apart, that have one transcript."""
    made = a_recording(f"s{number}", BEFORE + number * MINUTE)
    words = {"transcript_key": WORDS[0], "transcript_version": WORDS[1]}
    return replace(made, **{"id": f"s{number}", "key": f"sound {number}", **words, **changed})


def sound(recording):
    return recording.key, recording.version_id


FIRST, SECOND = sharing_words(0), sharing_words(1)
OF_ANOTHER = sharing_words(2, account=KETTLE.account, device="another")


class Sharing:
    """A house of which two recordings, and one of another customer, have one transcript."""

    def __init__(self, house) -> None:
        self.house, self.store = house, Objects()
        self.outside = world(house, self.store)
        self.case = house.ask().id
        self.number = 0
        self.enter(FIRST, SECOND, OF_ANOTHER)

    def enter(self, *new):
        self.store.there |= {sound(each) for each in new} | {
            (each.transcript_key, each.transcript_version) for each in new if each.transcript_key
        }
        self.house.act(lambda work: work.catalogue.add(new))

    def hold(self, *held):
        self.number += 1
        made = Hold(id=f"h{self.number}", case=self.case, placed_at=self.house.now, expires_at=None)
        times = [each.recorded_at for each in held]
        scope = Scope(
            frozenset({each.account for each in held}), EVERY, EVERY, between(min(times), max(times) + MINUTE / 2)
        )
        self.house.act(lambda work: work.holds.add(made, [scope]))
        return made.id

    def release(self, hold):
        self.house.act(lambda work: work.holds.release(hold, at=self.house.now, because="ended", by="maya"))

    def erase(self, *erased):
        for each in erased:
            by = JUNIPER if each.account == MARSH.account else MARLOW
            chosen = Chosen(account=each.account, recording=each.id, before=self.house.now)
            self.house.act(erase_own, chosen, by=by)

    def goes_on(self, turns=3):
        for _ in range(turns):
            self.house.now += timedelta(hours=2)
            telling.tell_what_is_unconfirmed(self.outside)
            deleting.delete_erased(self.outside)

    def left(self):
        with self.house.engine.connect() as connection:
            return set(connection.execute(select(recordings.c.id)).scalars())


@pytest.fixture
def shared(any_house):
    return Sharing(any_house)


def test_a_transcript_stays_held_until_no_hold_keeps_any_recording_that_names_it(shared):
    first, second = shared.hold(FIRST), shared.hold(SECOND)
    shared.goes_on()

    shared.release(first)
    shared.goes_on()
    assert shared.store.on == {sound(SECOND), WORDS}

    shared.release(second)
    shared.goes_on()
    assert shared.store.on == set()


def test_a_hold_that_comes_while_the_store_lets_go_of_a_shared_transcript_has_the_last_word(shared):
    first = shared.hold(FIRST)
    shared.goes_on()

    shared.release(first)
    shared.store.happens(0, lambda: (shared.hold(SECOND), telling.tell_store(shared.outside, "h2")))
    telling.tell_store(shared.outside, first)
    shared.goes_on()

    assert shared.store.on == {sound(SECOND), WORDS}


def test_what_is_erased_takes_no_transcript_with_it_that_another_customer_s_recording_has(shared):
    shared.erase(FIRST, SECOND)
    shared.goes_on()

    assert shared.left() & {"s0", "s1", "s2"} == {"s2"}
    assert shared.store.there == {sound(OF_ANOTHER), WORDS}

    shared.erase(OF_ANOTHER)
    shared.goes_on()
    assert shared.store.there == set()


def test_a_transcript_that_is_held_for_another_recording_stays_whoever_erased_it(shared):
    held = shared.hold(SECOND)
    shared.erase(FIRST, SECOND, OF_ANOTHER)
    shared.goes_on()

    assert shared.store.there == {sound(SECOND), WORDS}
    assert shared.store.on == {sound(SECOND), WORDS}

    shared.release(held)
    shared.goes_on()
    assert shared.store.there == set()


def test_a_transcript_of_two_that_are_erased_at_once_goes_with_them(shared):
    shared.erase(OF_ANOTHER)
    shared.goes_on()

    shared.erase(FIRST, SECOND)
    shared.goes_on()

    assert shared.store.there == set()


def test_a_copy_that_is_another_recording_s_sound_stays_with_that_one(shared):
    copy = Copy(recording="s0", bucket="", key=SECOND.key, version_id=SECOND.version_id, kind="training")
    shared.house.act(enter_copy, copy)

    shared.erase(FIRST)
    shared.goes_on()
    shared.house.act(enter_copy, copy)
    shared.goes_on()

    assert sound(FIRST) not in shared.store.there
    assert sound(SECOND) in shared.store.there


def test_a_version_that_is_entered_and_held_while_its_key_is_deleted_stays(shared):
    newer = replace(FIRST, id="newer", version_id="v2", account=KETTLE.account, device="another")

    def entered():
        shared.enter(newer)
        shared.hold(newer)

    shared.erase(FIRST)
    shared.store.happens(0, entered)
    deleting.delete_erased(shared.outside)

    assert sound(newer) in shared.store.there
    assert sound(FIRST) not in shared.store.there


def test_a_copy_that_is_made_known_while_its_recording_is_deleted_is_deleted_too(shared):
    copy = Copy(recording="s0", bucket="", key="learnt", version_id="l1", kind="training")

    def made_known():
        shared.store.there.add(("learnt", "l1"))
        shared.house.act(enter_copy, copy)

    shared.erase(FIRST)
    shared.store.happens(1, made_known)
    shared.goes_on()

    assert ("learnt", "l1") not in shared.store.there
    assert "s0" not in shared.left()


ALL = [FIRST, SECOND, OF_ANOTHER, sharing_words(3, transcript_key="", transcript_version="", key=FIRST.key)]
ALL[3] = replace(ALL[3], version_id="v2")
WHICH = st.integers(0, len(ALL) - 1)
NUMBERS = st.integers(0, 5)
POINTS = st.integers(0, 9)


class SharedObjects(RuleBasedStateMachine):
    """Recordings that share objects, held, let go of and erased in any order by workers that die."""

    url, house = "", None

    def __init__(self) -> None:
        super().__init__()
        self.engine = connect(self.url)
        with self.engine.begin() as connection:
            for table in ("held_recordings", "hold_scopes", "holds", "copies", "erasures", "erased", "recordings"):
                connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 — our own names
        self.house.now = NOW
        self.shared = Sharing.__new__(Sharing)
        self.shared.house, self.shared.store, self.shared.number = self.house, Objects(), 0
        self.shared.outside, self.shared.case = world(self.house, self.shared.store), self.case
        self.shared.enter(*ALL)
        self.holds = []

    def teardown(self):
        self.engine.dispose()

    @rule(which=WHICH)
    def place(self, which):
        self.holds.append(self.shared.hold(ALL[which]))

    @rule(number=NUMBERS)
    def release(self, number):
        if self.holds:
            self.shared.release(self.holds[number % len(self.holds)])

    @rule(which=WHICH)
    def erase(self, which):
        self.shared.erase(ALL[which])

    @rule(number=NUMBERS)
    def tell(self, number):
        if self.holds:
            telling.tell_store(self.shared.outside, self.holds[number % len(self.holds)])

    @rule()
    def delete(self):
        deleting.delete_erased(self.shared.outside)

    @rule(
        number=NUMBERS, after=POINTS, which=WHICH, deed=st.sampled_from(["die", "place", "release", "erase", "delete"])
    )
    def something_happens_while_telling(self, number, after, which, deed):
        self._meanwhile(after, which, deed, lambda: self.tell(number))

    @rule(after=POINTS, which=WHICH, deed=st.sampled_from(["die", "place and tell", "release", "erase", "delete"]))
    def something_happens_while_deleting(self, after, which, deed):
        self._meanwhile(after, which, deed, self.delete)

    def _meanwhile(self, after, which, deed, act):
        deeds = {
            "die": _dies,
            "place": lambda: self.place(which),
            "place and tell": lambda: (self.place(which), self.tell(len(self.holds) - 1)),
            "release": lambda: self.release(which),
            "erase": lambda: self.erase(which),
            "delete": self.delete,
        }
        self.shared.store.happens(after, deeds[deed])
        with suppress(Died):
            act()
        self.shared.store.happens(None, None)

    @rule(seconds=st.integers(1, 400))
    def time_passes(self, seconds):
        self.house.now += timedelta(seconds=seconds)

    @rule()
    def settle(self):
        """With nobody dying the store comes to what is catalogued and held, and nothing more is left."""
        self.shared.goes_on(turns=4)
        catalogued, held = self._catalogued(), self._held(*HOLDING)
        erased = self._erased()
        assert not erased - held
        assert self.shared.store.there == set().union(*(_objects(each) for each in catalogued))
        assert self.shared.store.on == set().union(*(_objects(each) for each in catalogued if each.id in held))

    @invariant()
    def what_its_customer_has_or_a_hold_keeps_is_there(self):
        kept = self._held(Held.PLACED)
        erased = self._erased()
        for each in self._catalogued():
            if each.id not in erased or each.id in kept:
                assert _objects(each) <= self.shared.store.there
            if each.id in kept:
                assert _objects(each) <= self.shared.store.on

    def _catalogued(self):
        left = self.shared.left()
        return [each for each in ALL if each.id in left]

    def _held(self, *states):
        query = select(held_recordings.c.recording_id).where(held_recordings.c.state.in_(states))
        with self.engine.connect() as connection:
            return set(connection.execute(query).scalars())

    def _erased(self):
        with self.engine.connect() as connection:
            return set(connection.execute(select(erasures.c.recording_id)).scalars())


def _dies():
    raise Died


def _objects(each):
    words = {(each.transcript_key, each.transcript_version)} if each.transcript_key else set()
    return {sound(each)} | words


def test_what_is_shared_is_kept_as_long_as_somebody_needs_it_and_no_longer(database_url, monkeypatch):
    monkeypatch.setattr(telling, "TELLERS", 1)
    monkeypatch.setattr(deleting, "DELETERS", 1)
    engine = connect(database_url)
    house = ActingHouse(engine)
    names = {"url": database_url, "house": house, "case": house.ask().id}

    run_state_machine_as_test(
        type("SharedHere", (SharedObjects,), names),
        settings=settings(
            max_examples=40,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            phases=[Phase.generate],
        ),
    )
    engine.dispose()
