"""What signing needs is away, denied, wrong or full: a clear state, nothing by halves, and a way on."""

import errno
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from a_house import MAYA, WARRANT
from a_worked_desk import WorkedDesk

from requests_portal import flow
from requests_portal.app import worker
from requests_portal.bundle import verify
from requests_portal.bundle.timestamp import WrongTimestamp
from requests_portal.errors import Away
from requests_portal.keys.kms_signer import KeyDenied
from requests_portal.model.production import ProductionState
from requests_portal.work import wait

S = ProductionState
AWAY = "The timestamp authority does not answer."


class Switched:
    """The desk's own timestamp authority, with a switch: what it raises instead of answering, or None."""

    def __init__(self, real) -> None:
        self.real = real
        self.certificates_pem = real.certificates_pem
        self.refusal: Exception | None = None

    def stamp(self, digest: bytes) -> bytes:
        if self.refusal:
            raise self.refusal
        return self.real.stamp(digest)


@pytest.fixture(scope="module")
def desk(new_shared_desk):
    made = new_shared_desk(recordings=3)
    made.authority = Switched(made.outside.timestamper)
    made.desk = replace(made.desk, outside=replace(made.outside, timestamper=made.authority))
    made.outside = made.desk.outside
    with worker(made.desk, name="the-one-worker"):
        yield made


@pytest.fixture(autouse=True)
def answering(desk):
    yield
    desk.authority.refusal = None


@pytest.fixture
def quick(monkeypatch):
    """The first pause is a second, so that a test can see what comes of itself."""
    monkeypatch.setattr(wait, "SHORTEST", timedelta(seconds=1))


def sealed(desk: WorkedDesk, case, *states):
    desk.until(case, S.GATHERED)
    desk.certify(case)
    return desk.until(case, *states)


def in_vault(desk, made):
    vault = desk.outside.vault
    found = vault.client.list_object_versions(Bucket=vault.bucket, Prefix=f"productions/{made.id}/")
    return sorted(each["Key"].rsplit("/", 1)[-1] for each in found.get("Versions", []))


def kept(desk, made):
    with desk.ledger.reading() as work:
        return work.productions.archived(made.id)


def nothing_kept(desk, made):
    return in_vault(desk, made) == [] and not desk.documents_of(made)


def on_the_disk(desk):
    """What is being written; the pages that a custodian reads stay for a while, and so does a worker's seat."""
    return [each.name for each in desk.outside.scratch.iterdir() if each.name not in {"to-sign-off", "workers"}]


def nothing_by_halves(desk, made):
    """Whether nothing of it is anywhere, once what other productions have on the disk is gone, too."""
    for _ in range(100):
        if not on_the_disk(desk):
            break
        desk.pause()
    return nothing_kept(desk, made) and not on_the_disk(desk)


def archived(desk, case, patience=300):
    for _ in range(patience):
        made = desk.production(case.id)
        copies = kept(desk, made)
        if copies and len(copies) == len(desk.documents_of(made)):
            return copies
        desk.pause()
    raise AssertionError("The archived copies were never made.")


def test_each_document_leaves_timestamped_and_its_archived_copy_is_kept_beside_it(desk, tmp_path):
    case = desk.a_warrant()

    made = sealed(desk, case, S.OFFERED)
    copies = archived(desk, case)

    documents = desk.documents_of(made)
    assert [each.timestamped for each in documents] == [True, True]
    assert [each.key for each in copies] == [each.key.replace(".pdf", ".archive.pdf") for each in documents]
    for document, copy in zip(documents, copies, strict=True):
        data = b"".join(desk.outside.vault.read_bundle(copy.key, copy.version_id))
        path = Path(tmp_path / "copy.pdf")
        path.write_bytes(data)
        verdict = verify(path, trust=desk.outside.trust)
        assert verdict.good
        assert verdict.shows("archive")
        assert verdict.sha256 == document.sha256


def test_without_the_authority_the_production_waits_and_goes_on_by_itself(desk, quick):
    desk.authority.refusal = Away(AWAY)
    case = desk.a_warrant()

    waiting = sealed(desk, case, S.WAITING)
    assert waiting.failure == AWAY
    assert waiting.next_try_at > waiting.waiting_since
    assert nothing_kept(desk, waiting)
    desk.authority.refusal = None
    offered = desk.until(case, S.OFFERED)

    assert (offered.failure, offered.waiting_since) == ("", None)
    assert all(document.timestamped for document in desk.documents_of(offered))
    assert desk.verdicts(offered) == [True, True]
    assert desk.case_acts(case)["signing_waits"] == 1


def test_a_person_has_a_waiting_production_tried_at_once(desk):
    desk.authority.refusal = Away(AWAY)
    case = desk.a_warrant()
    waiting = sealed(desk, case, S.WAITING)
    desk.authority.refusal = None

    desk.act(wait.try_now, waiting.id, by=MAYA)

    assert desk.verdicts(desk.until(case, S.OFFERED)) == [True, True]


def test_after_two_days_a_person_decides(desk, monkeypatch):
    monkeypatch.setattr(wait, "AT_MOST", timedelta(0))
    desk.authority.refusal = Away(AWAY)
    case = desk.a_warrant()

    made = sealed(desk, case, S.FAILED)

    assert made.failure.startswith(AWAY)
    assert nothing_by_halves(desk, made)


def test_a_wrong_authority_stops_the_production_with_its_sentence(desk):
    sentence = "The timestamp was made with a certificate that the settings do not trust."
    desk.authority.refusal = WrongTimestamp(sentence)
    case = desk.a_warrant()

    made = sealed(desk, case, S.FAILED)

    assert made.failure == sentence
    assert nothing_by_halves(desk, made)


def an_emergency(desk):
    """An emergency request for the day of the recordings, decided by one lawyer and approved by a second."""
    now = desk.now
    facts = WARRANT | {
        "process": "emergency_request",
        "emergency_danger": True,
        "emergency_immediate": True,
        "issued_on": (now - timedelta(days=7)).date().isoformat(),
        "served_on": (now - timedelta(days=5)).date().isoformat(),
        "range_from": (now - timedelta(days=60)).isoformat(),
        "range_to": (now - timedelta(days=10)).isoformat(),
        "incident_from": (now - timedelta(days=30.5)).isoformat(),
        "incident_to": (now - timedelta(days=29.5)).isoformat(),
    }
    return desk.cleared(desk.file(facts))


@pytest.mark.parametrize("refusal", [Away(AWAY), WrongTimestamp("It was made with a certificate not trusted.")])
def test_an_emergency_leaves_without_a_timestamp_and_its_copy_gets_it_later(desk, quick, refusal):
    desk.authority.refusal = refusal
    case = an_emergency(desk)
    assert case.approval is not None

    offered = sealed(desk, case, S.OFFERED)
    documents = desk.documents_of(offered)
    assert not any(document.timestamped for document in documents)
    assert kept(desk, offered) == []
    desk.authority.refusal = None
    archived(desk, case)

    assert desk.case_acts(case)["timestamp_added"] == len(documents)
    assert desk.verdicts(offered) == [True] * len(documents)


def test_an_emergency_that_no_second_person_approved_waits_like_everything_else(desk):
    case = an_emergency(desk)

    assert wait.cannot_wait(case)
    assert not wait.cannot_wait(replace(case, approvals=()))
    assert not wait.cannot_wait(replace(case, decision=None))


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), flow.FULL),
        (KeyDenied("The key service refused to sign (AccessDeniedException)."), None),
    ],
    ids=["disk full", "key denied"],
)
def test_a_full_disk_or_a_denied_key_stops_with_a_plain_sentence_and_a_retry_works(desk, monkeypatch, error, sentence):
    def refuses(*_arguments, **_named):
        raise error

    case = desk.a_warrant()
    desk.until(case, S.GATHERED)
    with monkeypatch.context() as patch:
        patch.setattr(type(desk.outside.signer), "sign_cms", refuses)
        desk.certify(case)
        made = desk.until(case, S.FAILED)
    assert made.failure == (sentence or str(error))
    assert nothing_by_halves(desk, made)

    desk.act(flow.production_acts.retry, made.id, by=MAYA)

    assert desk.verdicts(sealed(desk, case, S.OFFERED)) == [True, True]


@pytest.mark.parametrize(("waited", "pause"), [(0, 1), (10, 5), (60, 30), (1000, 60)])
def test_pauses_grow_with_the_time_waited_from_a_minute_to_an_hour(waited, pause):
    assert wait.next_pause(timedelta(minutes=waited)) == timedelta(minutes=pause)
