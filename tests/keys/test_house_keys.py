"""Which keys the settings name, what is said of those that end, and that bundles of earlier keys still verify."""

import datetime as dt
from dataclasses import replace

import pytest
from cryptography import x509

from requests_portal import house_keys
from requests_portal.demo.settings import demonstration
from requests_portal.keys.certificates import ending, read_certificates
from requests_portal.keys.demo_authority import make_demo_authority
from requests_portal.keys.kms_signer import KmsSigner
from requests_portal.keys.secret_file import BadKey
from requests_portal.settings import BadSettings

AT = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    make_demo_authority(folder / "keys" / "signing", at=AT, common_name="Records")
    return folder


@pytest.fixture
def settings(folder):
    return demonstration(folder, endpoint="http://127.0.0.1:9", public_url="https://desk.example")


def test_the_demonstration_signs_and_timestamps_with_its_own_keys(settings):
    signer, stamps = house_keys.signer(settings, at=AT), house_keys.timestamper(settings, now=lambda: AT)

    assert b"BEGIN CERTIFICATE" in signer.certificate_pem
    assert stamps.stamp(bytes(32))
    assert len(house_keys.revocations(settings)) == 2


def test_a_key_in_a_file_and_one_in_the_key_service_are_taken_as_named(settings, folder):
    signing = folder / "keys" / "signing"
    in_file = replace(
        settings,
        signing_key=str(signing / "signing.key"),
        signing_certificates=str(signing / "signing.pem"),
    )
    in_kms = replace(settings, kms_key="alias/records", signing_certificates=str(signing / "signing.pem"))

    assert house_keys.signer(in_file, at=AT).certificate_pem == house_keys.signer(settings, at=AT).certificate_pem
    assert isinstance(house_keys.signer(in_kms, at=AT), KmsSigner)


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ({"kms_key": "a", "signing_key": "b"}, "both set"),
        ({"kms_key": "a"}, "signing_certificates is missing"),
        ({"signing_key": "a"}, "signing_certificates is missing"),
        ({"tsa_url": "https://tsa.example"}, "tsa_certificates is missing"),
        ({"tsa_url": "file:///etc/passwd", "tsa_certificates": "a"}, "no address"),
    ],
)
def test_keys_named_by_halves_are_refused(settings, named, words):
    with pytest.raises(BadSettings, match=words):
        replace(settings, **named)


@pytest.mark.parametrize(("days_left", "told"), [(61, 0), (59, 1), (-1, 1)])
def test_an_end_is_told_sixty_days_ahead(folder, days_left, told):
    (certificate, _) = read_certificates(folder / "keys" / "signing" / "signing.pem")
    at = certificate.not_valid_after_utc - days_left * DAY

    sentences = ending([certificate], at=at)

    assert len(sentences) == told
    assert all("2029-11-22" in each for each in sentences)


def test_a_house_without_an_authority_is_told_so(settings):
    signer = house_keys.signer(settings, at=AT)

    assert house_keys.ending_soon(signer, None, at=AT) == (house_keys.NO_AUTHORITY,)
    assert house_keys.timestamper(replace(settings, tsa_url=""), now=lambda: AT) is None


def test_certificates_of_earlier_years_stay_among_those_to_check_with(settings, tmp_path):
    old = make_demo_authority(tmp_path / "old", at=AT - 700 * DAY, common_name="Records of then")
    (tmp_path / "retired").mkdir()
    (tmp_path / "retired" / "2024.pem").write_bytes(old.chain_pem[-1])

    found = house_keys.retired(replace(settings, retired_certificates=str(tmp_path / "retired")))

    assert [x509.load_pem_x509_certificate(each) for each in found] == [
        x509.load_pem_x509_certificate(old.chain_pem[-1])
    ]
    assert house_keys.retired(settings) == ()


def test_what_is_no_revocation_list_is_refused_by_name(settings, tmp_path):
    (tmp_path / "ours.crl").write_text("not a list")

    with pytest.raises(BadKey, match=r"ours\.crl"):
        house_keys.revocations(replace(settings, revocation_lists=str(tmp_path)))
