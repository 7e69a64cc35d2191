"""Take as gone: a bucket that the store says does not exist is taken as gone for good, so that erasures wait no longer.

Nothing is recorded as deleted by this act alone: each deletion asks the store once more, and what a hold keeps is not
asked about at all. A store that is silent, or that denies us, says nothing of a bucket.
"""

from requests_portal.errors import Conflict, NotFound, Unusable
from requests_portal.model.actor import Act, Actor
from requests_portal.model.erasure import AbsentBucket
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work

LONGEST = 500


def absent_bucket(work: Work, name: str) -> AbsentBucket:
    """The bucket of this name that the store says does not exist, and for which something waits."""
    found = next((each for each in work.absent_buckets.all() if name and each.name == name), None)
    if found is None:
        raise NotFound("Nothing waits for a bucket of this name. Look at the list of what needs somebody.")
    return found


def take_as_gone(outside: Outside, name: str, *, because: str, by: Actor) -> None:
    """Let what is to be erased in a bucket count as gone as long as the store says that the bucket does not exist."""
    by = by.must(Act.OPERATE)
    reason = " ".join(because.split())[:LONGEST]
    if not reason:
        raise Unusable("Say why the bucket is gone for good; the reason is kept on record.")
    # A wrong endpoint knows none of our buckets.
    if not outside.store.answers():
        raise Conflict(
            "The recordings' own bucket does not answer, so that this store may not be ours. See to it first."
        )
    if not outside.store.of_bucket(name).is_absent():
        raise Conflict("The store does not say now that this bucket does not exist. It is asked again by itself.")
    with outside.unit_of_work() as work:
        found = absent_bucket(work, name)
        work.absent_buckets.take_as_gone(name, at=work.now())
        work.audit.add(
            "bucket_taken_as_gone",
            by=by,
            numbers={"recordings": found.waiting},
            private={"bucket": name, "because": reason},
        )
