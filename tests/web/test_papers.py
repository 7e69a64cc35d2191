"""Papers: taken whatever they are, stored by digest, shown as pictures only when clean."""

import hashlib

import pytest
from an_intake import ADA, MAYA, NOW, ORDER, PNG, TARGETS, WHO, Desk, VaultInMemory

from requests_portal.errors import Forbidden
from requests_portal.model.papers import Paper, PaperState
from requests_portal.work.papers import add_paper

WARRANT = b"%PDF-1.7 a warrant"
ENCRYPTED = b"%PDF-1.7 /Encrypt"
NOTE = b"a plain note"
MB = 1_000_000


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def ines(desk):
    return desk.browser()


@pytest.fixture
def draft(ines) -> str:
    return ines.begin()


@pytest.fixture
def reference(ines, draft) -> str:
    for name, typed in (("who", WHO), ("order", ORDER), ("targets", TARGETS)):
        ines.send(f"{draft}/{name}", **typed)
    return ines.send(f"{draft}/check").location.rpartition("/")[2]


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_clean_pdf_is_stored_by_digest_and_shown_as_pictures(desk, ines, draft):
    done = ines.upload(f"{draft}/papers", ("warrant.pdf", WARRANT))

    assert (done.status, done.location) == (303, f"{draft}/papers")
    assert desk.vault.papers == {sha(WARRANT): WARRANT}
    page = ines.open(f"{draft}/papers/{sha(WARRANT)}")
    assert 'alt="Page 2 of 2 of warrant.pdf"' in page.html
    picture = ines.open(f"{draft}/papers/{sha(WARRANT)}/2.png")
    assert picture.response.mimetype == "image/png"
    assert picture.response.data.startswith(PNG)


def test_several_files_come_in_one_go(desk, ines, draft):
    ines.upload(f"{draft}/papers", ("warrant.pdf", WARRANT), ("note.txt", NOTE))

    assert set(desk.vault.papers) == {sha(WARRANT), sha(NOTE)}
    text = ines.open(f"{draft}/papers").text
    assert "warrant.pdf Shown" in text
    assert "note.txt In quarantine" in text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (ENCRYPTED, "It is encrypted; ask for a copy without a password."),
        (NOTE, "It is not a PDF; ask for the paper as a PDF."),
    ],
)
def test_what_is_not_a_clean_pdf_is_kept_and_not_shown(desk, ines, draft, content, reason):
    ines.upload(f"{draft}/papers", ("order.pdf", content))

    page = ines.open(f"{draft}/papers/{sha(content)}")

    assert desk.vault.papers == {sha(content): content}
    assert reason in page.text
    assert "<img" not in page.html
    assert ines.open(f"{draft}/papers/{sha(content)}/1.png").status == 404


def test_an_empty_file_is_refused_beside_the_field_and_the_others_stay(desk, ines, draft):
    refused = ines.upload(f"{draft}/papers", ("warrant.pdf", WARRANT), ("empty.pdf", b""))

    assert refused.status == 422
    assert refused.title.startswith("Error: ")
    assert refused.error_at("papers") == "empty.pdf: The file is empty."
    assert "warrant.pdf" in ines.open(f"{draft}/papers").text


def test_upload_without_a_file_asks_for_one(desk, ines, draft):
    before = desk.rows()

    refused = ines.send(f"{draft}/papers")

    assert (refused.status, refused.error_at("papers")) == (422, "Choose at least one file")
    assert desk.rows() == before


def test_a_nine_megabyte_upload_is_streamed(desk, ines, draft):
    content = b"%PDF-" + b"x" * (9 * MB)

    assert ines.upload(f"{draft}/papers", ("long.pdf", content)).status == 303
    assert desk.vault.papers == {sha(content): content}
    assert desk.vault.largest <= 65_536


def test_an_oversized_upload_is_refused_with_a_plain_sentence(tmp_path):
    desk = Desk(tmp_path, max_upload=2 * MB)
    ines = desk.browser()
    draft = ines.begin()
    ines.send(f"{draft}/who", **WHO)
    before = desk.rows()

    refused = ines.upload(f"{draft}/papers", ("huge.pdf", b"x" * (2 * MB)))

    assert refused.status == 413
    assert "larger than we take" in refused.text
    assert (desk.rows(), desk.vault.papers) == (before, {})
    assert ines.open(f"{draft}/who").value_of("organisation") == "Alder County Sheriff"


def test_a_file_the_vault_finds_too_large_is_refused_beside_the_field(tmp_path):
    class SmallVault(VaultInMemory):
        def put_paper(self, chunks, *, max_bytes):
            return super().put_paper(chunks, max_bytes=min(10, max_bytes))

    desk = Desk(tmp_path, vault=SmallVault())
    ines = desk.browser()

    refused = ines.upload(f"{ines.begin()}/papers", ("warrant.pdf", WARRANT))

    assert refused.status == 413
    assert refused.error_at("papers").startswith("warrant.pdf: The file is too large")


def test_the_same_bytes_twice_are_one_paper(ines, draft):
    ines.upload(f"{draft}/papers", ("warrant.pdf", WARRANT))
    ines.upload(f"{draft}/papers", ("warrant again.pdf", WARRANT))

    assert ines.open(f"{draft}/papers").html.count("SHA-256") == 1


def test_a_paper_can_be_taken_out_of_a_draft_and_the_vault_keeps_it(desk, ines, draft):
    ines.upload(f"{draft}/papers", ("warrant.pdf", WARRANT))

    ines.send(f"{draft}/papers/{sha(WARRANT)}/remove")

    assert "warrant.pdf" not in ines.open(f"{draft}/papers").text
    assert sha(WARRANT) in desk.vault.papers


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\quill\\warrant.pdf", "warrant.pdf"),
        ("a<b>c.pdf", "a<b>c.pdf"),
        ("pay\u202efdp.exe", "payfdp.exe"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_a_file_name_is_bounded_cleaned_and_escaped(ines, draft, sent, kept):
    ines.upload(f"{draft}/papers", (sent, WARRANT))

    page = ines.open(f"{draft}/papers")

    assert kept in page.text or kept in page.html.replace("&lt;", "<").replace("&gt;", ">")
    assert "<b>c.pdf" not in page.html
    assert "etc" not in page.text


def test_a_paper_is_added_to_an_open_case_and_logged(desk, ines, reference):
    before = desk.rows()["audit_entries"]

    added = ines.upload(f"/requests/{reference}/papers", ("affidavit.pdf", WARRANT))

    assert (added.status, added.location) == (303, f"/requests/{reference}/papers")
    (paper,) = desk.case(reference).papers
    assert (paper.sha256, paper.filename, paper.pages) == (sha(WARRANT), "affidavit.pdf", 2)
    assert desk.rows()["audit_entries"] == before + 1
    assert "affidavit.pdf" in ines.open(f"/requests/{reference}/papers").text
    assert ines.open(f"/requests/{reference}/papers/{sha(WARRANT)}").status == 200
    assert ines.open(f"/requests/{reference}/papers/{sha(WARRANT)}/1.png").response.data.startswith(PNG)


def test_the_same_paper_added_twice_is_there_and_logged_once(desk, ines, reference):
    ines.upload(f"/requests/{reference}/papers", ("affidavit.pdf", WARRANT))
    logged = desk.rows()["audit_entries"]

    ines.upload(f"/requests/{reference}/papers", ("affidavit.pdf", WARRANT))

    assert len(desk.case(reference).papers) == 1
    assert desk.rows()["audit_entries"] == logged


@pytest.mark.parametrize("page", ["0.png", "3.png", "1.pdf", "one.png"])
def test_a_page_a_paper_has_not_is_not_there(ines, reference, page):
    ines.upload(f"/requests/{reference}/papers", ("affidavit.pdf", WARRANT))

    assert ines.open(f"/requests/{reference}/papers/{sha(WARRANT)}/{page}").status == 404


def test_a_paper_of_one_case_is_not_shown_under_another(desk, ines, draft, reference):
    ines.upload(f"/requests/{reference}/papers", ("affidavit.pdf", WARRANT))
    other = ines.begin()
    for name, typed in (("who", WHO), ("order", ORDER), ("targets", TARGETS)):
        ines.send(f"{other}/{name}", **typed)
    second = ines.send(f"{other}/check").location

    assert ines.open(f"{second}/papers/{sha(WARRANT)}").status == 404
    assert desk.refused("ines") == [404]


def test_a_paper_of_a_draft_is_its_owners_alone(desk, ines, draft):
    ines.upload(f"{draft}/papers", ("warrant.pdf", WARRANT))

    assert desk.browser(MAYA).open(f"{draft}/papers/{sha(WARRANT)}/1.png").status == 404


def test_an_auditor_reads_papers_and_adds_none(desk, ines, reference):
    ada = desk.browser(ADA)

    assert ada.open(f"/requests/{reference}/papers").status == 200
    assert 'type="file"' not in ada.open(f"/requests/{reference}/papers").html
    paper = Paper(sha256=sha(NOTE), size=12, filename="note.txt", received_at=NOW, state=PaperState.QUARANTINED)
    with desk.ledger.unit_of_work() as work, pytest.raises(Forbidden):
        add_paper(work, desk.case(reference).id, paper, by=ADA)
