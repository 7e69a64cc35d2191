"""Makes PAdES signatures with a key that lies elsewhere: all that a key has to do is sign bytes."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.signers import Signer as PyHankoSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from requests_portal.keys.certificates import must_be_valid
from requests_portal.keys.secret_file import BadKey

DIGEST_SIZE = 32
# Takes the bytes to be signed; returns an RSA PKCS#1 v1.5 signature over their SHA-256.
SignBytes = Callable[[bytes], bytes]


class PadesSigner:
    """Signs bundles with RSA PKCS#1 v1.5, which gives the same bytes on a rerun; fulfils `bundle.contents.Signer`."""

    def __init__(self, certificates: Sequence[x509.Certificate], sign_bytes: SignBytes) -> None:
        """Take certificates, signer first, that fit the key behind `sign_bytes`."""
        self._certificate, *self._issuers = certificates
        self._signer = _pyhanko_signer(certificates, sign_bytes)

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
            must_be_valid(certificate, at)
        # A thread of its own: the caller's may already run an event loop, and pyHanko signs in one only.
        with ThreadPoolExecutor(1) as alone:
            return alone.submit(self._signed, digest).result()

    def _signed(self, digest: bytes) -> bytes:
        # The PDF's /M entry carries the time; PAdES forbids a second one among the signed attributes.
        signed: bytes = asyncio.run(self._signer.async_sign(digest, "sha256", use_pades=True)).dump()
        return signed


class _Elsewhere(PyHankoSigner):
    """PyHanko's signer, whose raw signatures come from a function."""

    def __init__(self, sign_bytes: SignBytes, **options: Any) -> None:
        self._sign_bytes = sign_bytes
        super().__init__(**options)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002, FBT001, FBT002
        return self._sign_bytes(data)


def _pyhanko_signer(certificates: Sequence[x509.Certificate], sign_bytes: SignBytes) -> _Elsewhere:
    loaded = [asn1_x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in certificates]
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko leaves it without types
    store.register_multiple(loaded[1:])  # the signer's own comes along by itself
    return _Elsewhere(sign_bytes, signing_cert=loaded[0], cert_registry=store, embed_roots=True)
