"""Whether a bucket really denies deleting a held version, tried on an object of our own.

Headers that claim a lock are not believed: some servers echo them with no lock behind.
"""

from dataclasses import dataclass
from typing import Protocol

from requests_portal.errors import NotFound, Refused
from requests_portal.storage.outcomes import Stored
from requests_portal.storage.refusals import StillHeld

PROBE = "disclosure-desk/lock-probe"
WORDS = b"This object exists to see that it cannot be deleted."
ALWAYS_DENIED = (
    "Deleting was denied with no hold on as well, so this shows nothing of the hold: give our role the right to delete "
    "versions of disclosure-desk/lock-probe, or look at the bucket's default retention."
)


@dataclass(frozen=True, kw_only=True)
class Probed:
    """What a try showed: `denied` is None where it showed nothing; `left` is the version that could not be removed."""

    denied: bool | None
    failure: str = ""
    left: str = ""


class Lockable(Protocol):
    """The acts on a bucket that the try needs."""

    def put(self, key: str, data: bytes, *, media_type: str) -> Stored:
        """Store it in a version of its own."""

    def hold(self, key: str, version_id: str) -> None:
        """Put a legal hold on the version."""

    def release_hold(self, key: str, version_id: str) -> None:
        """Take it off."""

    def is_held(self, key: str, version_id: str) -> bool:
        """Whether it is on."""

    def delete(self, key: str, version_id: str) -> None:
        """Delete the version for good."""


def probe_lock(bucket: Lockable, left: str) -> Probed:
    """Hold an object, try to delete it, let go of it and delete it; `left` is what an earlier try had to leave."""
    version = _probe(bucket, left)
    try:
        return _tried(bucket, version)
    except Refused as refusal:
        # What was put there is used again, so that nothing piles up.
        return Probed(denied=None, failure=refusal.sentence, left=version)


def _tried(bucket: Lockable, version: str) -> Probed:
    bucket.hold(PROBE, version)
    denied = _is_denied(bucket, version)
    if not _is_there(bucket, version):
        return Probed(denied=False)
    bucket.release_hold(PROBE, version)
    still_denied = _is_denied(bucket, version)
    left = version if _is_there(bucket, version) else ""
    if denied and still_denied:
        return Probed(denied=None, failure=ALWAYS_DENIED, left=left)
    return Probed(denied=denied, left=left)


def _probe(bucket: Lockable, left: str) -> str:
    if left and _is_there(bucket, left):
        return left
    return bucket.put(PROBE, WORDS, media_type="text/plain").version_id


def _is_denied(bucket: Lockable, version: str) -> bool:
    try:
        bucket.delete(PROBE, version)
    except StillHeld:
        return True
    return False


def _is_there(bucket: Lockable, version: str) -> bool:
    try:
        bucket.is_held(PROBE, version)
    except NotFound:
        return False
    return True
