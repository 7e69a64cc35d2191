"""A catalogue manifest is read line by line; what is wrong is said by line and column, and the next line is read."""

import csv
import io
import json
import string
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_portal.storage import catalogue_manifest
from requests_portal.storage.catalogue_manifest import COLUMNS, CatalogueManifest, ManifestLine
from requests_portal.storage.csv_lines import LONGEST_LINE
from requests_portal.storage.manifest_cells import BadManifest

NOW = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
LAMP = {
    "key": "voice/lamp.wav",
    "version_id": "v-7",
    "size": "4600",
    "sha256": "ab" * 32,
    "recorded_at": "2026-03-14T21:04:00-07:00",
    "zone": "America/Los_Angeles",
    "account": "A-88310-4",
    "device": "HR2-41B0-7F2C",
}


def a_manifest(folder, *rows, names=None, encoding="utf-8", line_end="\n"):
    """These rows, each the lamp's but for what is told."""
    told = [LAMP | row for row in rows or ({},)]
    names = names or list(dict.fromkeys(name for row in told for name in row))
    text = io.StringIO()
    out = csv.DictWriter(text, names, lineterminator=line_end)
    out.writeheader()
    out.writerows(told)
    path = folder / "manifest.csv"
    path.write_bytes(text.getvalue().encode(encoding, "surrogatepass"))
    return path


def read(path, **more):
    return list(CatalogueManifest(path, own_bucket="recordings", now=NOW, **more))


def refused(path, **more):
    """Where the only line is wrong, and how."""
    (bad,) = read(path, **more)
    assert isinstance(bad, BadManifest)
    return bad.line, bad.column, bad.fault


def test_a_line_says_what_the_catalogue_is_to_hold_and_leaves_the_rest_unknown(tmp_path):
    (line,) = read(a_manifest(tmp_path))

    assert line.row["recorded_at"] == "2026-03-15T04:04:00.000000Z"
    assert line.row["media_type"] == "audio/wav"
    assert (line.row["size"], line.row["bucket"], line.row["speakers"]) == (4600, "", "null")
    assert (line.row["seconds"], line.row["words"], line.row["retain_until"]) == (None, None, None)


def test_every_column_is_read(tmp_path):
    told = {
        "bucket": "other-bucket",
        "media_type": "audio/flac",
        "seconds": "4.25",
        "transcript": "turn on\nthe lamp",
        "transcript_key": "t/lamp.json",
        "transcript_version": "t1",
        "speakers": '[[0, 2.5, "account holder"], [2.5, 4, "visitor"]]',
        "words": '[[0.5, 1, "turn"]]',
        "human_review": '[{"at": "2026-04-01T10:00:00+02:00", "purpose": "quality", "role": "annotator"}]',
        "retain_until": "2029-03-14T00:00:00Z",
        "false_wake": "true",
        "copies": '[{"bucket": "training", "key": "c/1", "version_id": "9", "kind": "training"}]',
    }

    (line,) = read(a_manifest(tmp_path, told))

    assert set(told) | set(LAMP) | {"path"} == set(COLUMNS)
    assert json.loads(line.row["speakers"])[1] == {"start": 2.5, "end": 4.0, "label": "visitor"}
    assert json.loads(line.row["reviews"])[0]["at"] == "2026-04-01T08:00:00+00:00"
    assert json.loads(line.row["words"]) == [{"start": 0.5, "end": 1.0, "text": "turn"}]
    assert json.loads(line.copies) == [["training", "c/1", "9", "training"]]
    assert (line.row["seconds"], line.row["false_wake"]) == (4.25, True)
    assert (line.row["transcript"], line.row["retain_until"]) == ("turn on\nthe lamp", "2029-03-14T00:00:00.000000Z")


def test_the_house_s_own_bucket_is_written_as_no_other(tmp_path):
    copied = '[{"bucket": "recordings", "key": "c/1", "version_id": "9", "kind": "training"}]'

    (line,) = read(a_manifest(tmp_path, {"bucket": "recordings", "copies": copied}))

    assert line.row["bucket"] == ""
    assert json.loads(line.copies) == [["", "c/1", "9", "training"]]


def test_a_copy_in_the_house_s_own_bucket_is_the_same_however_it_is_named(tmp_path):
    copy = {"key": "c/1", "version_id": "9", "kind": "training"}
    told = json.dumps([copy | {"bucket": "recordings"}, copy | {"bucket": ""}])

    assert refused(a_manifest(tmp_path, {"copies": told}))[1:] == ("copies", "it names the same copy twice")


def test_a_transcript_without_its_version_is_refused(tmp_path):
    _, column, fault = refused(a_manifest(tmp_path, {"transcript_key": "t/lamp.json"}))

    assert (column, fault) == ("transcript_version", "it is empty; name the version that transcript_key means")


@pytest.mark.parametrize(
    ("column", "written", "why"),
    [
        ("key", "", "is empty"),
        ("key", "k" * 1025, "longer than 1,024"),
        ("key", "ü" * 600, "longer than 1,024 bytes"),
        ("key", "a\tb", "tab or a line break"),
        ("version_id", "null", "keeps no versions"),
        ("version_id", " ", "is empty"),
        ("transcript_version", "null", "keeps no versions"),
        ("size", "0", "no number of bytes"),
        ("size", "-1", "no number of bytes"),
        ("size", "4600.0", "no number of bytes"),
        ("size", "٤٦٠٠", "no number of bytes"),
        ("size", "9" * 13, "no number of bytes"),
        ("sha256", "ab" * 31, "64 hexadecimal"),
        ("sha256", "zz" * 32, "64 hexadecimal"),
        ("recorded_at", "yesterday", "not a date and time"),
        ("recorded_at", "2026-03-14", "no offset"),
        ("recorded_at", "2026-03-14T21:04:00", "no offset"),
        ("recorded_at", "1969-12-31T23:59:59Z", "before 1970"),
        ("recorded_at", "2027-01-01T00:00:00Z", "in the future"),
        ("zone", "Mars/Olympus", "no time zone"),
        ("zone", "../../etc/passwd", "no time zone"),
        ("zone", "America", "no time zone"),
        ("account", "", "is empty"),
        ("account", " A-88310-4", "begins or ends with a space"),
        ("account", "A" * 65, "longer than 64"),
        ("device", "HR2\n41B0", "tab or a line break"),
        ("bucket", "Not_A_Bucket", "no bucket's name"),
        ("media_type", "text/html", "no type of sound"),
        ("seconds", "0", "no number of seconds"),
        ("seconds", "nan", "no number of seconds"),
        ("seconds", "1e9", "no number of seconds"),
        ("speakers", "the holder", "no JSON list"),
        ("speakers", '{"start": 0}', "no JSON list"),
        ("speakers", "[" * 5000, "no JSON list"),
        ("speakers", '[[2, 1, "visitor"]]', "ends before it begins"),
        ("speakers", '[[0, NaN, "visitor"]]', "no number of seconds"),
        ("speakers", '[[0, true, "visitor"]]', "no number of seconds"),
        ("speakers", '[[0, 1, "\\u0000"]]', "control character"),
        ("speakers", '[[0, 1, "\\ud800"]]', "not UTF-8"),
        ("speakers", "[[0, 1]]", "each entry must be like"),
        ("human_review", '[{"at": "now", "purpose": "", "role": ""}]', "not a date and time"),
        ("human_review", '[{"at": "9999-12-31T23:59:59-10:00", "purpose": "", "role": ""}]', "too far"),
        ("human_review", '["listened"]', "must be an object"),
        ("retain_until", "9999-12-31T23:59:59-10:00", "too far in the future"),
        ("false_wake", "perhaps", "true, false or empty"),
        ("copies", '[{"bucket": "b", "key": "k"}]', "must be an object"),
        ("copies", '[{"bucket": "", "key": "k", "version_id": "null", "kind": "training"}]', "keeps no versions"),
        ("copies", '[{"bucket": "", "key": "k", "version_id": "1", "kind": "Training store"}]', "one small word"),
        ("transcript", "said\x07so", "control character"),
        ("transcript", "\udcff", "not UTF-8"),
    ],
)
def test_what_is_wrong_is_said_by_line_and_column(tmp_path, column, written, why):
    line, named, fault = refused(a_manifest(tmp_path, {column: written}))

    assert (line, named) == (2, column)
    assert why in fault


def test_an_ending_that_says_no_type_of_sound_needs_one_said(tmp_path):
    assert refused(a_manifest(tmp_path, {"key": "voice/lamp"}))[1] == "media_type"


def test_the_lines_around_a_bad_one_are_read(tmp_path):
    path = a_manifest(tmp_path, {}, {"size": "many"}, {"key": "voice/bell.wav"})
    with path.open("ab") as file:
        file.write(b'three,cells,only\n"open quote\n')

    lines = read(path)

    assert [type(line) for line in lines] == [ManifestLine, BadManifest, ManifestLine, BadManifest, BadManifest]
    assert [each.line for each in lines] == [2, 3, 4, 5, 6]
    assert "3 cells and needs 8" in lines[3].fault
    assert "not proper CSV" in lines[4].fault


def test_an_endless_line_is_refused_and_the_next_one_read(tmp_path):
    path = a_manifest(tmp_path)
    good = path.read_bytes().splitlines()[1]
    with path.open("ab") as file:
        file.write(b"x" * (3 * LONGEST_LINE) + b"\n" + good + b"\n")

    lines = read(path)

    assert [type(line) for line in lines] == [ManifestLine, BadManifest, ManifestLine]
    assert (lines[1].line, lines[2].line) == (3, 4)
    assert "longer than" in lines[1].fault


def test_a_byte_order_mark_windows_line_ends_and_empty_lines_mean_nothing(tmp_path):
    path = a_manifest(tmp_path, {}, {"key": "voice/bell.wav"}, encoding="utf-8-sig", line_end="\r\n\r\n")

    assert [line.line for line in read(path)] == [3, 5]


@pytest.mark.parametrize("cell", ["=1+2", "+49 30 1", "-1", "@SUM(A1)", "<b>&", "{{7*7}}", "'; DROP TABLE x", "ünal"])
def test_a_cell_is_data_and_kept_as_written(tmp_path, cell):
    (line,) = read(a_manifest(tmp_path, {"account": cell, "transcript": cell}))

    assert (line.row["account"], line.row["transcript"]) == (cell, cell)


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("key,version_id", "lacks size, sha256"),
        (",".join([*LAMP, "colour"]), "unknown colour"),
        (",".join([*LAMP, "key"]), "names twice key"),
        ("", "lacks key"),
    ],
)
def test_a_header_that_will_not_do_is_refused_at_once(tmp_path, header, why):
    path = tmp_path / "manifest.csv"
    path.write_text(header + "\n", encoding="utf-8")

    with pytest.raises(BadManifest, match=why) as refusal:
        read(path)

    assert refusal.value.line == 1


def test_a_file_in_another_encoding_is_refused_at_once(tmp_path):
    with pytest.raises(BadManifest, match="UTF-8"):
        read(a_manifest(tmp_path, encoding="utf-16"))


@pytest.mark.parametrize("path", ["../lamp.wav", "/etc/hostname", "nowhere.wav", "out/hostname", "."])
def test_a_path_stays_in_the_folder(tmp_path, path):
    folder = tmp_path / "files"
    folder.mkdir()
    (tmp_path / "lamp.wav").write_bytes(b"sound")
    (folder / "out").symlink_to("/etc")
    manifest = a_manifest(tmp_path, {"key": "", "version_id": "", "size": "", "sha256": "", "path": path})

    assert refused(manifest, upload_from=folder)[1] == "path"


cells = st.text(st.characters(codec="utf-8") | st.sampled_from(string.printable + "\0\x7f\u202e"), max_size=80)


@given(st.dictionaries(st.sampled_from(COLUMNS), cells, min_size=1))
def test_whatever_stands_in_the_cells_each_line_is_a_recording_or_is_refused_by_line(tmp_path_factory, told):
    folder = tmp_path_factory.getbasetemp()

    first, last = read(a_manifest(folder, told, {}))[:: len(read(a_manifest(folder, told, {}))) - 1]

    assert isinstance(first, ManifestLine) or first.line == 2
    assert isinstance(last, ManifestLine)


plain = st.text(string.ascii_letters + string.digits + " -_/.\t:!~ü", max_size=12)


@given(st.fixed_dictionaries({name: plain | st.just(LAMP[name]) for name in LAMP if name != "recorded_at"}))
def test_the_quick_look_at_a_line_and_the_strict_one_say_the_same(told):
    cells = catalogue_manifest._Cells(2, told)
    quick = catalogue_manifest._Columns(list(told)).plainly(list(told.values()))

    if quick is not None:
        assert catalogue_manifest._strictly(cells, stored=True) == quick
