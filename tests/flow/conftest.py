import itertools
from contextlib import contextmanager

import pytest
from a_worked_desk import WorkedDesk

from requests_portal import app
from requests_portal.storage.demo_store import DemoStore

folders = itertools.count(1)


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    """A store in a process of its own, so that no kill of a worker takes it along."""
    server = DemoStore(0, tmp_path_factory.mktemp("store"))
    server.start()
    yield server.endpoint
    server.stop()


@pytest.fixture(scope="session")
def quick_polls():
    """The worker looks for new work twenty times a second."""
    before = app.POLL_SECONDS
    app.POLL_SECONDS = 0.05
    yield
    app.POLL_SECONDS = before


@contextmanager
def desks(store, tmp_path_factory):
    """A function that makes a desk with so many recordings; all are closed at the end with their connections."""
    made = []

    def make(recordings: int = 5, **settings) -> WorkedDesk:
        folder = tmp_path_factory.mktemp(f"desk{next(folders)}-")
        made.append(WorkedDesk(folder, store, recordings=recordings, **settings))
        return made[-1]

    yield make
    for desk in made:
        desk.desk.close()


@pytest.fixture
def new_desk(store, tmp_path_factory, quick_polls):
    """Makes desks for one test."""
    with desks(store, tmp_path_factory) as make:
        yield make


@pytest.fixture(scope="module")
def new_shared_desk(store, tmp_path_factory, quick_polls):
    """Makes desks for every test of a file."""
    with desks(store, tmp_path_factory) as make:
        yield make
