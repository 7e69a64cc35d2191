"""The bundle's signing key in a file: RSA with its certificate and chain."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from requests_portal.keys.certificates import must_fit, read_certificates
from requests_portal.keys.pades_signer import PadesSigner
from requests_portal.keys.secret_file import BadKey, read_secret


class FileSigner(PadesSigner):
    """A key in a file that its owner alone can read."""

    def __init__(self, key: RSAPrivateKey, certificates: Sequence[x509.Certificate]) -> None:
        """Take a key and its certificates, signer first; raises BadKey when they are weak or do not fit."""
        must_fit(key.public_key(), certificates)
        super().__init__(certificates, lambda data: key.sign(data, PKCS1v15(), SHA256()))

    @classmethod
    def load(cls, key: Path, certificates: Path) -> Self:
        """Read a PEM key and a PEM file of certificates, signer first; raises BadKey unless all can be relied on."""
        try:
            private = load_pem_private_key(read_secret(key), password=None)
        except (ValueError, TypeError) as error:
            raise BadKey(f"The key file {key.name} does not hold an unencrypted PEM key.") from error
        if not isinstance(private, RSAPrivateKey):
            raise BadKey(f"The key file {key.name} does not hold an RSA key.")
        return cls(private, read_certificates(certificates))
