"""PostgreSQL stops and starts again while work is under way: nothing is lost, nothing happens twice."""

import time

import pytest
from a_process import SLOW, Processes, fetched, until
from a_worked_desk import ONCE
from sqlalchemy.exc import OperationalError
from test_several_processes import a_free_port, served

from requests_portal.model.production import ProductionState

S = ProductionState


@pytest.fixture
def desk(new_desk, own_postgres):
    return new_desk(recordings=12, database_url=own_postgres.new())


@pytest.fixture
def processes(desk):
    started = Processes(desk)
    yield started
    started.end()


def test_work_goes_on_when_the_database_is_back(desk, processes, own_postgres):
    site = served(processes, a_free_port())
    worker = processes.worker("ann", program=SLOW, EACH="0.5")
    case = desk.a_warrant()
    until(lambda: desk.production(case.id).state is S.GATHERING, "a gathering under way")

    own_postgres.stop()
    with pytest.raises(OperationalError):
        desk.file({})
    until(lambda: fetched(f"{site}/readyz")[0] == 503, "pages that say they cannot be served")
    assert '"database":"failing"' in fetched(f"{site}/readyz")[1]
    assert fetched(f"{site}/healthz")[0] == 200
    time.sleep(1)
    own_postgres.start()

    made = desk.until(case, S.GATHERED)
    desk.certify(case)
    until(lambda: fetched(f"{site}/readyz")[0] == 200, "pages that can be served again")
    desk.until(case, S.OFFERED)
    assert worker.process.poll() is None
    assert made.discrepancies == ()
    assert desk.acts_of(case) == ONCE
    assert desk.log_is_sound()


def test_a_worker_that_starts_while_the_database_is_away_waits_for_it(desk, processes, own_postgres):
    case = desk.a_warrant()
    own_postgres.stop()
    early = processes.start("worker", "--name", "early")
    until(lambda: "the database does not answer" in early.said(), "a worker that waits")
    own_postgres.start()

    early.until_it_says("worker started")
    desk.until(case, S.GATHERED)
