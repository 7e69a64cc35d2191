"""The demonstration's certificates, and lists that say that none of them was revoked."""

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from requests_portal.keys.certificates import MIN_RSA_BITS

ORGANISATION = "Example Voice (demonstration)"
VALID_FOR = timedelta(days=3 * 365)


def new_key() -> RSAPrivateKey:
    """A new RSA key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=MIN_RSA_BITS)


def subject(common_name: str) -> x509.Name:
    """The name of something that belongs to the demonstration."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def authority(name: x509.Name, key: RSAPrivateKey, at: datetime) -> x509.Certificate:
    """The certificate of a root that issues others."""
    return (
        _certificate(name, key.public_key(), name, key.public_key(), at)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .sign(key, SHA256())
    )


def signing(
    name: x509.Name, key: RSAPublicKey, root_name: x509.Name, root_key: RSAPrivateKey, at: datetime
) -> x509.Certificate:
    """A certificate for signing documents."""
    return (
        _certificate(name, key, root_name, root_key.public_key(), at)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .sign(root_key, SHA256())
    )


def stamping(
    name: x509.Name, key: RSAPublicKey, root_name: x509.Name, root_key: RSAPrivateKey, at: datetime
) -> x509.Certificate:
    """A certificate for timestamps, and for nothing else (RFC 3161, 2.3)."""
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    return (
        _certificate(name, key, root_name, root_key.public_key(), at)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(purpose, critical=True)
        .sign(root_key, SHA256())
    )


def no_revocations(issuer: x509.Name, key: RSAPrivateKey, at: datetime) -> x509.CertificateRevocationList:
    """A list (RFC 5280, 5) that is empty, and holds as long as the issuer's certificates."""
    first = at.replace(microsecond=0)
    return (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer)
        .last_update(first)
        .next_update(first + VALID_FOR)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .add_extension(x509.CRLNumber(1), critical=False)
        .sign(key, SHA256())
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
