"""What a timestamp must be before anybody relies on it, and that no byte of it can be changed."""

import hashlib
import random
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from asn1crypto import cms as asn1
from asn1crypto import core
from bundle_samples import a_letter, needs
from cryptography import x509

from requests_portal.bundle import verify, write_letter
from requests_portal.bundle.cms import signed_by, with_timestamp
from requests_portal.bundle.strict_file import Doubt
from requests_portal.bundle.timestamp import Timestamped, stamp_in
from requests_portal.keys.demo_authority import make_demo_authority
from requests_portal.keys.demo_timestamps import demo_timestamper

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
DIGEST = hashlib.sha256(b"what is signed").digest()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def signer(folder):
    return make_demo_authority(folder / "signing", at=AT, common_name="Records")


@pytest.fixture(scope="module")
def timestamper(folder):
    return demo_timestamper(folder / "timestamps", now=lambda: AT + timedelta(seconds=3))


@pytest.fixture(scope="module")
def trust(signer, timestamper):
    return (signer.chain_pem[-1], *timestamper.certificates_pem)


@pytest.fixture(scope="module")
def stamped(signer, timestamper):
    return Timestamped(signer, timestamper).sign_cms(DIGEST, at=AT)


@pytest.fixture(scope="module")
def letter(signer, timestamper):
    out = BytesIO()
    write_letter(a_letter(made_at=AT), out, signer=Timestamped(signer, timestamper))
    return out.getvalue()


def said(data, tmp_path, trust):
    path = tmp_path / "letter.pdf"
    path.write_bytes(data)
    verdict = verify(path, trust=trust)
    (check,) = (each for each in verdict.checks if each.id == "timestamp")
    return verdict.good, check.passed, check.sentence


def resigned(letter, signer, timestamper, *, at):
    """The same letter, signed at another time than its timestamp's."""
    out = BytesIO()
    write_letter(a_letter(made_at=at), out, signer=Timestamped(signer, timestamper))
    return out.getvalue()


def test_a_timestamped_letter_says_when_and_by_whom(letter, tmp_path, trust):
    good, passed, sentence = said(letter, tmp_path, trust)

    assert (good, passed) == (True, True)
    assert "2026-11-23 12:00:03 UTC, by Example Voice (demonstration) timestamps" in sentence


def test_without_a_certificate_of_the_authority_the_timestamp_is_unknown_and_the_letter_good(letter, tmp_path, trust):
    for given in ((), trust[:1]):
        good, passed, sentence = said(letter, tmp_path, given)

        assert (good, passed) == (True, None)
        assert "no certificate was given" in sentence


def test_an_authority_that_is_not_among_those_given_fails(letter, tmp_path, trust, tmp_path_factory):
    other = demo_timestamper(tmp_path_factory.mktemp("keys") / "other", now=lambda: AT)

    good, passed, sentence = said(letter, tmp_path, (trust[0], *other.certificates_pem))

    assert (good, passed) == (False, False)
    assert "that you do not trust" in sentence


def test_a_letter_without_a_timestamp_is_good_and_says_so(signer, tmp_path, trust):
    out = BytesIO()
    write_letter(a_letter(made_at=AT), out, signer=signer)

    good, passed, sentence = said(out.getvalue(), tmp_path, trust)

    assert (good, passed) == (True, None)
    assert "no timestamp" in sentence


@pytest.mark.parametrize(("later", "passed"), [(timedelta(minutes=5), True), (timedelta(hours=1), False)])
def test_a_timestamp_older_than_what_it_stamps_fails(letter, signer, timestamper, tmp_path, trust, later, passed):
    data = resigned(letter, signer, timestamper, at=AT + later)

    assert said(data, tmp_path, trust)[1] is passed


def test_the_bytes_before_the_signature_are_the_same_each_time_and_the_hole_holds_both_chains(
    letter, signer, timestamper
):
    again = resigned(letter, signer, timestamper, at=AT)

    first, second = letter.index(b"/Contents<") + 10, letter.index(b">", letter.index(b"/Contents<"))
    assert again[:first] == letter[:first]
    assert again[second:] == letter[second:]
    assert again != letter
    assert letter[second - 10_000 : second] == b"0" * 10_000


def test_one_changed_bit_anywhere_in_a_timestamped_signature_is_found(stamped, trust):
    pinned = [x509.load_pem_x509_certificate(each) for each in trust]
    rng = random.Random(20261123)  # noqa: S311 — the same changes every time
    for place in range(0, len(stamped), 17):
        changed = bytearray(stamped)
        changed[place] ^= 1 << rng.randrange(8)

        assert is_refused(bytes(changed), pinned), place
    assert not is_refused(stamped, pinned)


def is_refused(cms, pinned):
    try:
        signed = signed_by(cms, DIGEST)
        return signed.token is not None and not checked(cms).leads_to(pinned)
    except Exception:  # noqa: BLE001 — `verify` makes a failed check of whatever hostile bytes raise
        return True


def checked(cms):
    signed = signed_by(cms, DIGEST)
    return stamp_in(signed.token, hashlib.sha256(signed.value).digest())


def test_a_timestamp_of_another_signature_is_found(stamped, signer, timestamper):
    token = timestamper.stamp(hashlib.sha256(b"something else").digest())

    with pytest.raises(Doubt, match="something else than this signature"):
        checked(with_timestamp(signer.sign_cms(DIGEST, at=AT), token))


def test_anything_else_that_is_not_signed_is_found(stamped, signer):
    info = asn1.ContentInfo.load(stamped)
    signer_info = info["content"]["signer_infos"][0]
    note = asn1.CMSAttribute({"type": "1.2.3.4", "values": [core.UTF8String("a hidden note")]})
    signer_info["unsigned_attrs"] = asn1.CMSAttributes([*signer_info["unsigned_attrs"], note])

    with pytest.raises(Doubt, match="never write"):
        signed_by(info.dump(), DIGEST)


def test_a_certificate_for_documents_gives_no_timestamps(folder, signer, tmp_path):
    shutil.copytree(folder / "signing", tmp_path / "impostor")
    impostor = demo_timestamper(tmp_path / "impostor", now=lambda: AT)

    with pytest.raises(Exception, match="not for timestamps"):
        impostor.stamp(DIGEST)


@needs("openssl", "openssl")
def test_openssl_verifies_the_timestamp_by_itself(stamped, folder, tmp_path):
    signed = signed_by(stamped, DIGEST)
    (tmp_path / "token.der").write_bytes(signed.token)
    (tmp_path / "value").write_bytes(signed.value)

    command = ["openssl", "ts", "-verify", "-token_in", "-in", tmp_path / "token.der"]
    command += ["-data", tmp_path / "value", "-CAfile", folder / "timestamps" / "root.pem"]
    command += ["-attime", str(int(AT.timestamp()) + 60)]
    done = subprocess.run(command, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr
