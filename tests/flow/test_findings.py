"""Every way in which a store can fail a recording becomes a named finding, in the bundle and in its certificate."""

from dataclasses import replace

import a_counting_store as spoils
import pypdfium2
import pytest
from a_counting_store import CountingStore
from a_house import PRIYA
from a_worked_desk import WorkedDesk

from requests_portal.bundle.words import words_for
from requests_portal.model.actor import SYSTEM
from requests_portal.model.production import Gathered
from requests_portal.storage.client import s3_client
from requests_portal.storage.fast_reader import FastReader
from requests_portal.storage.recordings import Recordings
from requests_portal.work import gather as gathering
from requests_portal.work import produce
from requests_portal.work.compose import certificate_paragraphs
from requests_portal.work.compose.language import PHRASES
from requests_portal.work.gather import SENTENCES
from requests_portal.work.seal import seal

# What happens to each recording in turn, and what is found; None where the recording is whole after all.
FATES = [
    ("well", None),
    ("deleted", "missing"),
    ("replaced by a newer version", None),
    (spoils.answering(403, "AccessDenied"), "denied"),
    (spoils.answering(403, "ExpiredToken"), "unreadable"),
    (spoils.answering(503, "SlowDown"), "unreadable"),
    (spoils.answering(200, "InternalError"), "unreadable"),
    (spoils.flipped, "altered"),
    (spoils.longer, "altered"),
    (spoils.truncated, "unreadable"),
    (spoils.stalled, "unreadable"),
    (spoils.reset, "unreadable"),
]


@pytest.fixture
def counting(store):
    made = CountingStore(store)
    yield made
    made.stop()


@pytest.fixture
def desk(counting, tmp_path):
    made = WorkedDesk(tmp_path, counting.endpoint, recordings=len(FATES))
    yield made
    made.desk.close()


def recordings_of(desk, made):
    with desk.ledger.reading() as work:
        return [work.catalogue.get(item.recording, by=SYSTEM) for item in made.items]


def impatient(desk, *, fast: bool):
    """The same desk, whose reader waits for nothing long."""
    keys = {"endpoint": desk.settings.store_endpoint, "region": "us-east-1", "access_key": "a", "secret_key": "b"}
    client = s3_client(**keys, read_seconds=0.5, attempts=1)
    reader = FastReader(**keys, read_seconds=0.5) if fast else None
    bucket = desk.settings.recordings_bucket
    return replace(desk.outside, store=Recordings(client, bucket, backoff=lambda _: None, fast=reader))


def spoil(desk, counting, recording, fate):
    store = desk.outside.store
    if fate == "deleted":
        store.release_hold(recording.key, recording.version_id)
        store.delete(recording.key, recording.version_id)
    elif fate == "replaced by a newer version":
        store.put(recording.key, b"something else", media_type="audio/wav")
    elif fate != "well":
        counting.spoilt[recording.key.rpartition("/")[2]] = fate


def printed(desk, document, folder):
    path = folder / "bundle.pdf"
    path.write_bytes(b"".join(desk.outside.vault.read_bundle(document.key, document.version_id)))
    with pypdfium2.PdfDocument(path) as file:
        return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in file).split())


@pytest.mark.parametrize("fast", [True, False], ids=["fast", "plain"])
def test_each_fate_of_a_recording_is_named_in_its_bundle_and_certificate(desk, counting, tmp_path, fast):
    case = desk.a_warrant()
    made = desk.production(case.id)
    recordings = recordings_of(desk, made)
    for recording, (fate, _) in zip(recordings, FATES, strict=True):
        spoil(desk, counting, recording, fate)
    desk.outside = impatient(desk, fast=fast)

    desk.gather_without_worker(case)

    gathered = desk.production(case.id)
    found = {each.recording: each.kind for each in gathered.discrepancies}
    assert [found.get(recording.id) for recording in recordings] == [kind for _, kind in FATES]
    desk.certify(case)
    desk.act(produce.begin_sealing, made.id)
    (bundle,) = [each for each in seal(desk.outside, made.id).documents if each.kind == "bundle"]
    text = printed(desk, bundle, tmp_path)
    with desk.ledger.reading() as work:
        said = certificate_paragraphs(work, work.cases.get(case.id, by=PRIYA), desk.production(case.id), by=PRIYA)
    for each in gathered.discrepancies:
        assert each.sentence in said
        # Once where it is listed as differing, and once in the certificate.
        assert text.count(each.sentence) == 2
        assert words_for("en")[each.kind] in text


AWAY = [spoils.answering(503, "SlowDown"), spoils.answering(403, "ExpiredToken"), spoils.reset]


@pytest.mark.parametrize("away", AWAY, ids=["503", "expired credentials", "no connection"])
def test_a_store_that_was_away_and_is_back_makes_no_finding_of_any_recording(desk, counting, monkeypatch, away):
    def back(self):
        counting.down = None
        return answers(self)

    answers = Recordings.answers
    monkeypatch.setattr(Recordings, "answers", back)
    made = desk.production(desk.a_warrant().id)
    desk.outside = impatient(desk, fast=True)
    desk.act(produce.begin_gathering, made.id)
    counting.down = away

    assert gathering.gather(desk.outside, made.id, 0, len(made.items)) == Gathered()
    assert counting.read.keys() == {each.key.rpartition("/")[2] for each in recordings_of(desk, made)}


@pytest.mark.parametrize("language", sorted(PHRASES))
def test_every_kind_of_finding_has_its_word_and_its_sentence_in_every_language(language):
    kinds = {*SENTENCES, "too_large"}

    assert [kind for kind in sorted(kinds) if kind not in words_for(language)] == []
    assert [kind for kind in sorted(kinds) if PHRASES[language][kind].count("{}") != 1] == []
