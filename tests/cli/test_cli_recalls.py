"""`desk verify --recalls`: genuine and withdrawn is 1, a list that is not to be believed is 2."""

import json
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest

from requests_portal.bundle import write_letter
from requests_portal.bundle.contents import LetterContents
from requests_portal.bundle.recalls import Recall, signed_recalls
from requests_portal.keys.demo_authority import make_demo_authority

NOW = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """A letter that we signed, and the certificate to trust."""
    folder = tmp_path_factory.mktemp("ours")
    signer = make_demo_authority(folder / "keys", at=NOW, common_name="Hearthside Voice records")
    contents = LetterContents(
        reference="LE-2026-0001",
        language="en",
        recipient=("Alder County Sheriff",),
        our_name="Hearthside Voice",
        our_address=("1 Quay Street",),
        subject="Search warrant",
        date=NOW.date(),
        paragraphs=("We object.",),
        objections=(),
        closing=("Hearthside Voice",),
        made_at=NOW,
        document_id="letter-1",
    )
    with (folder / "letter.pdf").open("wb") as out:
        write_letter(contents, out, signer=signer)
    (folder / "root.pem").write_bytes(signer.chain_pem[-1])
    return folder, signer


def verified(desk, ours, tmp_path, signer=None, *recalls, more=()):
    folder, own = ours
    (tmp_path / "recalls.p7s").write_bytes(signed_recalls(recalls, signer or own, at=NOW))
    trust = ("--trust", folder / "root.pem", "--recalls", tmp_path / "recalls.p7s")
    return desk("verify", folder / "letter.pdf", *trust, *more)


def recalled(ours, replaced_by=None):
    digest = sha256((ours[0] / "letter.pdf").read_bytes()).hexdigest()
    return Recall(sha256=digest, on=date(2026, 11, 22), replaced_by=replaced_by)


def test_a_document_that_the_list_does_not_name_is_good_as_of_the_list_s_day(desk, ours, tmp_path):
    answer = verified(desk, ours, tmp_path)

    assert answer.exit_code == 0
    assert answer.stdout.endswith("✓ The recall list of 23 November 2026 does not name this document.\nGood.\n")


def test_a_withdrawn_document_is_genuine_and_bad_to_rely_on(desk, ours, tmp_path):
    answer = verified(desk, ours, tmp_path, None, recalled(ours))

    assert answer.exit_code == 1
    assert "✗ This document is genuine, but it was withdrawn on 22 November 2026." in answer.stdout
    assert answer.stdout.endswith("Genuine, but not good to rely on: it was recalled.\n")


def test_what_replaced_it_is_said_in_json_beside_the_keys_of_before(desk, ours, tmp_path):
    answer = verified(desk, ours, tmp_path, None, recalled(ours, "d" * 64), more=["--json"])

    said = json.loads(answer.stdout)
    assert (answer.exit_code, said["good"], said["genuine"]) == (1, False, True)
    assert said["recall"] == {"on": "2026-11-22", "replaced_by": "d" * 64}
    assert said["checks"][-1]["id"] == "recalled"


def test_without_a_list_nothing_is_said_of_recalls(desk, ours):
    answer = desk("verify", ours[0] / "letter.pdf", "--trust", ours[0] / "root.pem", "--json")

    said = json.loads(answer.stdout)
    assert (said["good"], said["genuine"], said["recall"]) == (True, True, None)
    assert "recalled" not in {check["id"] for check in said["checks"]}


def test_a_list_of_somebody_else_is_refused_before_it_says_anything(desk, ours, tmp_path):
    stranger = make_demo_authority(tmp_path / "theirs", at=NOW, common_name="Hearthside Voice records")

    answer = verified(desk, ours, tmp_path, stranger, recalled(ours))

    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "not signed under the certificate that you trust" in answer.stderr


def test_what_is_no_list_and_a_list_without_trust_are_unusable(desk, ours, tmp_path):
    (tmp_path / "other").write_bytes(b"no list")
    trust = ("--trust", ours[0] / "root.pem")

    for more in ((*trust, "--recalls", tmp_path / "other"), (*trust, "--recalls", tmp_path), ("--recalls", "other")):
        answer = desk("verify", ours[0] / "letter.pdf", *more)

        assert (answer.exit_code, answer.stdout) == (2, "")
        assert answer.stderr.count("\n") == 1
