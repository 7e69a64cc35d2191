"""Speed of the audit log, beside its peers and its floor in the same run: python benchmarks/audit_log.py [--json]."""

import json
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from time import process_time

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pymerkle import InmemoryTree

from requests_portal.audit_log.checkpoint import Checkpoint, Vkey, sign
from requests_portal.audit_log.entry import Entry, encode
from requests_portal.audit_log.export import export
from requests_portal.audit_log.tree import Frontier, Tree, leaf_hash
from requests_portal.audit_log.verify import verify

ENTRIES = 100_000
SOME = 10_000
PROOFS = 1_000
NAME = "log.example-voice.test"


class Key:
    """A log key for one run."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of the public key."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature."""
        return self._key.sign(message)


def an_entry(number: int) -> Entry:
    return Entry(
        id=f"0192a000-0000-7000-8000-{number:012x}",
        at=datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=number),
        act="decide",
        actor="lawyer-1",
        role="lawyer",
        case=f"DD-2026-{number:06d}",
        digests={"book": "ab" * 32, "assessment": "cd" * 32},
        numbers={"demanded": number, "proposed": number // 3},
        words={"disposition": "narrow"},
        commitments={"reason": "ef" * 32},
    )


def seconds(work: Callable[[], object]) -> float:
    # Processor time: everything here runs in one thread, and what else the machine does should not count.
    start = process_time()
    work()
    return process_time() - start


def canonicalising() -> dict[str, float]:
    entries = [an_entry(number) for number in range(SOME)]
    members = [json.loads(encode(entry)) for entry in entries]
    ours = seconds(lambda: [encode(entry) for entry in entries])
    peer = seconds(lambda: [rfc8785.dumps(each) for each in members])
    return {"encode_per_s": SOME / ours, "rfc8785_per_s": SOME / peer, "encode_times_rfc8785": peer / ours}


def appending(encoded: list[bytes]) -> dict[str, float]:
    ours = seconds(lambda: Frontier().extended(map(leaf_hash, encoded)))
    one_by_one = seconds(lambda: append_each(encoded))
    peer_tree = InmemoryTree(algorithm="sha256")
    peer = seconds(lambda: [peer_tree.append_entry(entry) for entry in encoded[:SOME]]) * len(encoded) / SOME
    return {
        "append_per_s": len(encoded) / ours,
        "append_each_per_s": len(encoded) / one_by_one,
        "pymerkle_append_per_s": len(encoded) / peer,
        "append_times_pymerkle": peer / ours,
    }


def append_each(encoded: list[bytes]) -> None:
    frontier = Frontier()
    for entry in encoded:
        frontier = frontier.append(leaf_hash(entry))


def proving(encoded: list[bytes]) -> dict[str, float]:
    tree = Tree(map(leaf_hash, encoded[:SOME]))
    peer_tree = InmemoryTree(algorithm="sha256")
    for entry in encoded[:SOME]:
        peer_tree.append_entry(entry)
    ours = seconds(lambda: [tree.inclusion_proof(index, SOME - 1) for index in range(PROOFS)])
    peer = seconds(lambda: [peer_tree.prove_inclusion(index + 1, SOME - 1) for index in range(PROOFS)])
    consistency = seconds(lambda: [tree.consistency_proof(index, SOME - 1) for index in range(PROOFS)])
    return {
        "inclusion_us": ours / PROOFS * 1e6,
        "pymerkle_inclusion_us": peer / PROOFS * 1e6,
        "inclusion_times_pymerkle": peer / ours,
        "consistency_us": consistency / PROOFS * 1e6,
    }


def checking(encoded: list[bytes]) -> dict[str, float]:
    key, root = Key(), Frontier().extended(map(leaf_hash, encoded)).root
    note = sign(Checkpoint(origin=NAME, size=len(encoded), root=root), key, NAME)
    with tempfile.TemporaryDirectory() as where:
        folder = Path(where) / "log"
        exported = seconds(lambda: export(encoded, note, str(Vkey(name=NAME, public_key=key.public_key)), folder))
        floor = seconds(lambda: hash_and_parse(folder / "entries.jsonl"))
        checked = seconds(lambda: must_be_good(folder))
    return {"export_s": exported, "check_s": checked, "floor_s": floor, "check_times_floor": checked / floor}


def must_be_good(folder: Path) -> None:
    if not verify(folder).good:
        raise SystemExit("The log that was just written does not verify.")


def hash_and_parse(path: Path) -> None:
    """Do the least that any check must: read, parse and hash each line once."""
    with path.open("rb") as file:
        for line in file:
            json.loads(line)
            sha256(line).digest()


def main() -> None:
    encoded = [encode(an_entry(number)) for number in range(ENTRIES)]
    measured = canonicalising() | appending(encoded) | proving(encoded) | checking(encoded)
    if "--json" in sys.argv[1:]:
        print(json.dumps({"entries": ENTRIES, **measured}))
        return
    print(f"Audit log, {ENTRIES:,} entries (floor: read, parse and hash each line once)")
    for name, value in measured.items():
        print(f"  {name:26} {value:12,.2f}")


if __name__ == "__main__":
    main()
