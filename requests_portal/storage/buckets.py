"""The buckets as they must be: versioned and with Object Lock from their making."""

from collections.abc import Iterable

from requests_portal.errors import Unusable
from requests_portal.storage.client import STORE_ERRORS, S3Client, code_of, store_errors


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
