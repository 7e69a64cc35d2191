# ruff: noqa: RUF001 — the signs are what they look like
"""Names in every script: drawn in their own letters, in their own order, and read back as they were written."""

import re
import subprocess
import unicodedata
from dataclasses import replace

import bidi
import pikepdf
import pytest
import verapdf
from bundle_samples import a_bundle, a_letter, a_record_set, an_exhibit, needs, words_of, written
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from requests_portal.bundle import contents as c
from requests_portal.bundle.bidi import in_sight_order, levels
from requests_portal.bundle.breaks import clusters
from requests_portal.bundle.breaks import words as parts
from requests_portal.bundle.prose import wrapped
from requests_portal.bundle.typefaces import BOLD, MONO, REGULAR, Typefaces, _parsed
from requests_portal.bundle.visible import visible

NAMES = {
    "Greek": "Ελένη Παπαδοπούλου",
    "Cyrillic": "Дмитрий Щукин",
    "Arabic": "مريم الحسن",
    "Arabic ligature": "علاء الأحمد",
    "Arabic with vowels": "مُحَمَّد",
    "Hebrew": "שרה לוי",
    "Hebrew with vowels": "שָׁלוֹם עוֹלָם",
    "Devanagari": "श्रीमती देवनागरी क्षत्रिय",
    "Thai": "สมชาย ใจดี น้ำ ปู่",
    "Georgian": "ქეთევან",
    "Polish": "Łukasz Żak",
    "simplified Chinese": "王小明",
    "traditional Chinese": "臺灣 張學友",
    "Japanese": "山田 太郎さん、カタカナ",
    "Korean": "김철수 이영희",
    "Chinese beside Latin": "王小明 (Wang Xiaoming)",
}
FORMATTING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Every class of UAX #9 that can reach a line, more than once where order matters; no explicit formatting.
MIXED = "abאבمث12٣٤()[]{} .,:-/+%$€\"'!«»<>ñー中ä_\u05b0\u064e"


@pytest.fixture
def faces():
    return Typefaces(Canvas("unwritten.pdf")._doc)


def extracted(path) -> str:
    said = subprocess.run(["pdftotext", "-enc", "UTF-8", path, "-"], capture_output=True, check=True).stdout
    return unicodedata.normalize("NFC", FORMATTING.sub("", said.decode()))


@needs("pdftotext", "poppler-utils")
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_name_is_drawn_in_its_letters_and_copied_as_it_was_written(tmp_path, key, name):
    path = tmp_path / "letter.pdf"
    written(a_letter(recipient=(name,), subject=f"Re: {name}"), key, path)

    text = extracted(path)

    assert "[U+" not in text
    assert text.count(unicodedata.normalize("NFC", name)) >= 2


@pytest.mark.parametrize("name", ["مريم الحسن", "שרה לוי", "क्षत्रिय", "ปู่"])
def test_shaped_words_carry_the_text_they_stand_for(tmp_path, key, name):
    path = tmp_path / "letter.pdf"
    written(a_letter(recipient=(name,)), key, path)

    with pikepdf.open(path) as pdf:
        content = "".join(part.read_bytes().decode("latin-1") for part in pdf.pages[0].Contents)
    leftwards = "/ReversedChars BMC" in content
    spans = [bytes.fromhex(each).decode("utf-16-be") for each in re.findall(r"/ActualText<FEFF([0-9A-F]+)>", content)]

    assert "".join(reversed(spans) if leftwards else spans) == name


@given(st.text(MIXED, max_size=24), st.booleans())
def test_characters_stand_in_the_order_of_the_unicode_bidirectional_algorithm(text, right_to_left):
    found = levels(text, right_to_left=right_to_left)

    shown = "".join(text[at] for at in in_sight_order(found))

    assert shown == bidi.get_display(text, base_dir="R" if right_to_left else "L")


@pytest.mark.parametrize(
    ("logical", "right_to_left", "sight"),
    [
        ("שרה לוי (1984)", True, ")1984( יול הרש"),
        ("הוזמן ב-14/03/2026.", True, ".14/03/2026-ב ןמזוה"),
        ("Name: שרה לוי, born 1984", False, "Name: יול הרש, born 1984"),
    ],
)
def test_names_dates_and_brackets_of_a_mixed_line_keep_their_places(logical, right_to_left, sight):
    found = levels(logical, right_to_left=right_to_left)

    assert "".join(logical[at] for at in in_sight_order(found)) == sight


def test_an_arabic_paragraph_stays_one_when_a_line_of_it_starts_in_latin(tmp_path, key):
    text = "هذا نص عربي " * 7 + "English words stand here in the middle of it " * 2 + "هذا نص عربي"
    path = tmp_path / "letter.pdf"
    written(a_letter(paragraphs=(text,), objections=()), key, path)

    with pikepdf.open(path) as pdf:
        content = "".join(part.read_bytes().decode("latin-1") for part in pdf.pages[0].Contents)
    lines = re.findall(r"1 0 0 1 ([\d.]+) [\d.]+ Tm [^\n]*ReversedChars", content)

    assert len(lines) >= 2
    assert all(float(left) > 56.0 for left in lines)


def test_chinese_breaks_between_characters_but_not_before_its_punctuation(faces):
    face = faces.typeface(REGULAR)
    text = "我们已收到您的请求（编号一），并将在三十日内答复。" * 6

    lines = wrapped(text, face=face, size=10, width=103)

    assert "".join(lines) == text
    assert len(lines) > 10
    assert all(face.width(line, 10) <= 103 for line in lines)
    assert not any(line[0] in "，。）" or line[-1] == "（" for line in lines)


def test_korean_breaks_at_its_spaces(faces):
    lines = wrapped("김철수 이영희 박지성", face=faces.typeface(REGULAR), size=10, width=70)

    assert lines == ["김철수 이영희", "박지성"]


def test_a_long_word_never_loses_a_mark_to_the_next_line(faces):
    face = faces.typeface(REGULAR)
    for text in ("ภาษาไทยเขียนติดกันโดยไม่เว้นวรรคน้ำใจ" * 3, "क्षत्रियश्रीमतीदेवनागरीलिपि" * 5, "n\u0303\u0323" * 60):
        shown = face.printable(text)

        lines = wrapped(text, face=face, size=10, width=60)

        assert "".join(lines) == shown
        assert not any(unicodedata.category(line[0])[0] == "M" for line in lines)
        assert all(face.width(line, 10) <= 60 for line in lines)


def test_thai_keeps_a_vowel_with_its_consonant():
    assert clusters("เด็กน้ำใจ") == ["เด็", "ก", "น้ำ", "ใจ"]


def test_latin_words_are_split_at_spaces_alone():
    assert list(parts("Łukasz Żak-Nowak 12/3")) == [("", "Łukasz"), (" ", "Żak-Nowak"), (" ", "12/3")]


@pytest.mark.parametrize("name", [BOLD, MONO, REGULAR])
def test_every_face_finds_every_script(faces, name):
    face = faces.typeface(name)

    assert "[U+" not in face.printable("王小明 김철수 かな Дмитрий مريم שרה श्रीमती สมชาย")
    assert face.width("王小明", 10) == pytest.approx(30, abs=1)


def test_no_east_asian_font_is_read_while_nothing_needs_it(tmp_path, key):
    _parsed.cache_clear()

    written(a_letter(recipient=("Łukasz Żak", "مريم الحسن", "श्रीमती", "bell\x07", "x\u202ey")), key, tmp_path / "a.pdf")
    without = _parsed.cache_info().currsize
    written(a_letter(recipient=("王小明",)), key, tmp_path / "b.pdf")

    assert _parsed.cache_info().currsize == without + 1


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("invoice\u202egpj.exe", "invoice[U+202E]gpj.exe"),
        ("bell\x07", "bell[U+0007]"),
        ("half\ud83d", "half[U+D83D]"),
        ("smile 😀", "smile [U+1F600]"),
        ("rare 𠮷", "rare [U+20BB7]"),
        ("pay\u200dpal", "pay[U+200D]pal"),
        ("क्\u200dष", "क्\u200dष"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Zoe\u0301", "Zoé"),
        ("Zoé", "Zoé"),
        ("\u1112\u1161\u11ab", "한"),
        ("Z" + "\u0301" * 200 + "algo", "Ź\u0301\u0301\u0301[U+0301 x 196]algo"),
        ("<b>Bold</b>", "<b>Bold</b>"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
    ],
)
def test_what_would_act_hide_or_flood_is_shown_as_a_code(faces, given, shown):
    assert faces.typeface(REGULAR).printable(given) == shown


def test_a_mark_that_no_letter_carries_is_bounded_too():
    assert len(visible("\u0301\u0302" * 5_000, covered=range(0x10000))) < 21_000


HOSTILE = (
    "\u202eevil\u202c <b>b</b> =1+1 Z" + "\u0301" * 200 + " \ud800 \x00\x07\x7f a\u200db " + " ".join(NAMES.values())
)


@pytest.mark.skipif(verapdf.missing() is not None, reason=str(verapdf.missing()))
@pytest.mark.parametrize("kind", ["authority", "customer"])
def test_hostile_names_in_every_place_leave_an_archival_accessible_document(tmp_path, key, kind):
    path = tmp_path / "bundle.pdf"
    group = c.WithheldGroup(what=HOSTILE, ground=HOSTILE, reason=HOSTILE, count=3)
    contents = a_bundle(
        0,
        0,
        kind=kind,
        our_name=HOSTILE[:60],
        our_address=(HOSTILE,),
        reference="HV-\u202e7\x07",
        recipient=(HOSTILE,),
        subject=HOSTILE,
        exhibits=(an_exhibit(1, transcript=HOSTILE, device=HOSTILE, account=HOSTILE),),
        record_sets=(replace(a_record_set(2), title=HOSTILE, columns=("name",), rows=((HOSTILE,),)),),
        withheld=(group,),
        language="en",
    )
    written(contents, key, path)

    assert verapdf.judge(path, "3a") == []
    assert verapdf.judge(path, "ua1") == []
    assert "\u202e" not in "".join(words_of(path))
