"""Who listened to what: a report of each month, whose digest the log keeps and which nothing honest ever changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from a_house import ADA, INES, JUNIPER, MARSH, MAYA, PRIYA, TOMAS
from a_listener import AFTER, EVENING, LATER, go_round, hear
from sqlalchemy import event, text

from requests_portal.database.tables import heard_days, plays
from requests_portal.errors import Forbidden, Unusable
from requests_portal.model.actor import COMMAND_LINE, Actor, Role
from requests_portal.model.canary import Touch
from requests_portal.model.erasure import Because, Chosen
from requests_portal.model.listening import Purpose
from requests_portal.model.listening_report import Agreement, Month, read_month
from requests_portal.work.canaries import raise_alarm
from requests_portal.work.name_people import name_people
from requests_portal.work.report_listening import listening_in, months

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
RITA = Actor(id="rita", name="Rita Holm", roles=frozenset({Role.REVIEWER, Role.LAWYER}))


def seen(house, month=NOVEMBER, *, by=ADA):
    with house.ledger.reading() as work:
        return listening_in(work, month, by=by)


def entered(house):
    return [entry for entry in house.log() if entry["act"] == "listening_reported"]


def test_it_says_of_each_person_what_for_in_which_cases_how_much_and_which_parts(any_house):
    house = any_house
    first, second = (house.check(house.file()) for _ in range(2))
    hear(house, first)
    house.now += timedelta(hours=1)
    hear(house, second, LATER, purpose=Purpose.CHECK_SCOPE, parts=((500, 1000), (0, 250)))
    hear(house, second, by=TOMAS, parts=((0, 10_000),))

    maya, tomas = seen(house).report.listeners

    assert (maya.person, maya.roles, maya.purposes) == ("maya", ("reviewer",), ("check_scope", "find_others"))
    assert maya.cases == (first.reference, second.reference)
    assert (maya.recordings, maya.seconds) == (2, 2.75)
    assert [(each.recording, each.version_id, each.from_ms, each.to_ms) for each in maya.spans] == [
        (EVENING, "v1", 0, 2000),
        (LATER, "v1", 500, 1000),
        (LATER, "v1", 0, 250),
    ]
    assert [each.at for each in maya.spans] == [house.now - timedelta(hours=1), house.now, house.now]
    assert (tomas.person, tomas.recordings, tomas.seconds, tomas.cases) == ("tomas", 1, 10.0, (second.reference,))


def test_nothing_personal_is_in_it(house):
    hear(house, house.check(house.file()))

    told = str(seen(house).as_json())

    for each in (MARSH.name, MARSH.account, MARSH.email, MAYA.name, "HR2-41B0-7F2C", "set a timer"):
        assert each not in told


def test_once_the_month_is_over_its_digest_is_entered_once_and_a_later_report_agrees(any_house):
    house = any_house
    hear(house, house.check(house.file()))
    go_round(house)
    assert (seen(house).agreement, entered(house)) == (Agreement.NOT_OVER, [])
    house.now = AFTER - timedelta(minutes=1)
    go_round(house)
    assert (seen(house).agreement, entered(house)) == (Agreement.NOT_ENTERED, [])

    house.now = AFTER
    go_round(house)
    go_round(house)

    (entry,) = entered(house)
    assert (entry["actor"], entry["role"], entry["case"], entry["words"]) == (
        "system",
        "system",
        None,
        {"month": "2026-11"},
    )
    assert entry["digests"] == {"report": seen(house).report.digest}
    assert entry["numbers"]["ends"] == datetime(2026, 12, 1, tzinfo=UTC).timestamp()
    found = seen(house)
    assert (found.agreement, found.entered.digest) == (Agreement.AGREES, entry["digests"]["report"])
    assert house.log()[found.entered.index] == entry
    assert house.log_is_sound()


def test_a_month_in_which_nobody_listened_is_reported_too_and_so_is_each_that_was_missed(any_house):
    house = any_house
    hear(house, house.check(house.file()))
    house.now = datetime(2027, 2, 1, 1, tzinfo=UTC)

    go_round(house)

    assert [each["words"]["month"] for each in entered(house)] == ["2026-11", "2026-12", "2027-01"]
    assert seen(house, DECEMBER).report.listeners == ()
    assert seen(house, DECEMBER).agreement is Agreement.AGREES


def test_what_is_played_in_the_first_minute_of_a_month_is_of_that_month_alone(house):
    case = house.check(house.file())
    house.now = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
    hear(house, case, parts=((0, 100),))
    house.now = datetime(2026, 12, 1, tzinfo=UTC)
    hear(house, case, parts=((0, 200),))

    assert [seen(house, month).report.listeners[0].milliseconds for month in (NOVEMBER, DECEMBER)] == [100, 200]


def test_a_month_begins_and_ends_where_the_house_is(house):
    house.ledger = replace(house.ledger, house=replace(house.ledger.house, zone="America/Los_Angeles"))
    case = house.check(house.file())
    house.now = datetime(2026, 12, 1, 7, 59, tzinfo=UTC)
    hear(house, case, parts=((0, 100),))
    house.now += timedelta(hours=1)
    go_round(house)
    assert entered(house) == []

    house.now += timedelta(minutes=1)
    go_round(house)

    found = seen(house)
    assert (found.report.starts, found.report.ends) == (
        datetime(2026, 11, 1, 7, tzinfo=UTC),
        datetime(2026, 12, 1, 8, tzinfo=UTC),
    )
    assert found.report.listeners[0].milliseconds == 100


def test_a_house_that_moves_reads_an_old_report_by_the_clocks_of_then(house):
    hear(house, house.check(house.file()))
    house.now = AFTER
    go_round(house)
    house.ledger = replace(house.ledger, house=replace(house.ledger.house, zone="Asia/Tokyo"))

    assert seen(house).agreement is Agreement.AGREES


def seal(house, case):
    house.act(name_people, case.id, ["maya", "tomas"], by=MAYA)


def unseal(house, case):
    house.act(name_people, case.id, [], by=MAYA)


def erase(house, _case):
    with house.ledger.unit_of_work() as work:
        work.erasures.ask(Chosen(account=MARSH.account, before=house.now), Because.CUSTOMER, at=house.now)
    with house.engine.begin() as connection:
        connection.execute(text("DELETE FROM held_recordings"))
        connection.execute(text("DELETE FROM erasures"))
        connection.execute(text("DELETE FROM recordings WHERE account = :account"), {"account": MARSH.account})


def listen_again(house, case):
    hear(house, case)


def look_into_it(house, _case):
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE canary_alarms SET times = 9, words = 'A drill.', last_at = '2027'"))


@pytest.mark.parametrize("happens", [seal, unseal, erase, listen_again, look_into_it])
@pytest.mark.parametrize("by", [ADA, MAYA], ids=["an auditor", "somebody named"])
def test_nothing_honest_that_happens_later_makes_it_another_report(any_house, happens, by):
    house = any_house
    case = house.check(house.file())
    if happens is unseal:
        seal(house, case)
    hear(house, case)
    house.act(raise_alarm, Touch.ASKED_BY_ID, case=case.id, by=MAYA)
    house.now = AFTER
    go_round(house)

    happens(house, case)

    reader = replace(by, roles=by.roles | {Role.AUDITOR})
    assert seen(house, by=reader).agreement is Agreement.AGREES


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM plays",
        "UPDATE plays SET to_ms = to_ms - 1 WHERE to_ms > 0",
        "UPDATE listening_grants SET by = 'tomas'",
        "UPDATE listening_grants SET purpose = 'check_quality'",
        "DELETE FROM canary_alarms",
        "UPDATE heard_days SET most = 1",
    ],
)
def test_what_somebody_changes_behind_the_desks_back_is_found(house, statement):
    case = house.check(house.file())
    hear(house, case)
    house.act(raise_alarm, Touch.ASKED_BY_ID, case=case.id, by=MAYA)
    house.now = AFTER
    go_round(house)

    with house.engine.begin() as connection:
        connection.execute(text(statement))

    assert seen(house).agreement is Agreement.DIFFERS


def test_a_second_entry_of_another_report_is_not_taken_for_the_first(house):
    hear(house, house.check(house.file()))
    house.now = AFTER
    go_round(house)
    bounds = entered(house)[0]["numbers"]
    forged = {"subjects": {"report": "0" * 64}, "numbers": bounds, "words": {"month": "2026-11"}}

    with house.ledger.unit_of_work() as work:
        work.audit.add("listening_reported", by=COMMAND_LINE, **forged)

    assert seen(house).agreement is Agreement.DIFFERS


def test_of_a_sealed_case_nothing_is_in_it_nor_in_any_total_for_who_may_not_know_of_it(any_house):
    house = any_house
    known, sealed = (house.check(house.file()) for _ in range(2))
    seal(house, sealed)
    hear(house, known, parts=((0, 1000),))
    hear(house, sealed, LATER, purpose=Purpose.CHECK_SCOPE, parts=((0, 5000),))
    hear(house, sealed, by=TOMAS)
    house.now = AFTER
    go_round(house)

    found = seen(house)
    (maya,) = found.report.listeners
    named = seen(house, by=replace(MAYA, roles=MAYA.roles | {Role.AUDITOR}))

    assert (maya.cases, maya.recordings, maya.milliseconds) == ((known.reference,), 1, 1000)
    assert maya.purposes == ("find_others",)
    assert sealed.reference not in str(found.as_json())
    assert found.report.digest != found.entered.digest
    assert (found.agreement, named.agreement) == (Agreement.AGREES, Agreement.AGREES)
    assert [each.person for each in named.report.listeners] == ["maya", "tomas"]
    assert named.report.digest == named.entered.digest


def test_whoever_touched_a_canary_is_in_it_though_they_heard_nothing_and_a_customer_is_not(any_house):
    house = any_house
    for by in (RITA, JUNIPER):
        house.act(raise_alarm, Touch.ASKED_BY_ID, case=None, by=by)
    house.now = AFTER
    house.act(raise_alarm, Touch.SOUGHT, case=None, by=RITA)

    (rita,) = seen(house).report.listeners

    assert (rita.person, rita.alarms, rita.recordings, rita.spans) == ("rita", 1, 0, ())


def test_a_day_on_which_more_was_sent_than_its_limit_is_named(any_house):
    house = any_house
    case = house.check(house.file())
    hear(house, case, parts=((0, 1000),))
    assert seen(house).report.listeners[0].days_over_limit == ()

    with house.engine.begin() as connection:
        connection.execute(plays.update().where(plays.c.to_ms > 0).values(to_ms=4 * 3_600_000 + 1))

    assert seen(house).report.listeners[0].days_over_limit == (date(2026, 11, 23),)


def test_of_a_day_whose_limit_nobody_kept_nothing_is_said(house):
    hear(house, house.check(house.file()), parts=((0, 1000),))

    with house.engine.begin() as connection:
        connection.execute(plays.update().where(plays.c.to_ms > 0).values(to_ms=4 * 3_600_000 + 1))
        connection.execute(heard_days.update().values(most=None))

    assert seen(house).report.listeners[0].days_over_limit == ()


@pytest.mark.parametrize("by", [INES, MAYA, PRIYA, JUNIPER])
def test_nobody_else_reads_it(house, by):
    with pytest.raises(Forbidden):
        seen(house, by=by)


def test_it_takes_as_many_queries_however_much_was_heard(any_house):
    house, counts = any_house, []
    event.listen(house.engine, "before_cursor_execute", lambda *_: counts.append(1))

    def queries():
        counts.clear()
        seen(house)
        return len(counts)

    nothing = queries()
    for _ in range(3):
        case = house.check(house.file())
        hear(house, case)
        hear(house, case, LATER, by=TOMAS)

    assert queries() == nothing


def test_the_months_are_those_since_the_log_begins_newest_first(house):
    house.file()
    house.now = datetime(2027, 1, 5, tzinfo=UTC)

    with house.ledger.reading() as work:
        assert [str(each) for each in months(work)] == ["2027-01", "2026-12", "2026-11"]


@pytest.mark.parametrize(
    "written", ["", "2026", "2026-13", "2026-00", "1999-12", "2026-11-01", " 2026-11", "20\u0662\u0666-11"]
)
def test_a_month_that_is_none_is_refused_and_the_sentence_says_how_it_is_written(written):
    with pytest.raises(Unusable, match="such as 2026-11"):
        read_month(written)


def test_december_is_followed_by_january():
    assert Month(2026, 12).next == Month(2027, 1)
    assert read_month("2026-01").next == Month(2026, 2)
    assert str(Month(2027, 1)) == "2027-01"
