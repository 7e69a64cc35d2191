import asyncio
import datetime as dt
import hashlib
import shutil
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from asn1crypto import cms, x509
from cryptography import x509 as crypto_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from pyhanko.sign.validation import async_validate_detached_cms
from pyhanko_certvalidator import ValidationContext

from requests_portal.keys.demo_authority import make_demo_authority
from requests_portal.keys.file_signer import FileSigner
from requests_portal.keys.log_key import LogKey
from requests_portal.keys.secret_file import BadKey

AT = dt.datetime(2026, 3, 2, 9, 30, 0, 5, tzinfo=dt.UTC)
DATA = b"the bytes outside the hole"
DIGEST = hashlib.sha256(DATA).digest()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys") / "an authority"
    make_demo_authority(folder, at=AT, common_name="Records custodian")
    return folder


@pytest.fixture
def folder(authority, tmp_path):
    return shutil.copytree(authority, tmp_path / "authority")


def load(folder):
    return FileSigner.load(folder / "signing.key", folder / "signing.pem")


def test_signing_again_gives_the_same_bytes_also_after_a_restart(authority):
    first = load(authority).sign_cms(DIGEST, at=AT)

    assert load(authority).sign_cms(DIGEST, at=AT + dt.timedelta(days=1)) == first


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is missing: apt-get install openssl")
def test_openssl_verifies_the_signature_and_refuses_it_over_other_bytes(authority, tmp_path):
    (tmp_path / "sig.der").write_bytes(load(authority).sign_cms(DIGEST, at=AT))

    assert openssl_verifies(DATA, authority, tmp_path)
    assert not openssl_verifies(DATA + b"!", authority, tmp_path)


def openssl_verifies(data, authority, tmp_path):
    (tmp_path / "data").write_bytes(data)
    moment = str(int(AT.timestamp()) + 1)
    command = ["openssl", "cms", "-verify", "-inform", "DER", "-binary", "-in", tmp_path / "sig.der"]
    command += ["-content", tmp_path / "data", "-CAfile", authority / "root.pem", "-purpose", "any"]
    command += ["-attime", moment, "-out", tmp_path / "out"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_pyhanko_trusts_the_signature_under_the_root_and_not_without_it(authority):
    signature = load(authority).sign_cms(DIGEST, at=AT)
    root = crypto_x509.load_pem_x509_certificate((authority / "root.pem").read_bytes())

    status = validated(signature, [x509.Certificate.load(root.public_bytes(Encoding.DER))])

    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert not validated(signature, []).trusted


def validated(signature, roots):
    signed_data = cms.ContentInfo.load(signature)["content"]
    context = ValidationContext(trust_roots=roots, moment=AT, allow_fetching=False)
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(asyncio.run, async_validate_detached_cms(DATA, signed_data, context)).result()


def test_the_signature_has_the_attributes_of_pades_and_no_time_of_its_own(authority):
    signed_data = cms.ContentInfo.load(load(authority).sign_cms(DIGEST, at=AT))["content"]

    (signer,) = signed_data["signer_infos"]
    attributes = {each["type"].native: each["values"] for each in signer["signed_attrs"]}
    assert {"content_type", "message_digest", "signing_certificate_v2"} <= attributes.keys()
    assert "signing_time" not in attributes
    assert attributes["message_digest"][0].native == DIGEST
    assert signer["signature_algorithm"].signature_algo == "rsassa_pkcs1v15"
    assert signed_data["encap_content_info"]["content"].native is None


def test_the_demonstration_names_itself_lasts_three_years_and_keeps_its_key_to_itself(authority):
    signer = load(authority)
    certificate = crypto_x509.load_pem_x509_certificate(signer.certificate_pem)
    (organisation,) = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)

    assert organisation.value == "Example Voice (demonstration)"
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == dt.timedelta(days=1095)
    assert signer.chain_pem == ((authority / "root.pem").read_bytes(),)
    assert stat.S_IMODE((authority / "signing.key").stat().st_mode) == 0o600
    assert sorted(path.name for path in authority.iterdir()) == [
        "revoked.crl",
        "root.pem",
        "signing.key",
        "signing.pem",
    ]


def test_a_second_start_uses_the_key_of_the_first(folder):
    again = make_demo_authority(folder, at=AT + dt.timedelta(days=30), common_name="Somebody else")

    assert again.certificate_pem == load(folder).certificate_pem


@pytest.mark.parametrize("at", [AT - dt.timedelta(days=1), AT + dt.timedelta(days=1096)], ids=["before", "after"])
def test_a_key_whose_certificate_is_out_of_its_dates_signs_nothing_and_says_what_to_do(authority, at):
    signer = load(authority)

    with pytest.raises(BadKey, match=r"valid from 2026-03-02 to 2029-03-01.*Have a new one issued"):
        signer.sign_cms(DIGEST, at=at)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_refused(folder, mode):
    (folder / "signing.key").chmod(mode)

    with pytest.raises(BadKey, match="chmod 600"):
        load(folder)


@pytest.mark.parametrize("name", ["signing.key", "signing.pem"])
def test_a_missing_file_is_refused_by_name(folder, name):
    (folder / name).unlink()

    with pytest.raises(BadKey, match=rf"{name} is missing"):
        load(folder)
    with pytest.raises(BadKey):
        make_demo_authority(folder, at=AT, common_name="Records custodian")


@pytest.mark.parametrize("name", ["signing.key", "signing.pem"])
def test_a_file_of_other_content_is_refused_by_name(folder, name):
    (folder / name).write_text("not a key")

    with pytest.raises(BadKey, match=name):
        load(folder)


def test_a_folder_in_the_keys_place_is_refused(folder):
    (folder / "signing.key").unlink()
    (folder / "signing.key").mkdir(mode=0o700)

    with pytest.raises(BadKey, match=r"signing\.key"):
        load(folder)


def test_a_certificate_for_another_key_is_refused(folder):
    store(folder, rsa.generate_private_key(public_exponent=65537, key_size=3072))

    with pytest.raises(BadKey, match="for another key"):
        load(folder)


def test_a_key_under_a_passphrase_is_refused(folder):
    key = load_pem_private_key((folder / "signing.key").read_bytes(), password=None)
    store(folder, key, encryption=BestAvailableEncryption(b"secret"))

    with pytest.raises(BadKey, match="unencrypted"):
        load(folder)


def test_a_key_of_another_kind_is_refused(folder):
    store(folder, ec.generate_private_key(ec.SECP256R1()))

    with pytest.raises(BadKey, match="RSA"):
        load(folder)


def test_a_short_key_is_refused(folder):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    store(folder, key, certificate=self_signed(key))

    with pytest.raises(BadKey, match="at least 3072 bits"):
        load(folder)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is missing: apt-get install openssl")
def test_a_certificate_signed_with_sha_1_is_refused(folder):
    # The Python library no longer makes such a certificate, and rightly so.
    made = [
        "openssl",
        "req",
        "-x509",
        "-new",
        "-sha1",
        "-key",
        folder / "signing.key",
        "-subj",
        "/CN=Old",
        "-days",
        "9",
    ]
    subprocess.run([*made, "-out", folder / "signing.pem"], check=True, capture_output=True)

    with pytest.raises(BadKey, match="less than SHA-256"):
        load(folder)


def test_a_certificate_that_is_not_for_signing_documents_is_refused(folder):
    key = load_pem_private_key((folder / "signing.key").read_bytes(), password=None)
    store(folder, key, certificate=self_signed(key))

    with pytest.raises(BadKey, match="nonRepudiation"):
        load(folder)


def test_a_chain_of_strangers_is_refused(folder, tmp_path):
    make_demo_authority(tmp_path / "other", at=AT, common_name="Records custodian")
    own = load(folder).certificate_pem
    (folder / "signing.pem").write_bytes(own + (tmp_path / "other" / "root.pem").read_bytes())

    with pytest.raises(BadKey, match="was not issued by"):
        load(folder)


def test_only_a_sha_256_is_signed(authority):
    with pytest.raises(BadKey, match="SHA-256"):
        load(authority).sign_cms(DATA, at=AT)


def store(folder, key, *, certificate=None, encryption=None):
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())
    (folder / "signing.key").write_bytes(pem)
    if certificate:
        (folder / "signing.pem").write_bytes(certificate.public_bytes(Encoding.PEM))


def self_signed(key):
    name = crypto_x509.Name([crypto_x509.NameAttribute(NameOID.COMMON_NAME, "Self")])
    builder = crypto_x509.CertificateBuilder(name, name, key.public_key(), 1).not_valid_before(
        AT.replace(microsecond=0)
    )
    return builder.not_valid_after(AT + dt.timedelta(days=9)).sign(key, hashes.SHA256())


def test_a_log_key_is_made_once_for_its_owner_alone_and_signs_checkpoints(tmp_path):
    path = tmp_path / "not yet there" / "log.key"

    first = LogKey.load_or_make(path)

    assert LogKey.load_or_make(path).public_key == LogKey.load(path).public_key == first.public_key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["log.key"]


def test_a_log_key_that_is_missing_exposed_or_of_another_kind_is_refused(folder, tmp_path):
    exposed = tmp_path / "log.key"
    LogKey.load_or_make(exposed)
    exposed.chmod(0o644)

    for path, words in (
        (tmp_path / "nowhere.key", "missing"),
        (exposed, "chmod 600"),
        (folder / "signing.key", "Ed25519"),
    ):
        with pytest.raises(BadKey, match=words):
            LogKey.load(path)


def test_signing_works_in_a_thread_that_already_runs_an_event_loop(authority):
    signer = load(authority)

    async def sign():
        return signer.sign_cms(DIGEST, at=AT)

    with ThreadPoolExecutor(1) as alone:
        signed = alone.submit(asyncio.run, sign()).result()

    assert signed == signer.sign_cms(DIGEST, at=AT)
