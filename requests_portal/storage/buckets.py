"""The buckets as they must be: versioned and with Object Lock from their making."""

from collections.abc import Iterable

from requests_portal.errors import Unusable
from requests_portal.storage.client import STORE_ERRORS, S3Client, code_of, store_errors


def make_buckets(client: S3Client, names: Iterable[str]) -> None:
    """Make each bucket with versioning and Object Lock; raises Unusable for one that exists without them."""
    for name in names:
        try:
            _make(client, name)
        except STORE_ERRORS as error:
            if code_of(error) != "BucketAlreadyOwnedByYou":
                with store_errors(name):
                    raise
        _require_lock(client, name)


def _make(client: S3Client, name: str) -> None:
    region = client.meta.region_name
    where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True, **where)


def _require_lock(client: S3Client, name: str) -> None:
    with store_errors(name):
        versioned = client.get_bucket_versioning(Bucket=name).get("Status") == "Enabled"
        try:
            lock = client.get_object_lock_configuration(Bucket=name)["ObjectLockConfiguration"]
        except STORE_ERRORS as error:
            if code_of(error) != "ObjectLockConfigurationNotFoundError":
                raise
            lock = {}
    if not versioned or lock.get("ObjectLockEnabled") != "Enabled":
        raise Unusable(f"The bucket {name} exists without versioning and Object Lock; make a new one.")
