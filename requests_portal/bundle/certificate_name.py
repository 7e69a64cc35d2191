"""Whom a certificate names."""

from cryptography import x509
from cryptography.x509.oid import NameOID


def certificate_name(certificate: x509.Certificate) -> str:
    """Return a certificate's common name, or its whole subject where it has none."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()
