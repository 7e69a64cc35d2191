import json
from dataclasses import replace

import pytest
from a_log import an_entry

from requests_portal.audit_log.entry import encode
from requests_portal.audit_log.proof import InclusionProof, verify_proof
from requests_portal.errors import Unusable


@pytest.fixture
def proof(log) -> InclusionProof:
    return InclusionProof(
        entry=log.entries[9],
        index=9,
        size=23,
        hashes=log.tree.inclusion_proof(9, 23),
        checkpoint=log.checkpoint(),
    )


def test_a_proof_holds_after_travelling_as_json(log, proof):
    travelled = InclusionProof.from_json(json.loads(json.dumps(proof.as_json())))

    assert travelled == proof
    assert verify_proof(travelled, log.vkey).good


def test_a_proof_for_anything_else_does_not_hold(log, proof):
    for changed in (
        replace(proof, entry=encode(an_entry(10))),
        replace(proof, entry=b"not an entry"),
        replace(proof, index=10),
        replace(proof, size=22),
        replace(proof, hashes=proof.hashes[1:]),
        replace(proof, hashes=proof.hashes * 30),
        replace(proof, checkpoint=log.checkpoint(12)),
        replace(proof, checkpoint=proof.checkpoint.replace("23", "24", 1)),
    ):
        assert not verify_proof(changed, log.vkey).good


@pytest.mark.parametrize(
    "change",
    [{"entry": "é"}, {"index": True}, {"size": "23"}, {"hashes": ["xy"]}, {"hashes": "ab"}, {"checkpoint": None}],
    ids=str,
)
def test_a_malformed_proof_is_refused(proof, change):
    with pytest.raises(Unusable):
        InclusionProof.from_json(proof.as_json() | change)


@pytest.mark.parametrize("members", [None, [], {}, "proof"])
def test_what_is_no_proof_is_refused(members):
    with pytest.raises(Unusable):
        InclusionProof.from_json(members)
