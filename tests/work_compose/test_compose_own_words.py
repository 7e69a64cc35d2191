"""What a customer says of a transcript goes to them with the transcript, beside it and with its day."""

import io
from dataclasses import replace
from datetime import timedelta

import pypdfium2
import pytest
from composing import NOW, a_case, work
from test_compose_bundle import ACCESS, RECORDINGS, composed
from test_compose_languages import an_access_case, signer

from requests_portal.bundle import write_preview
from requests_portal.bundle.contents import OwnWords
from requests_portal.model.production import Item
from requests_portal.model.silence import Silence
from requests_portal.model.transcript import Standing, TranscriptNote

__all__ = ["signer"]
WORDS = "Open the garage, please."
BOTH = ["audio", "transcript"]


def notes(standing=Standing.CORRECTED, at=NOW):
    return {"r-1": TranscriptNote(recording="r-1", standing=standing, words=WORDS, case="c-9", at=at)}


def exhibits(case, **changes):
    return composed(work(*RECORDINGS), case, **{"notes": notes(), "gathered_at": NOW} | changes).exhibits


def test_both_go_out_to_the_customer_who_gets_the_transcript():
    first, second, _ = exhibits(a_case(ACCESS | {"seeks": BOTH}))

    assert first.transcript == "Open the garage."
    assert first.own_words == OwnWords(on=NOW.date(), words=WORDS, taken_over=True)
    assert second.own_words is None


def test_the_day_is_that_of_the_recordings_own_clock():
    # Half past midnight in UTC is the evening before in California.
    late = NOW.replace(hour=0, minute=30)

    assert exhibits(a_case(ACCESS | {"seeks": BOTH}), notes=notes(at=late))[0].own_words.on.day == NOW.day - 1


def test_a_statement_is_told_from_a_correction():
    first, *_ = exhibits(a_case(ACCESS | {"seeks": BOTH}), notes=notes(Standing.CONTESTED))

    assert not first.own_words.taken_over


def test_where_only_the_sound_leaves_nothing_is_said_of_words():
    assert [each.own_words for each in exhibits(a_case(ACCESS))] == [None, None, None]


def test_beside_silenced_parts_nothing_is_said():
    silence = Silence(recording="r-1", start=0.0, end=1.0, reason="another person")
    items = tuple(
        Item(bates=f"HV-{n:09d}", recording=f"r-{n}", classes=("transcript",), silences=(silence,) if n == 1 else ())
        for n in (1, 2)
    )

    found = exhibits(a_case(ACCESS | {"seeks": ["transcript"]}), items=items, bates_last=2)

    assert [each.own_words for each in found] == [None, None]


def test_what_came_after_the_recording_was_read_waits_for_the_next_bundle():
    late = notes(at=NOW + timedelta(seconds=1))

    assert exhibits(a_case(ACCESS | {"seeks": BOTH}), notes=late)[0].own_words is None


def test_a_transcript_without_its_sound_has_them_in_its_file():
    first, second, _ = exhibits(a_case(ACCESS | {"seeks": ["transcript"]}))

    text = b"".join(first.open()).decode()
    assert text.startswith("Open the garage.\n\nCorrected on 2026-11-23 at the request of the person concerned")
    assert WORDS in text
    assert first.size == len(text.encode())
    assert b"".join(second.open()) == b"Open the garage."


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Corrected on 2026-11-23 at the request of the person concerned: “Open the garage, please.”"),
        ("de", "Am 2026-11-23 auf Verlangen der betroffenen Person berichtigt: „Open the garage, please.“"),
        ("fr", "Rectifiée le 2026-11-23 à la demande de la personne concernée : « Open the garage, please. »"),
        ("es", "Rectificada el 2026-11-23 a petición de la persona interesada: «Open the garage, please.»"),
    ],
)
def test_the_bundle_prints_it_in_its_language(signer, language, said):
    case = an_access_case(language, seeks=BOTH)
    found = composed(work(*RECORDINGS), case, notes=notes(), gathered_at=NOW)

    out = io.BytesIO()
    write_preview(replace(found), out, signer=signer)

    with pypdfium2.PdfDocument(out.getvalue()) as document:
        pages = [document[at].get_textpage().get_text_range() for at in range(len(document))]
    assert said in " ".join(" ".join(pages).split())
