"""The demonstration's own certificate authority, made on first start and plainly named as such."""

import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from requests_portal.keys.demo_certificates import ORGANISATION, authority, new_key, no_revocations, signing, subject
from requests_portal.keys.file_signer import FileSigner
from requests_portal.keys.secret_file import write_secret

KEY, CERTIFICATES, ROOT, REVOKED = "signing.key", "signing.pem", "root.pem", "revoked.crl"


def make_demo_authority(folder: Path, *, at: datetime, common_name: str) -> FileSigner:
    """Return the folder's signer, made first where there is none, valid three years from `at` (aware).

    `root.pem` is the certificate to trust when checking; raises BadKey for a folder whose key cannot be relied on.
    """
    make_folder(folder, lambda part: _write(part, at=at, common_name=common_name))
    return FileSigner.load(folder / KEY, folder / CERTIFICATES)


def make_folder(folder: Path, write: Callable[[Path], None]) -> None:
    """Write a missing folder at once; when another process was quicker, its folder stays."""
    if folder.exists():
        return
    part = folder.with_name(f".{folder.name}.part-{os.getpid()}")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    try:
        write(part)
        part.rename(folder)
    except OSError:
        if not folder.exists():
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _write(folder: Path, *, at: datetime, common_name: str) -> None:
    # The root's key signs one certificate and is then forgotten: nobody can steal what nobody keeps.
    root_key, key = new_key(), new_key()
    root_name, name = subject(f"{ORGANISATION} root"), subject(common_name)
    root = authority(root_name, root_key, at)
    certificate = signing(name, key.public_key(), root_name, root_key, at)
    write_secret(folder / KEY, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / CERTIFICATES).write_bytes(certificate.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM))
    (folder / ROOT).write_bytes(root.public_bytes(Encoding.PEM))
    (folder / REVOKED).write_bytes(no_revocations(root_name, root_key, at).public_bytes(Encoding.DER))
