"""The queue into which the store says what happened to its objects."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from requests_portal.errors import Away
from requests_portal.storage.client import ATTEMPTS, CONNECT_SECONDS, LOOPBACK, STORE_ERRORS, code_of
from requests_portal.work.events import Message

# How long the queue holds an answer back while it is empty; SQS allows twenty seconds.
WAIT_SECONDS = 10
# SQS gives no more at once.
MESSAGES = 10
# Until then nobody else is given a message that we took: long enough to read ten recordings.
TAKEN_SECONDS = 300


class EventQueue:
    """An SQS queue named by its address; its answers say `Away` where it does not answer."""

    def __init__(
        self, url: str, *, region: str, access_key: str | None, secret_key: str | None, wait_seconds: int = WAIT_SECONDS
    ) -> None:
        self._url = url
        self._wait_seconds = wait_seconds
        address = urlsplit(url)
        self._client = boto3.client(
            "sqs",
            endpoint_url=f"{address.scheme}://{address.netloc}",
            region_name=region,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            config=Config(
                retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
                connect_timeout=CONNECT_SECONDS,
                read_timeout=wait_seconds + 10,
                proxies={} if address.hostname in LOOPBACK else None,
            ),
        )

    def take(self) -> Sequence[Message]:
        """The next messages, at most ten, after a wait where there are none."""
        answer = self._ask(
            self._client.receive_message,
            MaxNumberOfMessages=MESSAGES,
            WaitTimeSeconds=self._wait_seconds,
            VisibilityTimeout=TAKEN_SECONDS,
        )
        return [
            Message(id=each["MessageId"], receipt=each["ReceiptHandle"], body=each["Body"])
            for each in answer.get("Messages", ())
        ]

    def done(self, messages: Sequence[Message]) -> None:
        """Take messages off the queue; one that stays is delivered again, which changes nothing."""
        if messages:
            entries = [{"Id": str(number), "ReceiptHandle": each.receipt} for number, each in enumerate(messages)]
            self._ask(self._client.delete_message_batch, Entries=entries)

    def _ask(self, call: Any, **arguments: Any) -> Any:
        try:
            return call(QueueUrl=self._url, **arguments)
        except STORE_ERRORS as error:
            raise Away(f"The event queue does not answer ({code_of(error)}); it is asked again.") from error
