"""Whoever enters recordings and whoever erases them wait for one another, and never both at once."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from requests_portal.database import schema
from requests_portal.database.catalogue import SqlCatalogue
from requests_portal.database.engine import connect
from requests_portal.database.erasures import SqlErasures
from requests_portal.database.tables import erasures
from requests_portal.model.erasure import Because, Chosen
from requests_portal.model.recording import Recording

BEGIN = datetime(2026, 3, 14, tzinfo=UTC)
EVERYTHING = Chosen(account="A-1", before=BEGIN + timedelta(days=1))
PATIENCE = 30


@pytest.fixture
def engine(new_postgres):
    made = connect(new_postgres)
    schema.prepare(made)
    yield made
    made.dispose()


def a_recording(name, *, key=None, version="v1"):
    return Recording(
        id=name,
        account="A-1",
        device="HR2",
        recorded_at=BEGIN,
        zone="UTC",
        key=key or f"voice/{name}",
        version_id=version,
        size=100,
        sha256="0" * 64,
        media_type="audio/wav",
        speakers=(),
        seconds=1.0,
    )


def erase(engine, **most):
    with Session(engine) as session, session.begin():
        SqlErasures(session).ask(EVERYTHING, Because.CUSTOMER, at=BEGIN + timedelta(days=2), **most)


def until_somebody_waits(engine):
    waits, end = text("SELECT count(*) FROM pg_locks WHERE NOT granted"), time.monotonic() + PATIENCE
    with engine.connect() as connection:
        while connection.execute(waits).scalar_one() == 0:
            assert time.monotonic() < end
            connection.rollback()


def test_a_customer_deletes_everything_while_something_deleted_comes_back(engine):
    with Session(engine) as session, session.begin():
        SqlCatalogue(session).add([a_recording("r1"), a_recording("r2")])
    erase(engine, most=1)
    deleting, failed = [], []

    def delete():
        try:
            erase(engine)
        except Exception as error:  # noqa: BLE001 — whatever it is, it is looked at in the other thread
            failed.append(error)

    def once_it_is_entered(_connection, _cursor, statement, *_):
        if statement.startswith("INSERT INTO recordings") and not deleting:
            deleting.append(threading.Thread(target=delete))
            deleting[0].start()
            until_somebody_waits(engine)

    event.listen(engine, "after_cursor_execute", once_it_is_entered)
    with Session(engine) as session, session.begin():
        SqlCatalogue(session).add([a_recording("r3"), a_recording("r4", key="voice/r1", version="v2")])
    deleting[0].join()

    assert failed == []
    with Session(engine) as session:
        assert session.execute(select(func.count()).select_from(erasures)).scalar_one() == 4
