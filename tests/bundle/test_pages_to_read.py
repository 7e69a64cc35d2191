"""The pages that a custodian reads are the pages that are sealed, and a digest says so."""

import io
from dataclasses import replace
from datetime import timedelta

import pikepdf
import pytest
from bundle_samples import a_bundle, a_record_set, words_of

from requests_portal.bundle import write_bundle, write_preview
from requests_portal.bundle.bundle import PagesChanged


def preview(contents, key) -> tuple[str, bytes]:
    out = io.BytesIO()
    return write_preview(contents, out, signer=key).pages_digest, out.getvalue()


def later(contents, **by):
    """The same bundle, signed off and sealed at another moment."""
    certificate = contents.certificate
    return replace(
        contents,
        made_at=contents.made_at + timedelta(**by),
        certificate=replace(certificate, signed_off_at=certificate.signed_off_at + timedelta(**by)),
    )


def test_the_pages_that_were_read_are_the_pages_that_are_sealed(key):
    contents = a_bundle()

    read, _ = preview(contents, key)
    sealed = write_bundle(later(contents, days=40, hours=3), io.BytesIO(), signer=key, pages_digest=read)

    assert sealed.pages_digest == read


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_no_other_moment_moves_anything_on_the_pages(key, language):
    contents = a_bundle(2, language=language, kind="customer")

    digests = {preview(later(contents, days=days), key)[0] for days in (0, 31, 100, 200, 300)}

    assert len(digests) == 1


CHANGES = {
    "a transcript": lambda c: {"exhibits": (replace(c.exhibits[0], transcript="Something else."), *c.exhibits[1:])},
    "a loudness": lambda c: {"exhibits": (replace(c.exhibits[0], peaks=(9,) * 40), *c.exhibits[1:])},
    "a digest": lambda c: {"exhibits": (replace(c.exhibits[0], sha256="0" * 64), *c.exhibits[1:])},
    "a table": lambda _: {"record_sets": (a_record_set(5, rows=4),)},
    "a word of the letter": lambda c: {"letter": (*c.letter, "And nothing else.")},
    "a word of the certificate": lambda c: {"certificate": replace(c.certificate, paragraphs=("I state nothing.",))},
    "the custodian": lambda c: {"certificate": replace(c.certificate, custodian_name="Somebody Else")},
    "the paper": lambda _: {"paper": "US Letter"},
    "the number of what is withheld": lambda c: {"withheld": (replace(c.withheld[0], count=213), *c.withheld[1:])},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_else_changes_on_the_pages_is_not_sealed(key, change):
    contents = a_bundle()
    read, _ = preview(contents, key)
    out = io.BytesIO()

    with pytest.raises(PagesChanged):
        write_bundle(replace(contents, **change(contents)), out, signer=key, pages_digest=read)

    assert out.getvalue() == b""


def test_what_is_read_aloud_of_a_figure_counts_as_well(key):
    contents = a_bundle(1)
    spoken = replace(contents.exhibits[0].speakers[0], end=0.95)
    changed = replace(contents.exhibits[0], speakers=(spoken, *contents.exhibits[0].speakers[1:]))

    assert preview(contents, key)[0] != preview(replace(contents, exhibits=(changed,)), key)[0]


def test_the_pages_to_read_say_that_they_are_not_sealed_and_hold_no_file(key, tmp_path):
    path = tmp_path / "preview.pdf"
    contents = a_bundle()
    path.write_bytes(preview(contents, key)[1])

    pages = words_of(path)

    assert all("Not sealed yet: for the custodian to read" in page for page in pages)
    assert "The seal stands here once the file is sealed." in pages[0]
    with pikepdf.open(path) as pdf:
        assert {"/AcroForm", "/AF", "/Names", "/Perms"}.isdisjoint(pdf.Root.keys())
        streams = [each.read_bytes() for each in pdf.objects if isinstance(each, pikepdf.Stream)]
    recording = b"".join(contents.exhibits[0].open())
    assert not any(recording[:64] in stream for stream in streams)
