"""A manifest that cannot be used is refused by line and column before anything is written."""

import pytest
from acting import HEADER, row, voice, write

HEAD = ",".join(HEADER)
MORNING = "2026-03-14T08:15:00+01:00"


@pytest.fixture
def folder(tmp_path):
    voice(tmp_path / "good.wav")
    voice(tmp_path / "also.wav")
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "words.wav").write_text("not a sound", encoding="utf-8")
    return tmp_path


def refused(desk, folder, manifest):
    out = folder / "out"
    answer = desk("walkthrough", out, "--recordings", manifest)

    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert answer.stderr.count("\n") == 1
    assert answer.stderr.endswith(".\n")
    assert not out.exists()
    return answer.stderr


@pytest.mark.parametrize(
    ("told", "column", "why"),
    [
        ({"path": "nowhere.wav"}, "path", "no such file"),
        ({"path": "../good.wav"}, "path", "leads out of"),
        ({"path": "empty.wav"}, "path", "file is empty"),
        ({"path": "words.wav"}, "path", "not audio"),
        ({"path": ""}, "path", "is empty"),
        ({"account": " "}, "account", "is empty"),
        ({"customer_name": ""}, "customer_name", "is empty"),
        ({"device": ""}, "device", "is empty"),
        ({"recorded_at": "yesterday"}, "recorded_at", "not a date"),
        ({"recorded_at": "2026-03-14T08:15:00"}, "recorded_at", "no offset"),
        ({"recorded_at": "0001-01-01T00:00:00+14:00"}, "recorded_at", "before 1970"),
        ({"recorded_at": "2098-01-01T00:00:00+00:00"}, "recorded_at", "future"),
        ({"human_reviewed": "perhaps"}, "human_reviewed", "true, false or empty"),
    ],
    ids=lambda told: str(told)[:40],
)
def test_a_wrong_cell_is_named_by_line_and_column(desk, folder, told, column, why):
    manifest = write(folder, [row("good.wav", MORNING), row("also.wav", MORNING) | told])

    sentence = refused(desk, folder, manifest)

    assert f"Line 3, column {column}: " in sentence
    assert why in sentence


def test_the_same_file_named_twice_is_refused_with_both_lines(desk, folder):
    manifest = write(folder, [row("good.wav", MORNING), row("./good.wav", MORNING)])

    assert "Line 3, column path: this file was already named on line 2" in refused(desk, folder, manifest)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        HEAD.encode(),
        b"path,account\ngood.wav,A-1\n",
        f"{HEAD}\ngood.wav,A-1\n".encode(),
        f'{HEAD}\n"good.wav,A-1\n'.encode(),
        HEAD.encode() + b"\n\xff\xfe\n",
    ],
    ids=["nothing", "header only", "other header", "too few cells", "open quote", "not UTF-8"],
)
def test_a_file_that_is_no_manifest_is_refused_by_line(desk, folder, content):
    manifest = folder / "recordings.csv"
    manifest.write_bytes(content)

    assert refused(desk, folder, manifest).startswith("Line ")


def test_a_manifest_that_is_not_there_is_refused(desk, folder):
    assert "none.csv" in refused(desk, folder, folder / "none.csv")
    assert "cannot be read" in refused(desk, folder, folder)


def test_a_folder_with_other_files_is_left_as_it_is(desk, folder):
    manifest = write(folder, [row("good.wav", MORNING)])
    out = folder / "mine"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work", encoding="utf-8")

    answer = desk("walkthrough", out, "--recordings", manifest)

    assert (answer.exit_code, answer.stderr) == (2, "mine holds other files. Name a new folder.\n")
    assert [each.name for each in out.iterdir()] == ["thesis.txt"]


def test_an_earlier_walkthrough_stays_when_a_manifest_is_wrong(desk, folder):
    out = folder / "out"
    out.mkdir()
    (out / "summary.json").write_text("{}", encoding="utf-8")

    answer = desk("walkthrough", out, "--recordings", write(folder, [row("nowhere.wav", MORNING)]))

    assert answer.exit_code == 2
    assert (out / "summary.json").read_text(encoding="utf-8") == "{}"
