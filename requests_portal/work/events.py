"""Events: the store's messages about its objects are taken as hints of where to look, never as facts."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import unquote_plus

from requests_portal.model.in_store import Place, SetAside, is_key
from requests_portal.work.look import Looked, Objects, look, record_looks
from requests_portal.work.outside import UnitOfWork

BEGINNING = 4096
# The others are about labels, restoring and replication, and change nothing that is catalogued.
OF_INTEREST = ("ObjectCreated:", "ObjectRemoved:", "LifecycleExpiration:")
ON_THE_BUS = frozenset({"Object Created", "Object Deleted"})
S3, TEST = "aws.s3", "s3:TestEvent"


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message of the queue; the receipt is what takes it off."""

    id: str
    receipt: str
    body: str


class Queue(Protocol):
    """The queue into which the store says what happened."""

    def take(self) -> Sequence[Message]:
        """The next messages, after a wait where there are none."""

    def done(self, messages: Sequence[Message]) -> None:
        """Take messages off the queue."""


class NotRead(Exception):  # noqa: N818 — an answer; the message is set aside under this code
    """A message that is no message of the store, or not of our bucket."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What one turn came to; `left` are messages that come again, because the store gave no answer."""

    messages: int
    entered: int
    findings: int
    set_aside: int
    left: int


def take_events(
    reading: UnitOfWork, unit_of_work: UnitOfWork, objects: Objects, queue: Queue, *, new_id: Callable[[], str]
) -> Taken:
    """Look at every key that the next messages name; a message goes once what it led to is recorded.

    One that nobody can read is set aside in a table of ours and taken off: without a queue for dead letters it would
    come back for days and then be lost unseen.
    """
    messages = queue.take()
    keys, unread = _read(messages, objects.place.name)
    looked, away = look(
        reading, objects, list(dict.fromkeys(key for named in keys.values() for key in named)), new_id=new_id
    )
    recorded = _record(unit_of_work, objects.place, looked, unread)
    waiting = frozenset(away)
    done = [each for each in messages if waiting.isdisjoint(keys.get(each.id, ()))]
    queue.done(done)
    return Taken(
        messages=len(messages),
        entered=recorded[0],
        findings=recorded[1],
        set_aside=len(unread),
        left=len(messages) - len(done),
    )


def keys_named(body: str, *, bucket: str) -> tuple[str, ...]:
    """The keys of a bucket that a message of the store is about; raises NotRead.

    As S3 sends it, inside a message of SNS, or as an event of EventBridge, which alone does not encode keys.
    """
    try:
        return tuple(dict.fromkeys(_keys(_object(body), bucket)))
    except (KeyError, TypeError, AttributeError) as error:
        raise NotRead("not_an_event") from error


def _read(messages: Sequence[Message], bucket: str) -> tuple[dict[str, tuple[str, ...]], list[tuple[Message, str]]]:
    keys, unread = {}, []
    for each in messages:
        try:
            keys[each.id] = keys_named(each.body, bucket=bucket)
        except NotRead as why:
            unread.append((each, str(why)))
    return keys, unread


def _record(
    unit_of_work: UnitOfWork, place: Place, looked: Sequence[Looked], unread: Sequence[tuple[Message, str]]
) -> tuple[int, int]:
    if not looked and not unread:
        return 0, 0
    with unit_of_work() as work:
        recorded = record_looks(work, looked, place=place)
        for message, reason in unread:
            digest = hashlib.sha256(message.body.encode(errors="replace")).hexdigest()
            aside = SetAside(message_id=message.id[:100], at=work.now(), reason=reason, sha256=digest)
            work.in_store.set_aside(aside, beginning=_storable(message.body[:BEGINNING]))
    return recorded.entered, recorded.findings


def _storable(text: str) -> str:
    return text.replace("\0", "").encode(errors="replace").decode()


def _object(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotRead("not_json") from error
    if not isinstance(found, dict):
        raise NotRead("not_an_event")
    return found


def _keys(event: Mapping[str, Any], bucket: str) -> Iterator[str]:
    if event.get("Type") == "Notification" and "Message" in event:
        event = _object(event["Message"])
    if event.get("Event") == TEST:
        return
    if event.get("source") == S3:
        if event["detail-type"] in ON_THE_BUS:
            yield _key(event["detail"]["bucket"]["name"], event["detail"]["object"]["key"], bucket)
        return
    for record in event["Records"]:
        name = str(record["eventName"]).removeprefix("s3:")
        if name.startswith(OF_INTEREST):
            yield _key(record["s3"]["bucket"]["name"], _decoded(record["s3"]["object"]["key"]), bucket)


def _decoded(key: str) -> str:
    try:
        return unquote_plus(key, errors="strict")
    except UnicodeDecodeError as error:
        raise NotRead("unusable_key") from error


def _key(of_bucket: str, key: str, bucket: str) -> str:
    if of_bucket != bucket:
        raise NotRead("another_bucket")
    if not is_key(key):
        raise NotRead("unusable_key")
    return key
