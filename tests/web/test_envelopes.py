"""A link whose recipient gave a certificate gives envelopes for it, and nothing that anybody else could read."""

import io
import subprocess
import tracemalloc
from dataclasses import replace
from datetime import timedelta

import pytest
from a_casework import BASE, MAYA, NOW, PIN
from an_account import PDF, TOKEN, Account
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from sqlalchemy import text

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


class EndlessVault:
    """Gives any range of a large document, from one piece of memory."""

    def __init__(self) -> None:
        self.piece = bytes(1 << 20)

    def read_bundle(self, _key, _version_id, *, start=0, end=None):
        while start < end:
            yield self.piece[: end - start]
            start += len(self.piece)


def test_a_document_of_200_megabytes_passes_through_in_a_few_and_an_abort_is_counted(desk):
    large = 200 << 20
    with desk.engine.begin() as connection:
        connection.execute(text("UPDATE documents SET size = :size"), {"size": large})
        connection.execute(text("UPDATE releases SET certificate = ''"))
    portal = desk.app.extensions["portal"]
    desk.app.extensions["portal"] = replace(portal, outside=replace(portal.outside, vault=EndlessVault()))
    tracemalloc.start()

    answer = desk.collector.client.get(f"/d/{TOKEN}/bundle.pdf", base_url=BASE, buffered=False)
    whole = sum(len(chunk) for chunk in answer.iter_encoded())
    answer.close()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    broken = desk.collector.client.get(f"/d/{TOKEN}/bundle.pdf", base_url=BASE, buffered=False)
    chunks = broken.iter_encoded()
    got = len(next(chunks)) + len(next(chunks))
    broken.close()
    chunks.close()

    assert whole == large
    assert peak < 8 << 20
    assert desk.receipts(desk.reference) == [("bundle", 0, large - 1), ("bundle", 0, got - 1)]
