"""The log as a folder that anyone can check, with our program or by hand."""

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from requests_portal.audit_log.checkpoint import Vkey, parse_and_verify
from requests_portal.audit_log.tree import Frontier, leaf_hash
from requests_portal.errors import Conflict, Unusable

ENTRIES = "entries.jsonl"
HASHES = "hashes.txt"
CHECKPOINT = "checkpoint"
VKEY = "log.vkey"
README = "README.txt"

_README = """\
The audit log of Disclosure Desk
================================

entries.jsonl  one entry a line, in order, as RFC 8785 JSON
hashes.txt     the leaf hash of each entry, in hex, one a line: it shows which entry was changed
checkpoint     the log's name, its size and its root in base64, signed (C2SP tlog-checkpoint)
log.vkey       the public key that signed it, in the C2SP form name+id+key

With the program:  desk audit verify THIS_FOLDER

By hand:
  1. Get the public key, or an older checkpoint, from somebody else than whoever gave you this folder.
     Whoever holds the log's private key can rewrite the whole log and sign it again; only an older checkpoint
     kept elsewhere shows that.
  2. A leaf is SHA-256 of one byte 00 followed by the line without its newline:
       (printf '\\0'; sed -n 1p entries.jsonl | tr -d '\\n') | sha256sum      equals line 1 of hashes.txt
  3. A node is SHA-256 of one byte 01, the left hash and the right hash. A tree over n leaves splits after the largest
     power of two smaller than n (RFC 9162, section 2.1.1). The node over all leaves is the root in `checkpoint`.
  4. The signature line is base64 of a 4-byte key id and 64 bytes of Ed25519 signature over the text of `checkpoint`
     up to and including the newline before the empty line.

What stands as `commitments` is HMAC-SHA256(salt, field, one byte 00, value). The salt and the value are kept apart
and may have been erased; the log stays complete and checkable without them.
"""


def export(entries: Iterable[bytes], checkpoint: str, vkey: str, folder: Path) -> None:
    """Write the log to a new or empty folder; raises Unusable, writing nothing, unless the entries give the root."""
    signed = parse_and_verify(checkpoint, Vkey.parse(vkey)).checkpoint
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Conflict("The folder for the audit log is not empty. Choose a new one.")
    part = folder.with_name(f".{folder.name}.part-{os.getpid()}")
    part.mkdir(parents=True)
    try:
        frontier = _write_entries(entries, part)
        if (frontier.size, frontier.root) != (signed.size, signed.root):
            raise Unusable("The entries do not give the size and root of the checkpoint, so nothing was exported.")
        for name, text in ((CHECKPOINT, checkpoint), (VKEY, f"{vkey}\n"), (README, _README)):
            (part / name).write_text(text, encoding="utf-8", newline="\n")
        part.replace(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _write_entries(entries: Iterable[bytes], folder: Path) -> Frontier:
    """Write entries and leaf hashes side by side, and return the tree over them."""
    with (folder / ENTRIES).open("wb") as lines, (folder / HASHES).open("wb") as hashes:
        return Frontier().extended(_written(entries, lines, hashes))


def _written(entries: Iterable[bytes], lines: BinaryIO, hashes: BinaryIO) -> Iterator[bytes]:
    for entry in entries:
        leaf = leaf_hash(entry)
        lines.write(entry + b"\n")
        hashes.write(leaf.hex().encode() + b"\n")
        yield leaf
