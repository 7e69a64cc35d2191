"""The pages of the queue, one after the other, are every case that the reader may know of, in the order asked for."""

from datetime import timedelta

import pytest
from a_house import MAYA, NOW, PACIFIC, TOMAS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from requests_portal.database import schema
from requests_portal.database.moments import to_text
from requests_portal.database.tables import case_people, cases, clocks, productions
from requests_portal.database.views.desk import SqlDeskViews
from requests_portal.work.views.desk import GROUPS, NOBODY, PAGE_ROWS, SORTS, VIEWS, QueueQuery

STATES = ("received", "assessed", "waiting", "decided", "approved", "answered", "closed")
DAYS = st.none() | st.sampled_from([-9, -1, 0, 1, 3, 4, 5, 40])
CASES = st.lists(
    st.fixed_dictionaries(
        {
            "state": st.sampled_from(STATES),
            "due": DAYS,
            "met": st.booleans(),
            "made": st.none() | st.sampled_from(["gathered", "offered", "released", "failed"]),
            "title": st.sampled_from(["Alpha", "alpha", "Bravo", "charlie"]),
            "assigned_to": st.sampled_from([None, "maya", "zoe", "ann"]),
            "objections": st.integers(0, 2),
            "named": st.sampled_from([(), (), (), ("maya", "tomas"), ("tomas",)]),
        }
    ),
    min_size=PAGE_ROWS // 2,
    max_size=PAGE_ROWS,
    # Several pages, that begin and end within groups and between them.
).map(lambda some: some * 5)
QUERIES = st.builds(
    QueueQuery,
    view=st.just("open") | st.sampled_from(VIEWS),
    sort=st.sampled_from(SORTS),
    descending=st.booleans(),
    assigned=st.sampled_from([(), (), ("zoe", NOBODY)]),
    find=st.sampled_from(["", "", "bravo"]),
)
TOLD = {"now": NOW, "zone": PACIFIC}


@pytest.fixture
def prepared(engine):
    schema.prepare(engine)
    return engine


def lay(session, made):
    for table in (case_people, clocks, productions, cases):
        session.execute(delete(table))
    for number, each in enumerate(made):
        name = f"c{number:03}"
        session.execute(
            insert(cases).values(
                id=name,
                reference=name,
                track="legal_demand",
                state=each["state"],
                received_at=to_text(NOW - timedelta(days=number % 7)),
                title=each["title"],
                organisation="Alder County Sheriff",
                law="us_sca",
                disposition="",
                objections=each["objections"],
                questions=0,
                assigned_to=each["assigned_to"],
                sealed=bool(each["named"]),
                version=0,
                body="{}",
            )
        )
        for person in each["named"]:
            session.execute(insert(case_people).values(case_id=name, person=person))
        if each["due"] is not None:
            due, met = to_text(NOW + timedelta(days=each["due"])), to_text(NOW) if each["met"] else None
            limit = {"case_id": name, "name": "answer", "due": due, "working": "[]", "met_at": met}
            session.execute(insert(clocks).values(**limit))
        if each["made"] is not None:
            number_one = {"id": name, "case_id": name, "number": 1, "state": each["made"], "version": 0, "body": "{}"}
            session.execute(insert(productions).values(**number_one))


def in_order(rows, query):
    """The same rows as the words beside the columns promise: by groups, then by the column, then by what is due."""
    if query.sort == "due" and query.view == "answered":
        by_age = sorted(rows, key=lambda row: row.reference)
        return sorted(by_age, key=lambda row: row.received_at, reverse=not query.descending)
    column = {
        "due": lambda row: row.due or NOW,
        "request": lambda row: row.title.lower(),
        "check": lambda row: (row.objections, row.questions),
        "owner": lambda row: row.assigned_to or NOBODY,
    }[query.sort]
    rows = sorted(rows, key=lambda row: (row.due is None, row.due or NOW, row.reference))
    rows = sorted(rows, key=column, reverse=query.descending)
    if query.sort == "due":
        rows = sorted(rows, key=lambda row: row.due is None)
    return sorted(rows, key=lambda row: GROUPS.index(row.group))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=CASES, query=QUERIES)
def test_the_pages_of_the_queue_are_the_whole_queue_in_its_order(prepared, made, query):
    with Session(prepared) as session, session.begin():
        lay(session, made)
    views = SqlDeskViews(prepared)

    whole = views.whole_queue(query, by=MAYA, **TOLD)

    first = views.queue(query, by=MAYA, **TOLD)
    pages = [views.queue(QueueQuery(**{**vars(query), "page": n + 1}), by=MAYA, **TOLD) for n in range(first.pages)]
    assert [row for page in pages for row in page.rows] == list(whole) == in_order(whole, query)
    assert first.total == len(whole)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=CASES)
def test_each_reader_s_queue_counts_and_lists_what_names_them_and_what_is_not_sealed(prepared, made):
    with Session(prepared) as session, session.begin():
        lay(session, made)
    is_open = [each["state"] not in {"answered", "closed"} for each in made]

    for reader in (MAYA, TOMAS):
        known = {f"c{n:03}" for n, each in enumerate(made) if not each["named"] or reader.id in each["named"]}
        open_to_them = {name for name in known if is_open[int(name[1:])]}
        rows = SqlDeskViews(prepared).whole_queue(QueueQuery(), by=reader, **TOLD)
        page = SqlDeskViews(prepared).queue(QueueQuery(), by=reader, **TOLD)

        assert {row.reference for row in rows} == open_to_them
        assert (page.views["open"], page.views["answered"]) == (len(open_to_them), len(known - open_to_them))
