"""The Merkle tree over the log's entries (RFC 6962 § 2.1, RFC 9162 § 2.1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from requests_portal.errors import Unusable

HASH_SIZE = 32
SIZE_BYTES = 8
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Return SHA-256(0x00 ‖ entry), the leaf of one encoded entry (RFC 9162 § 2.1.1)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 ‖ left ‖ right), the node over two subtrees (RFC 9162 § 2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


def root(hashes: Iterable[bytes]) -> bytes:
    """Return the root over these leaf hashes in order; of none it is the SHA-256 of nothing."""
    return Frontier().extended(hashes).root


@dataclass(frozen=True, kw_only=True)
class Frontier:
    """The complete subtrees of a log of `size` entries, largest first: all that appending needs, O(log n)."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a size and hashes that cannot belong together."""
        well_sized = all(len(each) == HASH_SIZE for each in self.hashes)
        if self.size < 0 or len(self.hashes) != self.size.bit_count() or not well_sized:
            raise Unusable("The stored state of the audit log's tree is damaged.")

    def append(self, leaf: bytes) -> Self:
        """Return the frontier after one more leaf hash."""
        return self.extended((leaf,))

    def extended(self, leaves: Iterable[bytes]) -> Self:
        """Return the frontier after these leaf hashes, in order."""
        size, hashes = self.size, list(self.hashes)
        for leaf in leaves:
            node, full = leaf, size
            while full & 1:
                node = node_hash(hashes.pop(), node)
                full >>= 1
            hashes.append(node)
            size += 1
        return type(self)(size=size, hashes=tuple(hashes))

    @property
    def root(self) -> bytes:
        """The root of the log at this size."""
        if not self.hashes:
            return EMPTY_ROOT
        *rest, node = self.hashes
        for left in reversed(rest):
            node = node_hash(left, node)
        return node

    def encode(self) -> bytes:
        """Return the size as 8 bytes, big end first, then the hashes."""
        return self.size.to_bytes(SIZE_BYTES, "big") + b"".join(self.hashes)

    @classmethod
    def decode(cls, encoded: bytes) -> Self:
        """Return the frontier that `encode` wrote; raises Unusable when it is damaged."""
        size, rest = int.from_bytes(encoded[:SIZE_BYTES], "big"), encoded[SIZE_BYTES:]
        if len(encoded) < SIZE_BYTES:
            raise Unusable("The stored state of the audit log's tree is damaged.")
        hashes = tuple(rest[at : at + HASH_SIZE] for at in range(0, len(rest), HASH_SIZE))
        return cls(size=size, hashes=hashes)


class Tree:
    """All complete subtrees of a log in memory, so that roots and proofs at any size take O(log² n) or less."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaves:
            self.append(leaf)

    @property
    def size(self) -> int:
        """How many leaves the tree has."""
        return len(self._levels[0])

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash at the end."""
        node, height = leaf, 0
        self._levels[0].append(node)
        while len(self._levels[height]) % 2 == 0:
            node = node_hash(self._levels[height][-2], node)
            height += 1
            if height == len(self._levels):
                self._levels.append([])
            self._levels[height].append(node)

    def root(self, size: int) -> bytes:
        """Return the root of the first `size` leaves."""
        self._must_reach(size)
        return self._subtree(0, size) if size else EMPTY_ROOT

    def inclusion_proof(self, index: int, size: int) -> tuple[bytes, ...]:
        """Return the path from leaf `index` (from 0) to the root at `size`, leaf first (RFC 9162 § 2.1.3.1)."""
        self._must_reach(size)
        if not 0 <= index < size:
            raise Unusable(f"The audit log of {size} entries has no entry with index {index}.")
        path: list[bytes] = []
        start, width = 0, size
        while width > 1:
            left = _split(width)
            if index < start + left:
                path.append(self._subtree(start + left, width - left))
                width = left
            else:
                path.append(self._subtree(start, left))
                start, width = start + left, width - left
        return tuple(reversed(path))

    def consistency_proof(self, old: int, new: int) -> tuple[bytes, ...]:
        """Return what shows that the first `old` leaves are unchanged at size `new` (RFC 9162 § 2.1.4.1)."""
        self._must_reach(new)
        if not 0 <= old <= new:
            raise Unusable(f"An audit log of {new} entries cannot continue one of {old}.")
        if old in {0, new}:
            return ()
        path: list[bytes] = []
        start, width, kept = 0, new, old
        while kept < width:
            left = _split(width)
            if kept <= left:
                path.append(self._subtree(start + left, width - left))
                width = left
            else:
                path.append(self._subtree(start, left))
                start, width, kept = start + left, width - left, kept - left
        # The old root itself is known to whoever asks, so only a part of it is sent.
        if start:
            path.append(self._subtree(start, kept))
        return tuple(reversed(path))

    def _must_reach(self, size: int) -> None:
        if not 0 <= size <= self.size:
            raise Unusable(f"The audit log has {self.size} entries; it has no state of size {size}.")

    def _subtree(self, start: int, width: int) -> bytes:
        """Return the root over `width` leaves from `start`, which every split keeps aligned."""
        if width & (width - 1) == 0:
            height = width.bit_length() - 1
            return self._levels[height][start >> height]
        left = _split(width)
        return node_hash(self._subtree(start, left), self._subtree(start + left, width - left))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf hash at `index` (from 0) to the root (RFC 9162 § 2.1.3.2)."""
    if not 0 <= index < size or not _all_hashes((leaf, root, *proof)):
        return False
    at, last, node = index, size - 1, leaf
    for each in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = node_hash(each, node)
            at, last = _past_left_edge(at, last)
        else:
            node = node_hash(node, each)
        at, last = at >> 1, last >> 1
    return last == 0 and node == root


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the log of size `new` begins with the whole log of size `old` (RFC 9162 § 2.1.4.2)."""
    if not 0 <= old <= new or not _all_hashes((old_root, new_root, *proof)):
        return False
    if old == 0:
        return not proof and old_root == EMPTY_ROOT and (new > 0 or new_root == EMPTY_ROOT)
    if old == new:
        return not proof and old_root == new_root
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    return bool(path) and _joins(old - 1, old_root, new - 1, new_root, path)


def _joins(at: int, old_root: bytes, last: int, new_root: bytes, path: list[bytes]) -> bool:
    """Whether the path climbs to both roots, with `at` and `last` the last leaves of the old and the new log."""
    while at & 1:
        at, last = at >> 1, last >> 1
    old_node = new_node = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old_node, new_node = node_hash(each, old_node), node_hash(each, new_node)
            at, last = _past_left_edge(at, last)
        else:
            new_node = node_hash(new_node, each)
        at, last = at >> 1, last >> 1
    return last == 0 and old_node == old_root and new_node == new_root


def _past_left_edge(at: int, last: int) -> tuple[int, int]:
    """Climb the right edge of a ragged tree to the level where the node is a right child."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _split(width: int) -> int:
    """Return the largest power of two smaller than `width`, which is at least 2."""
    return 1 << (width - 1).bit_length() - 1


def _all_hashes(hashes: Iterable[bytes]) -> bool:
    return all(len(each) == HASH_SIZE for each in hashes)
