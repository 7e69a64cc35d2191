from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from requests_portal.audit_log.checkpoint import Checkpoint, Vkey, sign
from requests_portal.audit_log.entry import Entry
from requests_portal.audit_log.export import export
from requests_portal.audit_log.tree import Tree, leaf_hash

NAME = "log.example-voice.test"
SALT = bytes(range(32))


class KeyInMemory:
    """The log's key for tests; the same seed gives the same signatures."""

    def __init__(self, seed: int) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)

    @property
    def public_key(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


def an_entry(number: int = 0, **changes) -> Entry:
    return Entry(
        **{
            "id": f"0192a000-0000-7000-8000-{number:012x}",
            "at": datetime(2026, 3, 2, 9, 30, tzinfo=UTC) + timedelta(seconds=number),
            "act": "decide",
            "actor": "lawyer-1",
            "role": "lawyer",
            "case": "DD-2026-0412",
            "digests": {"book": "ab" * 32},
            "numbers": {"recordings": number},
            "words": {"disposition": "narrow"},
            "commitments": {},
        }
        | changes
    )


@dataclass
class Log:
    """A log in memory, with the key that signs its checkpoints."""

    key: KeyInMemory
    entries: list[bytes]

    @property
    def vkey(self) -> Vkey:
        return Vkey(name=NAME, public_key=self.key.public_key)

    @property
    def tree(self) -> Tree:
        return Tree(leaf_hash(entry) for entry in self.entries)

    def checkpoint(self, size: int | None = None) -> str:
        size = len(self.entries) if size is None else size
        return sign(Checkpoint(origin=NAME, size=size, root=self.tree.root(size)), self.key, NAME)

    def exported(self, folder: Path) -> Path:
        export(iter(self.entries), self.checkpoint(), str(self.vkey), folder)
        return folder
