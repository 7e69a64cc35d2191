"""What verify says of honest, broken and hostile files."""

import hashlib
import json
import random
import re
import time
from dataclasses import replace

import pikepdf
import pytest
from bundle_samples import a_bundle, a_key, a_letter, a_record_set, written
from forge import resealed
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from requests_portal.bundle import verify
from requests_portal.bundle.der import der_length


@pytest.fixture(scope="module")
def bundle(tmp_path_factory, key):
    path = tmp_path_factory.mktemp("honest") / "bundle.pdf"
    written(a_bundle(2, 1), key, path)
    return path


def verdict_on(tmp_path, data: bytes, **options):
    path = tmp_path / "suspect.pdf"
    path.write_bytes(data)
    return verify(path, **options)


def replaced(data: bytes, old: bytes, new: bytes) -> bytes:
    assert len(old) == len(new)
    assert data.count(old) >= 1
    return data.replace(old, new, 1)


def test_an_honest_bundle_is_good_and_every_check_but_that_of_a_timestamp_says_so(bundle, key):
    verdict = verify(bundle, trust=[key.certificate_pem])

    assert verdict.good
    assert [check.id for check in verdict.checks if not check.passed] == ["timestamp"]
    assert verdict.signer == "Harbor Home Legal Response"
    assert verdict.reference == "HH-2026-0042"
    assert verdict.sha256 == hashlib.sha256(bundle.read_bytes()).hexdigest()


def test_a_verdict_can_be_written_as_json(bundle):
    said = json.loads(json.dumps(verify(bundle).as_json()))

    assert said["good"] is True
    assert said["signed_at"] == "2026-11-23T09:30:00+00:00"
    assert {"id", "passed", "sentence"} == set(said["checks"][0])


def test_without_a_pinned_certificate_trust_is_unknown_and_the_digest_to_compare_is_named(bundle):
    trusted = next(check for check in verify(bundle).checks if check.id == "trusted")

    assert trusted.passed is None
    assert re.search(r"[0-9a-f]{64}", trusted.sentence)


def test_a_signed_letter_without_files_is_good(tmp_path, key):
    path = tmp_path / "letter.pdf"
    written(a_letter(), key, path)

    verdict = verify(path, trust=[key.certificate_pem])

    assert verdict.good
    assert next(check for check in verdict.checks if check.id == "manifest").passed is None


def test_an_unsigned_draft_is_not_good(tmp_path):
    path = tmp_path / "draft.pdf"
    written(a_letter(draft=True), None, path)

    assert [check.id for check in verify(path).failed] == ["one_signature"]


def test_a_foreign_certificate_is_not_trusted(bundle, foreign_key):
    verdict = verify(bundle, trust=[foreign_key.certificate_pem])

    assert not verdict.good
    assert [check.id for check in verdict.failed] == ["trusted"]


@pytest.mark.parametrize("seed", range(12))
def test_one_changed_byte_anywhere_is_found(bundle, tmp_path, key, seed):
    data = bytearray(bundle.read_bytes())
    rng = random.Random(seed)  # noqa: S311 — the same changes every time
    for _ in range(12):
        at = rng.randrange(len(data))
        before, data[at] = data[at], (data[at] + 1 + rng.randrange(255)) % 256

        assert not verdict_on(tmp_path, data, trust=[key.certificate_pem]).good, at
        data[at] = before


def test_a_change_inside_the_signatures_own_hole_is_found(bundle, tmp_path, key):
    data = bytearray(bundle.read_bytes())
    start = data.index(b"]/Contents<") + 11
    for at in [*range(start, start + 2800, 37), start + 9000, start + 24_000]:
        before, data[at] = data[at], ord("1") if data[at] == ord("0") else ord("0")

        assert not verdict_on(tmp_path, data, trust=[key.certificate_pem]).good, at - start
        data[at] = before


def test_an_appended_revision_is_found(bundle, tmp_path):
    with bundle.open("rb") as file:
        writer = IncrementalPdfFileWriter(file)
        writer.root["/Lang"] = writer.root["/Lang"]
        writer.update_root()
        with (tmp_path / "revised.pdf").open("wb") as out:
            writer.write(out)

    verdict = verify(tmp_path / "revised.pdf")

    assert not verdict.good
    assert verdict.failed[0].id == "form"


def test_bytes_appended_after_the_end_are_found(bundle, tmp_path):
    assert not verdict_on(tmp_path, bundle.read_bytes() + b"\n").good


def test_an_attachment_swapped_and_the_file_signed_again_contradicts_its_manifest(bundle, tmp_path, key):
    data = bundle.read_bytes()
    at = data.index(b"RIFF")
    swapped = data[: at + 100] + b"\x55\x55\x55\x55" + data[at + 104 :]

    verdict = verdict_on(tmp_path, resealed(key, swapped), trust=[key.certificate_pem])

    assert [check.id for check in verdict.failed] == ["digests"]
    assert "HH-000000001.wav" in verdict.failed[0].sentence


def test_an_attachment_taken_off_the_list_is_found_although_signed_again(bundle, tmp_path, key):
    data = bundle.read_bytes()
    [listed] = re.findall(rb"/AF\[([^\]]+)\]", data)
    first = listed.split(b" R", 1)[0] + b" R"

    verdict = verdict_on(tmp_path, resealed(key, replaced(data, b"/AF[" + first, b"/AF[" + b" " * len(first))))

    assert [check.id for check in verdict.failed] == ["attachments"]


def test_a_manifest_that_lists_another_name_is_found_although_signed_again(bundle, tmp_path, key):
    data = replaced(bundle.read_bytes(), b'"filename": "HH-000000002.wav"', b'"filename": "HH-000000009.wav"')

    verdict = verdict_on(tmp_path, resealed(key, data))

    assert [check.id for check in verdict.failed] == ["manifest"]
    assert "HH-000000009.wav" in verdict.failed[0].sentence


def test_two_manifests_that_differ_are_found_although_signed_again(bundle, tmp_path, key):
    data = replaced(bundle.read_bytes(), b"HH-000000001.wav,recording", b"HH-000000003.wav,recording")

    verdict = verdict_on(tmp_path, resealed(key, data))

    assert [check.id for check in verdict.failed] == ["manifest"]
    assert "differ" in verdict.failed[0].sentence


def test_a_signature_that_is_not_the_certification_is_found(bundle, tmp_path, key):
    data = replaced(bundle.read_bytes(), b"/Perms<</DocMDP ", b"/Perms<</DocMDX ")

    assert [check.id for check in verdict_on(tmp_path, resealed(key, data)).failed] == ["one_signature"]


def test_a_second_form_field_is_found(bundle, tmp_path, key):
    data = bundle.read_bytes()
    [(form, field)] = re.findall(rb"(/Fields\[(\d+ 0 R)\]/SigFlags 3)", data)
    doubled = (b"/Fields[" + field + b" " + field + b"]").ljust(len(form))

    assert [check.id for check in verdict_on(tmp_path, resealed(key, replaced(data, form, doubled))).failed] == [
        "one_signature"
    ]


def test_a_file_that_claims_to_be_encrypted_is_refused_although_signed_again(bundle, tmp_path, key):
    data = bundle.read_bytes()
    info = re.search(rb"/Info \d+ 0 R", data).group()

    verdict = verdict_on(tmp_path, resealed(key, replaced(data, info, b"/Encrypt 1".ljust(len(info)))))

    assert "encrypted" in verdict.failed[0].sentence


def test_a_certificate_that_had_expired_when_it_signed_is_found(tmp_path):
    late = a_key("Expired", until=2026)
    written(a_letter(), late, tmp_path / "letter.pdf")

    assert [check.id for check in verify(tmp_path / "letter.pdf").failed] == ["certificate"]


def test_a_certificate_issued_under_the_pinned_authority_is_trusted(tmp_path):
    signer, root = a_key("Signer", "Root", ca=True), a_key("Root", ca=True)
    written(a_letter(), signer, tmp_path / "letter.pdf")

    assert verify(tmp_path / "letter.pdf", trust=[root.certificate_pem]).good


def test_a_pinned_certificate_that_is_no_authority_cannot_vouch_for_another(tmp_path):
    signer, not_an_authority = a_key("Signer", "Leaf"), a_key("Leaf")
    written(a_letter(), signer, tmp_path / "letter.pdf")

    verdict = verify(tmp_path / "letter.pdf", trust=[not_an_authority.certificate_pem])

    assert [check.id for check in verdict.failed] == ["trusted"]


def test_a_certification_that_permits_changes_is_found(bundle, tmp_path, key):
    data = replaced(bundle.read_bytes(), b"/TransformParams/P 1/V", b"/TransformParams/P 2/V")

    assert [check.id for check in verdict_on(tmp_path, resealed(key, data)).failed] == ["no_changes_permitted"]


def test_a_signature_that_does_not_cover_the_end_is_found(bundle, tmp_path, key):
    data = bundle.read_bytes()
    found = re.search(rb"/ByteRange\[0 (\d+) (\d+) (\d+)", data)
    shorter = b"%d" % (int(found.group(3)) - 1)
    changed = data[: found.start(3)] + shorter + data[found.end(3) :]

    assert [check.id for check in verdict_on(tmp_path, resealed(key, changed)).failed] == ["whole_file"]


def test_something_hidden_between_objects_is_found_although_signed_again(bundle, tmp_path, key):
    data = replaced(bundle.read_bytes(), b"endobj\n", b"endob%\n")

    verdict = verdict_on(tmp_path, resealed(key, data))

    assert not verdict.good


def test_an_encrypted_copy_is_refused(bundle, tmp_path):
    with pikepdf.open(bundle) as pdf:
        pdf.save(tmp_path / "encrypted.pdf", encryption=pikepdf.Encryption(owner="o", user="u"))

    assert not verify(tmp_path / "encrypted.pdf").good


HOSTILE = {
    "empty": b"",
    "one byte": b"%",
    "not a pdf": b"MZ\x90\x00" * 100,
    "header only": b"%PDF-1.7\n",
    "a table that points at itself": b"%PDF-1.7\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n"
    b"trailer\n<</Size 2/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF\n",
    "a root that is its own table": b"%PDF-1.7\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n"
    b"trailer\n<</Size 2/Root 1 0 R>>\nstartxref\n9\n%%EOF\n",
    "a table of a thousand million": b"%PDF-1.7\nxref\n0 99999999\n0000000000 65535 f \ntrailer\n<<>>\n"
    b"startxref\n9\n%%EOF\n",
    "a start beyond the end": b"%PDF-1.7\nstartxref\n999999999999\n%%EOF\n",
    "dictionaries in dictionaries": b"%PDF-1.7\n1 0 obj\n" + b"<</A" * 50_000,
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_gets_a_verdict(tmp_path, data):
    verdict = verdict_on(tmp_path, data)

    assert not verdict.good
    assert verdict.failed[0].id == "form"
    assert verdict.failed[0].sentence.endswith(".")


def test_a_file_that_is_not_there_gets_a_verdict(tmp_path):
    assert not verify(tmp_path / "absent.pdf").good


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_bundle_gets_a_verdict(bundle, tmp_path, part):
    data = bundle.read_bytes()

    assert not verdict_on(tmp_path, data[: int(len(data) * part)]).good


def test_objects_that_nest_without_end_are_refused_calmly(bundle, tmp_path, key):
    data = bundle.read_bytes()
    offset = int(re.search(rb"/Root (\d+) 0 R", data).group(1))
    at = data.index(b"%d 0 obj\n" % offset) + len(b"%d 0 obj\n" % offset)
    deep = data[:at] + b"<</A" * 60 + data[at + 240 :]

    assert not verdict_on(tmp_path, resealed(key, deep)).good


def test_two_hundred_mutilated_files_each_get_a_verdict_within_a_second(bundle, tmp_path):
    data = bundle.read_bytes()
    rng = random.Random(20261123)  # noqa: S311 — the same files every time
    for _ in range(200):
        start = rng.randrange(len(data))
        length = rng.choice([1, 7, 64, 4096])
        other = rng.randrange(len(data))
        mutilated = data[:start] + data[other : other + length] * rng.choice([0, 1, 3]) + data[start + length :]
        began = time.perf_counter()

        verdict = verdict_on(tmp_path, mutilated)

        assert not verdict.good or mutilated == data
        assert time.perf_counter() - began < 1


def test_checking_stops_when_it_takes_too_long(bundle):
    ticks = iter([0.0, *(1000.0 + number for number in range(100_000))])

    verdict = verify(bundle, tick=lambda: next(ticks))

    assert not verdict.good
    assert "too long" in verdict.failed[0].sentence


def test_a_name_that_a_spreadsheet_would_run_is_disarmed_in_the_csv_and_still_verifies(tmp_path, key):
    path = tmp_path / "bundle.pdf"
    contents = replace(a_bundle(1, 0), record_sets=(a_record_set(2, filename="=cmd().csv"),))
    written(contents, key, path)

    assert verify(path).good
    assert b",'=cmd().csv," in path.read_bytes()


@pytest.mark.parametrize(
    ("data", "length"),
    [(b"\x05\x00", 2), (b"\x30\x02\x05\x00\xff", 4), (b"\x30\x80\x05\x00\x00\x00", None), (b"\x30\x03\x05\x00", None)],
    ids=["null", "sequence with a tail", "indefinite length", "cut off"],
)
def test_only_the_shape_of_der_has_a_length(data, length):
    assert der_length(data) == length
