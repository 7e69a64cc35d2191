"""Holds of several cases on the same versions, told in any order by workers that die: the store follows in the end.

What the database calls confirmed is held in the store at every moment, and deleting it is denied.
"""

from contextlib import suppress
from datetime import timedelta

import pytest
from a_house import MARSH, NOW, ActingHouse, marsh_recordings
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from moto.server import ThreadedMotoServer
from sqlalchemy import select, text

from legal_rules.scope import EVERY, Scope, between
from requests_portal.database.engine import connect
from requests_portal.database.tables import held_recordings
from requests_portal.model.hold import Held, Hold
from requests_portal.storage.buckets import make_buckets
from requests_portal.storage.client import s3_client
from requests_portal.storage.recordings import Recordings
from requests_portal.storage.refusals import StillHeld
from requests_portal.work import tell_store as telling
from requests_portal.work.outside import Outside

FEW = sorted(marsh_recordings(), key=lambda each: each.recorded_at)[:2]
HOLDING = {Held.TO_PLACE, Held.PLACED, Held.GONE}
MOMENTS = st.integers(0, 5)
SOME = st.sets(st.integers(0, len(FEW) - 1))


class Died(Exception):  # noqa: N818 — what happens to a worker
    """The worker was killed."""


class Store:
    """The real store, before or after one of whose acts something happens."""

    def __init__(self, real) -> None:
        self.real, self.after, self.then = real, None, None

    def of_bucket(self, _bucket):
        return self

    def happens(self, after, then):
        """Let something happen once, after so many half acts: before an act, and after it."""
        self.after, self.then = after, then

    def _passes(self):
        if self.after is not None:
            self.after -= 1
            if self.after < 0:
                self.after = None
                self.then()

    def _act(self, act, *named):
        self._passes()
        answer = act(*named)
        self._passes()
        return answer

    def hold(self, *version):
        return self._act(self.real.hold, *version)

    def release_hold(self, *version):
        return self._act(self.real.release_hold, *version)

    def answers(self):
        return self.real.answers()

    def is_absent(self):
        return False

    def is_held(self, *version):
        return self.real.is_held(*version)


def dies():
    raise Died


class Overlapping(RuleBasedStateMachine):
    """A few versions, any number of holds on them, and workers that tell the store."""

    url, recordings, house, case, versions = "", None, None, "", None

    def __init__(self) -> None:
        super().__init__()
        self.engine = connect(self.url)
        with self.engine.begin() as connection:
            for table in ("held_recordings", "hold_scopes", "holds"):
                connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 — our own names
        self.house.now, self.number = NOW, 0
        self.store = Store(self.recordings)
        for each in FEW:
            self.recordings.release_hold(each.key, self.versions[each.id])
        self.outside = Outside(
            unit_of_work=self.house.ledger.unit_of_work,
            reading=self.house.ledger.reading,
            store=self.store,
            vault=None,
            spool=None,
            scratch=None,
            signer=None,
        )
        self.holds = []

    def teardown(self):
        self.engine.dispose()

    def _hold(self, number):
        return self.holds[number % len(self.holds)] if self.holds else None

    def _tell(self, hold):
        if hold:
            telling.tell_store(self.outside, hold)

    @rule(first=st.integers(0, 1), count=st.integers(1, 2))
    def place(self, first, count):
        named = FEW[first : first + count]
        scope = Scope(
            frozenset({MARSH.account}),
            EVERY,
            EVERY,
            between(named[0].recorded_at, named[-1].recorded_at + timedelta(seconds=1)),
        )
        self.number += 1
        hold = Hold(id=f"h{self.number}", case=self.case, placed_at=self.house.now, expires_at=None)
        self.house.act(lambda work: work.holds.add(hold, [scope]))
        self.holds.append(hold.id)

    @rule(number=MOMENTS, kept=SOME)
    def narrow(self, number, kept):
        keep = frozenset(FEW[each].id for each in kept)
        if hold := self._hold(number):
            self.house.act(lambda work: work.holds.narrow(hold, keep, at=self.house.now))

    @rule(number=MOMENTS)
    def release(self, number):
        if hold := self._hold(number):
            self.house.act(lambda work: work.holds.release(hold, at=self.house.now, because="ended", by="maya"))

    @rule(number=MOMENTS)
    def tell(self, number):
        self._tell(self._hold(number))

    @rule(number=MOMENTS, after=st.integers(0, 7))
    def die_while_telling(self, number, after):
        self.store.happens(after, dies)
        with suppress(Died):
            self._tell(self._hold(number))
        self.store.happens(None, None)

    @rule(
        number=MOMENTS,
        other=MOMENTS,
        after=st.integers(0, 7),
        deed=st.sampled_from(["place", "place and tell", "release", "tell"]),
    )
    def act_while_telling(self, number, other, after, deed):
        deeds = {
            "place": lambda: self.place(other % 2, 2),
            "place and tell": lambda: (self.place(other % 2, 2), self._tell(self.holds[-1])),
            "release": lambda: self.release(other),
            "tell": lambda: self._tell(self._hold(other)),
        }
        self.store.happens(after, deeds[deed])
        self._tell(self._hold(number))
        self.store.happens(None, None)

    @rule(number=MOMENTS, after=st.integers(0, 3), then_dies=st.booleans())
    def begin_while_another_ends(self, number, after, then_dies):
        """In the moment in which the store is told to let go, another case begins to hold the same and is told."""

        def begin():
            self.place(0, len(FEW))
            self._tell(self.holds[-1])
            if then_dies:
                self.store.happens(0, dies)

        self.release(number)
        self.store.happens(after, begin)
        with suppress(Died):
            self._tell(self._hold(number))
        self.store.happens(None, None)

    @rule(seconds=st.integers(1, 70))
    def time_passes(self, seconds):
        self.house.now += timedelta(seconds=seconds)

    @rule()
    def settle(self):
        """With nobody dying the rounds bring the store to what the holds say, and nothing is left to tell."""
        for _ in range(3):
            self.house.now += timedelta(minutes=2)
            telling.tell_what_is_unconfirmed(self.outside)
        rows = self._rows()
        for each in FEW:
            states = {row.state for row in rows if row.recording_id == each.id}
            assert states <= {Held.PLACED, Held.LIFTED}
            assert self._is_on(each) == bool(states & HOLDING)

    @invariant()
    def what_is_confirmed_is_held_and_cannot_be_deleted(self):
        rows = self._rows()
        for each in FEW:
            if any(row.recording_id == each.id and row.state == Held.PLACED for row in rows):
                assert self._is_on(each)
                with pytest.raises(StillHeld):
                    self.recordings.delete(each.key, self.versions[each.id])

    def _rows(self):
        with self.engine.connect() as connection:
            return connection.execute(select(held_recordings)).all()

    def _is_on(self, each):
        return self.recordings.is_held(each.key, self.versions[each.id])


@pytest.fixture(scope="module")
def recordings():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    client = s3_client(
        endpoint=f"http://{host}:{port}", region="us-east-1", access_key="demonstration", secret_key="only-for-tests"
    )
    make_buckets(client, ["recordings"])
    yield Recordings(client, "recordings")
    server.stop()


def test_the_store_follows_any_holds_told_in_any_order_by_workers_that_die(database_url, recordings, monkeypatch):
    monkeypatch.setattr(telling, "TELLERS", 1)
    engine = connect(database_url)
    house = ActingHouse(engine)
    case = house.ask()
    versions = {each.id: recordings.put(each.key, b"voice", media_type="audio/wav").version_id for each in FEW}
    with engine.begin() as connection:
        for name, version in versions.items():
            connection.execute(
                text("UPDATE recordings SET version_id = :version WHERE id = :id"), {"version": version, "id": name}
            )
    names = {"url": database_url, "recordings": recordings, "house": house, "case": case.id, "versions": versions}

    run_state_machine_as_test(
        type("OverlappingHere", (Overlapping,), names),
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            # Making a failure shorter takes minutes against a real store.
            phases=[Phase.generate],
        ),
    )
    engine.dispose()
