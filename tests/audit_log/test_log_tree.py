import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from requests_portal.audit_log.tree import (
    EMPTY_ROOT,
    Frontier,
    Tree,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from requests_portal.errors import Unusable

SIZES = range(34)
ENTRIES = [b"entry %d" % number for number in range(max(SIZES))]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
TREE = Tree(LEAVES)
OTHER = hashlib.sha256(b"another tree").digest()


@pytest.fixture(scope="module")
def oracle():
    tree = InmemoryTree(algorithm="sha256")
    for entry in ENTRIES:
        tree.append_entry(entry)
    return tree


@pytest.mark.parametrize("size", [size for size in SIZES if size])
def test_roots_are_those_of_another_implementation(oracle, size):
    assert TREE.root(size) == root(LEAVES[:size]) == oracle.get_state(size)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 21, 33])
def test_inclusion_paths_are_those_of_another_implementation(oracle, size):
    for index in range(size):
        path = [bytes.fromhex(each) for each in oracle.prove_inclusion(index + 1, size).serialize()["path"]]
        # The other library's path begins with the leaf itself.
        assert list(TREE.inclusion_proof(index, size)) == path[1:]


def test_the_tree_of_nothing_is_the_hash_of_nothing():
    assert Frontier().root == Tree().root(0) == root([]) == EMPTY_ROOT == hashlib.sha256(b"").digest()


def test_the_known_answer_of_certificate_transparency_holds():
    # The vectors of the Certificate Transparency reference implementation: the root over their eight inputs.
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]

    answer = root(leaf_hash(bytes.fromhex(each)) for each in inputs)

    assert answer.hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_every_inclusion_proof_up_to_33_leaves_holds_and_only_for_its_own_leaf_and_place():
    for size in SIZES:
        for index in range(size):
            proof = TREE.inclusion_proof(index, size)
            good = (LEAVES[index], index, size, proof, TREE.root(size))
            assert verify_inclusion(*good)
            assert not verify_inclusion(OTHER, *good[1:])
            assert not verify_inclusion(*good[:4], OTHER)
            assert not any(verify_inclusion(LEAVES[index], at, *good[2:]) for at in range(size) if at != index)


def test_every_consistency_proof_up_to_33_leaves_holds_and_only_for_its_own_roots():
    for new in SIZES:
        for old in range(new + 1):
            proof = TREE.consistency_proof(old, new)
            assert verify_consistency(old, TREE.root(old), new, TREE.root(new), proof)
            assert not verify_consistency(old, OTHER, new, TREE.root(new), proof)
            if old:
                assert not verify_consistency(old, TREE.root(old), new, OTHER, proof)


@given(st.data())
def test_a_proof_with_a_hash_changed_added_removed_or_of_another_length_never_holds(data):
    size = data.draw(st.integers(2, max(SIZES) - 1))
    old = data.draw(st.integers(1, size - 1))
    inclusion, consistency = list(TREE.inclusion_proof(old, size)), list(TREE.consistency_proof(old, size))
    broken_inclusion, broken_consistency = (data.draw(broken(proof)) for proof in (inclusion, consistency))

    assert not verify_inclusion(LEAVES[old], old, size, broken_inclusion, TREE.root(size))
    assert not verify_consistency(old, TREE.root(old), size, TREE.root(size), broken_consistency)


def broken(proof):
    at = st.integers(0, len(proof) - 1)
    return st.one_of(
        at.map(lambda i: [*proof[:i], OTHER, *proof[i + 1 :]]),
        at.map(lambda i: [*proof[:i], *proof[i + 1 :]]),
        at.map(lambda i: [*proof[:i], proof[i][:-1], *proof[i + 1 :]]),
        at.map(lambda i: [*proof[:i], b"", *proof[i:]]),
        st.just([*proof, OTHER]),
        st.just([OTHER, *proof]),
    )


@pytest.mark.parametrize(
    ("old", "old_root", "new", "new_root", "proof"),
    [
        (0, EMPTY_ROOT, 3, TREE.root(3), [OTHER]),
        (0, OTHER, 3, TREE.root(3), []),
        (0, EMPTY_ROOT, 0, OTHER, []),
        (0, b"", 3, TREE.root(3), []),
        (3, TREE.root(3), 3, TREE.root(3), [TREE.root(3)]),
        (3, TREE.root(3), 3, OTHER, []),
        (4, TREE.root(4), 3, TREE.root(3), []),
        (-1, EMPTY_ROOT, 3, TREE.root(3), []),
        (2, TREE.root(2), 3, TREE.root(3), []),
        (2, b"", 3, b"", []),
        (3, TREE.root(3), 5, TREE.root(5), []),
        (3, node_hash(OTHER, TREE.root(3)), 4, node_hash(OTHER, TREE.root(4)), [*TREE.consistency_proof(3, 4), OTHER]),
    ],
)
def test_consistency_at_the_edges_is_refused(old, old_root, new, new_root, proof):
    assert not verify_consistency(old, old_root, new, new_root, proof)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 1), (5, 3)])
def test_inclusion_outside_the_log_is_refused(index, size):
    assert not verify_inclusion(LEAVES[0], index, size, [], LEAVES[0])


def test_a_path_that_climbs_above_the_root_is_refused():
    assert not verify_inclusion(LEAVES[1], 0, 1, [LEAVES[0]], node_hash(LEAVES[0], LEAVES[1]))


def test_an_inner_node_cannot_pass_for_a_leaf():
    inner = node_hash(LEAVES[0], LEAVES[1])

    assert TREE.root(2) == inner
    assert leaf_hash(LEAVES[0] + LEAVES[1]) != inner


@given(st.lists(st.binary(max_size=8), max_size=70), st.integers(0, 70))
def test_a_frontier_kept_between_transactions_grows_to_the_same_root(entries, cut):
    leaves = [leaf_hash(entry) for entry in entries]

    kept = Frontier.decode(Frontier().extended(leaves[:cut]).encode())
    for leaf in leaves[cut:]:
        kept = kept.append(leaf)

    assert kept == Frontier().extended(leaves)
    assert (kept.size, kept.root) == (len(leaves), Tree(leaves).root(len(leaves)))
    assert len(kept.encode()) == 8 + 32 * len(leaves).bit_count()


@pytest.mark.parametrize("damaged", [b"", b"\x00" * 7, Frontier().encode() + b"\x01", (3).to_bytes(8, "big") + OTHER])
def test_a_damaged_frontier_is_refused(damaged):
    with pytest.raises(Unusable, match="damaged"):
        Frontier.decode(damaged)


def test_a_proof_for_what_the_log_does_not_hold_is_refused():
    for ask in (lambda: TREE.inclusion_proof(5, 5), lambda: TREE.consistency_proof(4, 3), lambda: TREE.root(99)):
        with pytest.raises(Unusable):
            ask()
