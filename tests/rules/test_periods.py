"""Clocks: from which event, what was excluded, what rolled forward and why."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal_rules import book
from legal_rules.counting import Weekdays, add_months
from legal_rules.errors import UnreadableBook
from legal_rules.facts import parse
from legal_rules.periods import read_periods
from tests.rules.test_cases import BOOK

HOLIDAYS = Weekdays(frozenset({date(2026, 4, 3), date(2026, 4, 6), date(2026, 11, 26)}))


def clocks(raw, on, calendar=HOLIDAYS):
    return {clock.id: clock for clock in BOOK.assess(parse(raw), on=on, calendars=lambda _: calendar).clocks}


BERLIN = {"track": "data_subject", "data_subject_country": "DE", "right": "access"}
LEEDS = BERLIN | {"data_subject_country": "GB"}
OAKLAND = BERLIN | {"data_subject_country": "US-CA"}
WARRANT = {"track": "legal_demand", "issuer": "us_state", "process": "search_warrant", "issuer_state": "NH"}
# Somebody has read it: it sets no day for the answer.
OPEN_ENDED = WARRANT | {"return_date_stated": False}
LYON = {"track": "legal_demand", "issuer": "eu_state", "process": "epoc"}


def test_a_month_ends_on_the_same_date():
    assert clocks(BERLIN, date(2026, 9, 3))["answer"].due == date(2026, 10, 5)  # 3 October 2026 is a Saturday


def test_a_month_from_the_thirtieth_of_january_ends_with_february():
    assert add_months(date(2026, 1, 30), 1) == date(2026, 2, 28)
    assert add_months(date(2028, 1, 30), 1) == date(2028, 2, 29)
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)


def test_a_month_that_ends_on_good_friday_runs_to_the_tuesday_after_easter():
    answer = clocks(BERLIN, date(2026, 3, 3))["answer"]

    assert answer.due == date(2026, 4, 7)
    assert answer.working == (
        "Counted from receipt, Tuesday 3 March 2026.",
        "1 month ends on Friday 3 April 2026; the first day is not counted.",
        "Friday 3 April 2026 is a public holiday (DE).",
        "Monday 6 April 2026 is a public holiday (DE).",
        "Friday 3 April 2026 is not a working day: the period ends on Tuesday 7 April 2026 (Reg. 1182/71 Art. 3(4)).",
    )


def test_without_holidays_the_month_ends_on_that_friday():
    assert clocks(BERLIN, date(2026, 3, 3), Weekdays())["answer"].due == date(2026, 4, 3)


def test_an_extension_told_in_the_first_month_gives_three():
    extended = clocks(BERLIN | {"extension_notified_on": "2026-03-20"}, date(2026, 3, 3))

    assert extended["answer"].due == date(2026, 6, 3)
    assert "extension_notice" not in extended


def test_an_extension_told_too_late_gives_nothing():
    late = clocks(BERLIN | {"extension_notified_on": "2026-04-08"}, date(2026, 3, 3))

    assert late["answer"].due == date(2026, 4, 7)
    assert any("extends nothing" in sentence for sentence in late["answer"].working)


def test_removing_an_extension_recomputes():
    extended = BERLIN | {"extension_notified_on": "2026-03-20"}
    plain = {name: value for name, value in extended.items() if name != "extension_notified_on"}

    assert clocks(plain, date(2026, 3, 3))["answer"].due < clocks(extended, date(2026, 3, 3))["answer"].due


def test_the_notice_of_an_extension_is_due_with_the_first_month():
    running = clocks(BERLIN, date(2026, 3, 3))

    assert running["extension_notice"].due == running["answer"].due


def test_the_british_month_starts_when_identity_is_known():
    told = LEEDS | {"identity_asked_on": "2026-05-05", "identity_received_on": "2026-05-12"}

    assert clocks(told, date(2026, 5, 4))["answer"].due == date(2026, 6, 12)


def test_the_british_month_has_not_begun_while_identity_is_awaited():
    answer = clocks(LEEDS | {"identity_asked_on": "2026-05-05"}, date(2026, 5, 4))["answer"]

    assert answer.due is None
    assert answer.missing == ("identity_received_on",)


def test_the_british_clock_stops_while_we_wait_for_clarification():
    asked = LEEDS | {"clarification_asked_on": "2026-05-06"}

    waiting = clocks(asked, date(2026, 5, 4))["answer"]
    answered = clocks(asked | {"clarification_received_on": "2026-05-11"}, date(2026, 5, 4))["answer"]

    assert waiting.due is None
    assert waiting.missing == ("clarification_received_on",)
    assert answered.due == date(2026, 6, 10)  # 4 June and the six days from 6 to 11 May


def test_the_european_clock_does_not_stop_for_clarification():
    asked = BERLIN | {"clarification_asked_on": "2026-05-06"}

    assert clocks(asked, date(2026, 5, 4))["answer"].due == date(2026, 6, 4)


def test_california_counts_forty_five_calendar_days_and_acknowledges_in_ten_business_days():
    running = clocks(OAKLAND, date(2026, 11, 16))

    assert running["answer"].due == date(2026, 12, 31)
    # Ten business days from Monday 16 November, of which Thanksgiving is none.
    assert running["acknowledge"].due == date(2026, 12, 1)


def test_a_californian_extension_gives_ninety_days():
    told = OAKLAND | {"extension_notified_on": "2026-12-30"}

    assert clocks(told, date(2026, 11, 16))["answer"].due == date(2027, 2, 14)


def test_a_european_production_order_is_due_in_ten_days():
    due = clocks(LYON | {"emergency_danger": False}, date(2026, 9, 7))["answer"]

    assert due.due == date(2026, 9, 17)
    assert due.missing == ()


def test_a_european_emergency_is_due_in_eight_hours():
    urgent = LYON | {
        "emergency_danger": True,
        "emergency_immediate": True,
        "received_at": "2026-09-07T14:10:00+02:00",
    }

    assert clocks(urgent, date(2026, 9, 7))["answer"].due == datetime(2026, 9, 7, 20, 10, tzinfo=UTC)


def test_an_emergency_without_its_moment_of_receipt_asks_for_it():
    urgent = LYON | {"emergency_danger": True, "emergency_immediate": True}

    answer = clocks(urgent, date(2026, 9, 7))["answer"]

    assert answer.due is None
    assert answer.missing == ("received_at",)


def test_whether_it_is_an_emergency_may_still_move_a_clock_that_runs():
    answer = clocks(LYON, date(2026, 9, 7))["answer"]

    assert answer.due == date(2026, 9, 17)
    assert "emergency_danger" in answer.missing


def test_before_the_regulation_applied_no_european_clock_ran():
    assert clocks(LYON, date(2026, 8, 17))["answer"].period == "house.answer"


def test_a_return_date_is_the_answer_s_date():
    answer = clocks(WARRANT | {"court_return_on": "2026-03-20"}, date(2026, 3, 2))["answer"]

    assert answer.due == date(2026, 3, 20)
    assert answer.basis == "law"


def test_without_a_return_date_the_house_sets_one_and_says_that_it_is_policy():
    answer = clocks(OPEN_ENDED, date(2026, 3, 2))["answer"]

    assert answer.due == date(2026, 3, 16)
    assert answer.basis == "policy"


def test_the_house_s_own_number_is_used(tmp_path):
    own = tmp_path / "policy.toml"
    own.write_text("us_answer_days = 7\n")

    (answer, *_) = book.load(own).assess(parse(OPEN_ENDED), on=date(2026, 3, 2)).clocks

    assert answer.due == date(2026, 3, 9)


LETTER = {"track": "legal_demand", "issuer": "us_state", "process": "preservation_letter"}


def test_a_hold_expires_after_ninety_days_and_renewed_after_one_hundred_and_eighty():
    assert clocks(LETTER, date(2026, 1, 1))["hold_expiry"].due == date(2026, 4, 1)
    renewed = LETTER | {"preservation_renewed_on": "2026-03-30"}
    assert clocks(renewed, date(2026, 1, 1))["hold_expiry"].due == date(2026, 6, 30)


def test_a_renewal_after_the_hold_expired_renews_nothing():
    late = LETTER | {"preservation_renewed_on": "2026-04-02"}

    assert clocks(late, date(2026, 1, 1))["hold_expiry"].due == date(2026, 4, 1)


def test_a_european_hold_expires_after_sixty_days_and_ninety_when_extended():
    hold = LYON | {"process": "epoc_pr"}

    # Sixty days end on Saturday 31 October, and so on the Monday (Reg. 1182/71 Art. 3(4)).
    assert clocks(hold, date(2026, 9, 1))["hold_expiry"].due == date(2026, 11, 2)
    assert clocks(hold | {"preservation_renewed_on": "2026-10-20"}, date(2026, 9, 1))["hold_expiry"].due == date(
        2026, 11, 30
    )


def test_a_comity_motion_is_due_fourteen_days_after_service():
    abroad = WARRANT | {"target_us_person": False, "served_on": "2026-03-02"}

    assert clocks(abroad, date(2026, 3, 2))["comity_motion"].due == date(2026, 3, 16)
    assert "comity_motion" not in clocks(abroad | {"target_us_person": True}, date(2026, 3, 2))


def test_a_federal_civil_subpoena_is_objected_to_within_fourteen_days():
    civil = {"track": "legal_demand", "issuer": "civil_party", "issuer_state": "US", "process": "civil_subpoena"}

    assert clocks(civil | {"served_on": "2026-03-07"}, date(2026, 3, 9))["objection"].due == date(2026, 3, 23)
    assert clocks(civil, date(2026, 3, 9))["objection"].missing == ("served_on",)


@pytest.mark.parametrize(("country", "days"), [("BR", 15), ("CA", 30), ("CH", 30), ("KR", 10), ("US-VA", 45)])
def test_elsewhere_the_clock_that_we_know_runs(country, days):
    answer = clocks(BERLIN | {"data_subject_country": country}, date(2026, 5, 4))["answer"]

    assert answer.due == date(2026, 5, 4) + timedelta(days=days)


@given(st.integers(0, 3000), st.integers(0, 60))
def test_a_later_receipt_is_never_due_earlier(days, later):
    first = date(2020, 1, 1) + timedelta(days=days)
    for raw in (BERLIN, LEEDS, OAKLAND, OPEN_ENDED, LETTER):
        early = clocks(raw, first)
        late = clocks(raw, first + timedelta(days=later))
        for name in early.keys() & late.keys() - {"comity_motion", "customer_notice"}:
            assert early[name].due <= late[name].due


@given(st.integers(0, 3000))
def test_a_period_that_rolls_ends_on_a_working_day(days):
    on = date(2020, 1, 1) + timedelta(days=days)
    for raw in (BERLIN, LEEDS, OPEN_ENDED):
        due = clocks(raw, on)["answer"].due
        assert HOLIDAYS.is_working_day(due)
        assert due > on


GOOD = {
    "id": "x",
    "clock": "answer",
    "when": ["a legal demand"],
    "values": {"2020-01-01": 3},
    "unit": "day",
    "basis": "law",
    "cite": ["y"],
    "confidence": "read",
}
EXTENSION = {"id": "z", "values": {"2020-01-01": 2}, "noticed": "extension_notified_on", "cite": ["y"]}


def test_a_period_in_order_is_read():
    assert [period.id for period in read_periods([GOOD], BOOK.policy)] == ["x"]


@pytest.mark.parametrize(
    "change",
    [
        {"units": "day"},
        {"unit": "fortnight"},
        {"cite": []},
        {"values": {}},
        {"basis": "hearsay"},
        {"after": "the new moon"},
        {"once": "the new moon"},
        {"before": "the new moon"},
        {"when": ["x"]},
        {"when": []},
        {"counted": "on one hand"},
        {"counted": "reg_1182_71"},  # rolls, so it needs a calendar
        {"counted": "us_rules", "calendar": "the moon's"},
        {"unit": "business_day"},
        {"unit": "hour", "after": "served_on"},
        {"unit": "hour", "pause": ["clarification_asked_on", "clarification_received_on"]},
        {"unit": "hour", "awaits": ["identity_asked_on", "identity_received_on"]},
        {"unit": "hour", "before": "court_return_on"},
        {"pause": ["clarification_asked_on"]},
        {"awaits": ["identity_asked_on", "the new moon"]},
        {"extension": EXTENSION},
        {"extension": EXTENSION | {"confidence": "read", "noticed": "the new moon"}},
    ],
    ids=str,
)
def test_a_period_with_an_unknown_word_is_refused(change):
    with pytest.raises(UnreadableBook, match="x"):
        read_periods([GOOD | change], BOOK.policy)


@pytest.mark.parametrize(
    "change",
    [
        {"counted": "us_rules", "calendar": "US"},
        {"unit": "business_day", "calendar": "US-CA"},
        {"counted": "reg_1182_71", "calendar": "data_subject"},
        {"unit": "hour", "after": "disclosed_at"},
        {"extension": EXTENSION | {"confidence": "read"}},
    ],
    ids=str,
)
def test_a_period_that_says_whose_days_it_counts_is_read(change):
    (period,) = read_periods([GOOD | change], BOOK.policy)

    assert period.value(date(2020, 1, 1)) == 3


def test_two_periods_of_one_id_are_refused():
    with pytest.raises(UnreadableBook, match="one id"):
        read_periods([GOOD, GOOD], BOOK.policy)


def test_periods_stand_by_rank_whatever_file_they_come_from():
    unordered = [GOOD | {"id": "house", "rank": 9}, GOOD | {"id": "law"}, GOOD | {"id": "court", "rank": 1}]

    assert [period.id for period in read_periods(unordered, BOOK.policy)] == ["court", "law", "house"]


def test_a_period_ends_on_the_day_it_is_no_longer_law():
    (period,) = read_periods([GOOD | {"until": date(2026, 2, 5)}], BOOK.policy)

    assert (period.value(date(2019, 12, 31)), period.value(date(2026, 2, 4)), period.value(date(2026, 2, 5))) == (
        None,
        3,
        None,
    )


def test_a_period_tells_every_fact_it_looks_at():
    (period,) = read_periods(
        [
            GOOD
            | {
                "once": "served_on",
                "before": "court_return_on",
                "pause": ["clarification_asked_on", "clarification_received_on"],
                "extension": EXTENSION | {"confidence": "read"},
            }
        ],
        BOOK.policy,
    )

    assert period.reads == {
        "served_on",
        "court_return_on",
        "clarification_asked_on",
        "clarification_received_on",
        "extension_notified_on",
    }
    (received,) = read_periods([GOOD], BOOK.policy)
    assert received.reads == {"received_at", "first_received_at"}


def test_a_clock_s_form_in_json_is_the_promised_one():
    (answer, *_) = BOOK.assess(parse(BERLIN), on=date(2026, 9, 3)).clocks

    assert answer.as_json().keys() == {"id", "due", "working", "missing", "period", "cite", "basis"}
    assert answer.as_json()["due"] == "2026-10-05"
    assert answer.as_json()["working"] == list(answer.working)
