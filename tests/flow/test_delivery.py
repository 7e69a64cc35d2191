"""What follows a release on the real worker: envelopes for a certificate, and recalls that a command reads."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from a_house import MAYA
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from requests_portal.app import worker
from requests_portal.bundle.recalls import signed_recalls
from requests_portal.keys.demo_authority import make_demo_authority
from requests_portal.model.production import ProductionState
from requests_portal.work.recall import recall
from requests_portal.work.replace import replace_production

S = ProductionState
DESK = [sys.executable, "-c", "from requests_portal.cli import main; main()"]


@pytest.fixture(scope="module")
def desk(new_shared_desk):
    made = new_shared_desk(recordings=3)
    made.settings.write(made.folder / "settings.toml")
    (made.folder / "root.pem").write_bytes(made.outside.signer.chain_pem[-1])
    with worker(made.desk, name="the-one-worker"):
        yield made


@pytest.fixture
def theirs(desk, tmp_path):
    """The recipient's key and certificate, as files."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Alder County Sheriff")])
    day = timedelta(days=1)
    certificate = x509.CertificateBuilder(name, name, key.public_key(), 7, desk.now - day, desk.now + 99 * day)
    (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (tmp_path / "certificate.pem").write_bytes(certificate.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    return tmp_path


def offered(desk, case):
    desk.until(case, S.GATHERED)
    desk.certify(case)
    return desk.until(case, S.OFFERED)


def kept(desk, each):
    """The bytes that the vault gives for a document or an envelope."""
    return b"".join(desk.outside.vault.read_bundle(each.key, each.version_id))


def envelopes(desk, given):
    """The envelopes of a release, once the worker has made them."""
    for _ in range(600):
        with desk.ledger.reading() as work:
            if found := work.productions.envelopes(given.id):
                return found
        desk.pause()
    raise AssertionError("The worker made no envelopes.")


def opened(envelope, theirs):
    command = ["openssl", "cms", "-decrypt", "-binary", "-inform", "DER", "-inkey", theirs / "key.pem"]
    return subprocess.run(command, input=envelope, capture_output=True, check=True).stdout


def test_the_worker_makes_envelopes_that_the_recipient_s_key_opens_to_the_signed_documents(desk, theirs):
    case = desk.a_warrant()
    made = offered(desk, case)

    given = desk.release(case, certificate=(theirs / "certificate.pem").read_bytes())
    found = envelopes(desk, given)

    documents = {each.name: kept(desk, each) for each in desk.documents_of(made)}
    assert {each.document: opened(kept(desk, each), theirs) for each in found} == documents
    assert [each.size for each in found] == [len(kept(desk, each)) for each in found]
    assert desk.case_acts(case)["documents_enveloped"] == 1
    assert desk.outside.vault.kept_until(found[0].key, found[0].version_id) > desk.now


def the_command(*words):
    return subprocess.run([*DESK, *map(str, words)], capture_output=True, text=True, timeout=120, check=False)


def verified(desk, bundle, recalls):
    """The exit code of `desk verify` with this list, and what it says."""
    done = the_command("verify", bundle, "--trust", desk.folder / "root.pem", "--recalls", recalls, "--json")
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


def exported(desk, path):
    done = the_command("recalls", "export", path, "--settings", desk.folder / "settings.toml")
    assert (done.returncode, done.stderr) == (0, "")
    return path


def as_file(desk, made, path):
    (bundle,) = (each for each in desk.documents_of(made) if each.name == "bundle")
    path.write_bytes(kept(desk, bundle))
    return path


def test_the_exported_list_tells_whoever_has_a_bundle_what_became_of_it(desk, tmp_path):
    case = desk.a_warrant()
    old = offered(desk, case)
    desk.release(case, token="the-first-link")
    first = as_file(desk, old, tmp_path / "first.pdf")
    good = verified(desk, first, exported(desk, tmp_path / "before.p7s"))

    desk.act(replace_production, old.id, reason="A neighbour's recording was inside.", by=MAYA)
    new = offered(desk, case)
    desk.release(case, token="the-second-link")
    desk.act(recall, old.id, reason="A neighbour's recording was inside.", replaced_by=new.id, by=MAYA)
    second = as_file(desk, new, tmp_path / "second.pdf")
    after = exported(desk, tmp_path / "after.p7s")
    replaced, stands = verified(desk, first, after), verified(desk, second, after)
    desk.act(recall, new.id, reason="Made in error.", replaced_by=None, by=MAYA)
    withdrawn = verified(desk, second, exported(desk, tmp_path / "last.p7s"))

    (digest,) = (each.sha256 for each in desk.documents_of(new) if each.name == "bundle")
    assert (good[0], good[1]["good"], good[1]["recall"]) == (0, True, None)
    assert (replaced[0], replaced[1]["genuine"], replaced[1]["recall"]["replaced_by"]) == (1, True, digest)
    assert (stands[0], stands[1]["recall"]) == (0, None)
    assert (withdrawn[0], withdrawn[1]["genuine"], withdrawn[1]["recall"]["replaced_by"]) == (1, True, None)
    assert "neighbour" not in json.dumps(desk.log())


def test_a_forged_list_and_one_with_a_changed_byte_are_refused(desk, tmp_path):
    case = desk.a_warrant()
    bundle = as_file(desk, offered(desk, case), tmp_path / "bundle.pdf")
    changed = bytearray(exported(desk, tmp_path / "recalls.p7s").read_bytes())
    changed[len(changed) // 3] ^= 1
    (tmp_path / "changed.p7s").write_bytes(changed)
    stranger = make_demo_authority(tmp_path / "stranger", at=desk.now, common_name="Example Voice records")
    (tmp_path / "forged.p7s").write_bytes(signed_recalls([], stranger, at=desk.now))

    refused = [verified(desk, bundle, tmp_path / name) for name in ("changed.p7s", "forged.p7s")]

    assert [code for code, _ in refused] == [2, 2]
    assert all("recall list" in said for _, said in refused)


def test_an_archived_copy_is_recalled_with_the_document_that_was_delivered(desk, tmp_path):
    case = desk.a_warrant()
    made = offered(desk, case)
    desk.release(case, token="the-third-link")
    copy = archived(desk, made)
    path = tmp_path / "archived.pdf"
    path.write_bytes(kept(desk, copy))

    desk.act(recall, made.id, reason="Made in error.", replaced_by=None, by=MAYA)
    after = verified(desk, path, exported(desk, tmp_path / "after.p7s"))

    assert (after[0], after[1]["genuine"], after[1]["recall"]["replaced_by"]) == (1, True, None)


def archived(desk, made):
    """The archived copy of the production's bundle, once the worker has made it."""
    for _ in range(600):
        with desk.ledger.reading() as work:
            found = [each for each in work.productions.archived(made.id) if each.kind == "bundle"]
        if found:
            return found[0]
        desk.pause()
    raise AssertionError("The worker made no archived copy.")
