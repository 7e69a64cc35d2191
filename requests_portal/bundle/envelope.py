"""An envelope around a signed PDF that its recipient alone can open (RFC 5652 § 6); PDF/A forbids encryption inside.

AES-256-CBC and RSAES-OAEP with SHA-256 (RFC 3560), which OpenSSL, GnuPG's gpgsm and mail programs open. That nobody
changed what comes out is for the PDF's own signature to say.
"""

import os
from collections.abc import Iterable
from datetime import datetime
from typing import IO

from asn1crypto import algos, cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import Encoding

from requests_portal.errors import Unusable

MEDIA_TYPE = "application/pkcs7-mime"
WEAKEST_RSA = 2048
BIGGEST_CERTIFICATE = 64 * 1024
_KEY, _BLOCK = 32, 16
# DER tags: SEQUENCE, [0] constructed, [0] primitive.
_SEQUENCE, _EXPLICIT, _IMPLICIT = 0x30, 0xA0, 0x80
_LONG_FORM = 0x80


def recipient_certificate(data: bytes, *, at: datetime) -> str:
    """The certificate in PEM, from PEM or DER; raises Unusable for one that nothing should be encrypted for."""
    certificate = _loaded(data)
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise Unusable("The certificate is not valid today. Ask the recipient for the one they use now.")
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise Unusable("The certificate's key is not an RSA key. Ask the recipient for a certificate with one.")
    if key.key_size < WEAKEST_RSA:
        raise Unusable(f"The certificate's key has {key.key_size:,} bits; ask for one with at least {WEAKEST_RSA:,}.")
    if not _may_encrypt(certificate):
        raise Unusable("The certificate is for signing only. Ask the recipient for the one they decrypt with.")
    return certificate.public_bytes(Encoding.PEM).decode()


def write_envelope(chunks: Iterable[bytes], out: IO[bytes], *, size: int, certificate: str) -> None:
    """Write `size` bytes as CMS EnvelopedData in DER, a chunk at a time; raises Unusable where they are another number.

    `certificate` is one that `recipient_certificate` gave.
    """
    key, start = os.urandom(_KEY), os.urandom(_BLOCK)
    out.write(_head(certificate, key, start, sealed=size - size % _BLOCK + _BLOCK))
    cipher, padder = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor(), PKCS7(8 * _BLOCK).padder()
    got = 0
    for chunk in chunks:
        got += len(chunk)
        out.write(cipher.update(padder.update(chunk)))
    out.write(cipher.update(padder.finalize()) + cipher.finalize())
    if got != size:
        raise Unusable(f"The document has {got:,} bytes and was to have {size:,}.")


def _head(certificate: str, key: bytes, start: bytes, *, sealed: int) -> bytes:
    """Everything before the encrypted bytes, which come last, so that every length is known before the first."""
    algorithm = algos.EncryptionAlgorithm({"algorithm": "aes256_cbc", "parameters": start}).dump()
    content = _wrapped(_SEQUENCE, cms.ContentType("data").dump() + algorithm + _tag(_IMPLICIT, sealed), and_then=sealed)
    recipients = cms.RecipientInfos([_recipient(certificate, key)]).dump()
    enveloped = _wrapped(_SEQUENCE, core.Integer(0).dump() + recipients + content, and_then=sealed)
    explicit = _wrapped(_EXPLICIT, enveloped, and_then=sealed)
    return _wrapped(_SEQUENCE, cms.ContentType("enveloped_data").dump() + explicit, and_then=sealed)


def _recipient(certificate: str, key: bytes) -> cms.RecipientInfo:
    loaded = x509.load_pem_x509_certificate(certificate.encode())
    named = asn1_x509.Certificate.load(loaded.public_bytes(Encoding.DER))
    public = loaded.public_key()
    if not isinstance(public, RSAPublicKey):
        raise Unusable("The certificate's key is not an RSA key.")
    wrapped = public.encrypt(key, OAEP(mgf=MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None))
    identifier = cms.IssuerAndSerialNumber({"issuer": named.issuer, "serial_number": named.serial_number})
    return cms.RecipientInfo(
        name="ktri",
        value=cms.KeyTransRecipientInfo(
            {
                "version": "v0",
                "rid": cms.RecipientIdentifier(name="issuer_and_serial_number", value=identifier),
                "key_encryption_algorithm": {"algorithm": "rsaes_oaep", "parameters": _OAEP},
                "encrypted_key": wrapped,
            }
        ),
    )


_OAEP = {
    "hash_algorithm": {"algorithm": "sha256"},
    "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": "sha256"}},
}


def _wrapped(tag: int, inside: bytes, *, and_then: int) -> bytes:
    """A DER tag and length over these bytes and so many that follow."""
    return _tag(tag, len(inside) + and_then) + inside


def _tag(tag: int, length: int) -> bytes:
    if length < _LONG_FORM:
        return bytes((tag, length))
    digits = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes((tag, _LONG_FORM | len(digits))) + digits


def _loaded(data: bytes) -> x509.Certificate:
    load = x509.load_pem_x509_certificate if b"-----BEGIN" in data else x509.load_der_x509_certificate
    try:
        # A larger file, cut off here, is read as little as any other that is no certificate.
        found = load(data[:BIGGEST_CERTIFICATE])
        found.public_key()
    except Exception as error:  # a certificate in an odd form breaks the parser in ways of its own
        raise Unusable("This is not a certificate (X.509, PEM or DER). Ask for a .pem or .cer file.") from error
    return found


def _may_encrypt(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    except ValueError:
        return False
    return usage.key_encipherment
