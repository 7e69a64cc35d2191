"""`desk listening report`: who listened to what in a month, and whether it is what was on record then."""

import json

import pytest
from a_house import ActingHouse
from a_listener import AFTER, EVENING, go_round, hear
from click.testing import CliRunner
from sqlalchemy import text

from requests_portal.cli import main
from requests_portal.database.engine import connect
from requests_portal.demo.settings import demonstration
from requests_portal.settings import read


@pytest.fixture
def settings(tmp_path):
    path = tmp_path / "settings.toml"
    demonstration(tmp_path, endpoint="http://127.0.0.1:1", public_url="https://desk.example").write(path)
    return path


@pytest.fixture
def house(settings):
    """A house in the settings' own database, in which Maya listened in November."""
    made = ActingHouse(connect(read(settings).database_url))
    hear(made, made.check(made.file()))
    made.now = AFTER
    return made


def run(settings, *words):
    return CliRunner().invoke(main, ["listening", "report", *words, "--settings", str(settings)])


def test_it_says_who_listened_and_that_the_log_has_the_digest_of_this_report(house, settings):
    go_round(house)

    answer = run(settings, "--month", "2026-11")

    assert answer.exit_code == 0
    assert "maya (reviewer); 1 recordings, 2.0 s; for find_others in LE-2026-0001" in answer.stdout
    assert f"  2026-11-23T17:30:00+00:00  {EVENING}  v1  0.0-2.0 s  LE-2026-0001" in answer.stdout
    assert answer.stdout.splitlines()[-1].startswith("This is the report that was made when the month ended")


def test_json_is_the_report_with_the_digest_that_the_log_has(house, settings):
    go_round(house)

    told = json.loads(run(settings, "--month", "2026-11", "--json").stdout)

    (entry,) = [each for each in house.log() if each["act"] == "listening_reported"]
    assert (told["month"], told["agreement"], told["log"]["sha256"]) == (
        "2026-11",
        "agrees",
        entry["digests"]["report"],
    )
    ((maya,), (span,)) = told["listeners"], told["listeners"][0]["spans"]
    assert (maya["person"], maya["milliseconds"], maya["canary_alarms"], maya["days_over_limit"]) == (
        "maya",
        2000,
        0,
        [],
    )
    assert (span["recording"], span["from_ms"], span["to_ms"]) == (EVENING, 0, 2000)


def test_a_report_that_differs_ends_with_exit_code_1(house, settings):
    go_round(house)
    with house.engine.begin() as connection:
        connection.execute(text("DELETE FROM plays"))

    answer = run(settings, "--month", "2026-11")

    assert answer.exit_code == 1
    assert "This is NOT the report of which the log has the digest" in answer.stdout


def test_a_month_without_report_and_one_without_listening_say_so(house, settings):
    answer = run(settings, "--month", "2026-10")

    assert answer.exit_code == 0
    assert answer.stdout.startswith("Nobody listened to a recording.\nThe log has no report of this month.")


def test_a_month_that_is_none_is_unusable(house, settings):
    answer = run(settings, "--month", "2026-13")

    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "such as 2026-11" in answer.stderr
