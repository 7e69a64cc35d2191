"""`desk diagnostics`: how a desk stands, for whoever helps from outside, and nothing of anybody."""

import json
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import fields, replace

import pytest
from click.testing import CliRunner
from sqlalchemy import String, Text

from requests_portal.app import worker
from requests_portal.cli import main
from requests_portal.database.tables import metadata
from requests_portal.settings import Settings

MARK = "Quillfeather"


def packed(settings, folder, *more):
    """The package of a desk: how the command ended, and every byte of the package once it is unpacked, by name."""
    settings.write(folder / "settings.toml")
    file = folder / "package.zip"
    ended = CliRunner().invoke(main, ["diagnostics", str(file), *more, "--settings", str(folder / "settings.toml")])
    assert ended.exit_code == 0, ended.output
    with zipfile.ZipFile(file) as package:
        return ended, {name: package.read(name).decode() for name in package.namelist()}


def a_name_everywhere(path):
    """Write the mark into every text column of every table, and into one more row where a table is empty."""
    with closing(sqlite3.connect(path)) as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        for table in metadata.sorted_tables:
            if not database.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0]:  # noqa: S608
                names = ", ".join(f'"{each.name}"' for each in table.c)
                holes = ", ".join("?" for _ in table.c)
                database.execute(f'INSERT INTO "{table.name}" ({names}) VALUES ({holes})', [1] * len(table.c))  # noqa: S608
            for each in table.c:
                if isinstance(each.type, String | Text):
                    database.execute(f'UPDATE "{table.name}" SET "{each.name}" = ? || hex(randomblob(8))', [MARK])  # noqa: S608
        database.commit()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_desk(request, new_desk):
    if request.param == "sqlite":
        return new_desk(recordings=2)
    return new_desk(recordings=2, database_url=request.getfixturevalue("new_postgres"))


def test_a_package_says_how_the_desk_stands(any_desk):
    any_desk.cleared(any_desk.file())
    with worker(any_desk.desk, name="ingrid-s-laptop"):
        _, package = packed(any_desk.settings, any_desk.folder)

    told = json.loads(package["desk.json"])
    assert not [name for name, part in told.items() if isinstance(part, dict) and "failed" in part]
    assert told["rows"]["recordings"] == 2
    assert sum(told["states"]["cases"].values()) == told["rows"]["cases"] == 1
    assert "other" not in told["states"]["cases"]
    assert told["tables"]["found"] == told["tables"]["known"]
    assert told["doctor"]["services"]["database"] is True
    assert all(free > 0 for free in told["free_bytes"].values())
    assert [each["of_this_release"] for each in told["workers"]] == [True]
    assert told["versions"]["sqlalchemy"].startswith("2.")
    assert set(told["settings"]) == {each.name for each in fields(Settings)}
    assert "ingrid" not in "".join(package.values())


def test_nothing_that_stands_anywhere_in_the_desk_is_in_its_package(new_desk):
    desk = new_desk(recordings=2)
    desk.cleared(desk.file())
    desk.desk.close()
    a_name_everywhere(desk.folder / "desk.db")
    texts = {
        name: MARK + getattr(desk.settings, name)
        for name in ("house_name", "place", "bates_prefix", "log_origin", "store_secret_key", "secret_key")
    }
    log = desk.folder / f"{MARK}.log"
    lines = [
        {"time": MARK, "level": MARK, "event": MARK, "error": f"{MARK} Error", "at": MARK, "from": MARK, MARK: MARK},
        {"time": "2026-11-28T18:00:00.000+00:00", "level": "error", "error": "OSError", "at": "app.py:12", "who": MARK},
        [MARK],
    ]
    log.write_text("".join(json.dumps(each) + "\n" for each in lines) + f"{MARK} wrote this\n")

    ended, package = packed(replace(desk.settings, **texts), desk.folder, "--log", str(log))

    assert MARK not in "".join([*package, *package.values(), ended.output])
    told = json.loads(package["desk.json"])
    assert set(told["states"]["cases"]) == {"other"}
    assert all(told["rows"].values())
    kept = [json.loads(line) for line in package["log.jsonl"].splitlines()]
    assert kept[1] == {"time": "2026-11-28T18:00:00.000+00:00", "level": "error", "error": "OSError", "at": "app.py:12"}
    assert len(kept) == 4


def test_a_package_is_its_owner_s_and_never_takes_the_place_of_a_file(new_desk):
    desk = new_desk(recordings=1)
    packed(desk.settings, desk.folder)
    file = desk.folder / "package.zip"
    mode, before = file.stat().st_mode & 0o777, file.read_bytes()

    again = CliRunner().invoke(main, ["diagnostics", str(file), "--settings", str(desk.folder / "settings.toml")])

    assert mode == 0o600
    assert again.exit_code == 2
    assert again.stderr == "package.zip is there already. Name a new file.\n"
    assert file.read_bytes() == before


def test_a_package_of_no_desk_is_refused_and_makes_none(new_desk, tmp_path):
    desk = new_desk(recordings=1)
    replace(desk.settings, database_url=f"sqlite:///{tmp_path}/nowhere.db").write(tmp_path / "settings.toml")

    ended = CliRunner().invoke(
        main, ["diagnostics", str(tmp_path / "p.zip"), "--settings", str(tmp_path / "settings.toml")]
    )

    assert ended.exit_code == 2
    assert ended.stderr.startswith("There is no desk here yet.")
    assert [each.name for each in tmp_path.iterdir()] == ["settings.toml"]


def test_a_package_is_made_while_the_database_is_away(new_desk):
    desk = new_desk(recordings=1)
    away = replace(desk.settings, database_url="postgresql+psycopg://postgres@127.0.0.1:9/desk")

    ended, package = packed(away, desk.folder)

    told = json.loads(package["desk.json"])
    assert told["rows"] == {"failed": "OperationalError"}
    assert "! rows could not be looked at (OperationalError)." in ended.output
    assert told["settings"]["secret_key"] == "set"
    assert all(free > 0 for free in told["free_bytes"].values())
