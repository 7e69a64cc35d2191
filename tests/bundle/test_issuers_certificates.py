"""The certificates that come with a signature are covered by signatures of their own, and by nothing else."""

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
from asn1crypto import cms as asn1
from bundle_samples import a_letter

from requests_portal.bundle import verify, write_letter
from requests_portal.keys.demo_authority import make_demo_authority

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    """A letter signed as the demonstration signs, and where the root's certificate stands in the signature's hex."""
    signer = make_demo_authority(tmp_path_factory.mktemp("keys") / "signing", at=AT, common_name="Records")
    out = BytesIO()
    write_letter(a_letter(made_at=AT), out, signer=signer)
    data = out.getvalue()
    hole = re.search(rb"/Contents\s*<([0-9a-f]+)>", data)
    certificates = asn1.ContentInfo.load(bytes.fromhex(hole[1].decode()))["content"]["certificates"]
    root = max((each.chosen for each in certificates), key=lambda each: each.self_issued)
    return data, data.index(root.dump().hex().encode()), len(root.dump()) * 2


def test_the_letter_is_good_and_carries_each_certificate_once(signed, tmp_path):
    data, at, length = signed
    path = tmp_path / "letter.pdf"
    path.write_bytes(data)

    assert verify(path).good
    assert data.count(data[at : at + length]) == 1


@pytest.mark.parametrize("share", [n / 40 for n in range(40)])
def test_a_byte_changed_in_the_roots_certificate_is_noticed_without_a_pinned_one(signed, tmp_path, share):
    data, at, length = signed
    place = at + int(share * length)
    changed = b"0" if data[place : place + 1] != b"0" else b"1"
    path = tmp_path / "letter.pdf"
    path.write_bytes(data[:place] + changed + data[place + 1 :])

    assert not verify(path).good
