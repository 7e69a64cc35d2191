"""What a case's row says of its time limit and its newest production is what reading them tells, whatever happened."""

import itertools
from datetime import timedelta

import pytest
from a_house import MAYA, NOW, PACIFIC
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, insert, select, text, update
from sqlalchemy.orm import Session

from requests_portal.database import schema
from requests_portal.database.engine import connect
from requests_portal.database.moments import to_text
from requests_portal.database.tables import cases, clocks, productions
from requests_portal.database.views.desk import SqlDeskViews
from requests_portal.work.views.desk import QueueQuery

DUE = ("2026-11-20T10:00:00.000000Z", "2026-12-24T10:00:00.000000Z", None)
MET = "2026-11-19T10:00:00.000000Z"
STATES = ("reserved", "gathered", "released", "cancelled")
ids = itertools.count()
CASES = st.sampled_from(["c1", "c2"])
NAMES = st.sampled_from(["answer", "acknowledge"])
NUMBERS = st.integers(1, 3)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), CASES, NAMES, st.sampled_from(DUE), st.sampled_from([None, MET])),
        st.tuples(st.just("meet"), CASES, NAMES, st.sampled_from([None, MET])),
        st.tuples(st.just("rename"), CASES, NAMES, NAMES),
        st.tuples(st.just("stop"), CASES, NAMES),
        st.tuples(st.just("pass on"), CASES, CASES),
        st.tuples(st.just("make"), CASES, NUMBERS, st.sampled_from(STATES)),
        st.tuples(st.just("move"), CASES, NUMBERS, st.sampled_from(STATES)),
        st.tuples(st.just("number"), CASES, NUMBERS, NUMBERS),
        st.tuples(st.just("drop"), CASES, NUMBERS),
        st.tuples(st.just("hand over"), CASES, CASES),
    ),
    max_size=14,
)


@pytest.fixture
def prepared(engine):
    schema.prepare(engine)
    return engine


def a_case(name, **told):
    return {
        "id": name,
        "reference": name,
        "track": "legal_demand",
        "state": "approved",
        "received_at": MET,
        "title": "Search warrant",
        "organisation": "Alder County Sheriff",
        "law": "us_sca",
        "disposition": "",
        "objections": 0,
        "questions": 0,
        "version": 0,
        "body": "{}",
    } | told


def a_clock(case_id, *, name="answer", due=DUE[0], met_at=None):
    return {"case_id": case_id, "name": name, "due": due, "working": "[]", "met_at": met_at}


def a_production(case_id, number, state):
    at = {"case_id": case_id, "number": number, "state": state}
    return {"id": f"p{next(ids)}", **at, "version": 0, "body": "{}"}


def anew(session, **claimed):
    for table in (clocks, productions, cases):
        session.execute(delete(table))
    session.execute(insert(cases), [a_case(name, **claimed) for name in ("c1", "c2")])


def kept(session):
    rows = session.execute(select(cases.c.id, cases.c.answer_due, cases.c.production_state))
    return {row.id: (row.answer_due, row.production_state) for row in rows}


def read(session):
    """The same, of every clock and production there is."""
    found = dict.fromkeys(session.execute(select(cases.c.id)).scalars(), (None, None))
    for row in session.execute(select(productions).order_by(productions.c.number)):
        found[row.case_id] = (None, row.state)
    for row in session.execute(select(clocks)):
        if row.name == "answer" and row.met_at is None:
            found[row.case_id] = (row.due, found[row.case_id][1])
    return found


def has(session, table, **values):
    which = [table.c[name] == value for name, value in values.items()]
    return session.execute(select(table.c.case_id).where(*which)).first() is not None


def change_clocks(session, act, case_id, *told):
    theirs = clocks.c.case_id == case_id
    match act, told:
        case "set", (name, due, met_at):
            session.execute(delete(clocks).where(theirs, clocks.c.name == name))
            session.execute(insert(clocks).values(**a_clock(case_id, name=name, due=due, met_at=met_at)))
        case "meet", (name, met_at):
            session.execute(update(clocks).where(theirs, clocks.c.name == name).values(met_at=met_at))
        case "rename", (name, other) if not has(session, clocks, case_id=case_id, name=other):
            session.execute(update(clocks).where(theirs, clocks.c.name == name).values(name=other))
        case "stop", (name,):
            session.execute(delete(clocks).where(theirs, clocks.c.name == name))
        case "pass on", (other,) if not has(session, clocks, case_id=other):
            session.execute(update(clocks).where(theirs).values(case_id=other))


def change_productions(session, act, case_id, *told):
    theirs = productions.c.case_id == case_id
    match act, told:
        case "make", (number, state) if not has(session, productions, case_id=case_id, number=number):
            session.execute(insert(productions).values(**a_production(case_id, number, state)))
        case "move", (number, state):
            session.execute(update(productions).where(theirs, productions.c.number == number).values(state=state))
        case "number", (number, other) if not has(session, productions, case_id=case_id, number=other):
            session.execute(update(productions).where(theirs, productions.c.number == number).values(number=other))
        case "drop", (number,):
            session.execute(delete(productions).where(theirs, productions.c.number == number))
        case "hand over", (other,) if not has(session, productions, case_id=other):
            session.execute(update(productions).where(theirs).values(case_id=other))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_what_is_kept_of_a_case_is_what_reading_tells_whatever_happened(prepared, acts):
    with Session(prepared) as session, session.begin():
        anew(session)
        for act in acts:
            change_clocks(session, *act)
            change_productions(session, *act)

            assert kept(session) == read(session)


def test_what_a_new_row_claims_of_itself_counts_for_nothing(prepared):
    with Session(prepared) as session, session.begin():
        anew(session, answer_due=DUE[0], production_state="released")

        assert set(kept(session).values()) == {(None, None)}


def test_what_is_there_when_the_columns_come_is_read_once(engine):
    with engine.begin() as connection:
        schema.command.upgrade(schema._steps(connection), "0031")
        connection.execute(insert(cases), [a_case("c1"), a_case("c2")])
        connection.execute(
            insert(clocks), [a_clock("c1", due=DUE[1]), a_clock("c1", name="acknowledge"), a_clock("c2", met_at=MET)]
        )
        connection.execute(insert(productions), [a_production("c2", 10, "offered"), a_production("c2", 9, "released")])

    schema.prepare(engine)

    with Session(engine) as session:
        assert kept(session) == {"c1": (DUE[1], None), "c2": (None, "offered")} == read(session)


def steps_of(engine, query):
    """How the database goes about each statement of a page of the queue: what is counted, and which rows are found."""
    asked, explain = [], "EXPLAIN" if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    event.listen(engine, "before_cursor_execute", lambda _c, _d, sent, values, *_: asked.append((sent, values)))
    SqlDeskViews(engine).queue(query, by=MAYA, now=NOW, zone=PACIFIC)
    statements = [each for each in asked if "FROM cases" in each[0]]
    with engine.connect() as connection:
        return [
            [step[-1].strip() for step in connection.exec_driver_sql(f"{explain} {sent}", values)]
            for sent, values in statements
        ]


def test_the_queue_is_counted_without_reading_or_sorting_a_case(house):
    house.file()

    counting, _ = steps_of(house.engine, QueueQuery())

    assert counting[0] == "SCAN cases USING COVERING INDEX ix_cases_counted"
    assert not [step for step in counting if "TEMP B-TREE" in step]


def test_postgresql_too_counts_and_sorts_without_reading_every_case(new_postgres):
    engine = connect(new_postgres)
    schema.prepare(engine)
    made = [a_case(f"c{n}", title=f"Warrant {n}", body="x" * 3000) for n in range(3000)]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(insert(cases), made)
        connection.execute(insert(clocks), [a_clock(each["id"], due=DUE[1]) for each in made])
        connection.execute(text("VACUUM ANALYZE"))

    counting, finding = steps_of(engine, QueueQuery(sort="request", page=7))

    engine.dispose()
    assert any("Index Only Scan using ix_cases_counted on cases" in step for step in counting)
    assert any("Index Scan using ix_cases_title on cases" in step for step in finding)
    assert not [step for step in (*counting, *finding) if "Seq Scan on cases" in step]


@pytest.mark.parametrize(
    ("due", "way"),
    [
        (timedelta(days=-9), "(answer_due<?)"),
        (timedelta(days=1), "(answer_due>? AND answer_due<?)"),
        (timedelta(days=30), "(answer_due>?)"),
        (None, "(answer_due=?)"),
    ],
)
def test_the_rows_of_a_page_are_found_in_their_order(house, due, way):
    case = house.file()
    limit = None if due is None else to_text(house.now + due)
    with Session(house.engine) as session, session.begin():
        session.execute(update(clocks).where(clocks.c.case_id == case.id, clocks.c.name == "answer").values(due=limit))

    _, finding = steps_of(house.engine, QueueQuery())

    # What else is read, and sorted, are the rows that the page shows.
    assert f"SEARCH cases USING INDEX ix_cases_answer_due {way}" in finding
    assert "SEARCH cases USING INDEX sqlite_autoindex_cases_1 (id=?)" in finding
    assert sum("TEMP B-TREE" in step for step in finding) == 1
