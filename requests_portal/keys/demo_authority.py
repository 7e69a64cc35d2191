"""The demonstration's own certificate authority, made on first start and plainly named as such."""

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from requests_portal.keys.file_signer import MIN_RSA_BITS, FileSigner
from requests_portal.keys.secret_file import write_secret

ORGANISATION = "Example Voice (demonstration)"
VALID_FOR = timedelta(days=3 * 365)
KEY, CERTIFICATES, ROOT = "signing.key", "signing.pem", "root.pem"


def make_demo_authority(folder: Path, *, at: datetime, common_name: str) -> FileSigner:
    """Return the folder's signer, made first where there is none, valid three years from `at` (aware).

    `root.pem` is the certificate to trust when checking; raises BadKey for a folder whose key cannot be relied on.
    """
    if not folder.exists():
        _make(folder, at=at, common_name=common_name)
    return FileSigner.load(folder / KEY, folder / CERTIFICATES, at=at)


def _make(folder: Path, *, at: datetime, common_name: str) -> None:
    """Write the whole folder at once; when another process was quicker, its folder stays."""
    part = folder.with_name(f".{folder.name}.part-{os.getpid()}")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    try:
        _write(part, at=at, common_name=common_name)
        part.rename(folder)
    except OSError:
        if not folder.exists():
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _write(folder: Path, *, at: datetime, common_name: str) -> None:
    # The root's key signs one certificate and is then forgotten: nobody can steal what nobody keeps.
    root_key, key = _rsa(), _rsa()
    root_name, name = _subject(f"{ORGANISATION} root"), _subject(common_name)
    root = _authority(root_name, root_key, at)
    certificate = _signing(name, key.public_key(), root_name, root_key, at)
    write_secret(folder / KEY, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / CERTIFICATES).write_bytes(certificate.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM))
    (folder / ROOT).write_bytes(root.public_bytes(Encoding.PEM))


def _rsa() -> RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=MIN_RSA_BITS)


def _subject(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _authority(name: x509.Name, key: RSAPrivateKey, at: datetime) -> x509.Certificate:
    return (
        _certificate(name, key.public_key(), name, key.public_key(), at)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .sign(key, SHA256())
    )


def _signing(
    name: x509.Name, key: RSAPublicKey, root_name: x509.Name, root_key: RSAPrivateKey, at: datetime
) -> x509.Certificate:
    return (
        _certificate(name, key, root_name, root_key.public_key(), at)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .sign(root_key, SHA256())
    )


def _certificate(
    name: x509.Name, key: RSAPublicKey, issuer: x509.Name, issuer_key: RSAPublicKey, at: datetime
) -> x509.CertificateBuilder:
    # X.509 counts whole seconds; rounding down keeps the certificate valid at `at` itself.
    first = at.replace(microsecond=0)
    return (
        x509.CertificateBuilder(serial_number=x509.random_serial_number())
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key)
        .not_valid_before(first)
        .not_valid_after(first + VALID_FOR)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
