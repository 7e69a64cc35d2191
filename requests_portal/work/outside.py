"""The outside world as the workflow and the pages hold it: put together once, in the composition root."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from requests_portal.bundle.contents import Signer, Timestamper
from requests_portal.bundle.decoding import Seekable
from requests_portal.model.recording import Recording
from requests_portal.work.ports import Work

T = TypeVar("T")
UnitOfWork = Callable[[], AbstractContextManager[Work]]


class Spool(Protocol):
    """The local folder that gathered recordings wait in, each under its own SHA-256."""

    def has(self, sha256: str) -> bool: ...
    def open(self, sha256: str) -> Iterator[bytes]: ...
    def path(self, sha256: str) -> Path: ...
    def make(self, write: Callable[[Path], T | None]) -> tuple[str, int, T] | None: ...


class RecordingStore(Protocol):
    """The recordings' bucket: read by exact version, verified, and held."""

    def gather_many(
        self, items: Iterable[Recording], into: Any, *, workers: int = 8, cancelled: Callable[[], bool]
    ) -> Iterator[tuple[Recording, Any]]: ...
    def read(self, *, key: str, version_id: str, size: int, sha256: str) -> Iterator[bytes]: ...
    def opened(self, *, key: str, version_id: str, size: int) -> Seekable: ...
    def hold(self, key: str, version_id: str) -> None: ...
    def release_hold(self, key: str, version_id: str) -> None: ...


class Vault(Protocol):
    """Papers by digest, and signed documents by key and version."""

    def put_paper(self, chunks: Iterable[bytes], *, max_bytes: int) -> Any: ...
    def read_paper(self, sha256: str) -> Iterator[bytes]: ...
    def put_bytes(self, key: str, data: bytes, *, media_type: str) -> str: ...
    def put_bundle(self, key: str, path: Path, *, sha256: str) -> str: ...
    def kept_until(self, key: str, version_id: str) -> datetime: ...
    def read_bundle(self, key: str, version_id: str, *, start: int = 0, end: int | None = None) -> Iterator[bytes]: ...


@dataclass(frozen=True, kw_only=True)
class Outside:
    """Everything outside a transaction that the workflow and the pages use."""

    unit_of_work: UnitOfWork
    reading: UnitOfWork
    store: RecordingStore
    vault: Vault
    spool: Spool
    scratch: Path
    signer: Signer
    # None where the house has named no timestamp authority.
    timestamper: Timestamper | None = None
    # Certificates and timestamp authorities of earlier years, under which old bundles still verify.
    retired: tuple[bytes, ...] = ()
    # What to say to the staff of certificates that end, on the day asked about.
    ending: Callable[[datetime], tuple[str, ...]] = lambda _: ()
    revocations: Callable[[], tuple[bytes, ...]] = tuple

    @property
    def trust(self) -> tuple[bytes, ...]:
        """The certificates in PEM under which our bundles and their timestamps verify."""
        stamping = self.timestamper.certificates_pem if self.timestamper else ()
        return (self.signer.certificate_pem, *stamping, *self.retired)
