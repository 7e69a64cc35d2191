"""Proof that one entry is in the log, small enough to travel inside a bundle."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from requests_portal.audit_log.checkpoint import BadCheckpoint, Checkpoint, Vkey, parse_and_verify
from requests_portal.audit_log.entry import BadEntry, decode
from requests_portal.audit_log.tree import leaf_hash, verify_inclusion
from requests_portal.audit_log.verdict import Check, Verdict
from requests_portal.errors import Unusable

# A path through a tree of 2**63 leaves has no more steps than this.
MAX_STEPS = 63


@dataclass(frozen=True, kw_only=True)
class InclusionProof:
    """An encoded entry, its index (from 0), the log's size, the path of hashes, and the signed checkpoint."""

    entry: bytes
    index: int
    size: int
    hashes: tuple[bytes, ...]
    checkpoint: str

    def as_json(self) -> dict[str, object]:
        """Return the proof as JSON members: the entry as its own canonical text, the hashes in hex."""
        return {
            "entry": self.entry.decode("ascii"),
            "index": self.index,
            "size": self.size,
            "hashes": [each.hex() for each in self.hashes],
            "checkpoint": self.checkpoint,
        }

    @classmethod
    def from_json(cls, members: object) -> Self:
        """Return the proof that `as_json` wrote; raises Unusable for anything else."""
        try:
            return cls._from(members)
        except (KeyError, TypeError, ValueError) as error:
            raise Unusable("The proof of inclusion is not well formed.") from error

    @classmethod
    def _from(cls, members: Any) -> Self:
        if not isinstance(members, Mapping) or not all(_fits(members[name], kind) for name, kind in _KINDS.items()):
            raise TypeError
        return cls(
            entry=members["entry"].encode("ascii"),
            index=members["index"],
            size=members["size"],
            hashes=tuple(bytes.fromhex(each) for each in members["hashes"]),
            checkpoint=members["checkpoint"],
        )


def verify_proof(proof: InclusionProof, vkey: Vkey) -> Verdict:
    """Check that the entry is well formed, the checkpoint signed by the log's key, and the one within the other."""
    entry = _entry_check(proof.entry)
    checkpoint, signature = _checkpoint_check(proof.checkpoint, vkey)
    included = _inclusion_check(proof, checkpoint)
    return Verdict(
        checks=(entry, signature, included),
        size=checkpoint.size if checkpoint else None,
        root=checkpoint.root.hex() if checkpoint else None,
        first_broken=None if entry.passed and included.passed else proof.index,
    )


def _entry_check(encoded: bytes) -> Check:
    try:
        decode(encoded)
    except BadEntry as refusal:
        return Check(id="entry", passed=False, sentence=refusal.sentence)
    return Check(id="entry", passed=True, sentence="The entry is in the log's form.")


def _checkpoint_check(note: str, vkey: Vkey) -> tuple[Checkpoint | None, Check]:
    try:
        checkpoint = parse_and_verify(note, vkey).checkpoint
    except BadCheckpoint as refusal:
        return None, Check(id="checkpoint", passed=False, sentence=refusal.sentence)
    sentence = f"The checkpoint over {checkpoint.size} entries is signed by {vkey.name}."
    return checkpoint, Check(id="checkpoint", passed=True, sentence=sentence)


def _inclusion_check(proof: InclusionProof, checkpoint: Checkpoint | None) -> Check:
    if checkpoint is None or len(proof.hashes) > MAX_STEPS or proof.size != checkpoint.size:
        return Check(id="inclusion", passed=False, sentence="The proof does not belong to a valid checkpoint.")
    leaf = leaf_hash(proof.entry)
    if not verify_inclusion(leaf, proof.index, proof.size, proof.hashes, checkpoint.root):
        return Check(id="inclusion", passed=False, sentence=f"The log does not hold this entry at index {proof.index}.")
    return Check(id="inclusion", passed=True, sentence=f"The log holds exactly this entry at index {proof.index}.")


_KINDS: dict[str, type] = {"entry": str, "index": int, "size": int, "hashes": list, "checkpoint": str}


def _fits(value: object, kind: type) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)
