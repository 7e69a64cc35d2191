"""One volume of several, and the index over them: what they say, what judges say of them, and their load file."""

import csv
import io
import json
from dataclasses import replace

import pikepdf
import pytest
import verapdf
from bundle_samples import MADE_AT, a_bundle, an_exhibit, words_of, written

from requests_portal.bundle import contents as c
from requests_portal.bundle import verify, write_index
from requests_portal.bundle.load_file import COLUMNS, as_dat
from requests_portal.bundle.manifest_files import entries

WHOLE = a_bundle(6, 1)
FIRST = replace(
    WHOLE,
    volumes=2,
    exhibits=WHOLE.exhibits[:3],
    elsewhere=tuple(c.Elsewhere(volume=2, exhibit=each) for each in WHOLE.exhibits[3:]),
    ranges=(("HH-000000001", "HH-000000003"), ("HH-000000007", "HH-000000007")),
    bates_last="HH-000000003",
)
SECOND = replace(
    WHOLE,
    volume=2,
    volumes=2,
    exhibits=WHOLE.exhibits[3:],
    record_sets=(),
    ranges=(("HH-000000004", "HH-000000006"),),
    bates_first="HH-000000004",
    bates_last="HH-000000006",
    replaces="production 1 (HH-000000901 to HH-000000907)",
)


def an_index(**changes) -> c.IndexContents:
    index = c.IndexContents(
        reference=WHOLE.reference,
        production=2,
        kind="authority",
        language="en",
        recipient=WHOLE.recipient,
        our_name=WHOLE.our_name,
        our_address=WHOLE.our_address,
        subject=WHOLE.subject,
        volumes=tuple(
            c.SealedVolume(
                number=number,
                filename=f"bundle-{number}.pdf",
                bates=(("HH-000000001", "HH-000000003"),),
                recordings=3,
                pages=6,
                size=483_487,
                sha256=f"{number:064x}",
            )
            for number in (1, 2)
        ),
        verify_url=WHOLE.verify_url,
        made_at=MADE_AT,
        document_id="index-1",
    )
    return replace(index, **changes)


@pytest.fixture(scope="module")
def files(tmp_path_factory, key):
    folder = tmp_path_factory.mktemp("volumes")
    written(FIRST, key, folder / "first.pdf")
    written(SECOND, key, folder / "second.pdf")
    with (folder / "index.pdf").open("wb") as out:
        write_index(an_index(), out, signer=key)
    return folder


def attached(path) -> dict[str, bytes]:
    with pikepdf.open(path) as pdf:
        return {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}


@pytest.mark.parametrize(
    ("name", "says"),
    [("first", "volume 1 of 2"), ("second", "volume 2 of 2"), ("index", "index of a production in 2 volumes")],
)
def test_each_is_genuine_alone_and_verifying_says_what_it_is(files, key, name, says):
    verdict = verify(files / f"{name}.pdf", trust=[key.certificate_pem])

    assert verdict.good
    assert says in " ".join(check.sentence for check in verdict.checks)


@pytest.mark.skipif(verapdf.missing() is not None, reason=str(verapdf.missing()))
@pytest.mark.parametrize("flavour", ["3a", "ua1"])
@pytest.mark.parametrize("name", ["first", "second", "index"])
def test_verapdf_finds_every_rule_kept(files, name, flavour):
    assert verapdf.judge(files / f"{name}.pdf", flavour) == []


def test_the_cover_says_which_volume_this_is_what_it_holds_and_what_it_replaces(files):
    first, second = (" ".join(words_of(files / f"{name}.pdf")[0].split()) for name in ("first", "second"))

    assert "volume 1 of 2 and holds HH-000000001 to HH-000000003; HH-000000007." in first
    assert "volume 2 of 2 and holds HH-000000004 to HH-000000006." in second
    assert "replaces production 1 (HH-000000901 to" in second


def test_volume_1_prints_the_other_volumes_rows_and_embeds_none_of_their_files(files):
    printed = " ".join(words_of(files / "first.pdf"))
    held = attached(files / "first.pdf")
    rows = {row["filename"]: row["volume"] for row in csv.DictReader(io.StringIO(held["manifest.csv"].decode()))}

    assert "HH-000000006" in printed
    assert rows["HH-000000006.wav"] == "2"
    assert "HH-000000006.wav" not in held
    assert "HH-000000003.wav" in held


def test_a_volume_that_misses_one_of_its_own_files_is_found_out(key, tmp_path):
    """What the manifest says of another volume excuses nothing that it says of this one."""
    lost = replace(FIRST, elsewhere=(c.Elsewhere(volume=1, exhibit=an_exhibit(6)),))
    written(lost, key, tmp_path / "lost.pdf")

    verdict = verify(tmp_path / "lost.pdf", trust=[key.certificate_pem])

    assert not verdict.good
    assert "HH-000000006.wav, which is not in the document" in verdict.failed[0].sentence


def test_the_index_embeds_its_list_for_machines_and_for_spreadsheets(files):
    held = attached(files / "index.pdf")

    listed = json.loads(held["volumes.json"])["volumes"]
    sheet = list(csv.DictReader(io.StringIO(held["volumes.csv"].decode())))
    assert [each["sha256"] for each in listed] == [each["sha256"] for each in sheet] == [f"{n:064x}" for n in (1, 2)]
    assert sheet[0]["bates"] == "HH-000000001 to HH-000000003"


def fields(data: bytes) -> list[list[str]]:
    """A load file as a review platform reads it."""
    lines = data.decode().split("\r\n")[:-1]
    return [[cell[1:-1] for cell in line.split("\x14")] for line in lines]


def test_the_load_file_has_the_columns_of_concordance_and_a_line_for_each_numbered_file(files):
    head, *lines = fields(attached(files / "second.pdf")["loadfile.dat"])

    assert tuple(head) == COLUMNS
    assert [line[0] for line in lines] == ["HH-000000004", "HH-000000005", "HH-000000006"]
    first = dict(zip(head, lines[0], strict=True))
    assert first["FILENAME"] == first["NATIVEPATH"] == "HH-000000004.wav"
    assert first["CUSTODIAN"] == "acct-3107"
    assert first["TEXTPATH"] == ""
    assert len(first["SHA256HASH"]) == 64


def test_a_transcript_that_left_as_a_file_is_named_as_text():
    row = next(entries(replace(WHOLE, exhibits=(an_exhibit(1, filename="HH-1.txt", media_type="text/plain"),))))

    head, line = fields(as_dat([row], folders={"recording": "recordings/"}))

    assert dict(zip(head, line, strict=True))["TEXTPATH"] == "recordings/HH-1.txt"


def test_no_value_opens_a_field_or_a_line_of_the_load_file():
    hostile = "a\u0014b\u00fec\r\nd\ne\x00f\u2028g"
    row = next(entries(replace(WHOLE, exhibits=(an_exhibit(1, account=hostile),))))

    head, line = fields(as_dat([row]))

    assert dict(zip(head, line, strict=True))["CUSTODIAN"] == "a b c®d®e f®g"


def test_the_load_file_begins_without_a_mark_and_ends_each_line_alike():
    data = as_dat(entries(WHOLE))

    assert data.startswith("þBEGBATESþ\x14".encode())
    assert data.endswith(b"\r\n")
    assert data.count(b"\r\n") == 1 + 7
