"""The manifest of real recordings is read whole or refused in one sentence that names the line and the column."""

import os
from datetime import UTC, datetime

import numpy as np
import pytest
import soundfile

from requests_portal.errors import Unusable
from requests_portal.storage.catalogue_csv import COLUMNS, read_manifest
from requests_portal.storage.manifest_cells import BadManifest

HEADER = ",".join(COLUMNS)
GOOD = "lamp.wav,acct-7,Ines Example,kitchen,2026-01-31T08:15:00+01:00,turn on the lamp,account holder,true"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "real voices"
    folder.mkdir()
    hum = np.sin(np.arange(8000) / 9).astype("float32")
    soundfile.write(folder / "lamp.wav", hum, 16_000)
    soundfile.write(folder / "bell.flac", hum, 16_000)
    soundfile.write(folder / "song.opus", hum, 16_000, format="OGG", subtype="OPUS")
    return folder


@pytest.fixture
def manifest(folder):
    def write(*lines, header=HEADER, encoding="utf-8"):
        path = folder / "manifest.csv"
        path.write_bytes("\n".join([header, *lines, ""]).encode(encoding))
        return path

    return write


def refused(path):
    with pytest.raises(BadManifest) as refusal:
        read_manifest(path)
    return refusal.value


def with_cell(column, text):
    cells = GOOD.split(",")
    cells[COLUMNS.index(column)] = text
    return ",".join(cells)


def test_a_row_becomes_a_recording(manifest, folder):
    (row,) = read_manifest(manifest(GOOD))

    assert row.path == folder / "lamp.wav"
    assert (row.account, row.customer_name, row.device) == ("acct-7", "Ines Example", "kitchen")
    assert row.recorded_at == datetime(2026, 1, 31, 7, 15, tzinfo=UTC)
    assert row.recorded_at.isoformat().endswith("+01:00")
    assert (row.transcript, row.speaker, row.human_reviewed) == ("turn on the lamp", "account holder", True)
    assert (row.media_type, row.seconds) == ("audio/wav", 0.5)


@pytest.mark.parametrize(
    ("name", "media_type"), [("lamp.wav", "audio/wav"), ("bell.flac", "audio/flac"), ("song.opus", "audio/ogg")]
)
def test_the_media_type_is_what_the_file_is(manifest, name, media_type):
    (row,) = read_manifest(manifest(with_cell("path", name)))

    assert row.media_type == media_type


def test_the_last_three_cells_may_be_empty_and_are_then_unknown(manifest):
    (row,) = read_manifest(manifest("lamp.wav,acct-7,Ines Example,kitchen,2026-01-31T08:15:00Z,,,"))

    assert (row.transcript, row.speaker, row.human_reviewed) == (None, None, None)


@pytest.mark.parametrize(("written", "meant"), [("true", True), ("No", False), ("0", False), ("", None)])
def test_human_review_is_true_false_or_unknown(manifest, written, meant):
    (row,) = read_manifest(manifest(with_cell("human_reviewed", written)))

    assert row.human_reviewed is meant


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_and_any_script_are_read(manifest, encoding):
    (row,) = read_manifest(manifest(with_cell("customer_name", "Ελένη 示例"), encoding=encoding))

    assert row.customer_name == "Ελένη 示例"


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "\x1b[31mred", "a\x00b", "<script>", "\u202egnp.wav", " spaced "])
def test_formulas_and_control_characters_are_kept_as_data(manifest, text):
    (row,) = read_manifest(manifest(with_cell("customer_name", text)))

    assert row.customer_name == text


def test_windows_line_ends_and_a_quoted_line_break_are_read(manifest, folder):
    path = manifest(with_cell("transcript", '"lights on\r\nplease"') + "\r", header=HEADER + "\r")

    (row,) = read_manifest(path)

    assert row.transcript == "lights on\r\nplease"


@pytest.mark.parametrize("path", ["../lamp.wav", "sub/../../lamp.wav", "/etc/hostname", ".."])
def test_a_path_may_not_leave_the_folder(manifest, folder, path):
    (folder.parent / "lamp.wav").write_bytes((folder / "lamp.wav").read_bytes())

    refusal = refused(manifest(with_cell("path", path)))

    assert (refusal.line, refusal.column) == (2, "path")
    assert "out of the manifest's folder" in refusal.sentence


def test_an_absolute_path_is_refused_even_into_the_folder(manifest, folder):
    assert "folder" in refused(manifest(with_cell("path", str(folder / "lamp.wav")))).fault


def test_a_symbolic_link_may_not_leave_the_folder(manifest, folder):
    outside = folder.parent / "outside.wav"
    outside.write_bytes((folder / "lamp.wav").read_bytes())
    (folder / "link.wav").symlink_to(outside)

    assert "out of the manifest's folder" in refused(manifest(with_cell("path", "link.wav"))).sentence


def test_links_that_chase_each_other_are_refused(manifest, folder):
    (folder / "a.wav").symlink_to("b.wav")
    (folder / "b.wav").symlink_to("a.wav")

    assert refused(manifest(with_cell("path", "a.wav"))).column == "path"


def test_a_pipe_is_not_waited_for(manifest, folder):
    os.mkfifo(folder / "pipe.wav")

    assert "no such file" in refused(manifest(with_cell("path", "pipe.wav"))).fault


@pytest.mark.parametrize("again", ["lamp.wav", "./lamp.wav", "alias.wav"])
def test_a_file_named_twice_is_refused_with_both_lines(manifest, folder, again):
    (folder / "alias.wav").symlink_to("lamp.wav")

    refusal = refused(manifest(GOOD, with_cell("path", "bell.flac"), with_cell("path", again)))

    assert refusal.sentence == "Line 4, column path: this file was already named on line 2."


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [
        ("path", "nowhere.wav", "no such file"),
        ("path", "", "is empty"),
        ("path", "x" * 5000, "no such file"),
        ("path", "a\x00.wav", "NUL"),
        ("path", "manifest.csv", "not audio"),
        ("account", "", "is empty"),
        ("customer_name", " ", "is empty"),
        ("device", "", "is empty"),
        ("recorded_at", "", "is empty"),
        ("recorded_at", "2026-01-31T08:15:00", "no offset"),
        ("recorded_at", "2026-01-31", "no offset"),
        ("recorded_at", "2026-02-30T08:15:00Z", "not a date"),
        ("recorded_at", "31.01.2026 08:15", "not a date"),
        ("human_reviewed", "perhaps", "true, false or empty"),
    ],
)
def test_a_bad_cell_is_named_by_line_and_column(manifest, column, text, words):
    refusal = refused(manifest(with_cell("path", "bell.flac"), with_cell(column, text)))

    assert (refusal.line, refusal.column) == (3, column)
    assert words in refusal.sentence
    assert refusal.sentence.startswith(f"Line 3, column {column}: ")


def test_the_line_counted_is_where_the_row_begins(manifest):
    spread = with_cell("path", "bell.flac").replace("turn on the lamp", '"turn on\nthe lamp"')
    wrong = with_cell("device", "").replace("turn on the lamp", '"turn on\nthe lamp"')

    assert refused(manifest(spread, wrong)).line == 4


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("", "lacks path"),
        (HEADER.replace("recorded_at", "recorded"), "lacks recorded_at and has unknown recorded;"),
        (HEADER.replace(",", ";"), "lacks path"),
        ("account,path" + HEADER.removeprefix("path,account"), "another order"),
        (HEADER + ",notes", "has unknown notes"),
        (HEADER + ",path", "another order"),
    ],
)
def test_a_wrong_header_says_what_is_wrong(manifest, header, words):
    refusal = refused(manifest(GOOD, header=header))

    assert refusal.line == 1
    assert words in refusal.sentence
    assert HEADER in refusal.sentence


@pytest.mark.parametrize("line", ["lamp.wav,acct-7", GOOD + ",one more"])
def test_a_row_of_another_length_is_refused(manifest, line):
    assert "needs 8" in refused(manifest(line)).sentence


@pytest.mark.parametrize("line", ['"lamp.wav', '"lamp"x.wav,acct-7'])
def test_unclosed_and_misplaced_quotes_are_refused(manifest, line):
    assert "not proper CSV" in refused(manifest(line)).sentence


def test_a_manifest_without_rows_is_refused(manifest):
    assert "names no recordings" in refused(manifest()).sentence
    assert "names no recordings" in refused(manifest("", "")).sentence


def test_a_manifest_that_is_not_utf8_is_refused_by_line(manifest):
    refusal = refused(manifest(GOOD, with_cell("customer_name", "Jürgen"), encoding="latin-1"))

    assert refusal.line == 3
    assert "UTF-8" in refusal.sentence


def test_a_manifest_that_is_not_there_is_refused_by_name(tmp_path):
    with pytest.raises(Unusable, match=r"manifest nowhere\.csv cannot be read"):
        read_manifest(tmp_path / "nowhere.csv")


def test_an_empty_file_and_silence_of_no_length_are_refused(manifest, folder):
    (folder / "empty.wav").touch()
    soundfile.write(folder / "silent.wav", np.zeros(0, "float32"), 16_000)

    assert "the file is empty" in refused(manifest(with_cell("path", "empty.wav"))).sentence
    assert "holds no sound" in refused(manifest(with_cell("path", "silent.wav"))).sentence


def test_audio_shorter_than_its_header_says_is_refused(manifest, folder):
    minute = np.random.default_rng(7).normal(0, 0.1, 60 * 16_000)
    soundfile.write(folder / "bell.flac", minute, 16_000)
    whole = (folder / "bell.flac").read_bytes()
    (folder / "bell.flac").write_bytes(whole[: len(whole) * 3 // 4])

    assert "not audio" in refused(manifest(with_cell("path", "bell.flac"))).sentence


def test_a_kind_of_audio_the_bundle_cannot_name_is_refused(manifest, folder):
    soundfile.write(folder / "old.au", np.ones(800, "float32"), 16_000)

    assert "must be WAV" in refused(manifest(with_cell("path", "old.au"))).sentence
