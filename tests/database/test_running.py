"""What is running is counted from the database alone, on both kinds, whoever runs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from a_house import ACCESS, MAYA, NOW, ActingHouse
from dbos import DBOS, DBOSClient
from sqlalchemy import text

from requests_portal.database.views.running import SqlRunning
from requests_portal.model.message import Message
from requests_portal.model.worker import LEASE, Worker
from requests_portal.work.assign import assign

ANN = Worker(name="ann", id="1", seat="s", machine="m", version="2", began_at=NOW, beat_at=NOW)


@pytest.fixture
def house(engine):
    return ActingHouse(engine)


@pytest.fixture
def client(engine, database_url, house):
    DBOS.migrate(database_url)
    made = DBOSClient(system_database_url=database_url)
    yield made
    made.destroy()


def running(engine, at=NOW):
    return SqlRunning(engine, "2").running(at)


def enqueue(client, subject, version="2", **more):
    options = {"queue_name": "desk", "workflow_name": "produce", "app_version": version, **more}
    return client.enqueue(options, subject).get_workflow_id()


def test_where_nothing_was_ever_done_there_is_nothing(engine, house):
    found = running(engine)

    assert (found.workers, found.pending, found.rounds, found.messages_unsent) == ((), (), (), 0)


def test_work_is_counted_by_version_state_and_worker(engine, client):
    enqueue(client, "a")
    enqueue(client, "b")
    enqueue(client, "c", delay_seconds=3600.0)
    old = enqueue(client, "d", version="1")
    with engine.begin() as connection:
        table = "dbos.workflow_status" if engine.dialect.name == "postgresql" else "workflow_status"
        begun = f"UPDATE {table} SET status = 'PENDING', executor_id = 'bob' WHERE workflow_uuid = :id"  # noqa: S608
        connection.execute(text(begun), {"id": old})

    found = running(engine)

    counted = [(each.version, each.state, each.worker, each.count) for each in found.pending]
    assert sorted(counted) == [("1", "begun", "bob", 1), ("2", "delayed", "", 1), ("2", "queued", "", 2)]
    assert [(each.version, each.count) for each in found.older] == [("1", 1)]
    assert [(each.worker, each.count) for each in found.stranded] == [("bob", 1)]


def test_a_worker_is_alive_while_it_is_heard_of(engine, house):
    with house.ledger.unit_of_work() as work:
        work.workers.take(ANN, over=None)
        work.workers.take(replace(ANN, name="bob", beat_at=NOW - LEASE * 2), over=None)
        work.workers.take(replace(ANN, name="cleo", ended_at=NOW), over=None)

    assert [each.name for each in running(engine).workers] == ["ann", "bob", "cleo"]
    assert [each.name for each in running(engine).alive] == ["ann"]
    assert running(engine, NOW + LEASE + timedelta(seconds=1)).alive == ()


def test_clocks_are_due_overdue_and_unclaimed(engine, house):
    case = house.ask(ACCESS)
    with house.ledger.reading() as work:
        dues = [each.due for each in work.clocks.of_case(case.id) if each.due and not each.met_at]

    before = running(engine, min(dues) - timedelta(seconds=1))
    house.act(assign, case.id, to=MAYA.id, by=MAYA)
    after = running(engine, max(dues) + timedelta(seconds=1))

    assert (before.clocks_due, before.clocks_overdue, before.clocks_unclaimed) == (len(dues), 0, len(dues))
    assert (after.clocks_due, after.clocks_overdue, after.clocks_unclaimed) == (0, len(dues), 0)


def test_messages_that_were_not_sent_are_counted(engine, house):
    with house.ledger.unit_of_work() as work:
        work.messages.add(Message(key="k", to="desk@example.test", template="reminder"), id="1", at=NOW)

    assert running(engine).messages_unsent == 1
