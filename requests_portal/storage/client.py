"""The S3 client every class here is given, and what the store's errors mean."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from requests_portal.errors import Forbidden
from requests_portal.storage.refusals import NoSuchBucket, NoSuchObject, StoreUnavailable

S3Client = Any  # botocore makes its clients from a service description at run time

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
ATTEMPTS = 3
CONNECTIONS = 32
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

# Everything a call or a body read can raise that speaks of the store and the way to it, not of us.
STORE_ERRORS = (ClientError, BotoCoreError, ResponseParserError, HTTPError, ConnectionError, TimeoutError)

# GET of a delete marker by its VersionId is 405 MethodNotAllowed. A bucket that is not there says nothing of an object.
GONE = frozenset({"NoSuchKey", "NoSuchVersion", "404", "NotFound", "MethodNotAllowed", "405"})
NO_BUCKET = "NoSuchBucket"
# Only the store's verdict on this object; expired or wrong credentials (also 403) say nothing about it.
DENIED = frozenset({"AccessDenied", "403", "Forbidden"})


def s3_client(
    *,
    endpoint: str | None,
    region: str,
    access_key: str | None,
    secret_key: str | None,
    connect_seconds: float = CONNECT_SECONDS,
    read_seconds: float = READ_SECONDS,
    attempts: int = ATTEMPTS,
) -> S3Client:
    """Return a client that checks checksums, signs with version 4 and retries whole requests; None means AWS's own."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        config=Config(
            signature_version="s3v4",
            # `adaptive` was measured at 6.0 s against 1.3 s after two 503s.
            retries={"mode": "standard", "total_max_attempts": attempts},
            connect_timeout=connect_seconds,
            read_timeout=read_seconds,
            max_pool_connections=CONNECTIONS,
            request_checksum_calculation="when_supported",
            response_checksum_validation="when_supported",
            # A local server has no DNS name per bucket.
            s3={"addressing_style": "path"} if endpoint else {},
            # A company's proxy cannot reach a server on this machine; None leaves it to the environment.
            proxies={} if endpoint and urlsplit(endpoint).hostname in LOOPBACK else None,
        ),
    )


def code_of(error: Exception) -> str:
    """Return S3's error code, or the exception's name where no answer came."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "unknown"))
    return type(error).__name__


@contextmanager
def store_errors(bucket: str) -> Iterator[None]:
    """Turn what the store raises about an object into refusals that a page can explain.

    Its key may name a customer, and sentences reach operators and logs: they name the bucket alone.
    """
    try:
        yield
    except STORE_ERRORS as error:
        code = code_of(error)
        if code in GONE:
            raise NoSuchObject(f"The bucket {bucket} has no such object ({code}).") from error
        if code in DENIED:
            raise Forbidden(f"The bucket {bucket} denies access to an object ({code}).") from error
        if code == NO_BUCKET:
            raise NoSuchBucket(f"The store says that there is no bucket {bucket} ({code}).") from error
        raise StoreUnavailable(f"The bucket {bucket} failed on an object ({code}); try again later.") from error
