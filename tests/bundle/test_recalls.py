"""A recall list speaks to who has a document, and only where its signature leads to the certificate they trust."""

import json
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from asn1crypto import cms

from requests_portal.bundle.recalls import BadRecalls, Recall, read_recalls, signed_recalls
from requests_portal.bundle.standing import standing
from requests_portal.bundle.verdict import Verdict
from requests_portal.keys.demo_authority import make_demo_authority

NOW = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
WITHDRAWN, REPLACED, OTHER, LATER = ("a" * 64, "b" * 64, "c" * 64, "d" * 64)
RECALLS = (
    Recall(sha256=WITHDRAWN, on=date(2026, 11, 20), replaced_by=None),
    Recall(sha256=REPLACED, on=date(2026, 11, 21), replaced_by=LATER),
)


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    return make_demo_authority(tmp_path_factory.mktemp("k") / "ours", at=NOW, common_name="Hearthside Voice records")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return make_demo_authority(tmp_path_factory.mktemp("k") / "theirs", at=NOW, common_name="Hearthside Voice records")


@pytest.fixture(scope="module")
def file(signer):
    return signed_recalls(RECALLS, signer, at=NOW)


def read(file, signer):
    return read_recalls(file, trust=(signer.chain_pem[-1],))


def a_verdict(sha256, *, good=True):
    return Verdict(good=good, checks=(), signer="us", signed_at=NOW, sha256=sha256, reference="LE-2026-0001")


def test_a_withdrawn_document_is_genuine_and_not_good(file, signer):
    found = standing(a_verdict(WITHDRAWN), read(file, signer))

    assert (found.genuine, found.good) == (True, False)
    assert found.checks[-1].sentence == "This document is genuine, but it was withdrawn on 20 November 2026."
    assert found.as_json()["recall"] == {"on": "2026-11-20", "replaced_by": None}


def test_a_replaced_document_names_the_one_that_stands(file, signer):
    found = standing(a_verdict(REPLACED), read(file, signer))

    assert f"replaced by the document with SHA-256 {LATER}" in found.checks[-1].sentence
    assert found.as_json()["recall"] == {"on": "2026-11-21", "replaced_by": LATER}


def test_a_document_that_the_list_does_not_name_stands_as_of_the_list_s_day(file, signer):
    found = standing(a_verdict(OTHER), read(file, signer))

    assert found.good
    assert found.checks[-1].sentence == "The recall list of 23 November 2026 does not name this document."


def test_what_is_not_genuine_stays_so_whatever_the_list_says(file, signer):
    found = standing(a_verdict(WITHDRAWN, good=False), read(file, signer))

    assert (found.genuine, found.good, found.recall) == (False, False, None)
    assert found.checks[-1].passed is None


def test_a_list_of_somebody_else_is_not_believed(signer, stranger):
    with pytest.raises(BadRecalls, match="not signed under the certificate that you trust"):
        read(signed_recalls(RECALLS, stranger, at=NOW), signer)


def test_a_list_with_a_changed_byte_anywhere_is_not_believed(file, signer):
    before = read(file, signer)
    for at in range(0, len(file), 211):
        changed = bytearray(file)
        changed[at] ^= 1
        try:
            after = read(bytes(changed), signer)
        except BadRecalls:
            continue
        # What the signature does not bind, such as a certificate that is not needed, says nothing of ours.
        assert after == before, at


@pytest.mark.parametrize("data", [b"", b"{}", b"%PDF-1.7", bytes(5000), b"\x30\x82\xff\xff" + bytes(100)])
def test_what_is_no_list_is_refused(data, signer):
    with pytest.raises(BadRecalls):
        read(data, signer)


def test_a_signature_over_something_else_is_no_list(signer):
    file = cms.ContentInfo.load(signed_recalls((), signer, at=NOW))
    digest_of_a_bundle = signer.sign_cms(bytes(32), at=NOW)
    forged = cms.ContentInfo.load(digest_of_a_bundle)
    forged["content"]["encap_content_info"] = file["content"]["encap_content_info"]

    with pytest.raises(BadRecalls, match="changed after it was signed"):
        read(forged.dump(force=True), signer)


def body_of(file):
    return json.loads(cms.ContentInfo.load(file)["content"]["encap_content_info"]["content"].native)


def test_lists_with_and_without_recalls_tell_a_stranger_nothing(signer):
    none, two = (body_of(signed_recalls(each, signer, at=NOW)) for each in ((), RECALLS))

    assert len(none["entries"]) == len(two["entries"]) == 64
    assert {(len(name), len(sealed)) for name, sealed in none["entries"] + two["entries"]} == {(64, 192)}
    for digest in (WITHDRAWN, REPLACED, LATER, "2026-11-20", "2026-11-21"):
        assert digest not in json.dumps(two)


def test_two_lists_of_the_same_recalls_have_no_entry_in_common(signer):
    first, second = (body_of(signed_recalls(RECALLS, signer, at=NOW))["entries"] for _ in range(2))

    assert not {name for name, _ in first} & {name for name, _ in second}


def test_openssl_verifies_the_list_under_the_same_certificate(file, signer, tmp_path):
    (tmp_path / "recalls.p7s").write_bytes(file)
    (tmp_path / "root.pem").write_bytes(signer.chain_pem[-1])

    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "recalls.p7s", "-CAfile", "root.pem"]
    at = str(int(NOW.timestamp()) + 60)
    done = subprocess.run(
        [*command, "-purpose", "any", "-attime", at],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["format"] == "disclosure-desk-recalls/1"


def test_a_list_from_after_the_certificate_s_time_is_not_believed(signer, file, monkeypatch):
    later = replace(read(file, signer), issued_at=NOW + timedelta(days=365 * 30))
    monkeypatch.setattr("requests_portal.bundle.recalls._read", lambda _: later)

    with pytest.raises(BadRecalls, match="not signed under"):
        read(file, signer)
