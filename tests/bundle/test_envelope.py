"""What leaves encrypted opens with OpenSSL and the recipient's key, byte for byte, and with no other."""

import hashlib
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from requests_portal.bundle.envelope import recipient_certificate, write_envelope
from requests_portal.errors import Unusable

NOW = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
MEGABYTE = 1 << 20


def a_certificate(key, *, until=NOW + timedelta(days=300), usage=None):
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Alder County Sheriff, records unit")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(4711)
        .not_valid_before(NOW - timedelta(days=400))
        .not_valid_after(until)
    )
    if usage is not None:
        made = made.add_extension(usage, critical=True)
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def signing_only():
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="module")
def keys(key, tmp_path_factory):
    """The recipient's key and somebody else's, in files, with the recipient's certificate."""
    folder = tmp_path_factory.mktemp("keys")
    for name, each in (("theirs", key), ("another", rsa.generate_private_key(65537, 2048))):
        pem = each.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / f"{name}.key").write_bytes(pem)
    (folder / "theirs.pem").write_bytes(a_certificate(key))
    return folder


def opened(envelope, keys, *, whose="theirs"):
    out = envelope.with_suffix(".opened")
    command = ["openssl", "cms", "-decrypt", "-binary", "-inform", "DER", "-in", envelope, "-out", out]
    done = subprocess.run([*command, "-inkey", keys / f"{whose}.key"], capture_output=True, check=False)
    return out.read_bytes() if done.returncode == 0 else None


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 127, 128, 40_000, 5 * MEGABYTE])
def test_openssl_gives_the_recipient_exactly_the_document(size, key, keys, tmp_path):
    document = bytes(each % 251 for each in range(size))
    envelope = tmp_path / "bundle.pdf.p7m"
    with envelope.open("wb") as out:
        write_envelope(iter([document[:100], document[100:]]), out, size=size, certificate=a_certificate(key).decode())

    assert opened(envelope, keys) == document


def test_another_key_opens_nothing(key, keys, tmp_path):
    envelope = tmp_path / "bundle.pdf.p7m"
    with envelope.open("wb") as out:
        write_envelope([b"%PDF-1.7 secret"], out, size=15, certificate=a_certificate(key).decode())

    assert b"secret" not in envelope.read_bytes()
    assert b"secret" not in (opened(envelope, keys, whose="another") or b"")


def test_the_same_document_twice_looks_different(key, tmp_path):
    made = []
    for name in ("first", "second"):
        with (tmp_path / name).open("wb") as out:
            write_envelope([b"x" * 100], out, size=100, certificate=a_certificate(key).decode())
        made.append((tmp_path / name).read_bytes())

    assert made[0][-112:] != made[1][-112:]


WRITES = """
import re, sys
from requests_portal.bundle.envelope import write_envelope
# Not what getrusage gives: that begins with the size of the process that started this one.
def rss(): return int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read()).group(1)) // 1024
certificate = open(sys.argv[1]).read()
with open(sys.argv[2], "wb") as out:
    write_envelope([b"x"], out, size=1, certificate=certificate)
    before = rss()
    out.seek(0)
    write_envelope((bytes([n % 251]) * 1048576 for n in range(int(sys.argv[3]))), out, size=int(sys.argv[3]) << 20,
        certificate=certificate)
print(rss() - before)
"""


def test_a_hundred_megabytes_take_no_more_memory_than_one(keys, tmp_path):
    envelope = tmp_path / "large.p7m"

    done = subprocess.run(
        [sys.executable, "-c", WRITES, keys / "theirs.pem", envelope, "100"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert int(done.stdout) < 8
    expected = hashlib.sha256()
    for n in range(100):
        expected.update(bytes([n % 251]) * MEGABYTE)
    assert hashlib.sha256(opened(envelope, keys)).digest() == expected.digest()


def test_a_document_of_another_size_is_refused(key, tmp_path):
    with (tmp_path / "short").open("wb") as out, pytest.raises(Unusable, match="was to have 10"):
        write_envelope([b"short"], out, size=10, certificate=a_certificate(key).decode())


def test_a_certificate_is_taken_in_pem_and_in_der(key):
    pem = a_certificate(key)
    der = x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)

    assert recipient_certificate(pem, at=NOW) == recipient_certificate(der, at=NOW) == pem.decode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (lambda key: a_certificate(key, until=NOW - timedelta(days=1)), "not valid today"),
        (lambda _: a_certificate(rsa.generate_private_key(65537, 1024)), "at least 2,048"),  # noqa: S505
        (lambda _: a_certificate(ec.generate_private_key(ec.SECP256R1())), "not an RSA key"),
        (lambda key: a_certificate(key, usage=signing_only()), "for signing only"),
        (lambda _: b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "not a certificate"),
        (lambda _: b"", "not a certificate"),
        (lambda _: b"\x30\x82" + bytes(70_000), "not a certificate"),
        (lambda _: "Привет".encode(), "not a certificate"),
    ],
    ids=["expired", "weak", "elliptic", "for signing", "broken", "empty", "large", "words"],
)
def test_a_certificate_that_nothing_should_be_encrypted_for_is_refused_plainly(key, data, sentence):
    with pytest.raises(Unusable, match=sentence):
        recipient_certificate(data(key), at=NOW)
