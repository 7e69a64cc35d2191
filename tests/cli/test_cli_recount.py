"""`desk catalogue recount`: what is kept otherwise than reading tells is counted anew, and is a fault until then."""

import json
from contextlib import closing

import pytest
from a_house import NOW, a_recording
from click.testing import CliRunner
from sqlalchemy import select, update

from requests_portal.app import open_desk
from requests_portal.cli import main
from requests_portal.database.tables import recording_days
from requests_portal.demo.settings import demonstration
from requests_portal.settings import read
from requests_portal.work.recount import compare_counts


@pytest.fixture
def settings(tmp_path):
    path = tmp_path / "settings.toml"
    demonstration(tmp_path, endpoint="http://127.0.0.1:1", public_url="https://desk.example").write(path)
    with closing(open_desk(read(path))) as desk:
        with desk.outside.unit_of_work() as work:
            work.catalogue.add([a_recording(each, NOW) for each in "ab"])
        with desk.engine.begin() as connection:
            connection.execute(update(recording_days).values(many=200))
        compare_counts(desk.outside)
    return path


def run(settings, *words):
    return CliRunner().invoke(main, [*words, "--settings", str(settings)])


def faults(settings):
    found = json.loads(run(settings, "doctor", "--json").stdout)["faults"]
    return [each for each in found if each["name"] == "counts_differ"]


def how_many(settings):
    with closing(open_desk(read(settings))) as desk, desk.engine.connect() as connection:
        return connection.execute(select(recording_days.c.many)).scalars().all()


def test_the_doctor_names_the_command_that_mends_and_then_has_nothing_to_say(settings):
    (fault,) = faults(settings)

    assert fault["severity"] == "red"
    assert "1 day of recordings and 0 cases" in fault["sentence"]
    assert "desk catalogue recount" in fault["action"]

    said = run(settings, "catalogue", "recount")

    assert (said.exit_code, said.stdout) == (0, "Counted anew. Days that differed: 1. Cases that differed: 0.\n")
    assert how_many(settings) == [2]
    assert faults(settings) == []


def test_machines_are_told_how_many_differed(settings):
    assert json.loads(run(settings, "catalogue", "recount", "--json").stdout) == {"days": 1, "cases": 0}
    assert json.loads(run(settings, "catalogue", "recount", "--json").stdout) == {"days": 0, "cases": 0}
