"""The local folder that gathered recordings wait in, each under its own SHA-256."""

import hashlib
import math
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, TypeVar

from requests_portal.errors import NotFound, Unusable
from requests_portal.storage.refusals import WrongBytes
from requests_portal.storage.verified import file_chunks, sha256_of, verified

T = TypeVar("T")
SHA256 = re.compile(r"[0-9a-f]{64}")
# Where files lie that are being written, and for a moment those that are about to be removed.
INCOMING = "incoming"
SIGNED = ".worker"


class Spool:
    """Files at <folder>/<aa>/<sha256>; a file appears there whole and verified, or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Return where the bytes with this digest are or would be; raises Unusable for anything but 64 hex digits."""
        if not SHA256.fullmatch(sha256):
            raise Unusable("A spooled file is named by 64 lower-case hex digits.")
        return self.folder / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Tell whether the bytes with this digest were written."""
        return self.path(sha256).is_file()

    def holds(self, sha256: str, *, size: int) -> bool:
        """Tell whether the bytes with this digest are here in their full length; they are then in use again."""
        try:
            return self.path(sha256).stat().st_size == size and self.use(sha256)
        except FileNotFoundError:
            return False

    def use(self, sha256: str) -> bool:
        """Note that the bytes with this digest are in use now; tells whether they are here."""
        try:
            os.utime(self.path(sha256))
        except FileNotFoundError:
            return False
        return True

    def sign(self, name: str, start: str) -> None:
        """Leave a worker's name here, with the start that it is at: whoever sees it sees the same folder."""
        (self.folder / f"{name}{SIGNED}").write_text(start, encoding="ascii")

    def is_signed(self, name: str, start: str) -> bool:
        """Whether that start of that worker left its name here."""
        try:
            return (self.folder / f"{name}{SIGNED}").read_text(encoding="ascii") == start
        except (OSError, UnicodeDecodeError):
            return False

    def clear(self, *, unused_since: datetime) -> int:
        """Remove what nobody wrote or used since this moment, and what a dead process left half written."""
        moment = unused_since.timestamp()
        files = (path for path in self.folder.glob("*/*") if last_changed(path) < moment)
        return sum(self._is_discarded(path, moment) for path in files)

    def _is_discarded(self, path: Path, moment: float) -> bool:
        # Taken aside first: whoever began to use it in between left a newer time on it, and gets it back.
        aside = self.folder / INCOMING / f"{path.name}.discarded"
        aside.parent.mkdir(exist_ok=True)
        try:
            path.replace(aside)
        except FileNotFoundError:
            return False
        if moment <= last_changed(aside) < math.inf:
            with suppress(FileNotFoundError):  # where another machine clears the same folder
                aside.replace(path)
            return False
        aside.unlink(missing_ok=True)
        return True

    def write(self, chunks: Iterable[bytes], *, sha256: str | None, size: int | None) -> str:
        """Store `chunks` and return their SHA-256; raises WrongBytes, keeping nothing, if they are others."""
        with self._incoming() as file:
            got = _copy(chunks, file, sha256=sha256, size=size)
            self._settle(file, got)
        return got

    def make(self, write: Callable[[Path], T | None]) -> tuple[str, int, T] | None:
        """Store the file that `write` writes, and return its SHA-256, its size and what `write` answered.

        Where `write` answers None or raises, nothing is kept.
        """
        with self._incoming() as file:
            path = Path(file.name)
            answer = write(path)
            if answer is None:
                path.unlink()
                return None
            got, size = sha256_of(path), path.stat().st_size
            self._settle(file, got)
        return got, size, answer

    def open(self, sha256: str) -> Iterator[bytes]:
        """Yield the bytes, hashing again on the way; raises NotFound, or WrongBytes before the last chunk.

        A file that is no longer what its name says is forgotten, so that the next gathering reads it from the store.
        """
        path = self.path(sha256)
        if not path.is_file():
            raise NotFound(f"The spool does not have {sha256}.")
        return self._verified(path, sha256)

    def _verified(self, path: Path, sha256: str) -> Iterator[bytes]:
        try:
            yield from verified(file_chunks(path), sha256=sha256)
        except WrongBytes:
            path.unlink(missing_ok=True)
            raise

    def remove(self, sha256: str) -> None:
        """Forget the bytes with this digest, if they are here."""
        self.path(sha256).unlink(missing_ok=True)

    def is_writable(self) -> bool:
        """Whether a file can be written here now; raises OSError where the disk refuses it."""
        with self._incoming() as file:
            file.write(b"?")
            file.flush()
            Path(file.name).unlink()
        return True

    @contextmanager
    def _incoming(self) -> Iterator[IO[bytes]]:
        """A file that is on its way here; it is gone unless it settles."""
        incoming = self.folder / INCOMING
        incoming.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=incoming, delete=False) as file:
            try:
                yield file
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise

    def _settle(self, file: IO[bytes], sha256: str) -> None:
        file.flush()
        os.fsync(file.fileno())
        home = self.path(sha256)
        home.parent.mkdir(exist_ok=True)
        Path(file.name).replace(home)


def last_changed(path: Path) -> float:
    """When the file was last written or used; never, where it is gone."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return math.inf


def _copy(chunks: Iterable[bytes], file: IO[bytes], *, sha256: str | None, size: int | None) -> str:
    digest, length = hashlib.sha256(), 0
    for chunk in chunks:
        digest.update(chunk)
        length += len(chunk)
        # The disk is not filled by a store that never stops sending; the rest is hashed, to say what came instead.
        if size is None or length <= size:
            file.write(chunk)
    got = digest.hexdigest()
    if size not in {None, length} or sha256 not in {None, got}:
        raise WrongBytes(sha256 or "not given", got, length)
    return got
