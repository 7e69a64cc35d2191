"""The pages of a bucket's listing that have the versions of one key."""

from collections.abc import Iterator
from typing import Any

from requests_portal.storage.client import S3Client

# SeaweedFS keeps the versions of a key in a folder of this name, after its longer neighbours; of a listing that is cut
# short before it, they are left out for good. A listing of the folder has them; other stores have no such keys.
SEAWEED_FOLDER = ".versions/"


def pages_of(client: S3Client, bucket: str, key: str) -> Iterator[Any]:
    """Yield pages among whose versions are all of this key; the same one may stand on two."""
    is_cut_short = yield from _pages(client, bucket, key, key)
    if is_cut_short:
        yield from _pages(client, bucket, f"{key}{SEAWEED_FOLDER}", key)


def _pages(client: S3Client, bucket: str, prefix: str, key: str) -> Any:
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
        yield page
        # Of the keys with this prefix, it is the first.
        if page.get("NextKeyMarker") != key:
            return bool(page.get("IsTruncated"))
    return False
