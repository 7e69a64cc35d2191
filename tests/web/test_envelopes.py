"""A link whose recipient gave a certificate gives envelopes for it, and nothing that anybody else could read."""

import io
import subprocess
from datetime import timedelta

import pytest
from a_casework import MAYA, NOW, PIN
from an_account import PDF, TOKEN, Account
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from requests_portal.work.envelop import envelop, record_envelopes


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    """The recipient's key and certificate, as files."""
    folder, key = tmp_path_factory.mktemp("theirs"), rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Alder County Sheriff")])
    certificate = x509.CertificateBuilder(name, name, key.public_key(), 7, NOW - timedelta(1), NOW + timedelta(99))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "certificate.pem").write_bytes(certificate.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    return folder


@pytest.fixture
def desk(tmp_path, theirs):
    """A desk that released a demand's production for the certificate, through its pages."""
    made = Account(tmp_path)
    made.reference = made.warrant()
    made.offer(made.reference)
    page = f"/requests/{made.reference}/productions/1/release"
    file = (io.BytesIO((theirs / "certificate.pem").read_bytes()), "sheriff.pem")
    made.shown = made.visit(MAYA).send(page, page=page, recipient="Deputy R. Pinecone", certificate=file)
    made.collector = made.nobody()
    made.collector.send(f"/d/{TOKEN}", page=f"/d/{TOKEN}", pin=PIN)
    return made


def seal_them(desk):
    with desk.ledger.reading() as work:
        (given,) = work.productions.releases(desk.production(desk.reference).id)
    outside = desk.app.extensions["portal"].outside
    made = envelop(outside, given.id)
    desk.act(lambda work: record_envelopes(work, made))


def test_before_the_envelopes_are_ready_the_link_gives_nothing(desk):
    page = desk.collector.open(f"/d/{TOKEN}")

    assert "being encrypted for the certificate" in desk.shown.text
    assert "The documents are being encrypted for you" in page.text
    assert [desk.collector.open(f"/d/{TOKEN}/bundle.pdf{end}").status for end in ("", ".p7m")] == [404, 404]


def test_the_recipient_s_key_opens_what_the_link_gives_and_plain_it_is_not_given(desk, theirs, tmp_path):
    seal_them(desk)

    page = desk.collector.open(f"/d/{TOKEN}")
    first = desk.collector.open(f"/d/{TOKEN}/bundle.pdf.p7m", Range="bytes=0-99")
    rest = desk.collector.open(f"/d/{TOKEN}/bundle.pdf.p7m", Range="bytes=100-")

    (tmp_path / "bundle.pdf.p7m").write_bytes(first.bytes + rest.bytes)
    command = ["openssl", "cms", "-decrypt", "-binary", "-inform", "DER", "-in", tmp_path / "bundle.pdf.p7m"]
    opened = subprocess.run([*command, "-inkey", theirs / "key.pem"], capture_output=True, check=True).stdout
    assert opened == PDF
    assert "openssl cms -decrypt -binary -inform DER" in page.text
    assert desk.collector.open(f"/d/{TOKEN}/bundle.pdf").status == 404
    assert {name for name, *_ in desk.receipts(desk.reference)} == {"bundle.p7m"}
    assert "1 complete download" in desk.visit(MAYA).open(f"/requests/{desk.reference}/productions/1").text
