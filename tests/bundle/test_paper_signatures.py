"""The signature of a paper that somebody sent us: whose it says it is, whether it holds, whether it is of all of it."""

import io
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf

from requests_portal.bundle import paper_signature_reader
from requests_portal.bundle.paper_signature import Unreadable, signatures_of


@lru_cache
def a_signer():
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Superior Court of Alder County")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), 118, now - timedelta(days=1), now + timedelta(days=9)
    ).sign(key, hashes.SHA256())
    box = pkcs12.serialize_key_and_certificates(b"k", key, made, None, serialization.NoEncryption())
    return SimpleSigner.load_pkcs12_data(box, (), None)


@lru_cache
def an_order():
    file = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.save(file)
    return file.getvalue()


@lru_cache
def signed():
    writer = IncrementalPdfFileWriter(io.BytesIO(an_order()))
    return sign_pdf(writer, PdfSignatureMetadata(field_name="Judge"), signer=a_signer()).getvalue()


def read(tmp_path, data):
    (tmp_path / "order.pdf").write_bytes(data)
    return paper_signature_reader.signatures(tmp_path / "order.pdf")


def test_a_signature_that_holds_says_who_signed_by_their_own_certificate_and_that_it_is_of_the_whole_file(tmp_path):
    (found,) = read(tmp_path, signed())

    assert (found["intact"], found["whole"]) == (True, True)
    assert "Superior Court of Alder County" in found["signer"]
    assert found["issuer"] == found["signer"]


def test_a_file_that_was_changed_after_it_was_signed_is_not_intact(tmp_path):
    changed = signed().replace(b"[ 0 0 595 842 ]", b"[ 0 0 595 841 ]")

    (found,) = read(tmp_path, changed)

    assert changed != signed()
    assert found["intact"] is False


def test_what_was_added_after_the_signature_is_not_said_to_be_signed(tmp_path):
    writer = IncrementalPdfFileWriter(io.BytesIO(signed()))
    writer.root["/Added"] = writer.add_object(writer.root["/Pages"])
    writer.update_root()
    more = io.BytesIO()
    writer.write(more)

    (found,) = read(tmp_path, more.getvalue())

    assert (found["intact"], found["whole"]) == (True, False)


def test_a_paper_without_a_signature_has_none(tmp_path):
    assert read(tmp_path, an_order()) == []


@pytest.mark.parametrize("data", [b"", b"no pdf", b"%PDF-1.7\n" + b"1 0 obj << " * 5000])
def test_whatever_the_file_is_its_reader_answers(tmp_path, data):
    (tmp_path / "a.pdf").write_bytes(data)

    with pytest.raises(Unreadable):
        signatures_of(tmp_path / "a.pdf")


def test_a_reader_that_takes_too_long_is_ended(tmp_path):
    (tmp_path / "a.pdf").write_bytes(signed())

    with pytest.raises(Unreadable):
        signatures_of(tmp_path / "a.pdf", seconds=0.001)


def test_the_reader_in_its_own_process_says_the_same(tmp_path):
    (tmp_path / "a.pdf").write_bytes(signed())

    (found,) = signatures_of(tmp_path / "a.pdf", seconds=60)

    assert (found.intact, found.whole) == (True, True)
