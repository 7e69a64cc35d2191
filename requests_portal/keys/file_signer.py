"""The bundle's signing key in a file: RSA with its certificate and chain."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Self

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from requests_portal.keys.secret_file import BadKey, read_secret

# NIST SP 800-57 part 1: 128 bits of security from RSA.
MIN_RSA_BITS = 3072
STRONG = frozenset({"sha256", "sha384", "sha512"})
DIGEST_SIZE = 32


class FileSigner:
    """Signs bundles with RSA PKCS#1 v1.5, which gives the same bytes on a rerun; fulfils `bundle.contents.Signer`."""

    def __init__(self, key: RSAPrivateKey, certificates: Sequence[x509.Certificate], *, at: datetime) -> None:
        """Take a key and its certificates, signer first; raises BadKey when they are weak, expired or do not fit."""
        _must_fit(key, certificates, at)
        self._certificate, *self._issuers = certificates
        self._signer = _pades_signer(key, certificates)

    @classmethod
    def load(cls, key: Path, certificates: Path, *, at: datetime) -> Self:
        """Read a PEM key and a PEM file of certificates, signer first; raises BadKey unless all can be relied on."""
        try:
            private = load_pem_private_key(read_secret(key), password=None)
        except (ValueError, TypeError) as error:
            raise BadKey(f"The key file {key.name} does not hold an unencrypted PEM key.") from error
        if not isinstance(private, RSAPrivateKey):
            raise BadKey(f"The key file {key.name} does not hold an RSA key.")
        return cls(private, _read_certificates(certificates), at=at)

    @property
    def certificate_pem(self) -> bytes:
        """The signing certificate."""
        return self._certificate.public_bytes(Encoding.PEM)

    @property
    def chain_pem(self) -> tuple[bytes, ...]:
        """The issuers' certificates, nearest first."""
        return tuple(each.public_bytes(Encoding.PEM) for each in self._issuers)

    def sign_cms(self, digest: bytes, *, at: datetime) -> bytes:
        """Return DER CMS SignedData, PAdES B-B (ETSI EN 319 142-1), over a SHA-256; raises BadKey when expired."""
        if len(digest) != DIGEST_SIZE:
            raise BadKey("Only a SHA-256 digest can be signed.")
        for certificate in (self._certificate, *self._issuers):
            _must_be_valid(certificate, at)
        # A thread of its own: the caller's may already run an event loop, and pyHanko signs in one only.
        with ThreadPoolExecutor(1) as alone:
            return alone.submit(self._signed, digest).result()

    def _signed(self, digest: bytes) -> bytes:
        # The PDF's /M entry carries the time; PAdES forbids a second one among the signed attributes.
        signed: bytes = asyncio.run(self._signer.async_sign(digest, "sha256", use_pades=True)).dump()
        return signed


def _pades_signer(key: RSAPrivateKey, certificates: Sequence[x509.Certificate]) -> SimpleSigner:
    pkcs8 = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    loaded = [asn1_x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in certificates]
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko leaves it without types
    store.register_multiple(loaded[1:])  # the signer's own comes along by itself
    return SimpleSigner(
        signing_cert=loaded[0],
        signing_key=asn1_keys.PrivateKeyInfo.load(pkcs8),
        cert_registry=store,
    )


def _read_certificates(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        raise BadKey(f"The certificate file {path.name} is missing or cannot be opened.") from error
    except ValueError as error:
        raise BadKey(f"The certificate file {path.name} does not hold PEM certificates.") from error


def _must_fit(key: RSAPrivateKey, certificates: Sequence[x509.Certificate], at: datetime) -> None:
    """Refuse certificates that are weak, out of date, not for this key, not for signing, or not one chain."""
    for certificate in certificates:
        _must_be_strong(certificate)
        _must_be_valid(certificate, at)
    if certificates[0].public_key() != key.public_key():
        raise BadKey("The signing certificate is for another key.")
    _must_be_for_signing(certificates[0])
    for issued, issuer in pairwise(certificates):
        _must_be_issued_by(issued, issuer)


def _must_be_strong(certificate: x509.Certificate) -> None:
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey) or key.key_size < MIN_RSA_BITS:
        raise BadKey(f"The certificate of {_name(certificate)} is weak: RSA of at least {MIN_RSA_BITS} bits is needed.")
    algorithm = certificate.signature_hash_algorithm
    if algorithm is None or algorithm.name not in STRONG:
        raise BadKey(f"The certificate of {_name(certificate)} is weak: it is signed with less than SHA-256.")


def _must_be_valid(certificate: x509.Certificate, at: datetime) -> None:
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not first <= at <= last:
        raise BadKey(
            f"The certificate of {_name(certificate)} is valid from {first:%Y-%m-%d} to {last:%Y-%m-%d}, "
            f"not on {at:%Y-%m-%d}."
        )


def _must_be_for_signing(certificate: x509.Certificate) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        usage = None
    # pyHanko and eIDAS profiles ask for content commitment (nonRepudiation) on a document's signature.
    if usage is None or not usage.content_commitment:
        raise BadKey(f"The certificate of {_name(certificate)} is not for signing documents (nonRepudiation).")


def _must_be_issued_by(issued: x509.Certificate, issuer: x509.Certificate) -> None:
    try:
        issued.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature) as error:
        raise BadKey(f"The certificate of {_name(issued)} was not issued by {_name(issuer)}.") from error


def _name(certificate: x509.Certificate) -> str:
    return certificate.subject.rfc4514_string() or "an unnamed subject"
