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
from requests_portal.storage.refusals import NoSuchObject, StoreUnavailable

S3Client = Any  # botocore makes its clients from a service description at run time

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
ATTEMPTS = 3
CONNECTIONS = 32
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

# Everything a call or a body read can raise that speaks of the store and the way to it, not of us.
STORE_ERRORS = (ClientError, BotoCoreError, ResponseParserError, HTTPError, ConnectionError, TimeoutError)

# GET of a delete marker by its VersionId is 405 MethodNotAllowed.
GONE = frozenset({"NoSuchKey", "NoSuchVersion", "NoSuchBucket", "404", "NotFound", "MethodNotAllowed", "405"})
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
def store_errors(key: str) -> Iterator[None]:
    """Turn what the store raises about `key` into refusals that a page can explain."""
    try:
        yield
    except STORE_ERRORS as error:
        code = code_of(error)
        if code in GONE:
            raise NoSuchObject(f"The store has no {key} ({code}).") from error
        if code in DENIED:
            raise Forbidden(f"The store denies access to {key} ({code}).") from error
        raise StoreUnavailable(f"The store failed on {key} ({code}); try again later.") from error
