"""The bundle's signing key in AWS KMS: the key never leaves it; its certificate and chain lie in a file."""

from pathlib import Path
from typing import Any, Self

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from requests_portal.errors import Away, Refused
from requests_portal.keys.certificates import must_fit, read_certificates
from requests_portal.keys.pades_signer import PadesSigner
from requests_portal.keys.secret_file import BadKey

ALGORITHM = "RSASSA_PKCS1_V1_5_SHA_256"
# KMS hashes at most so much itself (RAW); the signed attributes are a few hundred bytes.
MOST_RAW = 4096
CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 5, 15, 4
_FOR_A_WHILE = frozenset(
    {
        *("DependencyTimeoutException", "KMSInternalException", "KeyUnavailableException", "LimitExceededException"),
        *("ThrottlingException", "ServiceUnavailableException", "InternalFailure", "RequestTimeout"),
    }
)


class KeyDenied(Refused):
    """The key service refuses to sign with the key that the settings name."""

    code = "key_denied"


class KmsSigner(PadesSigner):
    """A key in AWS KMS; each signature asks the service once, and needs the permission kms:Sign alone."""

    def __init__(self, client: Any, key_id: str, certificates: list[x509.Certificate]) -> None:
        """Take the key's id, ARN or alias and its certificates, signer first; raises BadKey when they are weak."""
        public = certificates[0].public_key()
        if not isinstance(public, RSAPublicKey):
            raise BadKey("The signing certificate does not hold an RSA key.")
        must_fit(public, certificates)
        super().__init__(certificates, lambda data: _checked(_signed(client, key_id, data), data, public))

    @classmethod
    def load(cls, key_id: str, certificates: Path, *, client: Any) -> Self:
        """Read the certificates; the service is asked for nothing before the first signature."""
        return cls(client, key_id, read_certificates(certificates))


def kms_client(*, region: str, endpoint: str = "") -> Any:
    """Return a client of AWS KMS with bounded waiting; credentials come from the process's own role."""
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    )
    return boto3.client("kms", region_name=region, endpoint_url=endpoint or None, config=config)


def _signed(client: Any, key_id: str, data: bytes) -> bytes:
    if len(data) > MOST_RAW:
        raise BadKey(f"The key service signs at most {MOST_RAW} bytes; the signature's attributes have {len(data)}.")
    try:
        answer = client.sign(KeyId=key_id, Message=data, MessageType="RAW", SigningAlgorithm=ALGORITHM)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in _FOR_A_WHILE:
            raise Away("The key service does not answer for now.") from error
        raise KeyDenied(
            f"The key service refused to sign ({code}). Ask an operator to look at the key and who may use it."
        ) from error
    except BotoCoreError as error:
        raise Away("The key service cannot be reached for now.") from error
    signature: bytes = answer["Signature"]
    return signature


def _checked(signature: bytes, data: bytes, key: RSAPublicKey) -> bytes:
    """Return the signature when it is by the certificate's own key, so that no misfit ever reaches a file."""
    try:
        key.verify(signature, data, PKCS1v15(), SHA256())
    except InvalidSignature as error:
        raise BadKey("The signing certificate is for another key than the one in the key service.") from error
    return signature
