"""The copy that is kept for good: the delivered bytes, then proofs that other people's software accepts."""

import asyncio
import hashlib
import random
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import verapdf
from asn1crypto import x509 as asn1_x509
from bundle_samples import a_bundle, a_letter, written
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import PdfSignatureValidationSpec, SignatureValidationSpec
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule
from pyhanko_certvalidator.registry import SimpleTrustManager

from requests_portal.bundle import verify
from requests_portal.bundle.archive import write_archived
from requests_portal.bundle.strict_file import Doubt
from requests_portal.bundle.timestamp import Timestamped
from requests_portal.keys.demo_authority import make_demo_authority
from requests_portal.keys.demo_timestamps import demo_timestamper

# Other people's software compares with its own clock.
AT = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("archive")


@pytest.fixture(scope="module")
def signer(folder):
    return make_demo_authority(folder / "signing", at=AT, common_name="Records")


@pytest.fixture(scope="module")
def timestamper(folder, signer):
    return demo_timestamper(folder / "timestamps", now=lambda: AT + timedelta(seconds=3))


@pytest.fixture(scope="module")
def trust(signer, timestamper):
    return (signer.chain_pem[-1], *timestamper.certificates_pem)


@pytest.fixture(scope="module")
def lists(folder, timestamper):
    return tuple((folder / name / "revoked.crl").read_bytes() for name in ("signing", "timestamps"))


@pytest.fixture(scope="module")
def delivered(folder, signer, timestamper):
    written(a_bundle(2, 1, made_at=AT), Timestamped(signer, timestamper), folder / "bundle.pdf")
    return folder / "bundle.pdf"


@pytest.fixture(scope="module")
def archived(folder, delivered, timestamper, lists):
    return archive(delivered, folder / "archived.pdf", timestamper, lists)


def archive(delivered, path, timestamper, lists):
    with path.open("wb") as out:
        said = write_archived(delivered, out, revocations=lists, timestamper=timestamper)
    assert said.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert said.size == path.stat().st_size
    return path


def said(path, trust, check="archive"):
    verdict = verify(path, trust=trust)
    (found,) = (each for each in verdict.checks if each.id == check)
    return verdict.good, found.passed, found.sentence


def verdict_on(tmp_path, data, trust):
    (tmp_path / "suspect.pdf").write_bytes(data)
    return verify(tmp_path / "suspect.pdf", trust=trust)


def test_the_delivered_document_is_the_beginning_of_its_archived_copy(delivered, archived):
    data = delivered.read_bytes()

    assert archived.read_bytes()[: len(data)] == data


def test_the_copy_verifies_as_what_was_delivered_and_says_that_it_is_archived(delivered, archived, trust):
    verdict = verify(archived, trust=trust)

    assert all(check.passed for check in verdict.checks)
    assert verdict.sha256 == hashlib.sha256(delivered.read_bytes()).hexdigest()
    assert said(archived, trust)[2].startswith("This is an archived copy")


def test_a_delivered_document_says_nothing_of_archives(delivered, trust):
    assert "archive" not in [check.id for check in verify(delivered, trust=trust).checks]


def test_pyhanko_accepts_it_for_the_long_term_with_every_revocation_list_required(archived, trust):
    result = lta(archived, trust)

    assert result.ades_subindic.name == "OK"
    assert result.api_status.bottom_line
    assert result.oldest_evidence_record_timestamp == AT + timedelta(seconds=3)


def lta(path, trust):
    roots = [x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER) for pem in trust]
    required = RevocationCheckingRule.CRL_REQUIRED
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build([asn1_x509.Certificate.load(root) for root in roots]),
        revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy(required, required)),
    )
    spec = PdfSignatureValidationSpec(SignatureValidationSpec(policy))

    async def validated():
        with path.open("rb") as file:
            return await ades_lta_validation(PdfFileReader(file).embedded_regular_signatures[0], spec)

    with ThreadPoolExecutor(1) as alone:
        return alone.submit(asyncio.run, validated()).result()


@pytest.mark.skipif(verapdf.missing() is not None, reason=str(verapdf.missing()))
@pytest.mark.parametrize("flavour", ["3a", "ua1"])
def test_verapdf_accepts_it_as_archival_and_accessible(archived, flavour):
    assert verapdf.judge(archived, flavour) == []


def test_a_letter_that_left_without_a_timestamp_has_one_in_its_copy(
    folder, signer, timestamper, lists, trust, tmp_path
):
    written(a_letter(made_at=AT), signer, tmp_path / "letter.pdf")

    copy = archive(tmp_path / "letter.pdf", tmp_path / "copy.pdf", timestamper, lists)

    assert said(copy, trust)[:2] == (True, True)
    assert said(copy, trust, "timestamp")[1] is None
    assert lta(copy, trust).oldest_evidence_record_timestamp == AT + timedelta(seconds=3)


def test_without_the_authority_s_certificate_the_archive_is_unknown_and_with_another_it_fails(
    archived, trust, tmp_path_factory
):
    other = demo_timestamper(tmp_path_factory.mktemp("other") / "keys", now=lambda: AT)

    assert said(archived, trust[:1])[:2] == (True, None)
    assert verify(archived, trust=(trust[0], *other.certificates_pem)).good is False


def test_one_changed_byte_anywhere_in_what_was_appended_is_found(delivered, archived, trust, tmp_path):
    data, start = bytearray(archived.read_bytes()), delivered.stat().st_size
    rng = random.Random(20261128)  # noqa: S311 — the same changes every time
    for at in range(start, len(data), 1499):
        before = data[at]
        data[at] ^= 1 << rng.randrange(8)

        assert not verdict_on(tmp_path, data, trust).good, at - start
        data[at] = before


def test_a_change_before_what_was_appended_is_found_as_in_the_delivered_document(archived, trust, tmp_path):
    data = archived.read_bytes()

    verdict = verdict_on(tmp_path, data.replace(b"RIFF", b"RIFX", 1), trust)

    assert [check.id for check in verdict.failed] == ["unchanged"]


@pytest.mark.parametrize("more", [b"\n", b"%hidden\n", b"\n%%EOF\n"])
def test_anything_behind_the_archive_is_found(archived, trust, tmp_path, more):
    assert not verdict_on(tmp_path, archived.read_bytes() + more, trust).good


def test_an_archive_of_an_archive_is_no_form_of_ours(archived, timestamper, lists, tmp_path):
    with pytest.raises(Doubt):
        archive(archived, tmp_path / "twice.pdf", timestamper, lists)


def test_another_update_than_ours_is_found(delivered, trust, tmp_path):
    with delivered.open("rb") as file:
        writer = IncrementalPdfFileWriter(file)
        writer.root["/Lang"] = writer.root["/Lang"]
        writer.update_root()
        with (tmp_path / "revised.pdf").open("wb") as out:
            writer.write(out)

    assert not verify(tmp_path / "revised.pdf", trust=trust).good


def test_a_stranger_s_certificate_among_the_proofs_is_found_although_it_is_timestamped(
    delivered, timestamper, lists, trust, tmp_path, tmp_path_factory, monkeypatch
):
    from requests_portal.bundle import archive as room  # noqa: PLC0415 — broken here as a forger would write it

    stranger = make_demo_authority(tmp_path_factory.mktemp("stranger") / "keys", at=AT, common_name="Stranger")
    hidden = x509.load_pem_x509_certificate(stranger.certificate_pem).public_bytes(Encoding.DER)
    honest = room._proofs_of

    def forged(*arguments):
        proofs = honest(*arguments)
        return room.Proofs(certificates=(*proofs.certificates, hidden), revocations=proofs.revocations)

    monkeypatch.setattr(room, "_proofs_of", forged)
    copy = archive(delivered, tmp_path / "forged.pdf", timestamper, lists)

    good, passed, sentence = said(copy, trust)

    assert (good, passed) == (False, False)
    assert "belongs to none of its signatures" in sentence


def test_the_update_holds_what_it_should_and_nothing_else(delivered, archived):
    update = archived.read_bytes()[delivered.stat().st_size :]

    assert re.findall(rb"/Type/(\w+)", update).count(b"DSS") == 1
    assert update.count(b"/Type/DocTimeStamp") == 1
    assert len(re.findall(rb"\d+ 0 obj\n", update)) == 10  # four certificates, two lists, store, field, root, timestamp
