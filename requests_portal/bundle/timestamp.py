"""Timestamps of signatures (RFC 3161, EN 319 122-1): reads a token, checks all of it, and adds one to a signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import new, sha256
from typing import Any

from asn1crypto import core, tsp
from asn1crypto.algos import DigestAlgorithm
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from requests_portal.bundle.certificate_name import certificate_name
from requests_portal.bundle.cms import (
    Signed,
    certificates_in,
    content_of,
    end_of_chain,
    in_force,
    issued,
    leads_to,
    loaded,
    names,
    only_signer,
    value_of,
    vouches_for,
    with_timestamp,
)
from requests_portal.bundle.contents import Signer, Timestamper
from requests_portal.bundle.strict_file import Doubt
from requests_portal.errors import Refused

# RFC 5035 and RFC 2634: how a timestamp names the certificate it was made with.
_BINDINGS = {"signing_certificate": "sha1", "signing_certificate_v2": "sha256"}
_SHA256 = frozenset(
    {
        DigestAlgorithm({"algorithm": "sha256"}).dump(),
        DigestAlgorithm({"algorithm": "sha256", "parameters": core.Null()}).dump(),
    }
)


# How far before the signer's own clock the authority's may be.
_DRIFT = timedelta(minutes=10)
_NONE = "The signature carries no timestamp: when it was made is known from the signer alone."


class WrongTimestamp(Refused):
    """What the timestamp authority answered is not a timestamp that anyone could rely on."""

    code = "wrong_timestamp"


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """A timestamp that holds: its time, who gave it, and the nonce of the request it answers."""

    at: datetime
    signed: Signed
    # The certificate with which its chain ends; only a root's own is covered by a signature in the token.
    last: x509.Certificate
    nonce: int | None

    def leads_to(self, pinned: Sequence[x509.Certificate]) -> bool:
        """Say whether it was made under a pinned certificate, and the last of its chain is one that is vouched for."""
        vouched = issued(self.last, self.last) or any(each == self.last or issued(each, self.last) for each in pinned)
        return vouched and leads_to(self.signed, pinned, at=self.at)


class Timestamped:
    """A signer whose signatures carry a timestamp (PAdES B-T); fulfils `Signer` itself."""

    def __init__(self, signer: Signer, timestamper: Timestamper) -> None:
        self._signer = signer
        self._timestamper = timestamper

    @property
    def certificate_pem(self) -> bytes:
        """The signing certificate."""
        return self._signer.certificate_pem

    @property
    def chain_pem(self) -> tuple[bytes, ...]:
        """The issuers' certificates, nearest first."""
        return self._signer.chain_pem

    def sign_cms(self, digest: bytes, *, at: datetime) -> bytes:
        """Return the signer's CMS with a timestamp of its value."""
        return self.stamped(self._signer.sign_cms(digest, at=at))

    def stamped(self, cms: bytes) -> bytes:
        """Return a signature with a timestamp of its value."""
        return with_timestamp(cms, self._timestamper.stamp(sha256(value_of(cms)).digest()))


def timestamp_of(signed: Signed, pinned: Sequence[x509.Certificate], *, signed_at: datetime) -> tuple[bool | None, str]:
    """Say what a signature's timestamp shows: True and a sentence, or None where it shows nothing; raises Doubt."""
    if signed.token is None:
        return None, _NONE
    stamp = stamp_in(signed.token, sha256(signed.value).digest())
    if stamp.at + _DRIFT < signed_at:
        raise Doubt("The timestamp is older than the signature says that it is itself.")
    if not in_force(signed, stamp.at):
        raise Doubt("The signing certificate was no longer valid when the timestamp was made.")
    return trust_in(stamp, "the signature", [each for each in pinned if not vouches_for(each, signed)], pinned)


def trust_in(
    stamp: Stamp, what: str, others: Sequence[x509.Certificate], pinned: Sequence[x509.Certificate]
) -> tuple[bool | None, str]:
    """Say whether a timestamp leads to a pinned certificate; `others` are those given for something else than signers.

    Without any of those it is unknown; with them, an authority that none of them vouches for raises Doubt.
    """
    said = f"{stamp.at:%Y-%m-%d %H:%M:%S} UTC, by {certificate_name(stamp.signed.certificate)}"
    if stamp.leads_to(pinned):
        return True, f"An independent timestamp shows that {what} existed at {said}."
    if others:
        raise Doubt(f"The timestamp was made by an authority that you do not trust ({said}).")
    return None, f"The timestamp says {said}; no certificate was given to compare that authority with."


def stamp_in(token: bytes, digest: bytes) -> Stamp:
    """Read a token over this SHA-256 digest; raises Doubt unless every part of it is explained and holds."""
    signed_data = content_of(token)
    info = only_signer(signed_data)
    if not isinstance(info["unsigned_attrs"], core.Void) or len(signed_data["crls"]):
        raise Doubt("Something was added to the timestamp, where it does not protect itself.")
    certificates = certificates_in(signed_data)
    certificate = _stampers_own(certificates, info)
    _check_signature(signed_data, info, certificate)
    signed = Signed(
        certificate=loaded(certificate),
        others=tuple(loaded(each) for each in certificates if each is not certificate),
    )
    last = end_of_chain(signed.certificate, signed.others)
    if last.issuer == last.subject and not issued(last, last):
        raise Doubt("The root that came with the timestamp was changed.")
    told = _told(bytes(signed_data["encap_content_info"]["content"]))
    _check_imprint(told, digest)
    at = told["gen_time"].native.astimezone(UTC)
    _check_certificate(signed.certificate, at)
    return Stamp(at=at, signed=signed, last=last, nonce=told["nonce"].native)


def _check_signature(signed_data: Any, info: Any, certificate: Any) -> None:
    content = signed_data["encap_content_info"]
    if signed_data["version"].native != "v3" or content["content_type"].native != "tst_info":
        raise Doubt("The timestamp is not one (RFC 3161).")
    digest = new(info["digest_algorithm"]["algorithm"].native, bytes(content["content"])).digest()
    intact, valid = validate_sig_integrity(info, certificate, "tst_info", digest)
    if not intact or not valid:
        raise Doubt("The timestamp was changed after it was made.")


def _stampers_own(certificates: Sequence[Any], info: Any) -> Any:
    """Return the certificate that the signed attributes bind by its digest, so that it can't be swapped."""
    bound = [
        (_digest_of(each, attribute["type"].native), each["cert_hash"].native)
        for attribute in info["signed_attrs"]
        if attribute["type"].native in _BINDINGS
        for each in list(attribute["values"][0]["certs"])[:1]
    ]
    for certificate in certificates:
        if names(info["sid"], certificate) and bound and all(_is(certificate, *each) for each in bound):
            return certificate
    raise Doubt("The timestamp does not say which certificate it was made with.")


def _digest_of(identifier: Any, kind: str) -> str:
    return str(identifier["hash_algorithm"]["algorithm"].native) if kind.endswith("v2") else _BINDINGS[kind]


def _is(certificate: Any, digest: str, value: bytes) -> bool:
    return bool(new(digest, certificate.dump()).digest() == value)


def _told(contents: bytes) -> Any:
    told = tsp.TSTInfo.load(contents, strict=True)
    if told["version"].native != "v1" or len(told["extensions"]):
        raise Doubt("The timestamp is of a form that we do not know.")
    return told


def _check_imprint(told: Any, digest: bytes) -> None:
    imprint = told["message_imprint"]
    if imprint["hash_algorithm"].dump() not in _SHA256 or imprint["hashed_message"].native != digest:
        raise Doubt("The timestamp belongs to something else than this signature.")


def _check_certificate(certificate: x509.Certificate, at: datetime) -> None:
    """Check that the certificate is for timestamps and nothing else (RFC 3161, 2.3), and was valid then."""
    try:
        purpose = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        purpose = None
    if purpose is None or not purpose.critical or list(purpose.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise Doubt("The timestamp was made with a certificate that is not for timestamps.")
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise Doubt("The timestamp's certificate was not valid at the time that it gives.")
