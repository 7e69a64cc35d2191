"""A checkpoint: signed size and root of the log at a moment (C2SP tlog-checkpoint over C2SP signed-note)."""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from requests_portal.audit_log.tree import HASH_SIZE
from requests_portal.errors import Unusable

MAX_NOTE = 64 * 1024
MAX_SIGNATURES = 100
ED25519 = b"\x01"
KEY_ID_SIZE = 4
PUBLIC_KEY_SIZE = 32
BODY_LINES = 3

_NAME = re.compile(r"[^\s+\x00-\x1f\x7f\ud800-\udfff]{1,255}")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_SIGNATURE = re.compile(r"— (\S+) (\S+)")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")


class BadCheckpoint(Unusable):
    """The checkpoint is not well formed, or its signature is not the log's."""

    code = "bad_checkpoint"


class CheckpointKey(Protocol):
    """The log's Ed25519 key, wherever it is kept."""

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of the public key."""

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of the Ed25519 signature (RFC 8032)."""


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """The log's name, its size and its 32-byte root."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, kw_only=True)
class Vkey:
    """The name and the public key under which a log's checkpoints are checked."""

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        """Refuse a name that a signature line could not carry, or a key of the wrong length."""
        if not _NAME.fullmatch(self.name) or len(self.public_key) != PUBLIC_KEY_SIZE:
            raise BadCheckpoint("The log's public key is not well formed.")

    @property
    def key_id(self) -> bytes:
        """The first 4 bytes of SHA-256(name ‖ newline ‖ 0x01 ‖ key)."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public_key).digest()[:KEY_ID_SIZE]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + self.public_key).decode()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the key of its one-line form `name+id+key`; raises BadCheckpoint."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        key = _unbase64(encoded)
        vkey = cls(name=name, public_key=key[1:])
        if key[:1] != ED25519 or key_id != vkey.key_id.hex():
            raise BadCheckpoint("The log's public key does not match its own id.")
        return vkey


@dataclass(frozen=True, kw_only=True)
class Cosignature:
    """Another signature on the checkpoint, such as a witness's; not checked here."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, kw_only=True)
class SignedCheckpoint:
    """A checkpoint whose signature by the log's key holds, with the other signatures it carries."""

    checkpoint: Checkpoint
    cosignatures: tuple[Cosignature, ...]


def sign(checkpoint: Checkpoint, key: CheckpointKey, name: str) -> str:
    """Return the checkpoint as a signed note under this key name."""
    vkey = Vkey(name=name, public_key=key.public_key)
    body = checkpoint.body()
    signature = base64.b64encode(vkey.key_id + key.sign(body.encode())).decode()
    note = f"{body}\n— {name} {signature}\n"
    # What this key signs can be read back, or it is not handed out.
    parse_and_verify(note, vkey)
    return note


def parse_and_verify(note: str, vkey: Vkey) -> SignedCheckpoint:
    """Return the checkpoint if the log's signature on it holds; raises BadCheckpoint."""
    body, signatures = _parts(note)
    ours = [each for each in signatures if (each.name, each.key_id) == (vkey.name, vkey.key_id)]
    if not ours:
        raise BadCheckpoint(f"The checkpoint is not signed by the log's key {vkey.name}.")
    for each in ours:
        _must_hold(each, body, vkey)
    others = tuple(each for each in signatures if each not in ours)
    return SignedCheckpoint(checkpoint=_checkpoint(body), cosignatures=others)


def read_unverified(note: str) -> Checkpoint:
    """Return what a checkpoint says, whoever signed it; raises BadCheckpoint for what is none."""
    body, _ = _parts(note)
    return _checkpoint(body)


def _parts(note: str) -> tuple[str, list[Cosignature]]:
    """Split a note into the signed text, with its last newline, and its signature lines."""
    if len(note) > MAX_NOTE or _CONTROL.search(note):
        raise BadCheckpoint("The checkpoint is too long or holds control characters.")
    body, blank, tail = note.rpartition("\n\n")
    lines = tail.split("\n")
    if not blank or lines.pop() != "" or not 0 < len(lines) <= MAX_SIGNATURES:
        raise BadCheckpoint("The checkpoint is not a signed note.")
    return body + "\n", [_signature(line) for line in lines]


def _signature(line: str) -> Cosignature:
    matched = _SIGNATURE.fullmatch(line)
    raw = _unbase64(matched[2]) if matched else b""
    if not matched or not _NAME.fullmatch(matched[1]) or len(raw) <= KEY_ID_SIZE:
        raise BadCheckpoint("The checkpoint has a malformed signature line.")
    return Cosignature(name=matched[1], key_id=raw[:KEY_ID_SIZE], signature=raw[KEY_ID_SIZE:])


def _must_hold(line: Cosignature, body: str, vkey: Vkey) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(vkey.public_key).verify(line.signature, body.encode())
    except (InvalidSignature, ValueError) as error:
        raise BadCheckpoint("The checkpoint's signature does not hold: it was changed after signing.") from error


def _checkpoint(body: str) -> Checkpoint:
    """Read origin, size and root; further lines are extensions, which we never write and therefore refuse."""
    lines = body.split("\n")[:-1]
    if len(lines) != BODY_LINES or not lines[0] or not _SIZE.fullmatch(lines[1]):
        raise BadCheckpoint("The checkpoint does not hold an origin, a size and a root.")
    root = _unbase64(lines[2])
    if len(root) != HASH_SIZE:
        raise BadCheckpoint("The checkpoint's root is not a SHA-256.")
    return Checkpoint(origin=lines[0], size=int(lines[1]), root=root)


def _unbase64(text: str) -> bytes:
    """Decode strict base64: the only spelling of its bytes."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadCheckpoint("The checkpoint or key holds broken base64.") from error
    if base64.b64encode(raw).decode() != text:
        raise BadCheckpoint("The checkpoint or key holds base64 in an unusual spelling.")
    return raw
