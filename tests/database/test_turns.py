"""Whoever enters recordings and whoever erases them wait for one another, and so do those who change one case."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from a_house import ActingHouse
from sqlalchemy import event, func, insert, select, text, update
from sqlalchemy.orm import Session

from requests_portal.database import schema
from requests_portal.database.catalogue import SqlCatalogue
from requests_portal.database.engine import connect
from requests_portal.database.erasures import SqlErasures
from requests_portal.database.tables import cases, erasures, productions
from requests_portal.errors import Conflict
from requests_portal.model.erasure import Because, Chosen
from requests_portal.model.production import ProductionState
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


@pytest.mark.parametrize("what", ["production", "clock"])
def test_whoever_changes_a_case_and_whoever_changes_what_belongs_to_it_wait_for_one_another(engine, what):
    house = ActingHouse(engine)
    case, failed = house.cleared(house.file()), []
    production = house.production(case.id)

    def change(work, state):
        if what == "clock":
            work.clocks.met(case.id, "answer", house.now)
        else:
            work.productions.put(production.moved(state))

    def meanwhile():
        try:
            house.act(change, ProductionState.CANCELLED)
        except Exception as error:  # noqa: BLE001 — whatever it is, it is looked at in the other thread
            failed.append(error)

    other = threading.Thread(target=meanwhile)
    with house.ledger.unit_of_work() as work:
        work.cases.put(case)
        other.start()
        until_somebody_waits(engine)
        change(work, ProductionState.GATHERING)
    other.join()

    # Two may say that a clock was met; a production that has changed meanwhile is not changed again.
    assert [type(each) for each in failed] == ([Conflict] if what == "production" else [])
    if what == "production":
        assert house.production(case.id).state is ProductionState.GATHERING


def test_what_is_kept_of_a_case_is_what_the_last_of_two_writers_leaves(engine):
    house = ActingHouse(engine)
    case = house.cleared(house.file())
    first = house.production(case.id)
    with Session(engine) as session:
        model = session.execute(select(productions)).one()._asdict()

    def cancel():
        with Session(engine) as session, session.begin():
            session.execute(update(productions).where(productions.c.id == first.id).values(state="cancelled"))

    other = threading.Thread(target=cancel)
    with Session(engine) as session, session.begin():
        session.execute(insert(productions).values(**{**model, "id": "second", "number": 2, "state": "gathered"}))
        other.start()
        until_somebody_waits(engine)
    other.join()

    with Session(engine) as session:
        assert session.execute(select(cases.c.production_state)).scalar_one() == "gathered"
