"""A request that nobody has claimed wakes somebody, again and again, and never in a burst."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from a_house import INES, MAYA, NOW, WARRANT, ActingHouse
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from requests_portal.database.tables import messages
from requests_portal.model.case import CaseState
from requests_portal.model.clock import ClockRow
from requests_portal.model.duty import LAST_RESORT, Duty, on_call, to_call
from requests_portal.model.escalation import Patience, Unclaimed, is_due
from requests_portal.work import escalate as escalating
from requests_portal.work.assign import assign, wait_for_requester
from requests_portal.work.escalate import escalate_what_is_unclaimed
from requests_portal.work.name_people import name_people

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PATIENCE = Patience(share=0.25, pause=15 * MINUTE, last_resort="house@example.test")
EMERGENCY = WARRANT | {"process": "emergency_request", "emergency_danger": True, "emergency_immediate": True}


def a_duty(who, begins=NOW - DAY, ends=NOW + DAY, order=1):
    return Duty(who=who, mail=f"{who}@example.test", webhook="", begins=begins, ends=ends, order=order)


def an_unclaimed(*, received_at=NOW, hours=8.0, steps=0, last_at=None):
    due = received_at + timedelta(hours=hours)
    return Unclaimed(case="c", reference="LE-1", received_at=received_at, due=due, steps=steps, last_at=last_at)


# Who is on call.


def test_those_on_call_come_in_their_order_and_the_last_resort_in_the_end():
    duties = [a_duty("b", order=2), a_duty("a", order=1), a_duty("later", begins=NOW + DAY, ends=NOW + 2 * DAY)]

    called = to_call(duties, "house@example.test", NOW)

    assert [each.who for each in called] == ["a", "b", LAST_RESORT]


def test_a_gap_falls_to_those_whose_duty_begins_next():
    duties = [
        a_duty("gone", ends=NOW),
        a_duty("next", begins=NOW + HOUR, ends=NOW + DAY),
        a_duty("after", begins=NOW + 2 * HOUR, ends=NOW + DAY),
    ]

    assert [each.who for each in on_call(duties, NOW)] == ["next"]


def test_where_no_duty_is_left_only_the_last_resort_is():
    assert [each.who for each in to_call([a_duty("gone", ends=NOW)], "house@example.test", NOW)] == [LAST_RESORT]


# When.


@settings(max_examples=60, deadline=None)
@given(
    st.integers(min_value=1, max_value=96),
    st.lists(st.integers(min_value=5, max_value=90), min_size=1, max_size=60),
    st.integers(min_value=0, max_value=50_000),
)
def test_a_clock_in_hours_is_told_at_receipt_and_each_quarter_hour_until_it_is_claimed(hours, gaps, claimed_after):
    """The worker looks at random moments, as one does that stalls, and somebody claims the case at some other."""
    at, looked, told, steps = NOW, [NOW], [], 0
    for gap in gaps:
        claimed = (at - NOW).total_seconds() >= claimed_after
        unclaimed = an_unclaimed(hours=hours, steps=steps, last_at=told[-1] if told else None)
        if not claimed and is_due(unclaimed, PATIENCE, at=at):
            told.append(at)
            steps += 1
        at += timedelta(seconds=gap)
        looked.append(at)

    unclaimed_looks = [each for each in looked[:-1] if (each - NOW).total_seconds() < claimed_after]
    assert told[:1] == unclaimed_looks[:1]
    for look in unclaimed_looks:
        assert any(look - 15 * MINUTE - timedelta(seconds=90) < each <= look for each in told)
    assert all(later - earlier >= 15 * MINUTE for earlier, later in pairwise(told))


def test_a_long_period_wakes_nobody_before_its_last_quarter_and_then_once_a_day():
    received = NOW - 30 * DAY
    early = an_unclaimed(received_at=received, hours=45 * 24)
    late = an_unclaimed(received_at=received, hours=39 * 24)

    assert not is_due(early, PATIENCE, at=NOW)
    assert is_due(late, PATIENCE, at=NOW)
    told = an_unclaimed(received_at=received, hours=39 * 24, steps=1, last_at=NOW)
    assert not is_due(told, PATIENCE, at=NOW + 23 * HOUR)
    assert is_due(told, PATIENCE, at=NOW + 24 * HOUR)


def test_a_clock_that_is_set_back_silences_nobody():
    told = an_unclaimed(steps=1, last_at=NOW + 3 * HOUR)

    assert is_due(told, PATIENCE, at=NOW)


# With a house, on both databases.


class Waking:
    """A house whose requests nobody claims, and what was written to whom."""

    def __init__(self, engine) -> None:
        self.house = ActingHouse(engine)
        ledger = self.house.ledger
        self.house.ledger = replace(ledger, house=replace(ledger.house, patience=PATIENCE))
        self.engine = engine

    def file(self):
        return self.house.file(EMERGENCY)

    def roster(self, *duties):
        with self.house.ledger.unit_of_work() as work:
            work.roster.replace(duties)

    def look(self, after=timedelta(0)):
        self.house.now += after
        escalate_what_is_unclaimed(self.house.ledger)

    def told(self):
        with self.engine.connect() as connection:
            return [row.to for row in connection.execute(select(messages).order_by(messages.c.at, messages.c.id))]

    def steps(self, case):
        with self.house.ledger.reading() as work:
            return [(each.number, each.who) for each in work.escalations.of_case(case.id)]


@pytest.fixture
def waking(engine):
    return Waking(engine)


def test_an_emergency_at_night_wakes_one_after_the_other_until_somebody_claims_it(waking):
    waking.roster(a_duty("ivan"), a_duty("olga", order=2))
    case = waking.file()

    waking.look()
    for _ in range(3):
        waking.look(15 * MINUTE)
    waking.house.act(assign, case.id, to=MAYA.id, by=MAYA)
    waking.look(15 * MINUTE)

    assert waking.steps(case) == [(1, "ivan"), (2, "olga"), (3, LAST_RESORT), (4, "ivan")]
    assert waking.told() == ["ivan@example.test", "olga@example.test", "house@example.test", "ivan@example.test"]


@pytest.mark.parametrize("broken", [0, 1])
def test_a_case_that_breaks_the_look_keeps_no_other_one_unheard(waking, monkeypatch, broken):
    waking.roster(a_duty("ivan"))
    cases = [waking.file(), waking.file()]
    real = escalating._tell

    def breaks(work, unclaimed, called):
        if unclaimed.case == cases[broken].id:
            raise KeyError(unclaimed.case)
        real(work, unclaimed, called)

    monkeypatch.setattr(escalating, "_tell", breaks)
    with pytest.raises(KeyError):
        waking.look()

    assert waking.steps(cases[1 - broken]) == [(1, "ivan")]


def test_looking_again_before_the_pause_is_over_tells_nobody(waking):
    waking.roster(a_duty("ivan"))
    case = waking.file()

    waking.look()
    waking.look()
    waking.look(14 * MINUTE)

    assert len(waking.steps(case)) == 1


def test_a_worker_that_was_dead_for_hours_makes_up_for_it_with_one_message(waking):
    waking.roster(a_duty("ivan"))
    waking.file()
    waking.look()

    waking.look(3 * HOUR)
    waking.look(timedelta(seconds=30))

    assert len(waking.told()) == 2


def test_each_step_is_in_the_log_and_names_nobody_but_staff(waking):
    waking.roster(a_duty("ivan"))
    case = waking.file()

    waking.look()

    entry = waking.house.log()[-1]
    assert (entry["act"], entry["case"], entry["words"]) == ("case_escalated", case.id, {"to": "ivan"})
    assert entry["numbers"] == {"step": 1, "messages": 1}
    assert waking.house.log_is_sound()


def test_a_message_holds_a_reference_and_a_link_and_nothing_of_the_case(waking):
    waking.roster(a_duty("ivan"))
    case = waking.file()

    waking.look()

    with waking.engine.connect() as connection:
        words = connection.execute(select(messages.c.words)).scalar_one()
    assert case.reference in words
    for said in (case.title, case.requester.name, case.requester.organisation, "Marsh", "A-88310-4"):
        assert said not in words


def test_where_nobody_can_be_told_no_step_is_claimed_to_have_been_made(engine):
    house = ActingHouse(engine)
    case = house.file(EMERGENCY)

    escalate_what_is_unclaimed(house.ledger)

    with house.ledger.reading() as work:
        assert work.escalations.of_case(case.id) == []
        assert [each.case for each in work.escalations.unclaimed()] == [case.id]


def test_a_case_that_waits_for_its_requester_wakes_nobody(waking):
    waking.roster(a_duty("ivan"))
    case = waking.file()
    waking.house.act(wait_for_requester, case.id, for_what="A signature.", by=MAYA)

    waking.look()

    assert waking.steps(case) == []


def test_those_on_call_are_told_of_no_sealed_request(waking):
    waking.roster(a_duty("ivan"))
    case = waking.file()
    waking.house.act(name_people, case.id, [MAYA.id, INES.id], by=MAYA)
    with waking.house.ledger.unit_of_work() as work:
        work.cases.put(replace(work.cases.get(case.id, by=MAYA), assigned_to=None))

    waking.look()

    assert waking.told() == []


def test_a_customers_own_request_of_weeks_wakes_nobody_on_its_first_day(waking):
    waking.roster(a_duty("ivan"))
    waking.house.ask()

    waking.look()

    assert waking.told() == []


def test_a_request_that_could_not_be_assessed_counts_as_one_in_hours(waking):
    waking.roster(a_duty("ivan"))
    case = waking.file()
    with waking.house.ledger.unit_of_work() as work:
        work.cases.put(replace(work.cases.get(case.id, by=MAYA), state=CaseState.RECEIVED, assessment=None))
        work.clocks.replace(case.id, [])

    waking.look()

    assert waking.steps(case) == [(1, "ivan")]


def test_an_answer_that_is_due_nobody_knows_when_counts_as_one_in_hours(waking):
    waking.roster(a_duty("ivan"))
    case = waking.house.file(WARRANT)
    with waking.house.ledger.unit_of_work() as work:
        work.clocks.replace(case.id, [ClockRow(case=case.id, name="answer", due=None, working=())])

    waking.look()

    assert waking.steps(case) == [(1, "ivan")]


def test_a_demand_to_which_no_answer_is_due_wakes_nobody(waking):
    waking.roster(a_duty("ivan"))
    case = waking.house.file(WARRANT)
    with waking.house.ledger.unit_of_work() as work:
        work.clocks.replace(case.id, [ClockRow(case=case.id, name="hold_expiry", due=NOW + HOUR, working=())])

    waking.look()

    assert waking.steps(case) == []


def test_a_duty_across_a_change_of_the_clock_has_no_gap():
    # The clocks in Los Angeles went back from two to one on 1 November 2026.
    zone = ZoneInfo("America/Los_Angeles")
    first = datetime(2026, 11, 1, 0, 30, tzinfo=zone)

    for minutes in range(0, 240, 15):
        at = first.astimezone(ZoneInfo("UTC")) + minutes * MINUTE
        duties = [
            a_duty("early", begins=first, ends=datetime(2026, 11, 1, 1, 30, tzinfo=zone, fold=1)),
            a_duty("late", begins=datetime(2026, 11, 1, 1, 30, tzinfo=zone), ends=first + 9 * HOUR),
        ]
        assert on_call(duties, at), at


def test_whoever_claims_is_on_record(waking):
    waking.roster(a_duty("ivan"))
    case = waking.file()
    waking.look()

    waking.house.act(assign, case.id, to=INES.id, by=INES)

    acts = [entry["act"] for entry in waking.house.log() if entry["case"] == case.id]
    assert acts[-2:] == ["case_escalated", "case_assigned"]
