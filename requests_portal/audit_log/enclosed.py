"""The proof that travels inside a bundle: its files, and what it shows to whoever reads the bundle."""

import json

from requests_portal.audit_log.checkpoint import BadCheckpoint, Checkpoint, Vkey, read_unverified
from requests_portal.audit_log.entry import BadEntry, decode
from requests_portal.audit_log.proof import MAX_STEPS, InclusionProof, verify_proof
from requests_portal.audit_log.tree import leaf_hash, verify_inclusion
from requests_portal.errors import Unusable

ENTRY, PROOF, CHECKPOINT = "log-entry.json", "log-proof.json", "checkpoint.txt"
NOT_SIGNED = "The audit log's proof inside does not fit: the log does not hold this entry under its checkpoint."


def proof_files(proof: InclusionProof) -> dict[str, bytes]:
    """Return the files by name: the entry, the whole proof, and the signed checkpoint."""
    return {
        ENTRY: proof.entry,
        PROOF: json.dumps(proof.as_json(), indent=1).encode(),
        CHECKPOINT: proof.checkpoint.encode(),
    }


def proof_says(data: bytes, vkey: str | None = None) -> tuple[bool | None, str]:
    """Say whether the proof in a PROOF file holds; without the log's public key nobody knows who signed it: None."""
    try:
        proof = InclusionProof.from_json(json.loads(data))
        entry = decode(proof.entry)
        checkpoint = read_unverified(proof.checkpoint)
    except (ValueError, RecursionError, Unusable, BadEntry, BadCheckpoint):
        return False, "The audit log's proof inside is not in its form."
    if not _fits(proof, checkpoint):
        return False, NOT_SIGNED
    said = (
        f"The audit log holds entry {proof.index:,}, {entry.act.replace('_', ' ')} at {entry.at:%Y-%m-%d %H:%M:%S} UTC"
    )
    if vkey is None:
        return None, f"{said}, by its checkpoint; give the log's public key to see that {checkpoint.origin} signed it."
    verdict = verify_proof(proof, Vkey.parse(vkey))
    broken = [check.sentence for check in verdict.checks if not check.passed]
    return (False, broken[0]) if broken else (True, f"{said}, under a checkpoint that {checkpoint.origin} signed.")


def _fits(proof: InclusionProof, checkpoint: Checkpoint) -> bool:
    return (
        len(proof.hashes) <= MAX_STEPS
        and proof.size == checkpoint.size
        and verify_inclusion(leaf_hash(proof.entry), proof.index, proof.size, proof.hashes, checkpoint.root)
    )
