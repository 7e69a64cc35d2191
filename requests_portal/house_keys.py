"""The house's keys as the settings name them: what signs, what timestamps, what verifies old bundles, what ends."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from requests_portal.bundle.contents import Signer, Timestamper
from requests_portal.keys.certificates import ending, read_certificates
from requests_portal.keys.demo_authority import REVOKED, make_demo_authority
from requests_portal.keys.demo_timestamps import demo_timestamper
from requests_portal.keys.file_signer import FileSigner
from requests_portal.keys.kms_signer import KmsSigner, kms_client
from requests_portal.keys.secret_file import BadKey
from requests_portal.keys.timestamps import CheckedTimestamper, over_http
from requests_portal.settings import DEMONSTRATION, Settings

SIGNING, TIMESTAMPS = "signing", "timestamps"
NO_AUTHORITY = "No timestamp authority is named in the settings, so what is signed carries no independent timestamp."


def signer(settings: Settings, *, at: datetime) -> Signer:
    """The key that signs: in AWS KMS, in a file, or the demonstration's own."""
    certificates = Path(settings.signing_certificates)
    if settings.kms_key:
        client = kms_client(region=settings.kms_region or settings.store_region, endpoint=settings.kms_endpoint)
        return KmsSigner.load(settings.kms_key, certificates, client=client)
    if settings.signing_key:
        return FileSigner.load(Path(settings.signing_key), certificates)
    folder = Path(settings.keys) / SIGNING
    return make_demo_authority(folder, at=at, common_name=f"{settings.house_name} records")


def timestamper(settings: Settings, *, now: Callable[[], datetime]) -> Timestamper | None:
    """The timestamp authority, or None where the house has named none."""
    if not settings.tsa_url:
        return None
    if settings.tsa_url == DEMONSTRATION:
        return demo_timestamper(Path(settings.keys) / TIMESTAMPS, now=now)
    return CheckedTimestamper(over_http(settings.tsa_url), read_certificates(Path(settings.tsa_certificates)), now=now)


def retired(settings: Settings) -> tuple[bytes, ...]:
    """The certificates of earlier keys and authorities, in PEM, under which old bundles still verify."""
    if not settings.retired_certificates:
        return ()
    found = [read_certificates(path) for path in sorted(Path(settings.retired_certificates).glob("*.pem"))]
    return tuple(each.public_bytes(Encoding.PEM) for some in found for each in some)


def revocations(settings: Settings) -> tuple[bytes, ...]:
    """The issuers' revocation lists as they lie in the settings' folder at this moment, in DER."""
    folders = [Path(settings.keys) / SIGNING, Path(settings.keys) / TIMESTAMPS]
    found = [folder / REVOKED for folder in folders if (folder / REVOKED).exists()]
    if settings.revocation_lists:
        found += sorted(Path(settings.revocation_lists).glob("*.crl"))
    return tuple(_read_list(path).public_bytes(Encoding.DER) for path in found)


def ending_soon(by: Signer, stamped_by: Timestamper | None, *, at: datetime) -> tuple[str, ...]:
    """What the staff has to know of the keys: certificates that end, and an authority that is missing."""
    stamping = stamped_by.certificates_pem if stamped_by else ()
    pems = (by.certificate_pem, *by.chain_pem, *stamping)
    told = ending([x509.load_pem_x509_certificate(pem) for pem in pems], at=at)
    return told if stamped_by else (*told, NO_AUTHORITY)


def _read_list(path: Path) -> x509.CertificateRevocationList:
    data = path.read_bytes()
    try:
        return x509.load_pem_x509_crl(data) if data.startswith(b"-----") else x509.load_der_x509_crl(data)
    except ValueError as error:
        raise BadKey(f"{path.name} is not a revocation list. Take it out of the folder.") from error
