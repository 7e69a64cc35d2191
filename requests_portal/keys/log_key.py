"""The audit log's key: Ed25519 in a file."""

import os
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from requests_portal.keys.secret_file import BadKey, read_secret, write_secret


class LogKey:
    """Signs checkpoints (RFC 8032); fulfils `audit_log.checkpoint.CheckpointKey`."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of the public key."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of the Ed25519 signature."""
        return self._key.sign(message)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the key in this PEM file; raises BadKey when it is missing, exposed or of another kind."""
        try:
            key = load_pem_private_key(read_secret(path), password=None)
        except (ValueError, TypeError) as error:
            raise BadKey(f"The key file {path.name} does not hold an unencrypted PEM key.") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise BadKey(f"The key file {path.name} does not hold an Ed25519 key.")
        return cls(key)

    @classmethod
    def load_or_make(cls, path: Path) -> Self:
        """Return the key in this file, made and stored first where there is none."""
        if not path.exists():
            _make(path)
        return cls.load(path)


def _make(path: Path) -> None:
    """Write a whole new key at once; when another process was quicker, its key stays."""
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part-{os.getpid()}")
    part.unlink(missing_ok=True)
    write_secret(part, pem)
    try:
        path.hardlink_to(part)
    except FileExistsError:
        pass
    finally:
        part.unlink()
