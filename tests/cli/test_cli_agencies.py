"""`desk agencies import`: a file is put forward whole, and never changes the directory by itself."""

from contextlib import closing

import pytest
from click.testing import CliRunner

from requests_portal.app import open_desk
from requests_portal.cli import main
from requests_portal.demo.settings import demonstration
from requests_portal.settings import read

HEAD = "name,country,state,domains,phones,phones_from,phones_found_on\n"
TWO = (
    "Alder County Sheriff,US,CA,*.alder.example.gov,+1 510 555 0142;+1 510 555 0143,state list,2026-01-20\n"
    "Polizei Musterstadt,DE,,polizei.example,,,\n"
)


@pytest.fixture
def run(tmp_path):
    nowhere = demonstration(tmp_path, endpoint="http://127.0.0.1:9", public_url="https://desk.example")
    nowhere.write(tmp_path / "settings.toml")

    def run(text, *more, who="ines"):
        (tmp_path / "agencies.csv").write_text(text, encoding="utf-8")
        settings = ("--settings", str(tmp_path / "settings.toml"))
        arguments = ["agencies", "import", str(tmp_path / "agencies.csv"), "--proposed-by", who, *settings, *more]
        return CliRunner().invoke(main, arguments)

    return run


def changes(tmp_path):
    with closing(open_desk(read(tmp_path / "settings.toml"))) as desk, desk.ledger.reading() as work:
        return work.agencies.count(), work.agencies.changes(most=10)


def test_a_file_is_put_forward_and_waits_for_another_person(run, tmp_path):
    said = run(HEAD + TWO)

    in_use, (change,) = changes(tmp_path)
    assert said.exit_code == 0, said.output
    assert said.output.startswith("2 agencies are put forward.")
    assert said.output.endswith(f"/agencies/changes/{change.id}\n")
    assert (in_use, change.proposed_by, len(change.puts), len(change.puts[0].phones)) == (0, "ines", 2, 2)


@pytest.mark.parametrize(
    ("text", "who", "sentence"),
    [
        (HEAD + TWO + "Tern,US,CA,gov,,,\n", "ines", "Line 4: gov is no domain"),
        (HEAD, "ines", "names no agency"),
        (TWO, "ines", "first line is to be"),
        (HEAD + TWO, "Ines Brandt", "staff id"),
        (HEAD + TWO, "juniper", "staff id"),
    ],
)
def test_a_wrong_file_or_name_puts_nothing_forward(run, tmp_path, text, who, sentence):
    said = run(text, who=who)

    assert said.exit_code == 2
    assert sentence in said.output
    assert changes(tmp_path) == (0, [])


def test_who_answers_for_it_is_the_one_person_under_which_they_sign_in(run, tmp_path):
    settings = ["--settings", str(tmp_path / "settings.toml")]
    joined = ["user", "add", "maya@example.org", "--name", "Maya Okafor", "--role", "lawyer", *settings]
    assert CliRunner().invoke(main, joined).exit_code == 0

    unknown, known = run(HEAD + TWO, who="ines"), run(HEAD + TWO, who="MAYA@example.org")

    with closing(open_desk(read(tmp_path / "settings.toml"))) as desk, desk.ledger.reading() as work:
        maya = work.staff.by_mail("maya@example.org")
    (change,) = changes(tmp_path)[1]
    assert (unknown.exit_code, known.exit_code) == (2, 0)
    assert "Nobody who works here" in unknown.output
    assert (change.proposed_by, change.proposed_by_name) == (maya.id, "Maya Okafor")
