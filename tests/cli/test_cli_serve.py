"""A desk lets nobody in who was not named, and nobody at all from another machine with one click."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from requests_portal import serving
from requests_portal.cli import main
from requests_portal.commands.console import AGAIN
from requests_portal.demo.settings import demonstration
from requests_portal.model.actor import Role
from requests_portal.people_file import people_in
from requests_portal.settings import BadSettings, read

MAYA = '[[person]]\nid = "maya"\nname = "Maya Okafor"\nroles = ["lawyer", "intake"]\n'
TRYING_OUT = {"demonstration_sign_in": True}


@pytest.fixture
def settings(tmp_path):
    return demonstration(tmp_path, endpoint="http://127.0.0.1:1", public_url="https://desk.example")


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.toml"
    path.write_text(MAYA)
    return path


def test_nobody_can_sign_in_unless_the_settings_say_so(settings, people):
    assert serving._refuse_strangers(replace(settings, people=str(people)), "127.0.0.1:8000") == ()


@pytest.mark.parametrize("bind", ["127.0.0.1:8000", "localhost:80", "[::1]:8000"])
def test_who_tries_a_desk_out_on_this_machine_is_one_of_the_people_in_the_file(settings, people, bind):
    (maya,) = serving._refuse_strangers(replace(settings, people=str(people), **TRYING_OUT), bind)

    assert (maya.actor.id, maya.actor.roles) == ("maya", {Role.LAWYER, Role.INTAKE})


@pytest.mark.parametrize("bind", ["0.0.0.0:8000", "192.0.2.7:8000", "[::]:8000", "desk.example:8000", ":8000", "8000"])
def test_one_click_is_for_nobody_on_another_machine(settings, people, bind):
    with pytest.raises(BadSettings, match="lets everybody in"):
        serving._refuse_strangers(replace(settings, people=str(people), **TRYING_OUT), bind)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (TRYING_OUT, "people is missing"),
        ({"metrics_token": "short"}, "metrics_token is too short"),
        ({"trusted_proxies": ("everybody",)}, "is no address or network"),
        ({"public_url": "desk.example"}, "public_url is no address"),
        ({"public_url": "https://"}, "public_url is no address"),
        ({"trusted_proxies": ("10.0.0.1/8",)}, "is no address or network"),
    ],
)
def test_settings_that_are_not_safe_are_refused_by_name(settings, more, sentence):
    with pytest.raises(BadSettings, match=sentence):
        replace(settings, **more)


def test_what_is_written_is_read_back(settings, tmp_path):
    settings = replace(settings, trusted_proxies=("10.0.0.0/8",), metrics_token="m" * 40)
    settings.write(tmp_path / "settings.toml")

    assert read(tmp_path / "settings.toml") == settings


@pytest.mark.parametrize("value", ["1", '"true"', "[]"])
def test_yes_is_true_and_nothing_else(settings, tmp_path, value):
    path = tmp_path / "settings.toml"
    settings.write(path)
    path.write_text(path.read_text().replace("demonstration_sign_in = false", f"demonstration_sign_in = {value}"))

    with pytest.raises(BadSettings, match="demonstration_sign_in has the wrong type"):
        read(path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = 1",
        "[[person]]\n",
        MAYA + MAYA,
        MAYA + "[other]\n",
        MAYA.replace("lawyer", "system"),
        MAYA.replace("lawyer", "customer"),
        MAYA.replace("lawyer", "everything"),
        MAYA.replace('["lawyer", "intake"]', "[]"),
        MAYA.replace('["lawyer", "intake"]', "[1]"),
        MAYA.replace('"Maya Okafor"', '" "'),
        MAYA + 'account = "A-1"\n',
        "person = 1",
        "\x00",
    ],
)
def test_a_people_file_that_is_anything_else_is_refused(people, text):
    people.write_text(text)

    with pytest.raises(BadSettings, match=r"people\.toml"):
        people_in(people)


def test_a_worker_and_pages_without_settings_are_refused_in_a_sentence(tmp_path, capsys):
    for words in (["serve"], ["worker", "--name", "ann"], ["worker", "drain", "ann"], ["setup"]):
        with pytest.raises(SystemExit) as ended:
            main([*words, "--settings", str(tmp_path / "none.toml")])
        assert ended.value.code == 2
        assert capsys.readouterr().err == "The settings file none.toml cannot be read. Name an existing one.\n"


def test_a_worker_without_a_name_is_asked_for_one(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["worker"])

    assert ended.value.code == 2
    assert "Name the worker with --name." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("public_url", "host"),
    [
        ("https://Desk.Example.com", "desk.example.com"),
        ("https://desk.example.com:443/", "desk.example.com"),
        ("http://desk.example.com:80", "desk.example.com"),
        ("http://desk.example.com:443", "desk.example.com:443"),
        ("http://localhost:8000", "localhost:8000"),
        ("http://[::1]:8000", "[::1]:8000"),
    ],
)
def test_the_pages_answer_under_the_name_that_a_browser_sends(public_url, host):
    assert serving.hosts_of(public_url) == {host}


@pytest.mark.parametrize("words", [("drain", "ann"), ("take-over", "ann")])
def test_an_option_before_the_subcommand_acts_on_no_other_desk(words, tmp_path):
    ended = CliRunner().invoke(main, ["worker", "--settings", str(tmp_path / "other.toml"), *words])

    assert ended.exit_code == 2
    assert f"Write --settings after {words[0]}" in ended.output


@pytest.mark.parametrize("words", [("holds", "check"), ("roster", "show"), ("catalogue", "unentered")])
def test_a_command_without_its_database_says_so_in_one_sentence(settings, tmp_path, words):
    nowhere = replace(settings, database_url="postgresql+psycopg://desk@127.0.0.1:9/desk")
    nowhere.write(tmp_path / "settings.toml")

    ended = CliRunner().invoke(main, [*words, "--settings", str(tmp_path / "settings.toml")])

    assert ended.exit_code == 2
    assert ended.stderr == "The database cannot be used. Look at database_url in the settings.\n"


SERVICES = (["serve", "--bind", "127.0.0.1:0"], ["worker", "--name", "ann"])


@pytest.mark.parametrize("words", SERVICES, ids=["serve", "worker"])
@pytest.mark.parametrize("folder", ["spool", "scratch", "keys", "database_url"])
def test_a_mount_that_is_not_there_yet_ends_a_service_so_that_it_is_started_again(settings, tmp_path, words, folder):
    (tmp_path / "mount").write_text("not mounted")
    there = f"{'sqlite:///' if folder == 'database_url' else ''}{tmp_path / 'mount' / 'it'}"
    replace(settings, **{folder: there}).write(tmp_path / "settings.toml")

    ended = subprocess.run(
        [sys.executable, "-m", "requests_portal.cli", *words, "--settings", str(tmp_path / "settings.toml")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == AGAIN == 75
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", SERVICES, ids=["serve", "worker"])
@pytest.mark.parametrize("wrong", [{"database_url": "no address"}, {"webhook_secret": 7}])
def test_settings_that_cannot_be_used_end_a_service_for_a_person_to_mend_them(settings, tmp_path, words, wrong, capsys):
    path = tmp_path / "settings.toml"
    settings.write(path)
    kept = [line for line in path.read_text().splitlines() if line.split(" = ")[0] not in wrong]
    path.write_text("\n".join([*kept, *(f"{name} = {json.dumps(value)}" for name, value in wrong.items())]))

    with pytest.raises(SystemExit) as ended:
        main([*words, "--settings", str(tmp_path / "settings.toml")])

    assert ended.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_every_command_looks_for_its_settings_in_the_working_folder():
    asked = dict(settings_asked(main, ()))

    assert len(asked) > 15
    assert set(asked.values()) == {Path("settings.toml")}


def settings_asked(command, above):
    """Each command that takes --settings, and where it looks without being told, if it does."""
    for option in command.params:
        if option.name == "settings" and isinstance(option.default, Path):
            yield " ".join(above), option.default
    for name, each in getattr(command, "commands", {}).items():
        yield from settings_asked(each, (*above, name))


def test_settings_that_are_no_text_are_refused_by_their_name(tmp_path):
    (tmp_path / "settings.toml").write_bytes(b'place = "\xff"')

    with pytest.raises(BadSettings, match=r"settings\.toml is not TOML"):
        read(tmp_path / "settings.toml")
