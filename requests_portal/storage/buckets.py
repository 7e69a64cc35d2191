"""The buckets as they must be: versioned and with Object Lock from their making."""

from collections.abc import Iterable

from requests_portal.errors import Forbidden, Refused, Unusable
from requests_portal.storage.client import STORE_ERRORS, S3Client, code_of, store_errors
from requests_portal.storage.refusals import NoSuchBucket


def make_buckets(client: S3Client, names: Iterable[str]) -> None:
    """Make each bucket with versioning and Object Lock; raises Unusable for one that exists without them."""
    for name in names:
        with store_errors(name):
            if not _exists(client, name):
                _make(client, name)
            _require_lock(client, name)


def _exists(client: S3Client, name: str) -> bool:
    try:
        client.head_bucket(Bucket=name)
    except STORE_ERRORS as error:
        if code_of(error) == "404":
            return False
        raise
    return True


def _make(client: S3Client, name: str) -> None:
    region = client.meta.region_name
    where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True, **where)


def _require_lock(client: S3Client, name: str) -> None:
    versioned = client.get_bucket_versioning(Bucket=name).get("Status") == "Enabled"
    try:
        lock = client.get_object_lock_configuration(Bucket=name)["ObjectLockConfiguration"]
    except STORE_ERRORS as error:
        if code_of(error) != "ObjectLockConfigurationNotFoundError":
            raise
        lock = {}
    if not versioned or lock.get("ObjectLockEnabled") != "Enabled":
        raise Unusable(f"The bucket {name} exists without versioning and Object Lock; make a new one.")


def answer(client: S3Client, *names: str) -> bool:
    """Whether the store answers for each of these buckets and knows us; one that denies this very question does."""
    for name in names:
        try:
            with store_errors(name):
                client.get_bucket_versioning(Bucket=name)
        except Forbidden:
            continue
        except Refused:
            return False
    return True


def is_absent(client: S3Client, name: str) -> bool:
    """Whether the store answers that there is no such bucket; a store that is silent or denies us says nothing."""
    try:
        with store_errors(name):
            client.get_bucket_versioning(Bucket=name)
    except NoSuchBucket:
        return True
    except Refused:
        return False
    return False
