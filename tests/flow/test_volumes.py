"""A production in volumes: each stands alone, an index ties them together, and a crash repeats one at most."""

import hashlib
import json
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pypdfium2
import pytest
from a_house import MAYA, TOMAS

from requests_portal.audit_log.checkpoint import Vkey
from requests_portal.audit_log.enclosed import proof_says
from requests_portal.audit_log.proof import InclusionProof
from requests_portal.bundle import verify
from requests_portal.model.production import DocumentKind
from requests_portal.model.volume import Limits
from requests_portal.work import produce, room
from requests_portal.work import seal as sealing
from requests_portal.work.draw import FOLDER
from requests_portal.work.record import record_key
from requests_portal.work.room import NoRoom
from requests_portal.work.seal import seal

BUNDLE, INDEX = DocumentKind.BUNDLE, DocumentKind.INDEX


@pytest.fixture(scope="module")
def desk(new_shared_desk):
    return new_shared_desk(recordings=5)


@pytest.fixture
def small_volumes(monkeypatch):
    monkeypatch.setattr(produce, "LIMITS", Limits(most_recordings=2))


@pytest.fixture
def made(desk, small_volumes):
    """A production of five recordings and a record set, certified, its sealing begun."""
    case = desk.a_warrant()
    desk.gather_without_worker(case)
    desk.certify(case)
    found = desk.production(case.id)
    desk.act(produce.begin_sealing, found.id)
    return desk.production(case.id)


def as_file(desk, document, folder) -> Path:
    path = folder / f"{document.name}.pdf"
    path.write_bytes(b"".join(desk.outside.vault.read_bundle(document.key, document.version_id)))
    return path


def attached(path) -> dict[str, bytes]:
    with pikepdf.open(path) as pdf:
        return {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}


def sounds(files) -> list[str]:
    return sorted(name for name in files if name.endswith(".wav"))


def test_every_volume_stands_alone_and_volume_1_lists_them_all(desk, made, tmp_path):
    sealed = seal(desk.outside, made.id)

    volumes = [as_file(desk, each, tmp_path) for each in sealed.documents if each.kind is BUNDLE]
    held = [attached(path) for path in volumes]
    manifests = [json.loads(files["manifest.json"]) for files in held]
    bates = [item.bates for item in made.items]
    assert [sounds(files) for files in held] == [[f"{each}.wav" for each in bates[n : n + 2]] for n in (0, 2, 4)]
    assert [(each["volume"], each["volumes"]) for each in manifests] == [(1, 3), (2, 3), (3, 3)]
    first = {row["filename"]: row["volume"] for row in manifests[0]["files"] if row["kind"] == "recording"}
    assert first == {f"{each}.wav": at // 2 + 1 for at, each in enumerate(bates)}
    assert len({each["document_id"] for each in manifests}) == 3
    trust = (desk.outside.signer.chain_pem[-1],)
    assert all(verify(path, trust=trust).good for path in volumes)
    assert all(b"BEGBATES" in files["loadfile.dat"] for files in held)


def test_the_index_gives_the_digest_of_each_volume_and_is_genuine(desk, made, tmp_path):
    sealed = seal(desk.outside, made.id)

    *_, index = sealed.documents
    path = as_file(desk, index, tmp_path)
    listed = json.loads(attached(path)["volumes.json"])["volumes"]
    volumes = [as_file(desk, each, tmp_path) for each in sealed.documents if each.kind is BUNDLE]
    assert index.kind is INDEX
    assert [(each["filename"], each["sha256"]) for each in listed] == [
        (path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in volumes
    ]
    assert [each["recordings"] for each in listed] == [2, 2, 1]
    verdict = verify(path, trust=(desk.outside.signer.chain_pem[-1],))
    assert verdict.good
    assert "index of a production in 3 volumes" in " ".join(check.sentence for check in verdict.checks)
    assert "volumes.csv" in attached(path)


def test_a_volume_is_the_same_bytes_when_it_is_made_again(desk, made):
    """But for what an authority says of the time, which differs each time it is asked."""
    unstamped = replace(desk.outside, timestamper=None)

    once, again = seal(unstamped, made.id), seal(unstamped, made.id)

    assert once.documents == again.documents
    kept = Counter((each.kind, each.volume) for each in once.documents)
    assert kept == Counter({(BUNDLE, 1): 1, (BUNDLE, 2): 1, (BUNDLE, 3): 1, (INDEX, 1): 1, ("objection_letter", 1): 1})


def test_a_crash_between_two_volumes_repeats_none_that_was_finished(desk, made):
    """The durable step remembers what it answered, as the workflow's does."""
    finished, begun = {}, []

    def durable(production_id, due, earlier):
        key = (due.kind, due.volume)
        if key not in finished:
            begun.append(key)
            if begun == [(BUNDLE, 1), (BUNDLE, 2), (BUNDLE, 3)]:
                raise InterruptedError
            finished[key] = sealing.seal_document(desk.outside, production_id, due, earlier)
        return finished[key]

    with suppress(InterruptedError):
        seal(desk.outside, made.id, one=durable)
    seal(desk.outside, made.id, one=durable)

    assert Counter(begun)[(BUNDLE, 1)] == Counter(begun)[(BUNDLE, 2)] == 1


def test_a_disk_without_room_refuses_before_a_byte_is_written_and_says_how_much(desk, made, monkeypatch):
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: SimpleNamespace(free=12_000_000))

    with pytest.raises(NoRoom, match=r"needs 67 MB and 12 MB are free"):
        seal(desk.outside, made.id)

    assert {each.name for each in desk.outside.scratch.iterdir()} <= {FOLDER}


def test_what_was_sealed_is_recorded_at_once_and_handed_over_under_names_of_its_own(desk, made):
    sealed = seal(desk.outside, made.id)

    desk.act(produce.record_signed, made.id, sealed.documents, sealed.seconds)

    names = [each.name for each in desk.documents_of(made)]
    assert names == ["bundle", "bundle-2", "bundle-3", "index", "objection_letter"]
    with desk.ledger.reading() as work:
        assert work.productions.progress(made.id)["seal"][:2] == (5, 5)


def test_every_volume_proves_that_the_log_held_the_intent_to_sign_it_and_no_other_key_will_do(desk, made, tmp_path):
    volumes = [as_file(desk, each, tmp_path) for each in seal(desk.outside, made.id).documents if each.kind is BUNDLE]
    log = desk.ledger.log
    ours = str(Vkey(name=log.origin, public_key=log.key.public_key))
    other = str(Vkey(name=log.origin, public_key=bytes(32)))

    for path in volumes:
        proof = InclusionProof.from_json(json.loads(attached(path)["log-proof.json"]))
        entry = json.loads(attached(path)["log-entry.json"])
        assert (entry["act"], entry["numbers"]["production"]) == ("signing_intended", made.number)
        assert proof.checkpoint.encode() == attached(path)["checkpoint.txt"]
        assert said_of_the_log(path, ours) is True
        assert said_of_the_log(path, None) is None
        assert said_of_the_log(path, other) is False


def said_of_the_log(path, vkey):
    (check,) = [each for each in verify(path, log=lambda data: proof_says(data, vkey)).checks if each.id == "log"]
    return check.passed


def test_what_the_decision_rested_on_is_kept_in_the_vault_and_is_in_nothing_that_leaves(desk, made, tmp_path):
    documents = [as_file(desk, each, tmp_path) for each in seal(desk.outside, made.id).documents]

    vault = desk.outside.vault
    kept = vault.client.get_object(Bucket=vault.bucket, Key=record_key(made.id))["Body"].read()
    record = json.loads(kept)
    case = desk.case(made.case)
    assert record["case"]["facts"] == case.facts
    assert record["case"]["decision"]["by_name"] == MAYA.name
    assert {each["rule"] for each in record["case"]["assessment"]["findings"]}
    secrets = [each["rule"].encode() for each in record["case"]["assessment"]["findings"]]
    secrets += [b"nexus_stated", b"issuer_named", TOMAS.name.encode(), b"signing_intended by"]
    for path in documents:
        leaves = [path.read_bytes(), *attached(path).values()]
        with pypdfium2.PdfDocument(path) as pdf:
            leaves.append(" ".join(page.get_textpage().get_text_bounded() for page in pdf).encode())
        assert [secret for secret in secrets for part in leaves if secret in part] == []
