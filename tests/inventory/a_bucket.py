"""A bucket of one test, and the messages that a store sends about it."""

import json
from itertools import count
from urllib.parse import quote_plus

from requests_portal.model.in_store import Place
from requests_portal.storage.buckets import make_buckets
from requests_portal.storage.objects import ObjectsInStore

WORDS = {
    "account": "A-88310-4",
    "device": "HR2-41B0-7F2C",
    "recorded-at": "2026-03-14T21:04:00-07:00",
    "zone": "America/Los_Angeles",
}
SOUND = b"RIFF" + bytes(range(256)) * 8
names = count(1)


class Bucket:
    """One bucket: what is put into it, and how it is looked at."""

    def __init__(self, client):
        self.client = client
        self.name = f"heard-{next(names)}"
        make_buckets(client, [self.name])
        self.objects = ObjectsInStore(client, Place(name=self.name, is_own=True))

    def put(self, key, body=SOUND, *, media_type="audio/wav", checksum="SHA256", **words):
        """Put a version with a recording's words, changed as named (None leaves one out); return its id."""
        said = WORDS | {name.replace("_", "-"): value for name, value in words.items()}
        answer = self.client.put_object(
            Bucket=self.name,
            Key=key,
            Body=body,
            ContentType=media_type,
            ChecksumAlgorithm=checksum,
            Metadata={name: value for name, value in said.items() if value is not None},
        )
        return answer["VersionId"]

    def hide(self, key):
        """Put a delete marker over a key; return its id."""
        return self.client.delete_object(Bucket=self.name, Key=key)["VersionId"]

    def destroy(self, key, version_id):
        self.client.delete_object(Bucket=self.name, Key=key, VersionId=version_id)

    def event(self, key, name="ObjectCreated:Put"):
        """The message that S3 sends."""
        one = {
            "eventSource": "aws:s3",
            "eventName": name,
            "s3": {"bucket": {"name": self.name}, "object": {"key": quote_plus(key, safe="/"), "sequencer": "0055"}},
        }
        return json.dumps({"Records": [one]})


def in_a_notification(body):
    """The same inside a message of SNS."""
    return json.dumps({"Type": "Notification", "MessageId": "m", "TopicArn": "arn:aws:sns:x", "Message": body})


def on_the_bus(bucket, key, kind="Object Created"):
    """The event of EventBridge, whose keys are not encoded."""
    detail = {"version": "0", "bucket": {"name": bucket}, "object": {"key": key, "sequencer": "0055"}}
    return json.dumps({"version": "0", "source": "aws.s3", "detail-type": kind, "detail": detail})
