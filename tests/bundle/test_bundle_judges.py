"""What others say of our PDFs: qpdf, pdfsig, veraPDF and pyHanko as judges."""

import hashlib
import subprocess
from dataclasses import replace

import pytest
import verapdf
from asn1crypto import x509 as asn1_x509
from bundle_samples import a_bundle, a_letter, a_record_set, an_exhibit, needs, written
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from reportlab.pdfgen.canvas import Canvas

from requests_portal.bundle import contents as c

SCRIPTS = "Λουκάς Дмитрий مريم الحسن שרה नमस्ते क्षत्रिय ไทย ქართული 中村 😀"

SILENCED = (c.SilencedSpan(start=0.9, end=1.4, reason="A visitor speaks"),)
COPY = c.ListeningCopy(
    filename="HH-000000002-listening.wav",
    media_type="audio/wav",
    size=5,
    sha256=hashlib.sha256(b"sound").hexdigest(),
    open=lambda: iter((b"sound",)),
)

DOCUMENTS = {
    "four recordings and a record set": a_bundle(),
    "one recording": a_bundle(1, 0),
    "no recordings at all": a_bundle(0, 0, bates_first="HH-000000001", bates_last="HH-000000001"),
    "record sets only": a_bundle(0, 3),
    "a customer's bundle": a_bundle(3, 1, kind="customer", objections=()),
    "everything found wanting": a_bundle(
        2,
        1,
        discrepancies=(
            c.Discrepancy(bates="HH-000000002", recording="r-9f1", kind="altered", sentence="Its digest differs."),
        ),
        exhibits=(an_exhibit(1), an_exhibit(2, peaks=(), seconds=None, transcript="")),
    ),
    "silenced parts, copies to listen to, and recordings that are broken": a_bundle(
        4,
        1,
        exhibits=(
            an_exhibit(1, silenced=SILENCED, stored_sha256="a" * 64, transcript="", words_held_back=True),
            an_exhibit(2, listening=COPY, holds="audio/flac"),
            an_exhibit(3, breaks_off=True),
            an_exhibit(4, peaks=(), seconds=None, empty=True),
        ),
    ),
    "names in many scripts": a_bundle(
        1, 1, recipient=(SCRIPTS,), exhibits=(an_exhibit(1, transcript=SCRIPTS, device=SCRIPTS),)
    ),
    "a table over several pages": a_bundle(0, 1, record_sets=(a_record_set(1, rows=300),)),
    "supplementary files": a_bundle(
        1,
        0,
        attachments=(
            c.Attachment(filename="proof.json", media_type="application/json", description="Proof", data=b"{}"),
        ),
    ),
    "an objection letter": a_letter(),
    "a letter in the form of Annex III": a_letter(
        parts=(c.LetterPart(name="part_1", heading="D. Reasons", paragraphs=("[x] One.", "[ ] Another.")),),
        parts_after=(c.LetterPart(name="part_2", heading="E. Conflict", paragraphs=("We claim none.",)),),
    ),
    "a customer's bundle in German": a_bundle(2, 1, kind="customer", language="de-AT"),
    "a bundle in French": a_bundle(2, 1, language="fr"),
    "a letter in Spanish": a_letter(language="es", paragraphs=("Nos oponemos a la citación.",)),
}


@pytest.fixture(params=DOCUMENTS, scope="module")
def document(request, tmp_path_factory, key):
    path = tmp_path_factory.mktemp("judged") / "document.pdf"
    written(DOCUMENTS[request.param], key, path)
    return path


@needs("qpdf", "qpdf")
def test_qpdf_finds_no_fault(document):
    result = subprocess.run(["qpdf", "--check", document], capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout + result.stderr
    assert "No syntax or stream encoding errors found" in result.stdout


@needs("pdfsig", "poppler-utils")
def test_pdfsig_finds_one_valid_signature_over_the_whole_document(document):
    said = subprocess.run(["pdfsig", document], capture_output=True, text=True, check=False).stdout

    assert said.count("Signature #") == 1
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


@pytest.mark.skipif(verapdf.missing() is not None, reason=str(verapdf.missing()))
@pytest.mark.parametrize("flavour", ["3a", "ua1"])
def test_verapdf_finds_every_rule_kept(document, flavour):
    assert verapdf.judge(document, flavour) == []


@pytest.mark.skipif(verapdf.missing() is not None, reason=str(verapdf.missing()))
@pytest.mark.parametrize("flavour", ["3a", "ua1"])
def test_verapdf_does_find_fault_with_an_ordinary_pdf(tmp_path, flavour):
    path = tmp_path / "ordinary.pdf"
    canvas = Canvas(str(path))
    canvas.drawString(72, 720, "untagged")
    canvas.save()

    assert verapdf.judge(path, flavour) != []


@pytest.mark.skipif(verapdf.missing() is not None, reason=str(verapdf.missing()))
def test_an_unsigned_draft_is_archival_and_accessible_too(tmp_path):
    path = tmp_path / "draft.pdf"
    written(a_letter(draft=True), None, path)

    assert verapdf.judge(path, "3a") == []
    assert verapdf.judge(path, "ua1") == []


def test_pyhanko_trusts_the_certification_and_sees_no_change(tmp_path, key):
    path = tmp_path / "bundle.pdf"
    written(a_bundle(), key, path)
    der = x509.load_pem_x509_certificate(key.certificate_pem).public_bytes(Encoding.DER)

    with path.open("rb") as file:
        [signature] = PdfFileReader(file, strict=True).embedded_signatures
        context = ValidationContext(trust_roots=[asn1_x509.Certificate.load(der)])
        status = validate_pdf_signature(signature, context)

    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    assert signature.docmdp_level.name == "NO_CHANGES"
    assert signature.signer_info["signed_attrs"] is not None


def test_the_same_production_made_twice_has_the_same_bytes(tmp_path, key):
    contents = a_bundle(3, 2)

    first = written(contents, key, tmp_path / "first.pdf")
    written(a_bundle(1, 0, subject="नमस्ते مرحبا in between"), key, tmp_path / "other.pdf")
    second = written(replace(contents), key, tmp_path / "second.pdf")

    assert first.sha256 == second.sha256
    assert (tmp_path / "first.pdf").read_bytes() == (tmp_path / "second.pdf").read_bytes()
