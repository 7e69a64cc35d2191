"""The whole production as a ZIP behind a link: what an authority or a customer loads into other software."""

import base64
import io
import zipfile

import pytest
from a_casework import PIN
from an_account import PDF, TOKEN, Account

from requests_portal.model.recording import Recording
from requests_portal.web.public.everything import Everything, SoundFile, listing

ZIP = f"/d/{TOKEN}/production.zip"
WITH_PIN = {"Authorization": f"Basic {base64.b64encode(f':{PIN}'.encode()).decode()}"}


@pytest.fixture
def desk(tmp_path):
    return Account(tmp_path)


@pytest.fixture
def released(desk):
    desk.reference = desk.access_request()
    desk.release(desk.reference)
    return desk


def test_the_link_gives_the_production_as_files_and_leaves_a_receipt_for_each_signed_document(desk):
    desk.reference = desk.warrant()
    desk.release(desk.reference)

    answer = desk.nobody().open(ZIP, **WITH_PIN)

    archive = zipfile.ZipFile(io.BytesIO(answer.bytes))
    made = desk.production(desk.reference)
    assert archive.testzip() is None
    assert archive.read("bundle.pdf") == PDF
    assert {"index.html", "manifest.csv", "loadfile.dat", "recordings.csv"} <= set(archive.namelist())
    numbers = [line.split("\x14")[0].strip("þ") for line in archive.read("loadfile.dat").decode().splitlines()]
    assert numbers == ["BEGBATES", *(item.bates for item in made.items), *(each.bates for each in made.record_sets)]
    whole = (0, len(PDF) - 1)
    assert desk.receipts(desk.reference) == [("bundle", *whole), ("objection_letter", *whole)]


def test_the_zip_asks_for_the_pin_as_every_document_does(released):
    answer = released.nobody().open(ZIP)

    assert answer.status == 401
    assert released.receipts(released.reference) == []


def test_names_with_markup_are_words_on_the_page(released):
    made, case = released.production(released.reference), released.case(released.reference)
    hostile = '</script><script>alert(1)</script>" onerror="x'
    recording = Recording(
        id="r",
        account="A",
        device=hostile,
        recorded_at=made.made_at,
        zone="UTC",
        key="k",
        version_id="v",
        size=1,
        sha256="0" * 64,
        media_type="audio/wav",
        transcript=hostile,
    )
    entry = SoundFile(
        number="HV-000000001",
        path="recordings/HV-000000001.wav",
        at=made.made_at,
        moment="then",
        device=hostile,
        recording=recording,
        transcript=hostile,
        heard=hostile,
        reviews=(hostile,),
    )
    found = Everything(
        case=case,
        production=made,
        documents=("bundle.pdf",),
        entries=(entry,),
        record_sets=(),
        missing=(hostile,),
        left_out="",
    )

    with released.app.test_request_context():
        page = listing(found)

    assert page.count("<script>") == 1
    assert "alert(1)</script>" not in page
    assert ' onerror="' not in page
