"""Checks a CMS signature over a digest (RFC 5652, EN 319 122-1) and the way from its certificate to a pinned one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from asn1crypto import cms as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from requests_portal.bundle.der import der_length
from requests_portal.bundle.strict_file import Doubt

_LONGEST_CHAIN = 6


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A signature that holds: the certificate it was made with, and the others that came along."""

    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]


def signed_by(cms: bytes, digest: bytes) -> Signed:
    """Return who signed this SHA-256 digest; raises Doubt when nobody did."""
    signed_data = _signed_data(cms)
    info = _only_signer(signed_data)
    certificates = [each.chosen for each in signed_data["certificates"] if each.name == "certificate"]
    certificate = _signers_own(certificates, info)
    intact, valid = validate_sig_integrity(info, certificate, "data", digest)
    if not intact:
        raise Doubt("The file was changed after it was signed: its digest is not the one that was signed.")
    if not valid:
        raise Doubt("The signature does not match the certificate that came with it.")
    others = tuple(_loaded(each) for each in certificates if each is not certificate)
    signed = Signed(certificate=_loaded(certificate), others=others)
    _check_chain(signed)
    return signed


def _check_chain(signed: Signed) -> None:
    """Check what the signature does not cover: each issuer signs the one before it, the root itself."""
    certificate, left = signed.certificate, list(signed.others)
    while left:
        issuer = next((each for each in left if _issued(each, certificate)), None)
        if issuer is None:
            raise Doubt("A certificate that came with the signature was changed, or does not belong to it.")
        left.remove(issuer)
        certificate = issuer
    if signed.others and not _issued(certificate, certificate):
        raise Doubt("The certificates that came with the signature do not end in a root, or the root was changed.")


def _signed_data(cms: bytes) -> Any:
    """Read the CMS; nothing but zeros may follow it in the hole that the signature itself can't cover."""
    length = der_length(cms)
    if length is None:
        raise Doubt("The signature was written in a form other than the one it was made in.")
    if cms[length:].strip(b"\x00"):
        raise Doubt("Something was written behind the signature, where the file is not protected.")
    info = asn1.ContentInfo.load(cms[:length])
    if info["content_type"].native != "signed_data":
        raise Doubt("The signature is not a CMS signature.")
    signed_data = info["content"]
    kind = signed_data["encap_content_info"]
    if kind["content_type"].native != "data" or kind["content"].native is not None:
        raise Doubt("The signature carries contents of its own instead of covering the file.")
    if signed_data["version"].native != "v1" or len(signed_data["crls"]):
        raise Doubt("The signature is of another form than ours.")
    return signed_data


def _only_signer(signed_data: Any) -> Any:
    infos = signed_data["signer_infos"]
    if len(infos) != 1 or infos[0]["version"].native != "v1":
        raise Doubt("The signature must have exactly one signer.")
    algorithm = infos[0]["digest_algorithm"]
    listed = signed_data["digest_algorithms"]
    if algorithm["algorithm"].native != "sha256" or [each.dump() for each in listed] != [algorithm.dump()]:
        raise Doubt("The signature is not over a SHA-256 digest.")
    return infos[0]


def _signers_own(certificates: Sequence[Any], info: Any) -> Any:
    """Return the certificate that the signed attributes bind by its digest (RFC 5035), so that it can't be swapped."""
    bound = {
        attribute["values"][0]["certs"][0]["cert_hash"].native
        for attribute in info["signed_attrs"]
        if attribute["type"].native == "signing_certificate_v2"
    }
    for certificate in certificates:
        if sha256(certificate.dump()).digest() in bound and _names(info["sid"], certificate):
            return certificate
    raise Doubt("The signature does not say which certificate it was made with (PAdES requires it).")


def _names(identifier: Any, certificate: Any) -> bool:
    """Say whether the signer's identifier, which is not signed itself, names this certificate."""
    if identifier.name != "issuer_and_serial_number":
        return False
    named = identifier.chosen
    return bool(
        named["issuer"].dump() == certificate.issuer.dump()
        and named["serial_number"].native == certificate.serial_number
    )


def _loaded(certificate: Any) -> x509.Certificate:
    return x509.load_der_x509_certificate(certificate.dump())


def leads_to(signed: Signed, pinned: Sequence[x509.Certificate], *, at: datetime) -> bool:
    """Say whether the signer's certificate is pinned, or was issued, step by step, under one that is (RFC 5280)."""
    certificate = signed.certificate
    for _ in range(_LONGEST_CHAIN):
        if not _in_force(certificate, at):
            return False
        if certificate in pinned:
            return True
        issuer = next((each for each in (*pinned, *signed.others) if _issued(each, certificate)), None)
        if issuer is None or issuer == certificate:
            return False
        certificate = issuer
    return False


def in_force(signed: Signed, at: datetime) -> bool:
    """Say whether the signer's certificate was valid at a moment."""
    return _in_force(signed.certificate, at)


def _in_force(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
        certificate.verify_directly_issued_by(issuer)
    except (x509.ExtensionNotFound, ValueError, TypeError, InvalidSignature):
        return False
    return constraints.ca
