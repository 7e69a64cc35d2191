import itertools

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


@pytest.fixture(scope="session")
def new_desk(store, tmp_path_factory, quick_polls):
    """A function that makes a desk with so many recordings."""

    made = []

    def make(recordings: int = 5, **settings) -> WorkedDesk:
        folder = tmp_path_factory.mktemp(f"desk{next(folders)}-")
        made.append(WorkedDesk(folder, store, recordings=recordings, **settings))
        return made[-1]

    yield make
    for desk in made:
        desk.desk.close()
