"""The demonstration's own timestamp authority: it needs no network, and is plainly named as what it is."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from requests_portal.keys.certificates import read_certificates
from requests_portal.keys.demo_authority import CERTIFICATES, KEY, REVOKED, ROOT, make_folder
from requests_portal.keys.demo_certificates import ORGANISATION, authority, new_key, no_revocations, stamping, subject
from requests_portal.keys.secret_file import BadKey, read_secret, write_secret
from requests_portal.keys.timestamps import CheckedTimestamper

# RFC 9562 in the OID arc for UUIDs: a policy that nobody else has.
POLICY = "2.25.160381266402530012437411215390316711117"


def demo_timestamper(folder: Path, *, now: Callable[[], datetime]) -> CheckedTimestamper:
    """Return the folder's authority, made first where there is none, as if it were asked over the network."""
    make_folder(folder, lambda part: _write(part, at=now()))
    issuer = DemoTimestamps.load(folder, now=now)
    return CheckedTimestamper(issuer.answer, read_certificates(folder / ROOT), now=now)


class DemoTimestamps:
    """Answers timestamp requests (RFC 3161) with a key in a file."""

    def __init__(
        self, key: RSAPrivateKey, certificates: list[x509.Certificate], *, now: Callable[[], datetime]
    ) -> None:
        self._key = key
        self._certificates = [asn1_x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in certificates]
        self._now = now

    @classmethod
    def load(cls, folder: Path, *, now: Callable[[], datetime]) -> "DemoTimestamps":
        """Read the authority's key and certificates."""
        key = load_pem_private_key(read_secret(folder / KEY), password=None)
        if not isinstance(key, RSAPrivateKey):
            raise BadKey(f"The key file {KEY} does not hold an RSA key.")
        return cls(key, read_certificates(folder / CERTIFICATES), now=now)

    def answer(self, request: bytes) -> bytes:
        """Return the answer to a request, both DER."""
        asked = tsp.TimeStampReq.load(request)
        told = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": asked["message_imprint"],
            "serial_number": x509.random_serial_number(),
            "gen_time": self._now().replace(microsecond=0),
            "nonce": asked["nonce"],
        }
        token = self._token(tsp.TSTInfo(told).dump())
        return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())

    def _token(self, told: bytes) -> cms.ContentInfo:
        digest = {"algorithm": "sha256"}
        attributes = self._attributes(told)
        own = self._certificates[0]
        signer = {
            "version": "v1",
            "sid": {"issuer": own.issuer, "serial_number": own.serial_number},
            "digest_algorithm": digest,
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "rsassa_pkcs1v15"},
            "signature": self._key.sign(attributes.dump(), PKCS1v15(), SHA256()),
        }
        signer["sid"] = cms.SignerIdentifier(name="issuer_and_serial_number", value=signer["sid"])
        signed = {
            "version": "v3",
            "digest_algorithms": [digest],
            "encap_content_info": {"content_type": "tst_info", "content": cms.ParsableOctetString(told)},
            "certificates": self._certificates,
            "signer_infos": [signer],
        }
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})

    def _attributes(self, told: bytes) -> cms.CMSAttributes:
        bound = {"certs": [{"cert_hash": sha256(self._certificates[0].dump()).digest()}]}
        values = (
            ("content_type", "tst_info"),
            ("message_digest", sha256(told).digest()),
            ("signing_certificate_v2", bound),
        )
        return cms.CMSAttributes([cms.CMSAttribute({"type": kind, "values": [value]}) for kind, value in values])


def _write(folder: Path, *, at: datetime) -> None:
    # As with the signing key's root: its key signs and is then forgotten.
    root_key, key = new_key(), new_key()
    root_name = subject(f"{ORGANISATION} timestamp root")
    root = authority(root_name, root_key, at)
    own = stamping(subject(f"{ORGANISATION} timestamps"), key.public_key(), root_name, root_key, at)
    write_secret(folder / KEY, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / CERTIFICATES).write_bytes(own.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM))
    (folder / ROOT).write_bytes(root.public_bytes(Encoding.PEM))
    (folder / REVOKED).write_bytes(no_revocations(root_name, root_key, at).public_bytes(Encoding.DER))
