"""Check an exported log: every entry is as it was signed, and the log continues every older checkpoint."""

import os
import stat
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain, pairwise, zip_longest
from pathlib import Path
from typing import BinaryIO

from requests_portal.audit_log.checkpoint import MAX_NOTE, BadCheckpoint, Checkpoint, Vkey, parse_and_verify
from requests_portal.audit_log.entry import MAX_ENTRY, BadEntry, decode
from requests_portal.audit_log.export import CHECKPOINT, ENTRIES, HASHES, VKEY
from requests_portal.audit_log.tree import HASH_SIZE, Frontier, leaf_hash
from requests_portal.audit_log.verdict import Check, Verdict
from requests_portal.errors import Unusable

HEX_HASH = 2 * HASH_SIZE


def verify(folder: Path, *, vkey: str | None = None, older: Sequence[str] = ()) -> Verdict:
    """Check an exported log under this public key (else the one it brings) and against older signed checkpoints.

    Memory stays bounded whatever the folder holds. Raises Unusable when there is no folder or `vkey` is no key.
    """
    given = Vkey.parse(vkey) if vkey is not None else None
    if not folder.is_dir():
        raise Unusable("There is no such folder with an audit log.")
    with ExitStack() as opened:
        files = {name: _opened(folder / name, opened) for name in (ENTRIES, HASHES, CHECKPOINT, VKEY)}
        key, about_key = _key(_text(files[VKEY]), given)
        checkpoint, about_checkpoint = _checkpoint(_text(files[CHECKPOINT]), key)
        past = [_read_older(note, key, number) for number, note in enumerate(older, start=1)]
        marks = {found.size for found, _ in past if found}
        walk = _walk(files[ENTRIES], checkpoint.size if checkpoint else None, marks)
        content, first_broken = _content(files[ENTRIES], files[HASHES], walk, checkpoint)
    continued = [_continues(found, about, walk, checkpoint) if found else about for found, about in past]
    return Verdict(
        checks=(_all_there(files), about_key, about_checkpoint, *content, *continued),
        size=walk.frontier.size if files[ENTRIES] else None,
        root=walk.frontier.root.hex() if files[ENTRIES] else None,
        first_broken=first_broken,
    )


@dataclass(frozen=True, kw_only=True)
class _Walk:
    """What one reading of the entries gave: the tree, its roots at the marked sizes, and the first malformed entry."""

    frontier: Frontier
    roots: Mapping[int, bytes]
    malformed: Check | None
    broken_at: int | None
    more: bool


def _opened(path: Path, opened: ExitStack) -> BinaryIO | None:
    """Open a regular file, and neither a link out of the folder nor a pipe that would keep us waiting."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    return opened.enter_context(os.fdopen(descriptor, "rb"))


def _all_there(files: Mapping[str, BinaryIO | None]) -> Check:
    missing = [name for name, file in files.items() if file is None]
    sentence = f"Missing, or not a regular file: {', '.join(missing)}." if missing else "All files are there."
    return Check(id="files", passed=not missing, sentence=sentence)


def _text(file: BinaryIO | None) -> str:
    """Return a small text file whole; nothing readable is an empty text, which no check accepts."""
    try:
        return file.read(MAX_NOTE + 1).decode() if file else ""
    except UnicodeDecodeError:
        return ""


def _key(text: str, given: Vkey | None) -> tuple[Vkey | None, Check]:
    try:
        brought = Vkey.parse(text)
    except BadCheckpoint as refusal:
        return given, Check(id="key", passed=False, sentence=refusal.sentence)
    if given is None:
        sentence = f"The key {brought} came with the log itself: compare it with one you got elsewhere."
        return brought, Check(id="key", passed=True, sentence=sentence)
    if given != brought:
        return given, Check(id="key", passed=False, sentence="The log brings another public key than the one you gave.")
    return given, Check(id="key", passed=True, sentence="The log's public key is the one you gave.")


def _signed(note: str, key: Vkey | None) -> Checkpoint:
    if key is None:
        raise BadCheckpoint("There is no public key to check the signature with.")
    return parse_and_verify(note, key).checkpoint


def _checkpoint(note: str, key: Vkey | None) -> tuple[Checkpoint | None, Check]:
    try:
        checkpoint = _signed(note, key)
    except BadCheckpoint as refusal:
        return None, Check(id="checkpoint", passed=False, sentence=refusal.sentence)
    sentence = f"The checkpoint of {checkpoint.origin} over {checkpoint.size} entries is signed by the key."
    return checkpoint, Check(id="checkpoint", passed=True, sentence=sentence)


def _read_older(note: str, key: Vkey | None, number: int) -> tuple[Checkpoint | None, Check]:
    name = f"older-{number}"
    try:
        checkpoint = _signed(note, key)
    except BadCheckpoint as refusal:
        return None, Check(id=name, passed=False, sentence=f"Older checkpoint {number}: {refusal.sentence}")
    sentence = f"The log begins with exactly the {checkpoint.size} entries of older checkpoint {number}."
    return checkpoint, Check(id=name, passed=True, sentence=sentence)


def _continues(old: Checkpoint, about: Check, walk: _Walk, checkpoint: Checkpoint | None) -> Check:
    """Return `about` when the log begins with what the older checkpoint covers, else a failure that says where."""
    if checkpoint and old.origin != checkpoint.origin:
        sentence = f"The older checkpoint is of another log, {old.origin}."
    elif old.size not in walk.roots:
        sentence = (
            f"The older checkpoint covers {old.size} entries, but only {walk.frontier.size} are here: some are gone."
        )
    elif walk.roots[old.size] != old.root:
        sentence = f"Within the first {old.size} entries something is not as the older checkpoint had it."
    else:
        return about
    return Check(id=about.id, passed=False, sentence=sentence)


def _lines(file: BinaryIO | None, limit: int) -> Iterator[bytes | None]:
    """Yield each line without its newline, up to `limit` bytes; None, and no more, for one that is longer or cut."""
    if file is None:
        return
    file.seek(0)
    while line := file.readline(limit + 1):
        if not line.endswith(b"\n"):
            yield None
            return
        yield line[:-1]


def _walk(file: BinaryIO | None, end: int | None, marks: Collection[int]) -> _Walk:
    """Read the entries, but not past the checkpoint's end, which a hostile file could put very far away."""
    frontier, more = Frontier(), False
    malformed: Check | None = None
    broken_at: int | None = None
    roots = {0: frontier.root} if 0 in marks else {}
    for index, line in enumerate(_lines(file, MAX_ENTRY)):
        if index == end:
            more = True
            break
        fault = _fault(line)
        if fault and malformed is None:
            sentence = f"The line at index {index} is not an entry. {fault}"
            malformed, broken_at = Check(id="entries", passed=False, sentence=sentence), index
        if line is not None:
            frontier = frontier.append(leaf_hash(line))
        if frontier.size in marks:
            roots[frontier.size] = frontier.root
    return _Walk(frontier=frontier, roots=roots, malformed=malformed, broken_at=broken_at, more=more)


def _fault(line: bytes | None) -> str | None:
    if line is None:
        return "It is longer than an entry can be, or lacks its end."
    try:
        decode(line)
    except BadEntry as refusal:
        return refusal.sentence
    return None


def _content(
    entries: BinaryIO | None, hashes: BinaryIO | None, walk: _Walk, checkpoint: Checkpoint | None
) -> tuple[tuple[Check, ...], int | None]:
    """Check the entries' form, the root they give and the list of leaf hashes; with the index of the first fault."""
    well_formed = Check(id="entries", passed=True, sentence=f"All {walk.frontier.size} lines are well-formed entries.")
    stored = Frontier().extended(_stored_hashes(hashes, checkpoint.size if checkpoint else 0))
    listed = checkpoint is not None and (stored.size, stored.root) == (checkpoint.size, checkpoint.root)
    about_hashes = Check(id="hashes", passed=listed, sentence=_LISTED if listed else _NOT_LISTED)
    about_root, index = _about_root(walk, checkpoint)
    if checkpoint and listed and not about_root.passed and index is None:
        index, sentence = _first_difference(entries, hashes, checkpoint.size)
        about_root = Check(id="root", passed=False, sentence=sentence)
    broken = [each for each in (walk.broken_at, index) if each is not None]
    return (walk.malformed or well_formed, about_root, about_hashes), min(broken, default=None)


def _about_root(walk: _Walk, checkpoint: Checkpoint | None) -> tuple[Check, int | None]:
    """Compare the tree over the entries with the checkpoint; the index is known where only the end differs."""
    if checkpoint is None:
        return Check(id="root", passed=False, sentence=_UNSIGNED), None
    if (walk.frontier.size, walk.frontier.root) != (checkpoint.size, checkpoint.root):
        return Check(id="root", passed=False, sentence=_SOMEWHERE), None
    if walk.more:
        return Check(id="root", passed=False, sentence=_APPENDED.format(checkpoint.size)), checkpoint.size
    sentence = f"The {checkpoint.size} entries give exactly the root that was signed."
    return Check(id="root", passed=True, sentence=sentence), None


_LISTED = "The list of leaf hashes gives the root that was signed."
_NOT_LISTED = "The list of leaf hashes is not the one that was signed, so it cannot show where the log was changed."
_UNSIGNED = "Without a valid checkpoint nothing says which entries were signed."
_SOMEWHERE = "The entries do not give the root that was signed: something was changed, added or removed."
_APPENDED = (
    "The checkpoint covers the entries up to index {}; at that index something was added that it does not cover."
)
_CUT = "The entries from index {} on are missing."
_INSERTED = "The entry at index {} was never signed: it was put in."
_REMOVED = "The entry that was signed at index {} was taken out."
_SWAPPED = "The entry at index {} and the next one have changed places."
_CHANGED = "The entry at index {} is not the one that was signed there: it was changed or moved."


def _stored_hashes(file: BinaryIO | None, size: int) -> Iterator[bytes]:
    """Yield the leaf hashes of the list, up to one more than `size`, and none after a line that is not one."""
    for line, _ in zip(_lines(file, HEX_HASH), range(size + 1), strict=False):
        leaf = _unhex(line)
        if leaf is None:
            return
        yield leaf


def _unhex(line: bytes | None) -> bytes | None:
    try:
        leaf = bytes.fromhex((line or b"").decode("ascii"))
    except ValueError:
        return None
    # One spelling only: small letters, no blanks.
    return leaf if len(leaf) == HASH_SIZE and leaf.hex().encode() == line else None


def _first_difference(entries: BinaryIO | None, hashes: BinaryIO | None, size: int) -> tuple[int | None, str]:
    """Return index and sentence of the first entry that is not the one the signed list of leaf hashes has there."""
    leaves = (b"" if line is None else leaf_hash(line) for line in _lines(entries, MAX_ENTRY))
    pairs = chain(zip_longest(leaves, _stored_hashes(hashes, size)), [(None, None)])
    for index, (here, following) in enumerate(pairwise(pairs)):
        if here[0] != here[1]:
            return index, _difference(here, following).format(index)
    return None, _SOMEWHERE


def _difference(here: tuple[bytes | None, bytes | None], following: tuple[bytes | None, bytes | None]) -> str:
    """Name what happened, from the leaf and the signed hash at one index and at the next."""
    if here[0] is None:
        return _CUT
    put_in, taken_out = following[0] == here[1], here[0] == following[1]
    if put_in and taken_out:
        return _SWAPPED
    if put_in or taken_out:
        return _INSERTED if put_in else _REMOVED
    return _CHANGED
