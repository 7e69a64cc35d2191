import hashlib
import json
import time
from collections import Counter
from datetime import UTC, datetime
from itertools import count
from types import SimpleNamespace

import boto3
import pytest
from a_bucket import SOUND, WORDS, Bucket, in_a_notification, on_the_bus
from a_house import MARSH, NOW, ActingHouse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legal_rules.scope import EVERY, Interval, Scope
from requests_portal.database.engine import connect
from requests_portal.errors import Away
from requests_portal.events import listening
from requests_portal.model.in_store import Kind
from requests_portal.model.recording import Recording
from requests_portal.storage.event_queue import EventQueue
from requests_portal.storage.refusals import StoreUnavailable
from requests_portal.work.events import Message, NotRead, keys_named, take_events

DIGEST = hashlib.sha256(SOUND).hexdigest()
numbers = count(1)


class Letterbox:
    """A queue in memory: what was put in is given out until it is taken off."""

    def __init__(self, *bodies):
        self.messages = [Message(id=f"m{next(numbers)}", receipt="r", body=body) for body in bodies]

    def take(self):
        return tuple(self.messages[:10])

    def done(self, messages):
        self.messages = [each for each in self.messages if each not in messages]


def turn(house, bucket, *bodies, queue=None):
    """One turn over these messages."""
    return take_events(
        house.ledger.reading, house.ledger.unit_of_work, bucket.objects, queue or Letterbox(*bodies), new_id=new_id
    )


def new_id():
    return f"new-{next(numbers)}"


def entered(house, account=MARSH.account):
    """The recordings that came from the store, without their random ids."""
    always = Interval(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    scope = Scope(frozenset({account}), EVERY, EVERY, always)
    with house.ledger.reading() as work:
        return [each for each in work.catalogue.find(scope) if each.id.startswith("new-")]


def findings(house):
    with house.ledger.reading() as work:
        return {
            (each.finding.key, each.finding.kind, each.finding.reason) for each in work.in_store.open_findings(limit=99)
        }


def catalogued(house, bucket, key, version_id, **changed):
    """A recording that was in the catalogue before."""
    known = {"size": len(SOUND), "sha256": DIGEST, "media_type": "audio/wav", "recorded_at": NOW} | changed
    recording = Recording(
        id=f"new-{next(numbers)}",
        account=MARSH.account,
        device="D",
        zone="UTC",
        key=key,
        version_id=version_id,
        **known,
    )
    house.act(lambda work: work.catalogue.add([recording]))
    return recording


@pytest.mark.parametrize("checksum", ["SHA256", "CRC32"])
def test_a_recording_is_entered_from_the_words_of_its_object(any_house, bucket, checksum):
    version = bucket.put("voice/küche 1+2.wav", checksum=checksum, retain_until="2027-01-01T00:00:00Z")

    taken = turn(any_house, bucket, bucket.event("voice/küche 1+2.wav"))

    (recording,) = entered(any_house)
    assert (taken.entered, taken.left, taken.set_aside) == (1, 0, 0)
    assert (recording.key, recording.version_id, recording.bucket) == ("voice/küche 1+2.wav", version, "")
    assert (recording.size, recording.sha256, recording.media_type) == (len(SOUND), DIGEST, "audio/wav")
    assert recording.recorded_at == datetime(2026, 3, 15, 4, 4, tzinfo=UTC)
    assert (recording.zone, recording.device) == (WORDS["zone"], WORDS["device"])
    assert recording.retain_until == datetime(2027, 1, 1, tzinfo=UTC)
    assert recording.speakers is None
    assert recording.pseudonym
    assert recording.account not in recording.pseudonym


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"account": None}, "metadata_missing"),
        ({"recorded_at": None}, "metadata_missing"),
        ({"zone": " "}, "metadata_missing"),
        ({"recorded_at": "2026-03-14T21:04:00"}, "metadata_unusable"),
        ({"recorded_at": "last night"}, "metadata_unusable"),
        ({"recorded_at": "1969-12-31T21:04:00Z"}, "metadata_unusable"),
        ({"recorded_at": "2999-12-31T21:04:00Z"}, "metadata_unusable"),
        ({"zone": "../../etc/passwd"}, "metadata_unusable"),
        ({"account": "A" * 65}, "metadata_unusable"),
        ({"account": "=?UTF-8?Q?A?="}, "metadata_unusable"),
        ({"false_wake": "perhaps"}, "metadata_unusable"),
        ({"sha256": "no digest"}, "metadata_unusable"),
        ({"transcript_key": "words/one"}, "metadata_missing"),
        ({"transcript_key": "words/one", "transcript_version": "null"}, "metadata_unusable"),
        ({"transcript_key": "words/one", "transcript_version": "7" * 201}, "metadata_unusable"),
        ({"sha256": "0" * 64}, "sha256_differs"),
        ({"media_type": "text/html"}, "media_type"),
        ({"body": b""}, "empty"),
    ],
)
def test_what_is_not_known_is_never_guessed_but_found(house, bucket, changed, reason):
    bucket.put("voice/1", **changed)

    taken = turn(house, bucket, bucket.event("voice/1"))

    assert entered(house) == []
    assert findings(house) == {("voice/1", Kind.NOT_ENTERED, reason)}
    assert (taken.findings, taken.left) == (1, 0)


def test_a_finding_is_resolved_once_the_object_can_be_entered(any_house, bucket):
    first = bucket.put("voice/1", account=None)
    turn(any_house, bucket, bucket.event("voice/1"))
    bucket.put("voice/1")
    bucket.destroy("voice/1", first)

    turn(any_house, bucket, bucket.event("voice/1"))

    assert len(entered(any_house)) == 1
    assert findings(any_house) == set()


def test_a_finding_that_stands_keeps_when_it_was_first_seen(any_house, bucket):
    bucket.put("voice/1", account=None)
    turn(any_house, bucket, bucket.event("voice/1"))
    first = any_house.now
    any_house.now = first.replace(hour=23)

    turn(any_house, bucket, bucket.event("voice/1"))

    with any_house.ledger.reading() as work:
        (found,) = work.in_store.open_findings(limit=9)
        assert work.in_store.counts() == {("not_entered", "metadata_missing"): 1}
    assert (found.first_seen, found.last_seen) == (first, any_house.now)


def test_a_later_version_with_other_bytes_is_found_and_the_catalogue_keeps_its_row(any_house, bucket):
    version = bucket.put("voice/1")
    turn(any_house, bucket, bucket.event("voice/1"))
    bucket.put("voice/1", SOUND + b"!")

    turn(any_house, bucket, bucket.event("voice/1"))

    assert [each.version_id for each in entered(any_house)] == [version]
    assert findings(any_house) == {("voice/1", Kind.NEWER_VERSION, "newer_version")}


def test_a_recording_that_was_sent_twice_is_one_recording(house, bucket):
    version = bucket.put("voice/1")
    bucket.put("voice/1", checksum="CRC32")

    turn(house, bucket, bucket.event("voice/1"))
    turn(house, bucket, bucket.event("voice/1"))

    assert [each.version_id for each in entered(house)] == [version]
    assert findings(house) == set()


def test_what_the_store_no_longer_has_is_found_only_where_it_was_catalogued(any_house, bucket):
    kept, hidden, gone = (bucket.put(f"voice/{name}") for name in ("kept", "hidden", "gone"))
    for key, version in (("voice/kept", kept), ("voice/hidden", hidden), ("voice/gone", gone)):
        catalogued(any_house, bucket, key, version)
    bucket.hide("voice/hidden")
    bucket.destroy("voice/gone", gone)
    names = ("ObjectRemoved:DeleteMarkerCreated", "ObjectRemoved:Delete", "LifecycleExpiration:Delete")

    turn(
        any_house,
        bucket,
        *(bucket.event(f"voice/{key}", name) for key in ("kept", "hidden", "gone", "x") for name in names),
    )

    assert findings(any_house) == {
        ("voice/hidden", Kind.DELETE_MARKER, "delete_marker"),
        ("voice/gone", Kind.MISSING, "missing"),
    }
    assert len(entered(any_house)) == 3


def test_an_object_under_a_delete_marker_is_for_a_person(house, bucket):
    bucket.put("voice/1")
    bucket.hide("voice/1")

    turn(house, bucket, bucket.event("voice/1"))

    assert entered(house) == []
    assert findings(house) == {("voice/1", Kind.NOT_ENTERED, "deleted")}


def test_a_size_that_the_catalogue_does_not_know_is_found(house, bucket):
    version = bucket.put("voice/1")
    catalogued(house, bucket, "voice/1", version, size=7)

    turn(house, bucket, bucket.event("voice/1"))

    assert findings(house) == {("voice/1", Kind.OTHER_SIZE, "other_size")}


def test_a_key_that_begins_as_another_one_is_not_taken_for_it(house, bucket):
    bucket.put("voice/10")
    bucket.put("voice/1/2")

    turn(house, bucket, bucket.event("voice/1"))

    assert (entered(house), findings(house)) == ([], set())


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        (lambda b: b.event("voice/a b+c.wav"), ("voice/a b+c.wav",)),
        (lambda b: in_a_notification(b.event("voice/a b+c.wav")), ("voice/a b+c.wav",)),
        (lambda b: on_the_bus(b.name, "voice/a%20b+c.wav"), ("voice/a%20b+c.wav",)),
        (lambda b: on_the_bus(b.name, "voice/1", "Object Deleted"), ("voice/1",)),
        (lambda b: on_the_bus(b.name, "voice/1", "Object Tags Added"), ()),
        (lambda b: b.event("voice/1", "ObjectTagging:Put"), ()),
        (lambda b: b.event("voice/1", "s3:ObjectCreated:Put"), ("voice/1",)),
        (lambda b: json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": b.name}), ()),
        (lambda _: json.dumps({"Records": []}), ()),
    ],
)
def test_a_message_names_its_keys_in_each_of_its_forms(body, keys):
    bucket = SimpleNamespace(name="heard", event=lambda *a: Bucket.event(SimpleNamespace(name="heard"), *a))

    assert keys_named(body(bucket), bucket="heard") == keys


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "not_json"),
        ("{", "not_json"),
        ("[" * 100_000, "not_json"),
        ("[]", "not_an_event"),
        ("{}", "not_an_event"),
        ('{"Records": 7}', "not_an_event"),
        ('{"Records": [7]}', "not_an_event"),
        ('{"Records": [{"eventName": "ObjectCreated:Put"}]}', "not_an_event"),
        ('{"Type": "Notification", "Message": "hello"}', "not_json"),
        ('{"Type": "Notification", "Message": 7}', "not_an_event"),
        ('{"source": "aws.s3", "detail-type": "Object Created", "detail": null}', "not_an_event"),
        (on_the_bus("another", "voice/1"), "another_bucket"),
        (on_the_bus("heard", "voice/\0"), "unusable_key"),
        (on_the_bus("heard", "voice/\ud800"), "unusable_key"),
        (on_the_bus("heard", "v" * 1025), "unusable_key"),
        (on_the_bus("heard", ""), "unusable_key"),
        (on_the_bus("heard", {"a": 1}), "unusable_key"),
        (Bucket.event(SimpleNamespace(name="heard"), "x").replace('"x"', '"voice/%ff"'), "unusable_key"),
    ],
)
def test_a_message_that_nobody_can_read_says_why(body, reason):
    with pytest.raises(NotRead, match=reason):
        keys_named(body, bucket="heard")


def test_a_message_that_nobody_can_read_is_set_aside_once_and_taken_off(any_house, bucket):
    queue = Letterbox("\0 not an event \ud800", bucket.event("voice/1"))
    strange = queue.messages[0]
    bucket.put("voice/1")

    first = turn(any_house, bucket, queue=queue)
    left = tuple(queue.messages)
    queue.messages = [strange]
    turn(any_house, bucket, queue=queue)

    with any_house.ledger.reading() as work:
        number, (kept,) = work.in_store.messages_set_aside(limit=9)
    assert (first.set_aside, first.entered, left, number) == (1, 1, (), 1)
    assert (kept.message_id, kept.reason, kept.at) == (strange.id, "not_json", any_house.now)


def test_a_message_stays_on_the_queue_while_the_store_is_away(house, bucket):
    bucket.put("voice/1")
    bucket.put("voice/2")
    asked = bucket.objects.versions

    def shaky(key):
        if key == "voice/2":
            raise StoreUnavailable("The store is away.")
        return asked(key)

    bucket.objects.versions = shaky
    queue = Letterbox(bucket.event("voice/1"), bucket.event("voice/2"))

    taken = turn(house, bucket, queue=queue)
    bucket.objects.versions = asked
    again = turn(house, bucket, queue=queue)

    assert (taken.entered, taken.left) == (1, 1)
    assert (again.entered, again.left, queue.messages) == (1, 0, [])
    assert len(entered(house)) == 2


def test_a_message_stays_on_the_queue_when_its_transaction_fails(house, bucket, monkeypatch):
    bucket.put("voice/1")
    queue = Letterbox(bucket.event("voice/1"))
    with monkeypatch.context() as broken:
        broken.setattr("requests_portal.database.in_store.SqlInStore.looked_at", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            turn(house, bucket, queue=queue)
    lost = entered(house)

    turn(house, bucket, queue=queue)

    assert lost == []
    assert (len(entered(house)), queue.messages) == (1, [])


def test_two_workers_with_the_same_message_enter_one_recording(any_house, bucket):
    bucket.put("voice/1")
    second = Letterbox(bucket.event("voice/1"))
    ask = bucket.objects.described

    def overtaken(key, version_id):
        bucket.objects.described = ask
        turn(any_house, bucket, queue=second)
        return ask(key, version_id)

    bucket.objects.described = overtaken
    taken = turn(any_house, bucket, bucket.event("voice/1"))

    assert taken.entered == 0
    assert len(entered(any_house)) == 1


@pytest.fixture(scope="module")
def told(client, tmp_path_factory):
    """A bucket in which much has happened, and every message about it."""
    bucket = Bucket(client)
    bucket.put("voice/a")
    bucket.put("voice/b", account=None)
    bucket.put("voice/c")
    bucket.put("voice/c", SOUND + b"!")
    bucket.put("voice/d")
    bucket.put("voice/d")
    bucket.destroy("voice/e", bucket.put("voice/e"))
    bucket.put("voice/f")
    bucket.hide("voice/f")
    known = bucket.put("voice/g")
    bucket.destroy("voice/g", known)
    created = [bucket.event(f"voice/{key}") for key in "abccddefg"]
    removed = [
        bucket.event(f"voice/{key}", name)
        for key, name in (
            ("e", "ObjectRemoved:Delete"),
            ("f", "ObjectRemoved:DeleteMarkerCreated"),
            ("g", "ObjectRemoved:Delete"),
        )
    ]
    others = [json.dumps({"Event": "s3:TestEvent"}), "neither", on_the_bus(bucket.name, "voice/a")]
    bucket.known = known
    bucket.messages = [*created, *removed, *others]
    bucket.folder = tmp_path_factory.mktemp("told")
    return bucket


def after(bucket, turns):
    """What a new house knows after these turns over the messages."""
    engine = connect(f"sqlite:///{bucket.folder}/{next(numbers)}.sqlite")
    house = ActingHouse(engine)
    catalogued(house, bucket, "voice/g", bucket.known)
    for bodies in turns:
        turn(house, bucket, *bodies)
    rows = {(each.key, each.version_id, each.sha256, each.size) for each in entered(house)}
    found = rows, len(entered(house)), findings(house)
    engine.dispose()
    return found


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_and_repetition_of_the_same_messages_gives_the_same_catalogue(told, data):
    once = after(told, [[each] for each in told.messages])
    more = data.draw(st.lists(st.sampled_from(told.messages), max_size=12))
    order = data.draw(st.permutations([*told.messages, *more]))
    size = data.draw(st.integers(1, 10))

    again = after(told, [order[start : start + size] for start in range(0, len(order), size)])

    assert again == once
    assert {key for key, *_ in once[0]} == {"voice/a", "voice/c", "voice/d", "voice/g"}
    assert Counter(kind for _, kind, _ in once[2]) == {
        Kind.NOT_ENTERED: 2,
        Kind.NEWER_VERSION: 1,
        Kind.MISSING: 1,
    }


@pytest.fixture
def queue(endpoint):
    """A queue of SQS, and how a store puts messages into it."""
    client = boto3.client(
        "sqs", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    url = client.create_queue(QueueName=f"desk-{next(numbers)}")["QueueUrl"]
    made = EventQueue(url, region="us-east-1", access_key="a", secret_key="b", wait_seconds=1)
    made.send = lambda body: client.send_message(QueueUrl=url, MessageBody=body)
    made.waiting = lambda: sum(
        int(number)
        for number in client.get_queue_attributes(
            QueueUrl=url,
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )["Attributes"].values()
    )
    return made


def test_the_worker_s_ear_enters_what_the_queue_tells_and_empties_it(any_house, bucket, queue):
    for number in range(23):
        bucket.put(f"voice/{number}")
        queue.send(bucket.event(f"voice/{number}"))
    queue.send("no event")

    with listening(any_house.ledger, bucket.objects, queue, new_id=new_id, pause=0.05):
        until(lambda: len(entered(any_house)) == 23 and not queue.waiting())

    assert findings(any_house) == set()


def test_the_worker_s_ear_outlasts_a_queue_that_fails(house, bucket, queue, caplog):
    bucket.put("voice/1")
    queue.send(bucket.event("voice/1"))
    faults = [Away("The queue is away."), RuntimeError("voice/1 of A-88310-4")]

    class Shaky:
        def take(self):
            if faults:
                raise faults.pop(0)
            return queue.take()

        def done(self, messages):
            queue.done(messages)

    with listening(house.ledger, bucket.objects, Shaky(), new_id=new_id, pause=0.01):
        until(lambda: len(entered(house)) == 1)

    assert "RuntimeError" in caplog.text
    assert "A-88310-4" not in caplog.text


def test_a_queue_that_is_away_says_so():
    away = EventQueue("http://127.0.0.1:1/queue", region="us-east-1", access_key="a", secret_key="b", wait_seconds=1)

    with pytest.raises(Away, match="does not answer"):
        away.take()


def until(true, seconds=30):
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.05)
