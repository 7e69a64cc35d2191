"""Only a clean PDF is shown, as pictures; whatever else comes in is named for what it is and never shown."""

import io
import resource
import sys
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from requests_portal.storage import pdf_reader
from requests_portal.storage.inspect import Clean, NotShown, Quarantined, inspect, render, words_of

A4 = (595, 842)


@pytest.fixture
def paper(tmp_path):
    """Write a PDF of blank pages, changed by `change` before it is saved, and return its path."""

    def write(change=None, *, pages=1, size=A4, **how):
        path = tmp_path / "paper.pdf"
        with pikepdf.new() as pdf:
            for _ in range(pages):
                pdf.add_blank_page(page_size=size)
            if change:
                change(pdf)
            pdf.save(path, **how)
        return path

    return write


@pytest.fixture
def raw_paper(tmp_path):
    def write(data):
        path = tmp_path / "paper.pdf"
        path.write_bytes(data)
        return path

    return write


def reason(path):
    found = inspect(path)
    assert isinstance(found, Quarantined)
    return found.reason


def test_a_plain_pdf_is_clean_and_its_pages_are_counted(paper):
    assert inspect(paper(pages=3)) == Clean(pages=3)


def test_a_paper_is_read_from_a_folder_of_any_name(paper):
    folder = paper().parent / "Büro Ελλάς 案件"
    folder.mkdir()

    assert inspect(paper().rename(folder / "Beschluß 1.pdf")) == Clean(pages=1)


def test_a_compressed_pdf_is_clean(paper):
    assert inspect(paper(object_stream_mode=pikepdf.ObjectStreamMode.generate)) == Clean(pages=1)


@pytest.mark.parametrize("data", [b"MZ\x90\x00 not a paper", b"<html>warrant</html>", b"", b"\xff\xd8\xff\xe0 JPEG"])
def test_another_kind_of_file_is_not_a_pdf(raw_paper, data):
    assert reason(raw_paper(data)) == pdf_reader.NOT_A_PDF


@pytest.mark.parametrize("password", ["sesame", ""])
def test_an_encrypted_paper_is_named_so_with_or_without_a_password_to_open_it(paper, password):
    path = paper(encryption=pikepdf.Encryption(user=password, owner="court"))

    assert reason(path) == pdf_reader.ENCRYPTED


@pytest.mark.parametrize("rest", [b"", b"\n" + bytes(5000), b"\n1 0 obj << /Type /Catalog >> endobj trailer"])
def test_a_broken_pdf_is_named_so(raw_paper, rest):
    assert reason(raw_paper(b"%PDF-1.7" + rest)) == pdf_reader.BROKEN


def test_a_pdf_without_pages_is_broken(paper):
    assert reason(paper(pages=0)) == pdf_reader.BROKEN


def test_a_page_as_large_as_a_field_is_broken(paper):
    def widen(pdf):
        pdf.pages[0].obj.MediaBox = Array([0, 0, 20_000, 20_000])

    assert reason(paper(widen)) == pdf_reader.BROKEN


def test_one_page_too_many_is_named_so(paper):
    assert inspect(paper(pages=500)) == Clean(pages=500)
    assert reason(paper(pages=501)) == pdf_reader.TOO_MANY


def open_with_script(pdf):
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert('hi')")


def script_by_name(pdf):
    action = pdf.make_indirect(Dictionary(S=Name.JavaScript, JS="1"))
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", action])))


def script_on_a_page(pdf):
    pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS="1"))


def launch(pdf):
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.Launch, F="calc.exe"))
    pdf.pages[0].obj.Annots = Array([link])


def attachment(pdf):
    pdf.attachments["payload.exe"] = b"MZ"


def film(pdf):
    pdf.pages[0].obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=[0, 0, 9, 9])])


ACTIVE = [
    (open_with_script, "JavaScript"),
    (script_by_name, "JavaScript"),
    (script_on_a_page, "JavaScript"),
    (launch, "start another program"),
    (attachment, "other files inside"),
    (film, "film or sound"),
]


@pytest.mark.parametrize("mode", [pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate])
@pytest.mark.parametrize(("change", "words"), ACTIVE)
def test_active_contents_are_found_wherever_they_hide(paper, change, words, mode):
    assert words in reason(paper(change, object_stream_mode=mode))


def test_an_escaped_name_hides_nothing(paper):
    path = paper(open_with_script)
    path.write_bytes(path.read_bytes().replace(b"/JavaScript", b"/J#61vaScript"))

    assert "JavaScript" in reason(path)


def test_words_on_the_page_are_not_taken_for_active_contents(paper):
    def write(pdf):
        pdf.pages[0].Contents = pdf.make_stream(b"BT /F1 9 Tf (Launch at JavaScript) Tj ET")

    assert inspect(paper(write)) == Clean(pages=1)


def test_the_words_of_every_page_are_read_and_a_scan_has_none(paper):
    def write(pdf):
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        for number, page in enumerate(pdf.pages):
            page.Resources = Dictionary(Font=Dictionary(F1=font))
            page.Contents = pdf.make_stream(b"BT /F1 9 Tf 50 700 Td (Call 510 555 014%d) Tj ET" % number)

    assert words_of(paper(write, pages=2)).split("\n") == ["Call 510 555 0140", "Call 510 555 0141"]
    assert words_of(paper()) == ""


def test_words_of_what_is_no_pdf_are_none(raw_paper):
    assert words_of(raw_paper(b"From: a@example.com\r\n\r\nCall 510 555 0142")) == ""


def test_a_page_becomes_a_picture_of_the_width_asked_for(paper):
    picture = Image.open(io.BytesIO(render(paper(pages=2), 2, width=400)))

    assert picture.format == "PNG"
    assert picture.size == (400, 567)  # 400 * 842 / 595, rounded up


def test_a_very_tall_page_becomes_a_picture_of_bounded_height(paper):
    picture = Image.open(io.BytesIO(render(paper(size=(10, 14_000)), 1, width=800)))

    assert picture.height == 8_000


@pytest.mark.parametrize("page", [0, 2, -1])
def test_a_page_that_is_not_there_is_not_shown(paper, page):
    with pytest.raises(NotShown, match="cannot be shown"):
        render(paper(), page, width=400)


def test_a_reader_that_takes_too_long_is_ended(paper):
    assert inspect(paper(), seconds=0.001) == Quarantined(reason="It takes too long to read; ask for a simpler copy.")
    with pytest.raises(NotShown):
        render(paper(), 1, width=400, seconds=0.001)


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not limit a process's address space")
def test_a_paper_that_unpacks_beyond_the_memory_limit_ends_the_reader_and_not_us(paper):
    def bomb(pdf):
        packing = zlib.compressobj(9)
        start, mebibyte = (packing.compress(bytes(1 << 20)) + packing.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
        stream = pdf.make_stream(b"")
        stream.write(start + mebibyte * 3000 + packing.flush(), filter=Name.FlateDecode)
        pdf.pages[0].Contents = stream

    path = paper(bomb, compress_streams=False)

    assert path.stat().st_size < 5 << 20
    assert isinstance(inspect(path), Quarantined | Clean)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1 << 20  # KiB
