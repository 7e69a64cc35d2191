"""Pages count in SQL what reading every row would tell, and ask as often for many rows as for few."""

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from a_house import JUNIPER, MARSH, MAYA, PACIFIC, a_recording
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from requests_portal.database.catalogue import as_columns, as_recording
from requests_portal.database.codec import to_json
from requests_portal.database.tables import cases, clocks, production_items, productions, recalls, recordings, releases
from requests_portal.database.views.desk import SqlDeskViews
from requests_portal.database.views.holds import SqlHoldViews
from requests_portal.database.views.my import SqlMyViews
from requests_portal.model.recording import SpeakerSpan
from requests_portal.model.silence import Silence, by_recording
from requests_portal.work.selection import ground_withheld
from requests_portal.work.silence import mark
from requests_portal.work.views.desk import NOBODY, STAGES, VIEWS, QueueQuery
from requests_portal.work.views.my import ShelfQuery

QUERIES = st.builds(
    QueueQuery,
    view=st.sampled_from(VIEWS),
    kinds=st.sampled_from([(), ("legal_demand",), ("data_subject",)]),
    stages=st.sampled_from([(), *((stage,) for stage in STAGES[:4])]),
    assigned=st.sampled_from([(), ("maya",), (NOBODY, "tomas")]),
    find=st.sampled_from(["", "alder", "LE-2026", "%", "nowhere"]),
)


@contextmanager
def statements(engine):
    """Every statement that is sent meanwhile."""
    sent = []

    def note(_connection, _cursor, statement, *_):
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def again(house, case_id, many):
    """Lay the case so many times again, each with a time limit and another owner."""
    with Session(house.engine) as session, session.begin():
        model = session.execute(select(cases).where(cases.c.id == case_id)).one()._asdict()
        for number in range(many):
            id_, reference = f"copy{case_id[-8:]}{number}", f"{model['reference']}9{number:05}"
            named = {"id": id_, "reference": reference, "assigned_to": ("maya", "tomas", None)[number % 3]}
            body = model["body"].replace(case_id, id_).replace(model["reference"], reference)
            session.execute(insert(cases).values(**{**model, **named, "body": body}))
            due = house.now + timedelta(days=number % 9 - 4)
            limit = {"case_id": id_, "name": "answer", "due": due.isoformat(), "working": "[]", "met_at": None}
            session.execute(insert(clocks).values(**limit))


def more_recordings(house, many):
    made = (a_recording(f"x{n}", datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=n)) for n in range(many))
    with Session(house.engine) as session, session.begin():
        session.execute(insert(recordings), [as_columns(each) for each in made])


@pytest.fixture
def mixed(any_house):
    """Requests at several stages, with several owners and time limits."""
    warrant, own = any_house.file(), any_house.ask()
    decided = any_house.file()
    any_house.check(decided)
    any_house.decide(decided)
    for case in (warrant, own, decided):
        again(any_house, case.id, 7)
    return any_house


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUERIES)
def test_every_number_of_the_queue_is_that_of_the_rows_it_counts(mixed, query):
    views = SqlDeskViews(mixed.engine)
    told = {"by": MAYA, "now": mixed.now, "zone": PACIFIC}

    page = views.queue(query, **told)

    def rows(**changed):
        return views.whole_queue(replace(query, **changed), **told)

    no_filter = {"kinds": (), "stages": (), "laws": (), "assigned": (), "find": ""}
    assert page.total == len(rows())
    assert page.groups == Counter(row.group for row in rows())
    assert page.views == {view: len(rows(view=view, **no_filter)) for view in VIEWS}
    assert page.open_groups == Counter(row.group for row in rows(view="open", **no_filter))
    assert page.filters == {
        "kind": Counter(row.track for row in rows(kinds=())),
        "stage": Counter(row.stage for row in rows(stages=())),
        "law": Counter(row.law for row in rows(laws=())),
        "assigned": Counter(row.assigned_to or NOBODY for row in rows(assigned=())),
    }


def test_what_the_page_of_a_request_says_is_withheld_is_what_reading_each_recording_tells(any_house):
    heard = [("account holder",), ("account holder", "visitor"), ("visitor",), ("child",), ("neighbour",), ()]
    made = [
        a_recording(f"h{n}", datetime(2026, 2, 3 + n % 2, n, tzinfo=UTC), voices=voices)
        for n, voices in enumerate(heard)
    ]
    made += [replace(a_recording("n", datetime(2026, 2, 5, tzinfo=UTC)), speakers=None)]
    with Session(any_house.engine) as session, session.begin():
        session.execute(insert(recordings), [as_columns(each) for each in made])
    case = any_house.ask(identity_verified=True)
    # All of one's visitor is silenced, and a part of another's.
    marks = {made[2].id: [(0, 1)], made[3].id: [(0, 0.5)]}
    for name, parts in marks.items():
        silences = [Silence(recording=name, start=start, end=end, reason="another person") for start, end in parts]
        any_house.act(mark, case.id, {name: silences}, by=MAYA)
    case = any_house.case(case.id)
    assert case.assessment.withheld
    with Session(any_house.engine) as session:
        rows = session.execute(select(recordings).where(recordings.c.account == MARSH.account))
        everything = [as_recording(row) for row in rows]
    of = by_recording(case.silences)
    stay = [each for each in everything if ground_withheld(case, each, "audio", of.get(each.id, ()))]

    reach = SqlDeskViews(any_house.engine).case(case.reference, by=MAYA).reach

    assert (reach.withheld, reach.demanded) == (len(stay), len(everything))
    held_back = Counter(each.recorded_at.date() for each in stay)
    assert {day: demanded - proposed for day, demanded, proposed in reach.by_day if demanded != proposed} == held_back


def test_the_pages_of_a_review_follow_one_another_as_reading_each_recording_tells(any_house):
    heard = [("account holder",), ("account holder", "visitor"), ("child",), None]
    made = [
        replace(a_recording(f"p{n}", datetime(2026, 2, 3 + n // 9, n % 9 * 2, tzinfo=UTC)), seconds=1.0)
        for n in range(60)
    ]
    voices = [heard[n % 5 % 4] for n in range(60)]
    spoken = [None if each is None else tuple(SpeakerSpan(start=0, end=1, label=of) for of in each) for each in voices]
    made = [replace(each, speakers=spans) for each, spans in zip(made, spoken, strict=True)]
    with Session(any_house.engine) as session, session.begin():
        session.execute(insert(recordings), [as_columns(each) for each in made])
    case = any_house.ask(identity_verified=True)
    silence = Silence(recording=made[1].id, start=0, end=0.5, reason="another person")
    any_house.act(mark, case.id, {made[1].id: [silence]}, by=MAYA)
    desk = SqlDeskViews(any_house.engine)
    with Session(any_house.engine) as session:
        rows = session.execute(select(recordings).where(recordings.c.account == MARSH.account))
        there = sorted((as_recording(row) for row in rows), key=lambda each: (each.recorded_at, each.id))
    kinds = {
        "all": [each.id for each in there],
        "others": [each.id for each in there if each.other_voices],
        "unknown": [each.id for each in there if each.speakers is None],
        "marked": [made[1].id],
    }

    for show, ids in kinds.items():
        first = desk.recordings(case.reference, show=show, page=1, by=MAYA)
        assert first.counts == {name: len(found) for name, found in kinds.items()}
        pages = [desk.recordings(case.reference, show=show, page=n + 1, by=MAYA) for n in range(first.pages)]
        assert [row.recording.id for page in pages for row in page.rows] == ids
        assert [each.id for each in desk.reviewed(case.reference, show=show, by=MAYA)] == ids
        for at in sorted({0, 1, len(ids) // 2, len(ids) - 1} & set(range(len(ids)))):
            one = desk.recording(case.reference, ids[at], show=show, by=MAYA)
            beside = (ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None)
            assert (one.number, one.total, one.previous, one.following) == (at + 1, len(ids), *beside)


def test_no_page_asks_more_often_where_there_are_a_thousand_rows_than_where_there_are_ten(any_house):
    desk, my = SqlDeskViews(any_house.engine), SqlMyViews(any_house.engine)
    holds = SqlHoldViews(any_house.engine)
    more_recordings(any_house, 10)
    warrant, own, released = any_house.file(), any_house.ask(), any_house.ask()
    any_house.offered(released)
    any_house.release(released)
    told = {"now": any_house.now, "zone": PACIFIC}
    pages = {
        "queue": lambda: desk.queue(QueueQuery(), by=MAYA, **told),
        "alarms": lambda: holds.alarms(any_house.now, by=MAYA),
        "warrant": lambda: desk.case(warrant.reference, by=MAYA),
        "released": lambda: desk.case(released.reference, by=MAYA),
        "access": lambda: desk.case(own.reference, by=MAYA),
        "review": lambda: desk.recordings(own.reference, show="all", page=1, by=MAYA),
        "shelf": lambda: my.shelf(ShelfQuery(), by=JUNIPER),
        "requests": lambda: my.requests(by=JUNIPER),
        "request": lambda: my.request(released.reference, by=JUNIPER),
    }
    few = asked(any_house, pages)

    more_recordings_after(any_house, released)
    again(any_house, warrant.id, 1000)
    more_productions(any_house, released.id)

    assert asked(any_house, pages) == few


def more_productions(house, case_id):
    """Lay the case's production a few times again, each released and one of them recalled."""
    with Session(house.engine) as session, session.begin():
        model = session.execute(select(productions).where(productions.c.case_id == case_id)).one()._asdict()
        link = session.execute(select(releases).where(releases.c.production == model["id"])).one()._asdict()
        for number in range(2, 9):
            id_ = f"again{number}"
            body = model["body"].replace(model["id"], id_).replace('"number":1', f'"number":{number}')
            session.execute(insert(productions).values(**{**model, "id": id_, "number": number, "body": body}))
            also = {"id": f"link{number}", "production": id_, "token_sha256": id_}
            session.execute(insert(releases).values(**{**link, **also}))
        recall = {"production": "again2", "at": link["at"], "by": "maya", "because": "wrong", "replaced_by": "again3"}
        session.execute(insert(recalls).values(**recall))


def asked(house, pages):
    counted = {}
    for name, page in pages.items():
        with statements(house.engine) as sent:
            page()
        counted[name] = len(sent)
    return counted


def more_recordings_after(house, released):
    """A thousand recordings more, and a thousand items in the production that was released."""
    made = [a_recording(f"y{n}", datetime(2025, 3, 1, tzinfo=UTC) + timedelta(minutes=n)) for n in range(1000)]
    item = house.production(released.id).items[0]
    rows = [
        {
            "production": house.production(released.id).id,
            "position": number + 1000,
            "recording": each.id,
            "body": to_json(replace(item, bates=f"Z{number}", recording=each.id)),
        }
        for number, each in enumerate(made)
    ]
    with Session(house.engine) as session, session.begin():
        session.execute(insert(recordings), [as_columns(each) for each in made])
        session.execute(insert(production_items), rows)


def test_what_a_request_does_not_have_is_not_asked_after(any_house):
    own = any_house.ask()

    with statements(any_house.engine) as sent:
        page = SqlDeskViews(any_house.engine).case(own.reference, by=MAYA)

    assert (page.holds, page.productions) == ((), ())
    assert not [
        each for each in sent for table in ("held_recordings", "releases", "documents") if f"FROM {table}" in each
    ]
