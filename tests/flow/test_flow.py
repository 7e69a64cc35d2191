"""The durable workflow end to end on the real worker, and what stops it."""

import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pypdfium2
import pytest
import soundfile
from a_house import KITCHEN, MARSH, MAYA, PRIYA
from a_worked_desk import ONCE
from dbos import DBOS

from requests_portal import flow
from requests_portal.app import worker
from requests_portal.bundle.words_en import ENGLISH
from requests_portal.database.views.holds import SqlHoldViews
from requests_portal.errors import Conflict, Forbidden, Unusable
from requests_portal.model.actor import SYSTEM
from requests_portal.model.production import ProductionState
from requests_portal.model.silence import Silence
from requests_portal.storage.recordings import Recordings
from requests_portal.storage.refusals import NoSuchObject, StillHeld, StoreUnavailable, TooLarge, WrongBytes
from requests_portal.storage.vault import Vault
from requests_portal.work import gather as gathering
from requests_portal.work import produce, wait
from requests_portal.work.compose import certificate_paragraphs
from requests_portal.work.draw import draw
from requests_portal.work.seal import seal
from requests_portal.work.standing import MovedOn

S = ProductionState


@pytest.fixture(scope="module")
def desk(new_shared_desk):
    made = new_shared_desk(recordings=6)
    with worker(made.desk, name="the-one-worker"):
        yield made


def held(desk, recording):
    return desk.outside.store.is_held(recording.key, recording.version_id)


def recordings_of(desk, made):
    with desk.ledger.reading() as work:
        return [work.catalogue.get(item.recording, by=SYSTEM) for item in made.items]


def until(condition, patience=30):
    waited = threading.Event()
    for _ in range(patience * 20):
        if condition():
            return True
        waited.wait(0.05)
    return False


def test_a_warrant_goes_all_the_way_and_every_document_verifies(desk):
    case = desk.a_warrant()
    made = desk.until(case, S.GATHERED)
    desk.certify(case)

    offered = desk.until(case, S.OFFERED)

    assert desk.verdicts(offered) == [True, True]
    assert desk.acts_of(case) == ONCE
    assert {stage for stage, _ in offered.seconds} == {"bundle", "keep", "verify"}
    with desk.ledger.reading() as work:
        assert work.productions.progress(made.id)["gather"][:2] == (6, 6)


def test_a_customer_s_request_goes_all_the_way_without_an_approval(desk):
    case = desk.an_access_request()
    desk.until(case, S.GATHERED)
    desk.certify(case)

    made = desk.until(case, S.OFFERED)

    assert [document.kind for document in desk.documents_of(made)] == ["bundle"]
    assert desk.verdicts(made) == [True]
    assert made.bates_first > 500_000_000


def test_what_is_silenced_is_made_while_gathering_certified_and_leaves_while_the_recording_stays(desk):
    part = Silence(recording="recording-0002", start=0.025, end=0.05, reason="A visitor speaks")
    case = desk.a_warrant(part)
    gathered = desk.until(case, S.GATHERED)
    stored = {each.id: each for each in recordings_of(desk, gathered)}["recording-0002"]
    (item,) = (each for each in gathered.items if each.recording == stored.id)

    desk.certify(case)
    offered = desk.until(case, S.OFFERED)

    assert desk.verdicts(offered) == [True, True]
    silenced, whole = (
        soundfile.read(desk.outside.spool.path(digest))[0] for digest in (item.produced.sha256, stored.sha256)
    )
    assert not silenced[200:400].any()
    assert (silenced[:200] == whole[:200]).all()
    assert (silenced[400:] == whole[400:]).all()
    assert [each.produced for each in gathered.items if each.recording != stored.id] == [None] * 5
    other = replace(gathered, items=tuple(replace(each, produced=None) for each in gathered.items))
    assert produce.certified_digest(gathered) != produce.certified_digest(other)


def test_a_part_that_the_recording_does_not_have_holds_all_of_it_back(desk):
    part = Silence(recording="recording-0003", start=60, end=61, reason="A visitor speaks")
    case = desk.a_warrant(part)

    made = desk.until(case, S.GATHERED)

    assert [(each.recording, each.kind) for each in made.discrepancies] == [("recording-0003", "unsilenced")]
    desk.certify(case)
    assert desk.verdicts(desk.until(case, S.OFFERED)) == [True, True]


def test_nothing_is_sealed_when_the_pages_changed_after_they_were_read(desk, monkeypatch):
    case = desk.an_access_request()
    desk.until(case, S.GATHERED)
    drawn = draw(desk.outside, desk.production(case.id).id, by=PRIYA)
    monkeypatch.setitem(ENGLISH, "check", "Other software writes other words")

    desk.sign_off(case, drawn)
    failed = desk.until(case, S.FAILED)

    assert "no longer those that the custodian read" in failed.failure
    assert desk.documents_of(failed) == []
    assert desk.acts_of(case)["document_signed"] == 0
    desk.act(produce.retry, failed.id, by=MAYA)
    desk.until(case, S.GATHERED)
    desk.certify(case)
    assert desk.verdicts(desk.until(case, S.OFFERED)) == [True]


def test_what_a_warrant_demands_is_held_in_the_store_and_cannot_be_deleted(desk):
    case = desk.a_warrant()
    for recording in recordings_of(desk, desk.production(case.id)):
        assert until(lambda recording=recording: held(desk, recording))

        with pytest.raises(StillHeld):
            desk.outside.store.delete(recording.key, recording.version_id)


def test_a_worker_tries_the_lock_when_it_starts_and_asks_the_store_when_it_is_told_to(desk):
    case = desk.a_warrant()
    with desk.ledger.reading() as work:
        (hold,) = work.holds.of_case(case.id)

    def counts():
        with desk.ledger.reading() as work:
            return work.holds.counts(hold.id)

    assert until(lambda: counts().confirmed == counts().kept > 0)
    before = counts().asked_at
    desk.act(lambda work: work.queue.enqueue("ask_store", hold.id))

    assert until(lambda: counts().asked_at > before)
    assert until(lambda: [each.denied for each in SqlHoldViews(desk.desk.engine).probes()] == [True])


def text_of(path):
    with pypdfium2.PdfDocument(path) as document:
        return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())


def test_a_missing_and_a_changed_recording_are_named_in_production_bundle_and_certificate(new_desk, tmp_path):
    """The store has other bytes than were catalogued of one, and loses another; the worker's steps are run by hand."""
    spoilt = new_desk(recordings=3)
    with spoilt.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE recordings SET sha256 = ? WHERE id = 'recording-0001'", ("0" * 64,))
    case = spoilt.a_warrant()
    gone, changed, _ = recordings_of(spoilt, spoilt.production(case.id))
    spoilt.outside.store.delete(gone.key, gone.version_id)

    spoilt.gather_without_worker(case)

    made = spoilt.production(case.id)
    assert [(each.recording, each.kind) for each in made.discrepancies] == [
        (gone.id, "missing"),
        (changed.id, "altered"),
    ]
    assert all(each.sentence.startswith(each.bates) for each in made.discrepancies)
    with spoilt.ledger.reading() as work:
        words = certificate_paragraphs(work, work.cases.get(case.id, by=PRIYA), made, by=PRIYA)
    assert all(any(each.sentence in paragraph for paragraph in words) for each in made.discrepancies)

    spoilt.certify(case)
    spoilt.act(produce.begin_sealing, made.id)
    sealed = seal(spoilt.outside, made.id)
    (bundle,) = [document for document in sealed.documents if document.kind == "bundle"]
    path = tmp_path / "bundle.pdf"
    path.write_bytes(b"".join(spoilt.outside.vault.read_bundle(bundle.key, bundle.version_id)))
    printed = text_of(path)
    assert all(each.sentence in printed for each in made.discrepancies)


def test_a_store_that_is_away_fails_the_production_with_a_sentence_and_a_retry_goes_through(desk, monkeypatch):
    def away(*_arguments, **_named):
        raise StoreUnavailable("The store does not answer. Try again in some minutes.")

    with monkeypatch.context() as patch:
        patch.setattr(flow, "STORE_PAUSES", (0.1,))
        patch.setattr(Recordings, "gather_many", away)
        case = desk.a_warrant()
        made = desk.until(case, S.FAILED)
    assert made.failure == "The store does not answer. Try again in some minutes."

    desk.act(produce.retry, made.id, by=MAYA)
    desk.until(case, S.GATHERED)
    desk.certify(case)

    assert desk.verdicts(desk.until(case, S.OFFERED)) == [True, True]


def test_a_vault_that_is_away_makes_the_production_wait_with_what_the_custodian_certified(desk, monkeypatch):
    def away(*_arguments, **_named):
        raise StoreUnavailable("The vault does not answer.")

    case = desk.a_warrant()
    desk.until(case, S.GATHERED)
    with monkeypatch.context() as patch:
        patch.setattr(Vault, "put_bundle", away)
        desk.certify(case)
        made = desk.until(case, S.WAITING)
    assert (made.failure, desk.documents_of(made)) == ("The vault does not answer.", [])

    desk.act(wait.try_now, made.id, by=MAYA)

    assert desk.verdicts(desk.until(case, S.OFFERED)) == [True, True]


def test_a_vault_that_refuses_fails_the_production_and_a_retry_goes_through(desk, monkeypatch):
    def refuses(*_arguments, **_named):
        raise Forbidden("The vault denies it.")

    case = desk.a_warrant()
    desk.until(case, S.GATHERED)
    with monkeypatch.context() as patch:
        patch.setattr(Vault, "put_bundle", refuses)
        desk.certify(case)
        made = desk.until(case, S.FAILED)
    assert desk.documents_of(made) == []

    desk.act(produce.retry, made.id, by=MAYA)
    desk.until(case, S.GATHERED)
    desk.certify(case)

    assert desk.verdicts(desk.until(case, S.OFFERED)) == [True, True]


@pytest.mark.parametrize("step", ["begin_gathering", "gather", "record_gathered", "begin_sealing", "record_signed"])
def test_an_unexpected_error_anywhere_ends_in_failed_with_a_sentence_that_tells_nothing_private(
    desk, monkeypatch, step
):
    def breaks(*_arguments):
        raise ZeroDivisionError("Juniper Marsh's data")

    with monkeypatch.context() as patch:
        patch.setattr(gathering if step == "gather" else produce, step, breaks)
        case = desk.a_warrant()
        if step in {"begin_sealing", "record_signed"}:
            desk.until(case, S.GATHERED)
            desk.certify(case)
        made = desk.until(case, S.FAILED)

    assert made.failure == flow.BROKEN
    desk.act(produce.retry, made.id, by=MAYA)
    desk.until(case, S.GATHERED)


def test_a_production_is_cancelled_while_it_is_gathered(desk, monkeypatch):
    """The store is as slow as it takes: it answers the first chunk only after the cancel."""
    asked, cancelled = threading.Event(), threading.Event()
    real = Recordings.gather_many

    def slow(self, items, into, **named):
        asked.set()
        assert cancelled.wait(30)
        return real(self, items, into, **named)

    with monkeypatch.context() as patch:
        patch.setattr(gathering, "CHUNK", 2)
        patch.setattr(Recordings, "gather_many", slow)
        case = desk.a_warrant()
        assert asked.wait(30)
        made = desk.production(case.id)
        desk.act(produce.cancel, made.id, by=MAYA)
        cancelled.set()
        assert until(lambda: finished("produce", made.id))

    assert desk.production(case.id).state is S.CANCELLED
    acts = desk.acts_of(case)
    assert (acts["production_cancelled"], acts["gathering_finished"], acts["production_failed"]) == (1, 0, 0)


def finished(name, subject):
    return any(each.input["args"][0] == subject for each in DBOS.list_workflows(name=name, status=["SUCCESS", "ERROR"]))


def test_cancelling_while_the_bundle_is_written_leaves_no_recorded_signature(desk, monkeypatch):
    writing, cancelled = threading.Event(), threading.Event()
    real = Vault.put_bundle

    def slow(self, key, path, *, sha256):
        writing.set()
        assert cancelled.wait(30)
        return real(self, key, path, sha256=sha256)

    case = desk.a_warrant()
    desk.until(case, S.GATHERED)
    with monkeypatch.context() as patch:
        patch.setattr(Vault, "put_bundle", slow)
        desk.certify(case)
        assert writing.wait(30)
        made = desk.production(case.id)
        desk.act(produce.cancel, made.id, by=MAYA)
        cancelled.set()
        assert until(lambda: finished("seal", made.id))

    assert desk.production(case.id).state is S.CANCELLED
    assert desk.documents_of(made) == []
    assert "production_offered" not in desk.acts_of(case)


def test_what_was_cancelled_before_the_worker_looked_is_left_alone(desk):
    case = desk.a_warrant()
    made = desk.production(case.id)
    try:
        desk.act(produce.cancel, made.id, by=MAYA)
    except Conflict:  # the worker was quicker, which is the other tests' business
        return

    assert until(lambda: finished("produce", made.id))
    assert desk.production(case.id).state is S.CANCELLED
    assert desk.acts_of(case)["production_failed"] == 0


def test_a_workflow_that_is_started_twice_does_its_work_once(desk):
    case = desk.a_warrant()
    made = desk.production(case.id)
    with desk.ledger.unit_of_work() as work:
        work.queue.enqueue("produce", made.id)
        work.queue.enqueue("produce", made.id)
    desk.until(case, S.GATHERED)
    desk.certify(case)
    with desk.ledger.unit_of_work() as work:
        work.queue.enqueue("seal", made.id)

    offered = desk.until(case, S.OFFERED)

    assert until(lambda: not DBOS.list_workflows(status=["ENQUEUED", "PENDING"]))
    assert desk.production(case.id).state is S.OFFERED
    assert desk.acts_of(case) == ONCE
    assert len(desk.documents_of(offered)) == 2


def test_an_act_that_is_undone_leaves_no_work_behind(desk):
    def breaks(work):
        work.queue.enqueue("produce", "never-made")
        raise ZeroDivisionError

    before = len(DBOS.list_workflows())
    with pytest.raises(ZeroDivisionError):
        desk.act(breaks)

    assert len(DBOS.list_workflows()) == before


def test_steps_and_people_write_at_the_same_time_and_nothing_is_lost(desk):
    """Two workflows run, while four threads file, so that every transaction meets others."""

    def file(_):
        return [desk.file(accounts=[MARSH.account], devices=[KITCHEN]).id for _ in range(5)]

    cases = [desk.a_warrant(), desk.a_warrant()]
    with ThreadPoolExecutor(4) as pool:
        filed = {case for some in pool.map(file, range(4)) for case in some}
    for case in cases:
        desk.until(case, S.GATHERED)

    assert len(filed) == 20
    assert [desk.acts_of(case)["gathering_finished"] for case in cases] == [1, 1]
    assert desk.log_is_sound()


@pytest.mark.parametrize(
    "refusal",
    [
        StoreUnavailable("a"),
        NoSuchObject("a"),
        StillHeld("key", "version"),
        TooLarge(10, 5),
        WrongBytes("a", "b", 3),
        MovedOn("a"),
        Unusable("a"),
    ],
    ids=lambda refusal: type(refusal).__name__,
)
def test_a_refusal_is_the_same_after_a_step_has_kept_it(refusal):
    again = pickle.loads(pickle.dumps(refusal))  # noqa: S301 — what the workflow engine does with an outcome

    assert (type(again), again.sentence) == (type(refusal), refusal.sentence)
