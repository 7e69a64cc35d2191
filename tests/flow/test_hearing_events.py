"""The worker of a desk whose settings name a queue enters what the store tells."""

import json
import time

import boto3

from requests_portal.app import worker
from requests_portal.model.in_store import Place


def test_a_worker_enters_a_recording_that_the_store_tells_of(new_desk, store):
    named = {"endpoint_url": store, "region_name": "us-east-1"}
    keys = {"aws_access_key_id": "demonstration", "aws_secret_access_key": "demonstration"}
    queue = boto3.client("sqs", **named, **keys)
    address = queue.create_queue(QueueName="heard")["QueueUrl"]
    desk = new_desk(recordings=1, events_queue=address)
    bucket = desk.settings.recordings_bucket
    words = {"account": "A-1", "device": "D", "recorded-at": "2026-03-14T21:04:00Z", "zone": "UTC"}
    version = boto3.client("s3", **named, **keys).put_object(
        Bucket=bucket, Key="voice/new", Body=b"RIFF", ContentType="audio/wav", Metadata=words
    )["VersionId"]
    told = {"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": bucket}, "object": {"key": "voice/new"}}}

    with worker(desk.desk, name="hears"):
        queue.send_message(QueueUrl=address, MessageBody=json.dumps({"Records": [told]}))
        deadline = time.monotonic() + 30
        while not (found := catalogued(desk, "voice/new")):
            assert time.monotonic() < deadline, "it was not entered in time"
            time.sleep(0.05)

    assert [each.version_id for each in found] == [version]


def catalogued(desk, key):
    with desk.outside.reading() as work:
        place = Place(name=desk.settings.recordings_bucket, is_own=True)
        return work.in_store.of_keys([key], place=place).get(key, [])
