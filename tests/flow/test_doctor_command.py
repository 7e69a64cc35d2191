"""`desk doctor`, `desk production` and `desk roster` as an operator runs them: what they say, and how they end."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from a_house import INES
from click.testing import CliRunner

from requests_portal import diagnosis
from requests_portal.app import worker
from requests_portal.cli import main
from requests_portal.model.production import ProductionState
from requests_portal.work import produce

S = ProductionState
ROSTER = (
    "who,mail,webhook,from,until,zone,order\nivan,i@example.test,,2020-01-01T00:00,2090-01-01T00:00,Europe/Dublin,1\n"
)


class Operated:
    """A desk, and the commands on it."""

    def __init__(self, desk) -> None:
        self.desk = desk
        self.settings = desk.folder / "settings.toml"
        desk.settings.write(self.settings)

    def run(self, *words):
        return CliRunner().invoke(main, [*words, "--settings", str(self.settings)])

    def look(self):
        ended = self.run("doctor", "--json")
        return ended.exit_code, json.loads(ended.stdout)


@pytest.fixture(params=["sqlite", "postgresql"])
def operated(request, new_desk):
    if request.param == "sqlite":
        return Operated(new_desk(recordings=2))
    return Operated(new_desk(recordings=2, database_url=request.getfixturevalue("new_postgres")))


def names(found):
    return {each["name"] for each in found["faults"]}


def test_a_desk_without_a_worker_is_red_and_one_with_a_worker_is_not(operated):
    dead = operated.look()
    with worker(operated.desk.desk, name="the-one-worker"):
        alive = operated.look()

    assert dead[0] == 1
    assert "no_worker" in names(dead[1])
    assert alive[0] == 0, alive[1]["faults"]
    assert {each["severity"] for each in alive[1]["faults"]} <= {"warning", "note"}
    assert "workers" in alive[1]["well"]


def test_a_worker_whose_spool_is_another_folder_is_said_by_name(operated, monkeypatch):
    monkeypatch.setattr(diagnosis, "SIGNED_WITHIN", timedelta(0))
    with worker(operated.desk.desk, name="the-one-worker"):
        shared = operated.look()
        elsewhere = operated.desk.folder / "another-spool"
        replace(operated.desk.settings, spool=str(elsewhere)).write(operated.settings)
        apart = operated.look()
        operated.desk.settings.write(operated.settings)

    assert (shared[0], "shared spool" in shared[1]["well"]) == (0, True)
    (fault,) = [each for each in apart[1]["faults"] if each["name"] == "spool_not_shared"]
    assert (apart[0], fault["severity"]) == (1, "red")
    assert "the-one-worker" in fault["sentence"]
    assert "Mount one folder" in fault["action"]


def test_a_fault_is_said_with_its_case_and_what_to_do(operated):
    case = operated.desk.a_warrant()
    made = operated.desk.production(case.id)
    operated.desk.act(produce.record_failure, made.id, "There is no room left on our disk.")

    said = operated.run("doctor").output

    assert f"✗ {case.reference} production 1 does not go on. There is no room left on our disk." in said
    assert f"  Cases: {case.reference}" in said
    assert "desk production retry" in said
    assert "Deadline at risk: " in said
    for secret in ("Marsh", "Pinecone", "A-88310-4"):
        assert secret not in said


def test_a_failed_production_is_retried_and_set_aside_by_reference_and_number(operated):
    case = operated.desk.a_warrant()
    made = operated.desk.production(case.id)
    operated.desk.act(produce.record_failure, made.id, "The disk was full.")

    retried = operated.run("production", "retry", case.reference, "1", "--because", "There is room again.")
    assert operated.desk.production(case.id).state is S.GATHERING
    aside = operated.run("production", "set-aside", case.reference, "1", "--because", "Decided anew.")
    again = operated.run("production", "set-aside", case.reference, "1", "--because", "Decided anew.")
    too_late = operated.run("production", "retry", case.reference, "1", "--because", "Once more.")

    assert (retried.exit_code, aside.exit_code, again.exit_code, too_late.exit_code) == (0, 0, 0, 2)
    assert operated.desk.production(case.id).state is S.CANCELLED
    acts = operated.desk.case_acts(case)
    assert (acts["production_retried"], acts["production_set_aside"]) == (1, 1)
    by = {entry["actor"] for entry in operated.desk.log() if entry["act"] == "production_set_aside"}
    assert by == {"command_line"}


@pytest.mark.parametrize("words", [("LE-1999-0001", "1"), ("../x", "1"), ("LE-2026-0001", "99")])
def test_what_is_not_there_is_refused_in_one_sentence(operated, words):
    ended = operated.run("production", "retry", *words, "--because", "It is stuck.")

    assert ended.exit_code == 2
    assert len(ended.stderr.strip().splitlines()) == 1


def test_a_roster_is_imported_whole_or_not_at_all_and_shown(operated, tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(ROSTER)
    bad.write_text(ROSTER + "Ivan P.,,,,,,\n")

    taken, refused = operated.run("roster", "import", str(good)), operated.run("roster", "import", str(bad))

    assert (taken.exit_code, refused.exit_code) == (0, 2)
    assert "Line 3" in refused.stderr
    assert operated.run("roster", "show").output == "1. ivan: i@example.test\n"
    assert "no_roster" not in names(operated.look()[1])


def test_everything_that_is_stuck_is_filed_again_by_one_command(operated):
    operated.desk.a_warrant()

    assert operated.run("production", "renew").output == "0 pieces of work were filed again.\n"


def test_where_there_is_no_desk_nothing_is_made_and_it_could_not_look(new_desk, tmp_path):
    desk = new_desk(recordings=1)
    elsewhere = replace(desk.settings, database_url=f"sqlite:///{tmp_path}/none.db", keys=str(tmp_path / "keys"))
    path = tmp_path / "settings.toml"
    elsewhere.write(path)

    ended = CliRunner().invoke(main, ["doctor", "--settings", str(path)])

    assert ended.exit_code == 2
    assert not (tmp_path / "none.db").exists()
    assert not (tmp_path / "keys").exists()


def test_a_database_that_is_away_could_not_be_looked_at(new_desk, own_postgres):
    operated = Operated(new_desk(recordings=1, database_url=own_postgres.new()))
    own_postgres.stop()

    ended = operated.run("doctor")

    assert ended.exit_code == 2
    assert "The database cannot be used" in ended.stderr


def test_settings_that_cannot_be_used_could_not_be_looked_with(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text("mail_host = 1")

    assert CliRunner().invoke(main, ["doctor", "--settings", str(path)]).exit_code == 2


def test_the_store_being_away_is_red_within_seconds(operated):
    settings = replace(operated.desk.settings, store_endpoint="http://127.0.0.1:9")
    settings.write(operated.settings)

    code, found = operated.look()

    assert code == 1
    assert "store_away" in names(found)


def test_an_unclaimed_request_that_counts_in_hours_is_named(operated):
    case = operated.desk.file(
        {**FACTS, "process": "emergency_request", "emergency_danger": True, "emergency_immediate": True}
    )

    found = operated.look()[1]

    fault = next(each for each in found["faults"] if each["name"] in {"unclaimed", "overdue_unclaimed"})
    assert case.reference in fault["cases"]
    assert INES.name not in json.dumps(found)


FACTS = {
    "requester_kind": "authority",
    "issuer": "us_state",
    "issuer_state": "CA",
    "issuer_named": True,
    "issuer_role": "police",
    "channel": "portal",
    "accounts": ["A-88310-4"],
    "seeks": ["audio", "subscriber"],
}
