"""`desk user`: who works here."""

import json
import re
from contextlib import closing

import pytest
from click.testing import CliRunner

from requests_portal.app import open_desk
from requests_portal.cli import main
from requests_portal.demo.settings import demonstration
from requests_portal.settings import read
from requests_portal.work.sign_in import token_digest


@pytest.fixture
def settings(tmp_path):
    demonstration(tmp_path, endpoint="http://127.0.0.1:1", public_url="https://desk.example").write(
        tmp_path / "settings.toml"
    )
    return tmp_path / "settings.toml"


@pytest.fixture
def run(settings):
    def command(*words):
        return CliRunner().invoke(main, ["user", *words, "--settings", str(settings)])

    return command


def maya(run):
    return run("add", "Maya@Example.org", "--name", "Maya Okafor", "--role", "lawyer", "--role", "intake")


def in_tables(settings, ask):
    with closing(open_desk(read(settings))) as desk, desk.engine.connect() as connection:
        return connection.exec_driver_sql(ask).all()


def test_who_is_added_gets_a_link_of_which_the_desk_keeps_the_digest_alone(run, settings):
    answer = maya(run)

    (token,) = re.findall(r"^https://desk\.example/sign-in/link/([\w-]{43})$", answer.stdout, re.MULTILINE)
    assert answer.exit_code == 0
    assert "within 24 hours" in answer.stderr
    kept = str(in_tables(settings, "SELECT * FROM one_time_links"))
    assert token_digest(token) in kept
    assert token not in kept


def test_the_list_says_who_works_here_and_in_which_roles(run):
    maya(run)

    (told,) = json.loads(run("list", "--json").stdout)["people"]

    assert (told["name"], told["mail"], told["roles"]) == ("Maya Okafor", "maya@example.org", ["intake", "lawyer"])
    assert (told["passkeys"], told["left_at"]) == (0, None)
    assert "maya@example.org  Maya Okafor  intake, lawyer  0 passkeys" in run("list").stdout


def test_an_empty_list_says_what_to_do(run):
    assert "desk user add" in run("list").stdout


def test_who_has_left_is_kept_on_the_list_and_gets_no_link(run):
    maya(run)

    left = run("leave", "MAYA@example.org")

    assert left.exit_code == 0
    assert "left 2" in run("list").stdout
    assert run("link", "maya@example.org").exit_code == 2
    assert run("leave", "maya@example.org").exit_code == 2


def test_who_moves_has_their_new_roles_and_none_of_the_old(run):
    maya(run)

    moved = run("roles", "maya@example.org", "--role", "auditor")

    assert moved.stdout == "Maya Okafor is now: auditor.\n"
    assert "maya@example.org  Maya Okafor  auditor  0 passkeys" in run("list").stdout


def test_a_new_link_ends_the_one_before_it(run, settings):
    maya(run)

    again = run("link", "maya@example.org")

    token = again.stdout.strip().rpartition("/")[2]
    assert [row[0] for row in in_tables(settings, "SELECT sha256 FROM one_time_links")] == [token_digest(token)]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "maya@example.org", "--name", "Maya", "--role", "customer"), "A role is one of"),
        (("add", "maya@example.org", "--name", "Maya", "--role", "system"), "A role is one of"),
        (("add", "maya@example.org", "--name", "Maya", "--role", "king"), "A role is one of"),
        (("add", "maya", "--name", "Maya", "--role", "lawyer"), "That is no mail address"),
        (("add", "a@b\nBcc: c@d", "--name", "Maya", "--role", "lawyer"), "That is no mail address"),
        (("add", "maya@example.org", "--name", " ", "--role", "lawyer"), "A name is one line"),
        (("add", "maya@example.org", "--name", "M\x1b[31m", "--role", "lawyer"), "A name is one line"),
        (("link", "nobody@example.org"), "There is nobody with this address"),
        (("leave", "nobody@example.org"), "There is nobody with this address"),
    ],
)
def test_what_names_nobody_who_could_work_here_is_refused(run, words, says):
    answer = run(*words)

    assert answer.exit_code == 2
    assert says in answer.stderr


def test_an_address_is_on_the_list_once_however_it_is_written(run):
    maya(run)

    answer = run("add", "MAYA@EXAMPLE.ORG", "--name", "Another", "--role", "auditor")

    assert answer.exit_code == 2
    assert "Somebody with this address is on the list already" in answer.stderr


def test_the_log_names_nobody_and_says_which_roles_were_given(run, settings):
    maya(run)

    entries = [bytes(row[0]).decode() for row in in_tables(settings, "SELECT entry FROM audit_entries")]

    (added,) = [each for each in entries if '"act":"person_added"' in each]
    assert '"lawyer":"held"' in added
    assert "maya" not in "".join(entries).lower()
