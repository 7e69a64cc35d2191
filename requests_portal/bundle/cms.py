"""Checks a CMS signature over a digest (RFC 5652, EN 319 122-1) and the way from its certificate to a pinned one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from asn1crypto import cms as asn1
from asn1crypto import core
from asn1crypto.algos import DigestAlgorithm, SignedDigestAlgorithm
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from requests_portal.bundle.der import der_length, tags_in
from requests_portal.bundle.strict_file import Doubt

_LONGEST_CHAIN = 6
_TIMESTAMP = "signature_time_stamp_token"
# RFC 5754: parameters of a digest are absent, or NULL as older software writes them; RFC 4055: NULL for RSA.
_DIGESTS = frozenset(
    each
    for name in ("sha256", "sha384", "sha512")
    for each in (
        DigestAlgorithm({"algorithm": name}).dump(),
        DigestAlgorithm({"algorithm": name, "parameters": core.Null()}).dump(),
    )
)
_SIGNATURES = frozenset(
    SignedDigestAlgorithm({"algorithm": name, **parameters}).dump()
    for names, parameters in (
        (("rsassa_pkcs1v15", "sha256_rsa", "sha384_rsa", "sha512_rsa"), {"parameters": core.Null()}),
        (("sha256_ecdsa", "sha384_ecdsa", "sha512_ecdsa"), {}),
    )
    for name in names
)


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A signature that holds: the certificate it was made with, and the others that came along."""

    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]
    # What a timestamp of the signature is over, and the timestamp's token where there is one.
    value: bytes = b""
    token: bytes | None = None


# RFC 5652, 3, 5.1 and 5.3: the tags of the parts that we write, each of which must be there.
_CONTENT_INFO = bytes.fromhex("06 a0")
_SIGNED_DATA = bytes.fromhex("02 31 30 a0 31")
_SIGNER = bytes.fromhex("02 30 30 a0 30 04")
_UNSIGNED = bytes.fromhex("a1")


def signed_by(cms: bytes, digest: bytes) -> Signed:
    """Return who signed this SHA-256 digest; raises Doubt when nobody did."""
    signed_data = _signed_data(cms)
    info = _only_signer(signed_data)
    certificates = certificates_in(signed_data)
    certificate = _signers_own(certificates, info)
    intact, valid = validate_sig_integrity(info, certificate, "data", digest)
    if not intact:
        raise Doubt("The file was changed after it was signed: its digest is not the one that was signed.")
    if not valid:
        raise Doubt("The signature does not match the certificate that came with it.")
    signed = Signed(
        certificate=loaded(certificate),
        others=tuple(loaded(each) for each in certificates if each is not certificate),
        value=info["signature"].native,
        token=_token(info),
    )
    last = end_of_chain(signed.certificate, signed.others)
    if signed.others and not issued(last, last):
        raise Doubt("The certificates that came with the signature do not end in a root, or the root was changed.")
    return signed


def with_timestamp(cms: bytes, token: bytes) -> bytes:
    """Return a CMS signature with the timestamp of its value (CAdES-T, EN 319 122-1, 5.3); nothing else changes."""
    info = asn1.ContentInfo.load(cms)
    attribute = asn1.CMSAttribute({"type": _TIMESTAMP, "values": [asn1.ContentInfo.load(token)]})
    info["content"]["signer_infos"][0]["unsigned_attrs"] = asn1.CMSAttributes([attribute])
    return bytes(info.dump())


def value_of(cms: bytes) -> bytes:
    """Return the bare value of a CMS signature, which its timestamp is over."""
    return bytes(asn1.ContentInfo.load(cms)["content"]["signer_infos"][0]["signature"].native)


def token_of(cms: bytes) -> bytes | None:
    """Return the token of a signature's timestamp, unchecked."""
    return _token(asn1.ContentInfo.load(cms)["content"]["signer_infos"][0])


def _token(info: Any) -> bytes | None:
    """Return the signature's timestamp; nothing else may stand among what the signature does not cover."""
    attributes = info["unsigned_attrs"]
    if isinstance(attributes, core.Void):
        return None
    if len(attributes) != 1 or attributes[0]["type"].native != _TIMESTAMP or len(attributes[0]["values"]) != 1:
        raise Doubt("Something that we never write was added to the signature, where it does not protect itself.")
    return bytes(attributes[0]["values"][0].dump())


def end_of_chain(certificate: x509.Certificate, others: Sequence[x509.Certificate]) -> x509.Certificate:
    """Check what a signature does not cover: each issuer signs the one before it; return the last of them."""
    left = list(others)
    while left:
        issuer = next((each for each in left if issued(each, certificate)), None)
        if issuer is None:
            raise Doubt("A certificate that came with the signature was changed, or does not belong to it.")
        left.remove(issuer)
        certificate = issuer
    return certificate


def content_of(cms: bytes) -> Any:
    """Read a CMS; nothing but zeros may follow it in the hole that the signature itself can't cover."""
    length = der_length(cms)
    if length is None:
        raise Doubt("The signature was written in a form other than the one it was made in.")
    if cms[length:].strip(b"\x00"):
        raise Doubt("Something was written behind the signature, where the file is not protected.")
    info = asn1.ContentInfo.load(cms[:length])
    if info["content_type"].native != "signed_data":
        raise Doubt("The signature is not a CMS signature.")
    _must_hold(info, _CONTENT_INFO)
    _must_hold(info["content"], _SIGNED_DATA)
    return info["content"]


def _must_hold(element: Any, *shapes: bytes) -> None:
    """Refuse an element whose parts are of other kinds: what a lenient reader passes over could hide something."""
    if tags_in(element.untag().dump()) not in shapes:
        raise Doubt("The signature is of another form than ours.")


def certificates_in(signed_data: Any) -> list[Any]:
    """Return the certificates that came with a signature; it may hold none of another form."""
    found = [each.chosen for each in signed_data["certificates"] if each.name == "certificate"]
    if len(found) != len(signed_data["certificates"]):
        raise Doubt("A certificate that came with the signature is of a form that we never write.")
    if len(found) > _LONGEST_CHAIN:
        raise Doubt("More certificates came with the signature than any chain of ours has.")
    return found


def _signed_data(cms: bytes) -> Any:
    signed_data = content_of(cms)
    kind = signed_data["encap_content_info"]
    if kind["content_type"].native != "data" or kind["content"].native is not None:
        raise Doubt("The signature carries contents of its own instead of covering the file.")
    if signed_data["version"].native != "v1" or len(signed_data["crls"]):
        raise Doubt("The signature is of another form than ours.")
    return signed_data


def _only_signer(signed_data: Any) -> Any:
    info = only_signer(signed_data)
    if info["digest_algorithm"]["algorithm"].native != "sha256":
        raise Doubt("The signature is not over a SHA-256 digest.")
    return info


def only_signer(signed_data: Any) -> Any:
    """Return the only signer, whose algorithms are written in the one way that they are written."""
    infos = signed_data["signer_infos"]
    if len(infos) != 1 or infos[0]["version"].native != "v1":
        raise Doubt("The signature must have exactly one signer.")
    _must_hold(infos[0], _SIGNER, _SIGNER + _UNSIGNED)
    algorithm = infos[0]["digest_algorithm"]
    if [each.dump() for each in signed_data["digest_algorithms"]] != [algorithm.dump()]:
        raise Doubt("The signature names its digest in two ways.")
    if algorithm.dump() not in _DIGESTS or infos[0]["signature_algorithm"].dump() not in _SIGNATURES:
        raise Doubt("The signature is of a kind that is too weak, or that we do not know.")
    return infos[0]


def _signers_own(certificates: Sequence[Any], info: Any) -> Any:
    """Return the certificate that the signed attributes bind by its digest (RFC 5035), so that it can't be swapped."""
    bound = {
        attribute["values"][0]["certs"][0]["cert_hash"].native
        for attribute in info["signed_attrs"]
        if attribute["type"].native == "signing_certificate_v2"
    }
    for certificate in certificates:
        if sha256(certificate.dump()).digest() in bound and names(info["sid"], certificate):
            return certificate
    raise Doubt("The signature does not say which certificate it was made with (PAdES requires it).")


def names(identifier: Any, certificate: Any) -> bool:
    """Say whether the signer's identifier, which is not signed itself, names this certificate."""
    if identifier.name != "issuer_and_serial_number":
        return False
    named = identifier.chosen
    return bool(
        named["issuer"].dump() == certificate.issuer.dump()
        and named["serial_number"].native == certificate.serial_number
    )


def loaded(certificate: Any) -> x509.Certificate:
    """Return a certificate in the form that can check signatures."""
    if certificate["signature_value"].contents[:1] != b"\x00":  # X.690, 8.6.2.2: how many bits at the end do not count
        raise Doubt("A certificate that came with the signature was changed.")
    return x509.load_der_x509_certificate(certificate.dump())


def leads_to(signed: Signed, pinned: Sequence[x509.Certificate], *, at: datetime) -> bool:
    """Say whether the signer's certificate is pinned, or was issued, step by step, under one that is (RFC 5280)."""
    certificate = signed.certificate
    for _ in range(_LONGEST_CHAIN):
        if not _in_force(certificate, at):
            return False
        if certificate in pinned:
            return True
        issuer = next((each for each in (*pinned, *signed.others) if issued(each, certificate)), None)
        if issuer is None or issuer == certificate:
            return False
        certificate = issuer
    return False


def vouches_for(pinned: x509.Certificate, signed: Signed) -> bool:
    """Say whether a pinned certificate is the signer's own, came along with it, or issued one of them."""
    return any(pinned == each or issued(pinned, each) for each in (signed.certificate, *signed.others))


def in_force(signed: Signed, at: datetime) -> bool:
    """Say whether the signer's certificate was valid at a moment."""
    return _in_force(signed.certificate, at)


def _in_force(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Say whether one certificate signs another, and may."""
    try:
        constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
        certificate.verify_directly_issued_by(issuer)
    except (x509.ExtensionNotFound, ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return constraints.ca
