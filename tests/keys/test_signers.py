"""What every signing key must do, whether it lies in a file or in AWS KMS; and what a key service's refusals mean."""

import asyncio
import datetime as dt
import hashlib
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from botocore.stub import Stubber
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from moto import mock_aws
from pyhanko.sign.validation import async_validate_detached_cms
from pyhanko_certvalidator import ValidationContext

from requests_portal.errors import Away
from requests_portal.keys.demo_authority import make_demo_authority
from requests_portal.keys.demo_certificates import authority, new_key, signing, subject
from requests_portal.keys.kms_signer import MOST_RAW, KeyDenied, KmsSigner, kms_client
from requests_portal.keys.secret_file import BadKey

AT = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)
DATA = b"the bytes outside the hole"
DIGEST = hashlib.sha256(DATA).digest()


@pytest.fixture(scope="module")
def service():
    """A key service of the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        with mock_aws():
            yield boto3.client("kms", region_name="us-east-1")


@pytest.fixture(scope="module")
def key_id(service):
    return service.create_key(KeySpec="RSA_3072", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]


@pytest.fixture(scope="module")
def chain(service, key_id, tmp_path_factory):
    """The certificate of the key in the service, with the root that issued it, in a file."""
    root_key, public = new_key(), load_der_public_key(service.get_public_key(KeyId=key_id)["PublicKey"])
    root_name = subject("root")
    root = authority(root_name, root_key, AT)
    own = signing(subject("Records"), public, root_name, root_key, AT)
    path = tmp_path_factory.mktemp("kms") / "chain.pem"
    path.write_bytes(own.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM))
    return path


@pytest.fixture(scope="module")
def in_kms(service, key_id, chain):
    return KmsSigner.load(key_id, chain, client=service)


@pytest.fixture(scope="module")
def in_a_file(tmp_path_factory):
    return make_demo_authority(tmp_path_factory.mktemp("keys") / "signing", at=AT, common_name="Records")


@pytest.fixture(params=["in_a_file", "in_kms"])
def signer(request):
    return request.getfixturevalue(request.param)


def test_signing_again_gives_the_same_bytes(signer):
    assert signer.sign_cms(DIGEST, at=AT) == signer.sign_cms(DIGEST, at=AT + dt.timedelta(days=1))


def test_the_signature_carries_its_chain_and_the_attributes_of_pades(signer):
    signed = cms.ContentInfo.load(signer.sign_cms(DIGEST, at=AT))["content"]

    attributes = {each["type"].native for each in signed["signer_infos"][0]["signed_attrs"]}
    carried = {each.chosen.dump() for each in signed["certificates"]}
    wanted = {x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER) for pem in pems(signer)}
    assert {"content_type", "message_digest", "signing_certificate_v2"} <= attributes
    assert "signing_time" not in attributes
    assert carried == wanted


def pems(signer):
    return (signer.certificate_pem, *signer.chain_pem)


def test_what_is_signed_fits_what_the_key_service_takes(signer):
    signed = cms.ContentInfo.load(signer.sign_cms(DIGEST, at=AT))["content"]

    assert len(signed["signer_infos"][0]["signed_attrs"].untag().dump()) < MOST_RAW


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is missing: apt-get install openssl")
def test_openssl_verifies_it(signer, tmp_path):
    (tmp_path / "sig.der").write_bytes(signer.sign_cms(DIGEST, at=AT))
    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "root.pem").write_bytes(signer.chain_pem[-1])
    command = ["openssl", "cms", "-verify", "-inform", "DER", "-binary", "-in", tmp_path / "sig.der"]
    command += ["-content", tmp_path / "data", "-CAfile", tmp_path / "root.pem", "-purpose", "any"]
    command += ["-attime", str(int(AT.timestamp()) + 1), "-out", tmp_path / "out"]

    done = subprocess.run(command, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr


def test_pyhanko_trusts_it_under_its_root(signer):
    signed = cms.ContentInfo.load(signer.sign_cms(DIGEST, at=AT))["content"]
    root = x509.load_pem_x509_certificate(signer.chain_pem[-1]).public_bytes(Encoding.DER)
    context = ValidationContext(trust_roots=[asn1_x509.Certificate.load(root)], moment=AT, allow_fetching=False)

    with ThreadPoolExecutor(1) as alone:
        status = alone.submit(asyncio.run, async_validate_detached_cms(DATA, signed, context)).result()

    assert (status.intact, status.valid, status.trusted) == (True, True, True)


def test_after_its_certificate_ended_it_signs_nothing(signer):
    with pytest.raises(BadKey, match="valid from"):
        signer.sign_cms(DIGEST, at=AT + dt.timedelta(days=1096))


def test_only_a_sha_256_is_signed(signer):
    with pytest.raises(BadKey, match="SHA-256"):
        signer.sign_cms(DATA, at=AT)


def test_a_certificate_for_another_key_than_the_service_s_never_reaches_a_file(service, chain):
    other = service.create_key(KeySpec="RSA_3072", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]

    with pytest.raises(BadKey, match="for another key"):
        KmsSigner.load(other, chain, client=service).sign_cms(DIGEST, at=AT)


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        ("AccessDeniedException", KeyDenied),
        ("DisabledException", KeyDenied),
        ("KMSInvalidStateException", KeyDenied),
        ("NotFoundException", KeyDenied),
        ("ThrottlingException", Away),
        ("KMSInternalException", Away),
        ("KeyUnavailableException", Away),
    ],
)
def test_a_refusal_of_the_service_says_whether_waiting_helps(service, key_id, chain, code, refusal):
    with Stubber(service) as answers:
        answers.add_client_error("sign", service_error_code=code)

        with pytest.raises(refusal) as refused:
            KmsSigner.load(key_id, chain, client=service).sign_cms(DIGEST, at=AT)

    assert refused.value.sentence.endswith(".")
    assert key_id not in refused.value.sentence


def test_a_service_that_cannot_be_reached_is_away(chain, monkeypatch):
    monkeypatch.setattr("requests_portal.keys.kms_signer.ATTEMPTS", 1)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        client = kms_client(region="us-east-1", endpoint="http://127.0.0.1:9")

        with pytest.raises(Away, match="cannot be reached"):
            KmsSigner.load("alias/records", chain, client=client).sign_cms(DIGEST, at=AT)
