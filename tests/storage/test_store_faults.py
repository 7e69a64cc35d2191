"""Whatever the store does, both readers end within bounds, with the right outcome, and no wrong byte in the spool."""

import hashlib

import faulty_store as faults
import pytest
from conftest import fast_reader, quick_client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from requests_portal.storage.outcomes import Altered, Denied, Fetched, Missing, Unreadable
from requests_portal.storage.recordings import Recordings
from requests_portal.storage.refusals import StoreUnavailable, WrongBytes
from requests_portal.storage.spool import Spool

SHA256 = hashlib.sha256(faults.GOOD).hexdigest()
SIZE = len(faults.GOOD)
CATALOGUED = {"key": "acct-7/lamp.wav", "version_id": "v1", "size": SIZE, "sha256": SHA256}

SLOW_DOWN = faults.answering(503, "SlowDown")
PASSING = [
    SLOW_DOWN,
    faults.answering(500, "InternalError"),
    faults.truncated,
    faults.flipped_byte,
    faults.flipped_byte_with_checksum,
    faults.error_body_with_200,
    faults.shorter_object,
    faults.longer_object,
    faults.endless_object,
    faults.empty_object,
    faults.reset,
    faults.hung_up,
    faults.not_http,
]


def named(fault):
    return fault.__name__


def kept_in(spool):
    return [path for path in spool.folder.rglob("*") if path.is_file()] if spool.folder.exists() else []


@pytest.mark.parametrize("fault", PASSING, ids=named)
def test_a_fault_that_passes_costs_one_more_reading(faulty_store, shaky, spool, pauses, more, fault):
    faulty_store.faults = [fault]

    outcome = shaky.fetch(**CATALOGUED, into=spool)

    assert outcome == Fetched(sha256=SHA256, size=SIZE)
    assert spool.path(SHA256).read_bytes() == faults.GOOD
    assert len(faulty_store.asked) == 2
    assert pauses == [1][more:]


@pytest.mark.parametrize("fault", [faults.stalled, faults.no_first_byte], ids=named)
def test_a_stall_is_given_up_and_the_object_read_again(faulty_store, hurried, spool, fault):
    faulty_store.faults = [fault]

    outcome = hurried.fetch(**CATALOGUED, into=spool)

    assert isinstance(outcome, Fetched)
    assert len(faulty_store.asked) == 2


@pytest.mark.parametrize("fault", [faults.stalled, faults.no_first_byte], ids=named)
def test_a_store_that_always_stalls_makes_a_recording_unreadable(faulty_store, hurried, spool, pauses, fault):
    faulty_store.faults, faulty_store.forever = [fault], True

    outcome = hurried.fetch(**CATALOGUED, into=spool)

    assert isinstance(outcome, Unreadable)
    assert pauses == [1, 2, 3]
    assert kept_in(spool) == []


UNREADABLE = [
    SLOW_DOWN,
    faults.truncated,
    faults.flipped_byte_with_checksum,
    faults.other_byte_each_time,
    faults.error_body_with_200,
    faults.reset,
    faults.hung_up,
    faults.not_http,
    faults.answering(403, "ExpiredToken"),
    faults.answering(403, "SignatureDoesNotMatch"),
    faults.answering(403, "InvalidObjectState"),
]


@pytest.mark.parametrize("fault", UNREADABLE, ids=named)
def test_a_store_that_keeps_failing_makes_a_recording_unreadable_after_four_readings(
    faulty_store, shaky, spool, pauses, more, fault
):
    faulty_store.faults, faulty_store.forever = [fault], True

    outcome = shaky.fetch(**CATALOGUED, into=spool)

    assert isinstance(outcome, Unreadable)
    assert len(faulty_store.asked) == 4 + more
    assert pauses == [1, 2, 3]
    assert kept_in(spool) == []


@pytest.mark.parametrize(
    ("fault", "size"),
    [
        (faults.flipped_byte, SIZE),
        (faults.shorter_object, 10),
        (faults.longer_object, SIZE + 7),
        (faults.empty_object, 0),
        (faults.endless_object, 1 << 40),
    ],
)
def test_other_bytes_are_called_altered_once_two_readings_agree(faulty_store, shaky, spool, more, fault, size):
    faulty_store.faults, faulty_store.forever = [fault], True

    outcome = shaky.fetch(**CATALOGUED, into=spool)

    assert isinstance(outcome, Altered)
    assert outcome.got_size == size
    assert len(faulty_store.asked) == 2 + more
    assert kept_in(spool) == []


def test_the_digest_of_altered_bytes_is_told(faulty_store, shaky, spool):
    faulty_store.faults, faulty_store.forever = [faults.flipped_byte], True

    outcome = shaky.fetch(**CATALOGUED, into=spool)

    assert outcome.got_sha256 == hashlib.sha256(faults.flipped(faults.GOOD)).hexdigest()


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, "NoSuchKey", Missing),
        (404, "NoSuchVersion", Missing),
        (405, "MethodNotAllowed", Missing),
        (403, "AccessDenied", Denied),
    ],
)
def test_a_certain_no_is_told_as_it_is_and_not_asked_again(
    faulty_store, shaky, spool, pauses, more, status, code, kind
):
    faulty_store.faults, faulty_store.forever = [faults.answering(status, code)], True

    outcome = shaky.fetch(**CATALOGUED, into=spool)

    assert isinstance(outcome, kind)
    assert code in outcome.reason
    assert len(faulty_store.asked) == 1 + more
    assert pauses == []


def test_a_slow_first_byte_is_waited_for(faulty_store, shaky, spool, pauses):
    faulty_store.faults = [faults.slow_first_byte]

    outcome = shaky.fetch(**CATALOGUED, into=spool)

    assert isinstance(outcome, Fetched)
    assert len(faulty_store.asked) == 1
    assert pauses == []


def test_what_is_in_the_spool_is_not_read_again(faulty_store, shaky, spool):
    spool.write([faults.GOOD], sha256=SHA256, size=SIZE)
    faulty_store.faults, faulty_store.forever = [SLOW_DOWN], True

    outcome = shaky.fetch(**CATALOGUED, into=spool)

    assert isinstance(outcome, Fetched)
    assert faulty_store.asked == []


def test_every_reading_names_the_version(faulty_store, shaky, spool):
    faulty_store.faults = [faults.truncated]

    shaky.fetch(**CATALOGUED, into=spool)

    assert [path.partition("?")[2] for path, _ in faulty_store.asked] == ["versionId=v1"] * 2


def test_a_full_disk_is_not_blamed_on_the_recording(shaky, tmp_path):
    (tmp_path / "spool").write_text("a file stands where the folder should be")

    with pytest.raises(OSError, match="spool"):
        shaky.fetch(**CATALOGUED, into=Spool(tmp_path / "spool"))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.lists(
        st.sampled_from([*PASSING, faults.other_byte_each_time, faults.good]),
        max_size=6,
    ),
    forever=st.booleans(),
)
def test_whatever_the_store_does_only_right_bytes_reach_the_spool(
    faulty_store, shaky, tmp_path_factory, order, forever
):
    spool = Spool(tmp_path_factory.mktemp("spool"))
    faulty_store.faults, faulty_store.forever = list(order), forever

    outcome = shaky.fetch(**CATALOGUED, into=spool)

    kept = kept_in(spool)
    assert kept == ([spool.path(SHA256)] if isinstance(outcome, Fetched) else [])
    assert all(path.read_bytes() == faults.GOOD for path in kept)


@pytest.mark.parametrize(
    ("fault", "refusal"),
    [
        (faults.flipped_byte, WrongBytes),
        (faults.shorter_object, WrongBytes),
        (faults.longer_object, WrongBytes),
        (faults.empty_object, WrongBytes),
        (faults.truncated, StoreUnavailable),
        (faults.reset, StoreUnavailable),
        (SLOW_DOWN, StoreUnavailable),
    ],
)
def test_streaming_refuses_before_its_last_chunk(faulty_store, shaky, fault, refusal):
    faulty_store.faults, faulty_store.forever = [fault], True
    heard = []

    with pytest.raises(refusal):
        heard.extend(shaky.read(**CATALOGUED))

    assert b"".join(heard) == b""


def test_a_download_goes_on_where_a_broken_answer_stopped(faulty_store, shaky_vault, pauses):
    faulty_store.faults = [faults.reset, SLOW_DOWN]

    got = b"".join(shaky_vault.read_bundle("bundle.pdf", "v1", start=0, end=SIZE))

    assert got == faults.GOOD
    assert pauses == [1, 2]
    assert faulty_store.asked[-1][1].endswith(f"-{SIZE - 1}")


def test_a_download_from_a_store_that_keeps_failing_ends(faulty_store, shaky_vault):
    faulty_store.faults, faulty_store.forever = [SLOW_DOWN], True

    with pytest.raises(StoreUnavailable):
        list(shaky_vault.read_bundle("bundle.pdf", "v1", end=SIZE, start=5))

    assert len(faulty_store.asked) == 4


def test_nobody_listening_is_unreadable(pauses, spool, reader):
    fast = fast_reader("http://127.0.0.1:9") if reader == "fast" else None
    nowhere = Recordings(quick_client("http://127.0.0.1:9"), "recordings", backoff=pauses.append, fast=fast)

    outcome = nowhere.fetch(**CATALOGUED, into=spool)

    assert isinstance(outcome, Unreadable)
    assert "EndpointConnectionError" in outcome.reason
