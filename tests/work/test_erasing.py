"""What a customer erases is gone for them at once, and from a real store as soon as no hold keeps it, not before."""

import hashlib
import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
from a_house import INES, JUNIPER, KETTLE, MARLOW, MARSH, MAYA, SHERIFF, WARRANT, ActingHouse, marsh_recordings
from moto.server import ThreadedMotoServer
from sqlalchemy import text

from legal_rules.scope import ALWAYS, EVERY, Scope
from requests_portal.database.engine import connect
from requests_portal.database.tables import copies
from requests_portal.errors import Conflict, Forbidden, NotFound, Unusable
from requests_portal.model.actor import Actor, Role
from requests_portal.model.case import Track
from requests_portal.model.erasure import Because, Chosen
from requests_portal.model.in_store import Place
from requests_portal.model.letter import LetterKind
from requests_portal.model.recording import Copy
from requests_portal.storage.buckets import make_buckets
from requests_portal.storage.client import s3_client
from requests_portal.storage.objects import ObjectsInStore
from requests_portal.storage.recordings import Recordings
from requests_portal.storage.refusals import StoreUnavailable
from requests_portal.storage.spool import Spool
from requests_portal.work import erase as erasing
from requests_portal.work.compose.available import answer_letter
from requests_portal.work.delete_erased import delete_erased
from requests_portal.work.enter_copy import enter_copy
from requests_portal.work.erase import choose_months, erase_as_decided, erase_own, erase_what_is_over
from requests_portal.work.look import look, record_looks
from requests_portal.work.outside import Outside
from requests_portal.work.receive import Filing, receive
from requests_portal.work.release_hold import release_hold
from requests_portal.work.take_as_gone import take_as_gone
from requests_portal.work.tell_store import tell_store

NUMBERS = itertools.count()
ALL = sorted(each.id for each in marsh_recordings())
JANUARY = "w-01051200"
OLE = Actor(id="ole", name="Ole Bakke", roles=frozenset({Role.OPERATOR}))


@pytest.fixture(scope="module")
def client():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    client = s3_client(
        endpoint=f"http://{host}:{port}", region="us-east-1", access_key="demonstration", secret_key="only-for-tests"
    )
    yield client
    server.stop()


class Stored(ActingHouse):
    """A house whose recordings, and their copies in the training store, lie in real buckets."""

    def __init__(self, engine, client, folder) -> None:
        super().__init__(engine)
        number = next(NUMBERS)
        self.buckets = f"recordings-{number}", f"training-{number}"
        make_buckets(client, self.buckets)
        self.store, self.training = (Recordings(client, name) for name in self.buckets)
        self.client = client
        self.spool = Spool(folder / "spool")
        self.outside = Outside(
            unit_of_work=self.ledger.unit_of_work,
            reading=self.ledger.reading,
            store=self.store,
            vault=None,
            spool=self.spool,
            scratch=folder,
            signer=None,
        )
        self.versions = {each.id: self._put(each) for each in marsh_recordings()}

    def _put(self, recording) -> tuple[str, str]:
        data = recording.id.encode()
        version = self.store.put(recording.key, data, media_type="audio/wav").version_id
        words = self.store.put(f"{recording.key}.json", b"{}", media_type="application/json").version_id
        learnt = self.training.put(recording.id, b"learnt from", media_type="audio/wav").version_id
        row = {"version": version, "id": recording.id, "words": words, "key": f"{recording.key}.json"}
        row["sha256"] = self.spool.write([data], sha256=None, size=None)
        update = (
            "UPDATE recordings SET version_id = :version, transcript_key = :key, transcript_version = :words,"
            " sha256 = :sha256 WHERE id = :id"
        )
        with self.engine.begin() as connection:
            connection.execute(text(update), row)
            values = {
                "recording_id": recording.id,
                "version_id": learnt,
                "bucket": self.buckets[1],
                "key": recording.id,
            }
            connection.execute(copies.insert().values(**values, kind="training"))
        return recording.key, version

    def erase(self, *, by=JUNIPER, account=MARSH.account, **chosen) -> int:
        return self.act(erase_own, Chosen(account=account, before=self.now, **chosen), by=by)

    def a_filing(self):
        return Filing(
            track=Track.LEGAL_DEMAND,
            title="Search warrant",
            requester=SHERIFF,
            received_at=self.now,
            zone="America/Los_Angeles",
            language="en",
            facts=dict(WARRANT),
        )

    def asks(self) -> int:
        """What a customer's act does to the tables of erasures, without the log that everybody appends to in turn."""
        with self.ledger.unit_of_work() as work:
            return work.erasures.ask(
                Chosen(account=MARSH.account, before=self.now), Because.CUSTOMER, at=self.now
            ).recordings

    def somebody_waits(self) -> bool:
        """Whether a transaction waits for another's lock, within half a minute."""
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        end = time.monotonic() + 30
        while time.monotonic() < end:
            with self.engine.connect() as connection:
                if connection.execute(waiting).scalar_one():
                    return True
        return False

    def work_goes_on(self) -> None:
        """What the rounds do a little later."""
        self.now += timedelta(minutes=6)
        with self.ledger.reading() as work:
            waiting = work.holds.unconfirmed(at=self.now, again=timedelta(0))
        for hold, _bucket in waiting:
            tell_store(self.outside, hold)
        delete_erased(self.outside)

    def let_go(self, case) -> None:
        with self.ledger.reading() as work:
            holds = work.holds.of_case(case.id)
        for hold in holds:
            self.act(release_hold, hold.id, because="Withdrawn.", by=MAYA)

    def sounds(self) -> list[str]:
        """The recordings whose sound the store still has in any version."""
        return sorted(name for name, (key, _) in self.versions.items() if self.store.every_version(key))

    def transcripts(self) -> list[str]:
        return sorted(name for name, (key, _) in self.versions.items() if self.store.every_version(f"{key}.json"))

    def sent_again(self, name: str) -> None:
        """A device sends a recording once more under the same key, and the store tells of it."""
        sent = next(each for each in marsh_recordings() if each.id == name)
        words = {"account": sent.account, "device": sent.device, "zone": sent.zone}
        words["recorded-at"] = sent.recorded_at.isoformat()
        bucket = self.buckets[0]
        self.client.put_object(Bucket=bucket, Key=sent.key, Body=b"RIFF", ContentType="audio/wav", Metadata=words)
        objects = ObjectsInStore(self.client, Place(name=bucket, is_own=True))
        looked, _ = look(self.ledger.reading, objects, [sent.key], new_id=lambda: "again")
        self.act(record_looks, looked, place=objects.place)

    def recording(self, name: str):
        with self.ledger.reading() as work:
            return next(each for each in work.catalogue.find(Scope(EVERY, EVERY, EVERY, ALWAYS)) if each.id == name)

    def learnt(self) -> list[str]:
        return sorted(name for name in self.versions if self.training.every_version(name))

    def seen(self, *, by=JUNIPER) -> list[str]:
        with self.ledger.reading() as work:
            scope = Scope(frozenset({by.account}), EVERY, EVERY, ALWAYS)
            found = sorted(each.id for each in work.catalogue.find_for_customer(scope))
            assert work.catalogue.count_for_customer(scope) == len(found)
        return found

    def rows(self) -> list[str]:
        with self.engine.connect() as connection:
            query = text("SELECT id FROM recordings WHERE account = :account ORDER BY id")
            return list(connection.execute(query, {"account": MARSH.account}).scalars())

    def counts(self):
        with self.ledger.reading() as work:
            return work.erasures.counts()


@pytest.fixture
def stored(engine, client, tmp_path):
    return Stored(engine, client, tmp_path)


def test_what_is_erased_is_gone_at_once_and_then_from_every_place(stored):
    stored.erase()

    assert stored.seen() == []
    assert stored.sounds() == ALL

    stored.work_goes_on()

    assert (stored.sounds(), stored.transcripts(), stored.learnt(), stored.rows()) == ([], [], [], [])
    assert not any(stored.spool.has(hashlib.sha256(name.encode()).hexdigest()) for name in ALL)
    assert stored.seen(by=MARLOW) == ["n-03142200"]


def test_later_versions_of_the_same_key_go_too(stored):
    stored.store.put(stored.versions[JANUARY][0], b"sent twice", media_type="audio/wav")
    stored.client.delete_object(Bucket=stored.buckets[0], Key=stored.versions[JANUARY][0])

    stored.erase(recording=JANUARY)
    stored.work_goes_on()

    assert stored.store.every_version(stored.versions[JANUARY][0]) == []
    assert stored.sounds() == [each for each in ALL if each != JANUARY]


def test_what_is_held_is_kept_with_its_transcript_and_its_copies_go_at_once(stored):
    case = stored.file()
    stored.work_goes_on()
    stored.erase()
    stored.work_goes_on()

    assert stored.seen() == []
    assert (stored.sounds(), stored.transcripts(), stored.learnt()) == (ALL, ALL, [])

    stored.let_go(case)
    stored.work_goes_on()

    assert (stored.sounds(), stored.transcripts(), stored.rows()) == ([], [], [])


def test_only_the_last_of_two_holds_lets_it_be_deleted(stored):
    first, second = stored.file(), stored.file()
    stored.erase()
    stored.let_go(first)
    stored.work_goes_on()

    assert stored.sounds() == ALL

    stored.let_go(second)
    stored.work_goes_on()

    assert stored.sounds() == []


def test_a_hold_that_comes_after_the_act_and_before_the_deletion_wins(stored):
    stored.erase()
    case = stored.file()
    stored.work_goes_on()

    assert stored.sounds() == ALL
    assert stored.cleared(case).decision.selection.recordings > 0


def test_a_hold_that_reaches_the_store_while_it_is_told_to_delete_wins(stored, monkeypatch):
    real, cases = Recordings.delete, []

    def interrupted(store, key, version_id):
        if not cases:
            cases.append(stored.file())
            for hold in stored.act(lambda work: work.holds.of_case(cases[0].id)):
                tell_store(stored.outside, hold.id)
        real(store, key, version_id)

    monkeypatch.setattr(Recordings, "delete", interrupted)
    stored.erase(recording=JANUARY)
    delete_erased(stored.outside)

    assert stored.sounds() == ALL
    assert stored.transcripts() == ALL

    stored.let_go(cases[0])
    stored.now += timedelta(hours=1)
    stored.work_goes_on()

    assert stored.sounds() == [each for each in ALL if each != JANUARY]


def test_a_hold_that_is_being_written_is_waited_for(stored):
    """The deletion is decided while a hold is not committed yet."""
    stored.erase()
    with ThreadPoolExecutor() as other:
        with stored.ledger.unit_of_work() as work:
            case = receive(work, stored.a_filing(), by=INES)
            deleting = other.submit(delete_erased, stored.outside)
            # It either waits for this transaction, or has seen that nothing is held.
            with pytest.raises(TimeoutError):
                deleting.result(timeout=1)
        deleting.result(timeout=30)

    assert stored.sounds() == ALL
    assert stored.act(lambda work: work.holds.counts(work.holds.of_case(case.id)[0].id)).kept == len(ALL)


def test_a_customer_waits_for_no_hold_that_is_being_written(new_postgres, client, tmp_path):
    stored = Stored(connect(new_postgres), client, tmp_path)
    with ThreadPoolExecutor() as other, stored.ledger.unit_of_work() as work:
        receive(work, stored.a_filing(), by=INES)
        asking = other.submit(stored.asks)

        assert asking.result(timeout=20) == len(ALL)


def test_a_customer_waits_for_no_hold_while_it_is_recorded_what_the_store_denied(
    new_postgres, client, tmp_path, monkeypatch
):
    stored = Stored(connect(new_postgres), client, tmp_path)
    real, asked, goes_on = Recordings.delete, Event(), Event()

    def waiting(store, key, version_id):
        asked.set()
        goes_on.wait(30)
        real(store, key, version_id)

    monkeypatch.setattr(Recordings, "delete", waiting)
    for each in ALL[:3] + ALL[4:]:
        stored.store.hold(*stored.versions[each])
    stored.erase()
    with ThreadPoolExecutor() as other:
        deleting = other.submit(delete_erased, stored.outside)
        assert asked.wait(30)
        with stored.ledger.unit_of_work() as work:
            receive(work, stored.a_filing(), by=INES)
            goes_on.set()
            assert stored.somebody_waits()
            asking = other.submit(stored.asks)

            assert asking.result(timeout=20) == 0
        deleting.result(timeout=60)


def test_what_the_store_denies_is_named_and_tried_again(stored):
    stored.store.hold(*stored.versions[JANUARY])
    stored.erase(recording=JANUARY)
    stored.work_goes_on()

    assert (stored.counts().denied, stored.counts().waiting) == (1, 0)
    assert stored.seen() == [each for each in ALL if each != JANUARY]

    stored.store.release_hold(*stored.versions[JANUARY])
    stored.now += timedelta(hours=1)
    stored.work_goes_on()

    assert stored.counts().denied == 0
    assert JANUARY not in stored.sounds()


def test_nothing_is_deleted_where_the_store_leaves_a_version_out_of_its_listing(stored, monkeypatch):
    stored.erase(recording=JANUARY)
    with monkeypatch.context() as during:
        during.setattr(Recordings, "every_version", lambda *_: [])
        stored.work_goes_on()

        assert stored.counts().unlisted == 1

    assert stored.sounds() == ALL
    stored.work_goes_on()
    assert stored.sounds() == [each for each in ALL if each != JANUARY]
    assert stored.counts().unlisted == 0


def test_nothing_is_forgotten_that_the_store_still_has(stored, monkeypatch):
    stored.erase(recording=JANUARY)
    with monkeypatch.context() as during:
        during.setattr(Recordings, "delete", lambda *_: None)
        stored.work_goes_on()

    assert JANUARY in stored.rows()
    assert stored.counts().waiting == 1


def test_a_store_that_is_away_is_asked_until_it_answers(stored, monkeypatch):
    def away(*_):
        raise StoreUnavailable("The store does not answer.")

    with monkeypatch.context() as during:
        during.setattr(Recordings, "delete", away)
        stored.erase()
        stored.work_goes_on()
        assert stored.counts().waiting == len(ALL)
        assert stored.seen() == []

    stored.work_goes_on()

    assert (stored.sounds(), stored.counts().waiting) == ([], 0)


def test_a_copy_that_is_made_known_afterwards_is_deleted_too(stored):
    stored.erase(recording=JANUARY)
    stored.work_goes_on()
    late = stored.training.put("late", b"learnt late", media_type="audio/wav").version_id
    copy = Copy(recording=JANUARY, bucket=stored.buckets[1], key="late", version_id=late, kind="training")

    stored.act(enter_copy, copy)
    stored.work_goes_on()

    assert stored.training.every_version("late") == []
    with pytest.raises(NotFound):
        stored.act(enter_copy, replace(copy, recording="never-was"))


def test_a_copy_that_is_made_known_while_it_is_held_is_deleted_too(stored):
    stored.file()
    stored.erase(recording=JANUARY)
    stored.work_goes_on()
    late = stored.training.put("late", b"learnt late", media_type="audio/wav").version_id

    stored.act(
        enter_copy, Copy(recording=JANUARY, bucket=stored.buckets[1], key="late", version_id=late, kind="training")
    )
    stored.work_goes_on()

    assert stored.training.every_version("late") == []
    assert stored.sounds() == ALL


@pytest.mark.parametrize("is_held", [False, True])
def test_what_a_device_sends_again_is_not_shown_again_held_or_not(stored, is_held):
    case = stored.file() if is_held else None
    stored.work_goes_on()
    stored.erase(recording=JANUARY)
    stored.work_goes_on()
    others = [each for each in ALL if each != JANUARY]

    stored.sent_again(JANUARY)
    assert stored.seen() == others
    stored.work_goes_on()
    assert stored.seen() == others
    assert (JANUARY in stored.sounds()) == is_held

    if case:
        stored.let_go(case)
        stored.work_goes_on()
    assert stored.sounds() == stored.rows() == others


@pytest.mark.parametrize("is_held", [False, True])
def test_another_version_that_is_entered_under_an_erased_key_is_not_shown_held_or_not(stored, is_held):
    before = stored.recording(JANUARY)
    if is_held:
        stored.file()
    stored.work_goes_on()
    stored.erase(recording=JANUARY)
    stored.work_goes_on()

    later = [replace(before, id=f"again {each}", version_id=each) for each in ("second", "third")]
    others = [
        replace(before, id="another", key="voice/another"),
        replace(before, id="elsewhere", bucket="elsewhere", version_id="second"),
    ]
    stored.act(lambda work: work.catalogue.add([*later, *others]))

    assert stored.seen() == sorted({*ALL, "another", "elsewhere"} - {JANUARY})


def test_what_is_deleted_a_second_time_is_remembered_too(stored):
    before = stored.recording(JANUARY)
    stored.erase(recording=JANUARY)
    stored.work_goes_on()
    stored.act(lambda work: work.catalogue.add([replace(before, id="again")]))
    stored.work_goes_on()
    late = stored.training.put("late", b"learnt late", media_type="audio/wav").version_id

    stored.act(
        enter_copy, Copy(recording="again", bucket=stored.buckets[1], key="late", version_id=late, kind="training")
    )
    stored.work_goes_on()

    assert stored.training.every_version("late") == []


def test_what_is_entered_once_more_is_not_shown_again(stored):
    before = stored.recording(JANUARY)
    stored.erase(recording=JANUARY)
    stored.work_goes_on()

    stored.act(lambda work: work.catalogue.add([replace(before, id="again")]))

    assert "again" not in stored.seen()
    stored.work_goes_on()
    assert "again" not in stored.rows()


def test_a_copy_that_is_not_given_yet_is_made_without_what_was_erased(stored):
    own = stored.cleared(stored.ask())
    with_it = [item.recording for item in stored.production(own.id).items]
    stored.erase(recording=JANUARY)

    assert JANUARY in with_it
    assert [str(each.state) for each in stored.productions(own.id)] == ["cancelled"]

    stored.cleared(stored.case(own.id))

    assert [item.recording for item in stored.production(own.id).items] == [each for each in with_it if each != JANUARY]


def test_a_request_for_erasure_is_carried_out_when_its_answer_is_released(stored):
    case = stored.ask(right="erasure", seeks=["audio", "transcript"])
    with pytest.raises(Conflict):
        stored.act(erase_as_decided, case, by=MAYA)
    stored.now += timedelta(minutes=1)
    offered = stored.offered(case)
    assert answer_letter(offered) is LetterKind.ERASURE
    assert stored.seen() == ALL

    stored.release(offered, recipient=MARSH.name)

    assert stored.seen() == []
    assert stored.act(erase_as_decided, stored.case(case.id), by=MAYA) == 0


def test_nobody_erases_what_is_another_customer_s(stored):
    with pytest.raises(NotFound):
        stored.erase(by=MARLOW, account=MARSH.account)
    with pytest.raises(Forbidden):
        stored.erase(by=MAYA)

    assert stored.erase(by=MARLOW, account=KETTLE.account, recording=JANUARY) == 0
    assert stored.seen() == ALL


def test_what_grows_older_than_its_customer_chose_is_erased(stored):
    stored.act(choose_months, 18, by=JUNIPER)
    assert stored.seen() == ALL

    stored.now += timedelta(days=549 - 322)
    erase_what_is_over(stored.outside)

    assert stored.seen() == [each for each in ALL if each != JANUARY]


def test_what_is_over_stands_in_no_queue_before_legal_work_and_a_customer_s_act_once(stored):
    with stored.engine.begin() as connection:
        connection.execute(text("UPDATE recordings SET retain_until = '2026-11-23T17:30:00.000000Z'"))
        connection.execute(text("UPDATE recordings SET retain_until = NULL WHERE id = :id"), {"id": JANUARY})

    erase_what_is_over(stored.outside)

    assert "erase" not in dict(stored.queue.jobs)
    stored.work_goes_on()
    assert stored.sounds() == [JANUARY]
    stored.erase()
    assert [workflow for workflow, _ in stored.queue.jobs] == ["erase"]


def test_what_the_company_keeps_no_longer_is_erased(stored):
    with stored.engine.begin() as connection:
        ended = {"ends": "2026-11-23T17:30:00.000000Z", "id": JANUARY}
        connection.execute(text("UPDATE recordings SET retain_until = :ends WHERE id = :id"), ended)

    erase_what_is_over(stored.outside)

    assert stored.seen() == [each for each in ALL if each != JANUARY]


LOST = "a-bucket-that-was"


def absent(stored):
    with stored.ledger.reading() as work:
        return work.absent_buckets.all()


def a_copy_in_a_lost_bucket(stored, name=JANUARY):
    copy = Copy(recording=name, bucket=LOST, key=name, version_id="v1", kind="training")
    stored.act(enter_copy, copy)


def test_a_bucket_that_does_not_exist_is_named_with_since_when_and_the_rest_is_deleted(stored):
    a_copy_in_a_lost_bucket(stored)
    stored.erase(recording=JANUARY)
    stored.work_goes_on()
    since = stored.now
    stored.work_goes_on()

    assert [(each.name, each.since, each.waiting) for each in absent(stored)] == [(LOST, since, 1)]
    assert (stored.counts().waiting, stored.counts().denied) == (0, 0)
    assert JANUARY not in [*stored.sounds(), *stored.transcripts(), *stored.learnt()]
    assert JANUARY in stored.rows()


def test_what_lay_in_a_bucket_that_is_gone_for_good_is_recorded_as_gone(stored):
    a_copy_in_a_lost_bucket(stored)
    stored.erase(recording=JANUARY)
    stored.work_goes_on()

    take_as_gone(stored.outside, LOST, because="The region was closed.", by=OLE)
    stored.work_goes_on()

    assert JANUARY not in stored.rows()
    assert absent(stored) == []
    taken, erased = stored.log()[-2:]
    assert (taken["act"], taken["actor"], taken["numbers"]) == ("bucket_taken_as_gone", "ole", {"recordings": 1})
    assert (erased["act"], erased["numbers"]) == ("recordings_erased", {"recordings": 1, "bucket_gone": 1})
    assert "closed" not in str(stored.log())


def test_a_bucket_that_is_back_is_deleted_from_though_it_was_taken_as_gone(stored):
    bucket = f"back-{next(NUMBERS)}"
    stored.act(enter_copy, Copy(recording=JANUARY, bucket=bucket, key="x", version_id="v1", kind="training"))
    stored.erase(recording=JANUARY)
    stored.work_goes_on()
    take_as_gone(stored.outside, bucket, because="It was closed.", by=OLE)
    make_buckets(stored.client, [bucket])
    stored.store.of_bucket(bucket).put("x", b"learnt", media_type="audio/wav")

    stored.work_goes_on()

    assert stored.store.of_bucket(bucket).every_version("x") == []
    assert JANUARY not in stored.rows()
    assert stored.log()[-1]["numbers"] == {"recordings": 1}


def test_what_was_taken_as_gone_stays_so_for_more_than_one_turn_of_recordings_without_transcripts(stored):
    first = marsh_recordings()[0]
    there = [
        replace(first, id=f"lost-{n}", key=f"lost/{n}.wav", bucket=LOST, version_id="v1", transcript_key="")
        for n in range(101)
    ]
    stored.act(lambda work: work.catalogue.add(there))
    stored.erase()
    stored.work_goes_on()
    assert [each.waiting for each in absent(stored)] == [101]

    take_as_gone(stored.outside, LOST, because="The region was closed.", by=OLE)
    stored.work_goes_on()
    stored.work_goes_on()

    assert stored.rows() == []
    with stored.ledger.reading() as work:
        assert work.absent_buckets.taken_as_gone() == {LOST}


def test_no_bucket_is_taken_as_gone_of_which_the_store_does_not_say_so(stored, monkeypatch):
    a_copy_in_a_lost_bucket(stored)
    stored.erase(recording=JANUARY)
    stored.work_goes_on()

    with pytest.raises(Forbidden):
        take_as_gone(stored.outside, LOST, because="It is gone.", by=MAYA)
    with pytest.raises(Unusable):
        take_as_gone(stored.outside, LOST, because=" ", by=OLE)
    with pytest.raises(Conflict):
        take_as_gone(stored.outside, stored.buckets[1], because="It is gone.", by=OLE)
    with pytest.raises(NotFound):
        take_as_gone(stored.outside, "another-that-was", because="It is gone.", by=OLE)
    monkeypatch.setattr(Recordings, "answers", lambda _: False)
    with pytest.raises(Conflict, match="own bucket"):
        take_as_gone(stored.outside, LOST, because="It is gone.", by=OLE)
    assert absent(stored)[0].is_taken_as_gone is False


def test_what_a_hold_keeps_in_a_bucket_that_is_gone_is_recorded_as_gone_after_its_release_alone(stored):
    with stored.engine.begin() as connection:
        connection.execute(
            text("UPDATE recordings SET bucket = :bucket WHERE id = :id"), {"bucket": LOST, "id": JANUARY}
        )
    case = stored.file()
    stored.erase(recording=JANUARY)
    stored.work_goes_on()
    with pytest.raises(NotFound):
        take_as_gone(stored.outside, LOST, because="It is gone.", by=OLE)

    stored.let_go(case)
    stored.work_goes_on()
    assert JANUARY in stored.rows()

    take_as_gone(stored.outside, LOST, because="It is gone.", by=OLE)
    stored.work_goes_on()
    stored.work_goes_on()
    assert JANUARY not in stored.rows()


def test_the_log_commits_to_what_was_deleted_by_what_stays_on_record(stored):
    stored.erase()
    stored.work_goes_on()

    with stored.ledger.reading() as work:
        digest = work.erasures.digest_of(ALL)
        others = work.erasures.digest_of(ALL[1:])
    with stored.engine.connect() as connection:
        query = text("SELECT value FROM audit_private WHERE field = 'recordings' ORDER BY \"index\" DESC")
        committed = connection.execute(query).scalars().first()

    assert committed == digest != others


def time_is_over(stored, *names):
    with stored.engine.begin() as connection:
        for name in names:
            over = {"ends": "2026-11-23T17:30:00.000000Z", "id": name}
            connection.execute(text("UPDATE recordings SET retain_until = :ends WHERE id = :id"), over)


def asked(stored):
    return [each["numbers"]["recordings"] for each in stored.log() if each["act"] == "erasure_asked"]


def test_what_is_over_is_one_act_for_each_account(stored):
    time_is_over(stored, *ALL[1:], "n-03142200")

    erase_what_is_over(stored.outside)
    erase_what_is_over(stored.outside)

    assert sorted(asked(stored)) == [1, 7]
    assert (stored.seen(), stored.seen(by=MARLOW)) == ([ALL[0]], [])


def test_what_is_over_is_erased_in_parts_and_a_kill_between_them_loses_nothing(stored, monkeypatch):
    monkeypatch.setattr(erasing, "AT_ONCE", 3)
    time_is_over(stored, *ALL)
    parts = []

    def dies(*_):
        parts.append("begun")
        if len(parts) == 2:
            raise SystemExit

    monkeypatch.setattr(erasing, "_begin_copies_anew", dies)
    with pytest.raises(SystemExit):
        erase_what_is_over(stored.outside)
    assert asked(stored) == [3]
    assert len(stored.seen()) == 5

    erase_what_is_over(stored.outside)

    assert asked(stored) == [3, 3, 2]
    assert stored.seen() == []
    assert stored.log_is_sound()


@pytest.mark.parametrize("broken", [MARSH.account, KETTLE.account])
def test_an_account_whose_erasing_breaks_keeps_no_other_one_back(stored, monkeypatch, caplog, broken):
    time_is_over(stored, *ALL, "n-03142200")
    real = erasing._begin_copies_anew

    def breaks(work, account):
        if account == broken:
            raise KeyError(account)
        real(work, account)

    monkeypatch.setattr(erasing, "_begin_copies_anew", breaks)
    with pytest.raises(KeyError):
        erase_what_is_over(stored.outside)

    left = {MARSH.account: stored.seen(), KETTLE.account: stored.seen(by=MARLOW)}
    assert [account for account, seen in left.items() if seen] == [broken]
    assert "KeyError" in caplog.text
    assert broken not in caplog.text


def test_the_log_says_that_and_why_and_of_whom_nothing(stored):
    stored.erase()
    stored.work_goes_on()
    entries = [each for each in stored.log() if each["act"] in {"erasure_asked", "recordings_erased"}]

    assert [each["numbers"] for each in entries] == [{"recordings": 8}, {"recordings": 8}]
    assert entries[0]["words"] == {"reason": str(Because.CUSTOMER)}
    assert MARSH.account not in str(entries)
    assert stored.log_is_sound()
