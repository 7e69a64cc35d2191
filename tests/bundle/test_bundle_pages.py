"""What a reader sees and copies from the pages, and what never gets there."""

import re

import pikepdf
import pypdfium2
import pytest
from bundle_samples import a_bundle, a_letter, a_record_set, an_exhibit, words_of, written

from requests_portal.bundle import contents as c
from requests_portal.bundle.words import LANGUAGES, length

SPACES = re.compile(r"\s+")


def text_of(tmp_path, key, contents) -> str:
    path = tmp_path / "document.pdf"
    written(contents, key, path)
    return SPACES.sub(" ", " ".join(words_of(path)))


def test_the_cover_says_whom_it_is_for_what_is_in_it_and_how_to_check_it(tmp_path, key):
    path = tmp_path / "bundle.pdf"
    written(a_bundle(4, 1), key, path)

    cover = SPACES.sub(" ", words_of(path)[0])

    for words in (
        "Superior Court of California",
        "Production in response to search warrant 26-SW-00117",
        "4 recordings, embedded in this file",
        "Everything is numbered from HH-000000001 to HH-000000005.",
        "Recordings outside the period",
        "How to check this document",
        "https://disclosure.harborhome.example/verify",
    ):
        assert words in cover


def test_every_page_says_which_it_is_of_how_many(tmp_path, key):
    path = tmp_path / "bundle.pdf"
    made = written(a_bundle(9, 2), key, path)
    pages = words_of(path)

    assert made.pages == len(pages)
    for number, text in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in text


def test_a_manifest_of_three_hundred_repeats_its_header_on_every_page(tmp_path, key):
    exhibits = tuple(an_exhibit(number) for number in range(1, 301))
    path = tmp_path / "bundle.pdf"
    contents = a_bundle(0, 0, exhibits=exhibits, bates_first=exhibits[0].bates, bates_last=exhibits[-1].bates)
    written(contents, key, path)

    printed = [text.replace(contents.book_digest, "") for text in words_of(path)]
    with_rows = [text for text in printed if len(re.findall(r"[0-9a-f]{64}", text)) > 10]

    assert len(with_rows) > 5
    assert all("Bates number" in text and "SHA-256" in text for text in with_rows)
    assert sum(len(re.findall(r"(?<!SHA-256 )[0-9a-f]{64}", text)) for text in with_rows) == 300


def test_a_repeated_header_is_read_aloud_once(tmp_path, key):
    path = tmp_path / "bundle.pdf"
    written(a_bundle(0, 0, record_sets=(a_record_set(1, rows=300),)), key, path)

    with pikepdf.open(path) as pdf:
        headers = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/TH"]
    manifest_columns, legal_columns, withheld_columns, set_columns = 5, 3, 4, 4

    assert len(headers) == manifest_columns + legal_columns + withheld_columns + set_columns


def test_a_character_without_a_glyph_is_shown_as_its_code(tmp_path, key):
    text = text_of(tmp_path, key, a_letter(paragraphs=("Signed 𠮷村 😀.",)))

    assert "Signed [U+20BB7]村 [U+1F600]." in text


def test_characters_that_act_are_shown_and_do_not_act(tmp_path, key):
    text = text_of(tmp_path, key, a_letter(paragraphs=("invoice\u202egpj.exe and a bell\x07 and a zero\u200bwidth",)))

    assert "invoice[U+202E]gpj.exe and a bell[U+0007] and a zero[U+200B]width" in text


def test_markup_in_a_name_is_text(tmp_path, key):
    text = text_of(tmp_path, key, a_letter(recipient=("<b>Bold & <script>(\\)</b>",)))

    assert "<b>Bold & <script>(\\)</b>" in text


def test_a_transcript_says_that_a_machine_made_it_and_a_review_who_heard_it(tmp_path, key):
    text = text_of(tmp_path, key, a_bundle(2, 0))

    assert "Transcript, made by a machine" in text
    assert "Heard by a person: on 2026-01-18 04:03:07 UTC, as contractor, linguist, for speech quality" in text


def test_a_recording_that_cannot_be_decoded_is_there_and_says_so(tmp_path, key):
    text = text_of(tmp_path, key, a_bundle(0, 0, exhibits=(an_exhibit(1, peaks=(), seconds=None),)))

    assert "this recording could not be decoded" in text
    assert "length unknown" in text


def test_a_difference_from_the_catalogue_is_on_the_cover_and_named_inside(tmp_path, key):
    found = c.Discrepancy(bates=None, recording="r-9f1", kind="missing", sentence="It was no longer in storage.")

    text = text_of(tmp_path, key, a_bundle(1, 0, discrepancies=(found,)))

    assert "1 recording could not be produced as catalogued" in text
    assert "r-9f1" in text
    assert "It was no longer in storage." in text


def test_a_draft_is_watermarked_and_a_signed_letter_is_not(tmp_path, key):
    assert "DRAFT" in text_of(tmp_path, None, a_letter(draft=True))
    assert "DRAFT" not in text_of(tmp_path, key, a_letter())


def test_a_long_transcript_goes_on_over_pages_and_loses_nothing(tmp_path, key):
    sentence = " ".join(f"word{number}" for number in range(1500))

    text = text_of(tmp_path, key, a_bundle(0, 0, exhibits=(an_exhibit(1, transcript=sentence),)))

    assert all(f"word{number}" in text for number in range(1500))


def test_a_row_that_is_taller_than_a_page_goes_on_in_a_second_row(tmp_path, key):
    reason = " ".join(f"reason{number}" for number in range(900))
    group = c.WithheldGroup(what="Recordings", ground="OUTSIDE_PERIOD", reason=reason, count=3)

    text = text_of(tmp_path, key, a_bundle(0, 0, withheld=(group,)))

    assert all(f"reason{number}" in text for number in range(900))


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "So prüfen Sie dieses Dokument"), ("fr", "Comment vérifier ce document"), ("pt", "How to check this")],
)
def test_the_fixed_words_are_the_requesters_language_or_else_english(tmp_path, key, language, words):
    assert words in text_of(tmp_path, key, a_bundle(1, 1, language=language))


def test_every_language_has_the_same_words_with_the_same_holes():
    english = LANGUAGES["en"]
    for language, words in LANGUAGES.items():
        assert words.keys() == english.keys(), language
        for key, text in words.items():
            assert text.count("{}") == english[key].count("{}"), (language, key)


@pytest.mark.parametrize(("paper", "size"), [("A4", (595, 842)), ("US Letter", (612, 792))])
def test_a_bundle_and_a_letter_keep_to_the_paper_they_are_for(tmp_path, key, paper, size):
    bundle, letter = tmp_path / "bundle.pdf", tmp_path / "letter.pdf"
    written(a_bundle(4, 1, paper=paper), key, bundle)
    written(a_letter(paper=paper, paragraphs=("word " * 3000,)), key, letter)

    for path in (bundle, letter):
        with pypdfium2.PdfDocument(path) as document:
            assert {tuple(map(round, page.get_size())) for page in document} == {size}
            for page in document:
                found = page.get_textpage()
                boxes = [found.get_charbox(at) for at in range(found.count_chars())]
                assert min(box[0] for box in boxes) > 50
                assert max(box[2] for box in boxes) < size[0] - 50
                assert max(box[3] for box in boxes) < size[1] - 30


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(2.94, "2.9 s"), (59.94, "59.9 s"), (59.96, "1:00"), (125.0, "2:05"), (3599.6, "1:00:00"), (10_800.0, "3:00:00")],
)
def test_a_length_of_a_minute_and_more_reads_like_a_clock(seconds, shown):
    assert length(seconds, LANGUAGES["en"]) == shown


def test_a_long_recording_says_when_each_speaks_in_minutes_and_hours(tmp_path, key):
    spans = (
        c.SpeakerSpan(start=0.0, end=59.0, label="visitor"),
        c.SpeakerSpan(start=59.0, end=4000.5, label="child"),
    )
    exhibit = an_exhibit(1, seconds=10_800.0, speakers=spans)
    written(a_bundle(exhibits=(exhibit,)), key, tmp_path / "bundle.pdf")

    text = " ".join(words_of(tmp_path / "bundle.pdf"))

    assert text.count("3:00:00") == 2
    assert "visitor 0.0\N{EN DASH}59.0 s, child 0:59.0\N{EN DASH}1:06:40.5" in text


def test_a_person_reads_why_something_is_left_out_and_no_objection(tmp_path, key):
    for language, words in LANGUAGES.items():
        written(a_bundle(1, kind="customer", language=language), key, tmp_path / "bundle.pdf")

        lines = {line.strip() for text in words_of(tmp_path / "bundle.pdf") for line in text.splitlines()}

        assert words["objections_customer"] in lines
        assert words["withheld_customer"] in lines
        assert words["objections"] not in lines


def test_the_foot_of_each_page_names_what_stands_on_it(tmp_path, key):
    table = a_record_set(3, rows=120)
    written(a_bundle(2, 0, record_sets=(table,), bates_last=table.bates), key, tmp_path / "bundle.pdf")

    feet = [re.search(r"Page \d of \d (.+)\r", text)[1] for text in words_of(tmp_path / "bundle.pdf")]

    whole, the_table, both = (
        "HH-000000001 \N{EN DASH} HH-000000003",
        "HH-000000003",
        "HH-000000001 \N{EN DASH} HH-000000002",
    )
    assert feet == [whole, whole, the_table, the_table, the_table, both, whole]


def test_a_long_reference_is_cut_before_the_page_number(tmp_path, key):
    reference = "HH-2026-0042-" + "VERY-LONG-" * 12
    written(a_bundle(1, reference=reference), key, tmp_path / "bundle.pdf")

    with pypdfium2.PdfDocument(tmp_path / "bundle.pdf") as document:
        text = document[1].get_textpage()
        foot = text.get_text_bounded(left=56, bottom=36, right=240, top=50)

    assert foot.strip().endswith("…")
