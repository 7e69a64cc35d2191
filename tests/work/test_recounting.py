"""What triggers keep is compared with reading every day; what differs is a fault until it is counted anew."""

from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest
from a_house import KETTLE, MARSH, MAYA, NOW, ActingHouse, a_recording, marsh_recordings
from sqlalchemy import delete, event, func, insert, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from requests_portal.database import recounts as in_sql
from requests_portal.database.catalogue import as_columns
from requests_portal.database.engine import connect
from requests_portal.database.tables import cases, erasures, recording_days, recordings, recounts
from requests_portal.database.views.operations import SqlOperations
from requests_portal.errors import Forbidden
from requests_portal.model.actor import COMMAND_LINE
from requests_portal.model.recount import Recount
from requests_portal.rounds import ROUNDS, make_due_rounds
from requests_portal.work.recount import compare_counts, recount

LATER = "2027-01-01T00:00:00.000000Z"
MARCH = recording_days.c.day == "2026-03-15"
HERS, KETTLES = recording_days.c.account == MARSH.account, recording_days.c.account == KETTLE.account
TAMPERING = {
    "a count is too high": update(recording_days).where(HERS, MARCH).values(many=recording_days.c.many + 1),
    "bytes are missing": update(recording_days).where(HERS, MARCH).values(bytes=1),
    "a length is made up": update(recording_days).where(HERS, MARCH).values(microseconds=5),
    "a day is missing": delete(recording_days).where(HERS, MARCH),
    "what is shown is kept as hidden": update(recording_days).where(HERS, MARCH).values(hidden=True),
    "others are said to be heard": update(recording_days).where(HERS, MARCH).values(voices="visitor,"),
    "an account that has nothing": update(recording_days).where(KETTLES).values(account="Z-99999-9"),
}


@pytest.fixture
def house(engine):
    return ActingHouse(engine)


def tamper(house, *statements):
    with house.engine.begin() as connection:
        for each in statements:
            assert connection.execute(each).rowcount == 1


def compared(house):
    """How many days and cases differ, as an operator is told."""
    compare_counts(house.ledger)
    return told(house)


def told(house):
    found = SqlOperations(house.engine).operations(by=COMMAND_LINE, at=house.now).recount
    return found and (found.days, found.cases)


def kept(house):
    """What is kept, row by row."""
    with Session(house.engine) as session:
        days = session.execute(select(recording_days)).all()
        standing = session.execute(select(cases.c.id, cases.c.answer_due, cases.c.production_state)).all()
    return Counter(map(tuple, days)), set(map(tuple, standing))


def test_what_nobody_tampered_with_does_not_differ(house):
    house.offered(house.file())
    with house.engine.begin() as connection:
        told_of = {"asked_at": "", "because": "", "state": "", "next_try_at": ""}
        connection.execute(insert(erasures).values(recording_id=marsh_recordings()[0].id, **told_of))

    assert told(house) is None
    assert compared(house) == (0, 0)


@pytest.mark.parametrize("kind", TAMPERING)
def test_a_tampered_day_differs_until_it_is_counted_anew(house, kind):
    right = kept(house)
    tamper(house, TAMPERING[kind])
    # The one that is there and should not be, and the one that should.
    days = 2 if kind.startswith("an account") else 1

    assert compared(house) == (days, 0)
    assert kept(house) != right

    assert house.act(recount, by=COMMAND_LINE).days == days
    assert told(house) == (0, 0)
    assert kept(house) == right
    assert compared(house) == (0, 0)


@pytest.mark.parametrize("column", ["answer_due", "production_state"])
def test_a_case_that_is_kept_otherwise_than_it_stands_differs_until_it_is_read_anew(house, column):
    one, other = house.offered(house.file()), house.file()
    right = kept(house)
    tamper(house, update(cases).where(cases.c.id == one.id).values({column: None if column[0] == "p" else LATER}))

    assert compared(house) == (0, 1)

    tamper(house, update(cases).where(cases.c.id == other.id).values({column: LATER[:16]}))

    assert compared(house) == (0, 2)
    assert house.act(recount, by=COMMAND_LINE).cases == 2
    assert told(house) == (0, 0)
    assert kept(house) == right


@pytest.mark.parametrize("part", [1, 2, 5, 1000])
def test_however_many_are_counted_at_once_each_day_that_differs_is_counted_once(house, monkeypatch, part):
    monkeypatch.setattr(in_sql, "PART", part)
    with house.engine.begin() as connection:
        connection.execute(insert(recording_days), [a_day(account) for account in ("", "B-1", "zz")])
    tamper(house, update(recording_days).where(HERS, MARCH).values(many=7))

    assert compared(house) == (4, 0)


def a_day(account):
    counts = {"many": 1, "bytes": 1, "microseconds": 0, "unknown_lengths": 1}
    return {"account": account, "hidden": False, "device": "HR9", "day": "2026-01-01", "voices": ""} | counts


def test_no_statement_counts_more_than_a_part_and_the_rest_of_one_account(house, monkeypatch):
    monkeypatch.setattr(in_sql, "PART", 2)
    many = [f"C-{n:02}" for n in range(10)]
    house.act(lambda work: work.catalogue.add([a_recording(each, NOW, account=each) for each in many]))
    counted = []

    @event.listens_for(house.engine, "before_cursor_execute")
    def note(_connection, _cursor, sent, *_):
        counted.extend(["part"] * sent.lstrip().startswith("WITH kept"))

    assert compared(house) == (0, 0)
    # The house's two customers; three, three and three of the ten; and the last one.
    assert len(counted) == 5


def test_comparing_changes_nothing_that_is_kept_and_is_no_act(house):
    house.file()
    tamper(house, TAMPERING["a day is missing"])
    before, acts = kept(house), house.acts()

    compare_counts(house.ledger)

    assert (kept(house), house.acts()) == (before, acts)


def test_counting_anew_is_in_the_log_with_what_differed_and_without_an_account(house):
    house.file()
    tamper(house, TAMPERING["a day is missing"], update(cases).values(answer_due=LATER))

    house.act(recount, by=COMMAND_LINE)

    entry = house.log()[-1]
    assert (entry["act"], entry["numbers"]) == ("catalogue_recounted", {"days": 1, "cases": 1})
    assert MARSH.account not in str(entry)


def test_counting_anew_is_for_operators(house):
    tamper(house, TAMPERING["a day is missing"])
    before = kept(house)

    with pytest.raises(Forbidden):
        house.act(recount, by=MAYA)

    assert kept(house) == before


def test_what_differed_before_it_was_counted_anew_is_no_fault_after(house):
    tamper(house, TAMPERING["a day is missing"])
    with house.ledger.reading() as work:
        begun = work.now()
    house.now += timedelta(minutes=1)
    house.act(recount, by=COMMAND_LINE)

    with house.ledger.unit_of_work() as work:
        work.recounts.put(Recount(at=begun, days=1, cases=0))

    assert told(house) == (0, 0)


def test_it_is_compared_every_day_and_one_comparison_is_kept(house):
    rounds = [each for each in ROUNDS if each.go is compare_counts]
    for _ in range(3):
        make_due_rounds(house.ledger, rounds, by="ann", now=lambda: house.now)
        house.now += timedelta(days=1)

    tamper(house, TAMPERING["a day is missing"])
    make_due_rounds(house.ledger, rounds, by="ann", now=lambda: house.now)

    assert told(house) == (1, 0)
    with Session(house.engine) as session:
        assert session.scalar(select(func.count()).select_from(recounts)) == 1


def test_comparing_waits_for_no_writer_until_it_says_what_it_found(house):
    tamper(house, TAMPERING["a day is missing"])
    writer, writings = house.engine.connect(), []
    writer.execute(insert(recordings), [as_columns(a_recording("n", NOW))])

    def writing():
        writings.append("once")
        writer.commit()
        return house.ledger.unit_of_work()

    compare_counts(SimpleNamespace(reading=house.ledger.reading, unit_of_work=writing))

    writer.close()
    assert writings == ["once"]
    assert told(house) == (1, 0)


def test_nobody_enters_a_recording_while_it_is_counted_anew(new_postgres):
    engine = connect(new_postgres)
    house = ActingHouse(engine)
    with house.ledger.unit_of_work() as work:
        recount(work, by=COMMAND_LINE)

        with engine.begin() as other:
            other.execute(text("SET LOCAL lock_timeout = '100ms'"))
            with pytest.raises(OperationalError, match="lock timeout"):
                other.execute(insert(recordings), [as_columns(a_recording("n", NOW, account="N-1"))])
    engine.dispose()
