"""Probe the lock: whether each bucket in use really denies deleting what is held, tried at start-up and daily."""

from requests_portal.errors import Refused
from requests_portal.model.hold import LockProbe
from requests_portal.work.outside import Outside


def probe_locks(outside: Outside) -> None:
    """Try each bucket in which recordings lie and record what that showed, also where it could not be tried."""
    with outside.reading() as work:
        left = {probe.bucket: probe.left for probe in work.lock_probes.newest()}
        buckets = work.lock_probes.buckets()
    for bucket in buckets:
        _probe(outside, bucket, left.get(bucket, ""))


def _probe(outside: Outside, bucket: str, left: str) -> None:
    denied, failure = None, ""
    try:
        shown = outside.store.of_bucket(bucket).probe_lock(left)
        denied, failure, left = shown.denied, shown.failure, shown.left
    except Refused as refusal:
        failure = refusal.sentence
    with outside.unit_of_work() as work:
        work.lock_probes.add(LockProbe(bucket=bucket, at=work.now(), denied=denied, failure=failure[:300], left=left))
