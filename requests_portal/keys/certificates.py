"""What a signing certificate must be before anything is signed with it, and when it ends."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from requests_portal.keys.secret_file import BadKey

# NIST SP 800-57 part 1: 128 bits of security from RSA.
MIN_RSA_BITS = 3072
STRONG = frozenset({"sha256", "sha384", "sha512"})
WARN_BEFORE = timedelta(days=60)


def read_certificates(path: Path) -> list[x509.Certificate]:
    """Return the certificates in a PEM file; raises BadKey by the file's name."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        raise BadKey(f"The certificate file {path.name} is missing or cannot be opened.") from error
    except ValueError as error:
        raise BadKey(f"The certificate file {path.name} does not hold PEM certificates.") from error


def must_fit(key: RSAPublicKey, certificates: Sequence[x509.Certificate]) -> None:
    """Refuse certificates that are weak, not for this key, not for signing documents, or not one chain."""
    for certificate in certificates:
        _must_be_strong(certificate)
    if certificates[0].public_key() != key:
        raise BadKey("The signing certificate is for another key.")
    _must_be_for_signing(certificates[0])
    for issued, issuer in pairwise(certificates):
        _must_be_issued_by(issued, issuer)


def must_be_valid(certificate: x509.Certificate, at: datetime) -> None:
    """Refuse a certificate outside its dates."""
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not first <= at <= last:
        raise BadKey(
            f"The certificate of {name_of(certificate)} is valid from {first:%Y-%m-%d} to {last:%Y-%m-%d}, "
            f"not on {at:%Y-%m-%d}. Have a new one issued and name it in the settings."
        )


def ending(certificates: Iterable[x509.Certificate], *, at: datetime) -> tuple[str, ...]:
    """Return a sentence for each certificate that has ended, or ends within sixty days."""
    soon = [each for each in certificates if each.not_valid_after_utc <= at + WARN_BEFORE]
    return tuple(_ending(each, at) for each in dict.fromkeys(soon))


def _ending(certificate: x509.Certificate, at: datetime) -> str:
    last = certificate.not_valid_after_utc
    if last < at:
        return f"The certificate of {name_of(certificate)} ended on {last:%Y-%m-%d}. Nothing can be signed with it."
    return f"The certificate of {name_of(certificate)} ends on {last:%Y-%m-%d}. Have a new one issued before then."


def _must_be_strong(certificate: x509.Certificate) -> None:
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey) or key.key_size < MIN_RSA_BITS:
        raise BadKey(
            f"The certificate of {name_of(certificate)} is weak: RSA of at least {MIN_RSA_BITS} bits is needed."
        )
    algorithm = certificate.signature_hash_algorithm
    if algorithm is None or algorithm.name not in STRONG:
        raise BadKey(f"The certificate of {name_of(certificate)} is weak: it is signed with less than SHA-256.")


def _must_be_for_signing(certificate: x509.Certificate) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        usage = None
    # pyHanko and eIDAS profiles ask for content commitment (nonRepudiation) on a document's signature.
    if usage is None or not usage.content_commitment:
        raise BadKey(f"The certificate of {name_of(certificate)} is not for signing documents (nonRepudiation).")


def _must_be_issued_by(issued: x509.Certificate, issuer: x509.Certificate) -> None:
    try:
        issued.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature) as error:
        raise BadKey(f"The certificate of {name_of(issued)} was not issued by {name_of(issuer)}.") from error


def name_of(certificate: x509.Certificate) -> str:
    """Whose certificate it is, in one line."""
    return certificate.subject.rfc4514_string() or "an unnamed subject"
