"""Files that hold a private key: readable by their owner alone, or not used."""

import os
import stat
from pathlib import Path

from requests_portal.errors import Unusable

OTHERS = stat.S_IRWXG | stat.S_IRWXO
MAX_KEY_FILE = 64 * 1024


class BadKey(Unusable):
    """The key or its certificate is missing, weak, exposed, or does not fit."""

    code = "bad_key"


def read_secret(path: Path) -> bytes:
    """Return the bytes of a key file; raises BadKey when it is missing or others may read it."""
    descriptor = _opened(path)
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode) or mode & OTHERS:
        os.close(descriptor)
        raise BadKey(
            f"The key file {path.name} can be read by others, or is no file. Allow its owner alone: chmod 600."
        )
    with os.fdopen(descriptor, "rb") as file:
        return file.read(MAX_KEY_FILE)


def write_secret(path: Path, secret: bytes) -> None:
    """Write a new key file that its owner alone can read; an existing one is never overwritten."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise BadKey(f"The key file {path.name} exists already and is not overwritten.") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())


def _opened(path: Path) -> int:
    try:
        # Non-blocking, so that a pipe in the key's place is refused rather than waited for.
        return os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        raise BadKey(f"The key file {path.name} is missing or cannot be opened.") from error
