"""Counting: what the Regulation, the federal rules and the regulator's examples make of a start and a number."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal_rules.counting import COUNTED, HOUSE, PLAIN, REG_1182_71, US_RULES, Count, Weekdays, add_months

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
# Good Friday and Easter Monday, Thanksgiving and the days around Christmas of 2026.
HOLIDAYS = Weekdays(
    frozenset(
        [date(2026, 4, 3), date(2026, 4, 6), date(2026, 11, 26), date(2026, 12, 25), date(2026, 12, 28)],
    )
)
DAYS = st.integers(0, 1500).map(lambda days: date(2025, 1, 1) + timedelta(days=days))
MOMENTS = st.integers(0, 3 * 365 * 24 * 60).map(lambda m: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=m))
LENGTHS = st.integers(1, 120)
PAUSES = st.integers(0, 60)
UNITS = st.sampled_from(["day", "month", "business_day"])
ROLLING = st.sampled_from([HOUSE, US_RULES, REG_1182_71])


def counted(start, value, unit, counted=PLAIN, *, calendar=HOLIDAYS, paused=0):
    working = []
    due = Count(counted, calendar, "there", working).end(start, value, unit, paused=paused)
    return due, [str(step) for step in working]


def end(*args, **kwargs):
    return counted(*args, **kwargs)[0]


# --- the regulator's examples, and the Regulation's own rules


def test_a_month_from_the_third_of_september_ends_on_the_third_of_october():
    # ICO, right of access: a request of 3 September is answered by 3 October.
    assert end(date(2025, 9, 3), 1, "month", REG_1182_71) == date(2025, 10, 3)


@pytest.mark.parametrize(("year", "last"), [(2026, 28), (2028, 29)])
def test_a_month_from_the_thirtieth_of_january_ends_with_february(year, last):
    # ICO: where the next month is shorter, its last day; 2026-02-28 is a Saturday, 2028-02-29 a Tuesday.
    assert add_months(date(year, 1, 30), 1) == date(year, 2, last)


def test_a_month_from_the_thirty_first_of_march_ends_on_the_last_of_april():
    # ICO: a request of 31 March is answered by 30 April.
    assert end(date(2026, 3, 31), 1, "month", REG_1182_71) == date(2026, 4, 30)


def test_a_month_across_the_year_ends_next_year():
    assert end(date(2026, 12, 15), 1, "month") == date(2027, 1, 15)
    assert end(date(2026, 11, 30), 3, "month") == date(2027, 2, 28)


def test_the_day_of_the_event_is_not_counted():
    assert end(date(2026, 9, 7), 10, "day") == date(2026, 9, 17)


@pytest.mark.parametrize("way", [HOUSE, US_RULES, REG_1182_71])
@pytest.mark.parametrize(
    ("last", "ends"),
    [
        (date(2026, 9, 18), date(2026, 9, 18)),  # Friday
        (date(2026, 9, 19), date(2026, 9, 21)),  # Saturday
        (date(2026, 9, 20), date(2026, 9, 21)),  # Sunday
        (date(2026, 4, 3), date(2026, 4, 7)),  # Good Friday, and Easter Monday after it
    ],
)
def test_a_last_day_on_which_nobody_works_rolls_to_the_next_working_day(way, last, ends):
    assert end(last - timedelta(days=10), 10, "day", way) == ends


def test_a_plain_count_rolls_nowhere():
    assert end(date(2026, 9, 9), 10, "day") == date(2026, 9, 19)


def test_two_days_over_a_weekend_have_two_working_days_in_them():
    # Art. 3(5): from Friday, Saturday and Sunday pass; Monday is one working day and Tuesday the second.
    assert end(date(2026, 9, 18), 2, "day", REG_1182_71) == date(2026, 9, 22)
    assert end(date(2026, 9, 18), 2, "day", US_RULES) == date(2026, 9, 21)


def test_five_days_over_easter_have_two_working_days_in_them():
    # From Maundy Thursday five days end on Easter Tuesday, the first working day; Wednesday is the second.
    assert end(date(2026, 4, 2), 5, "day", REG_1182_71) == date(2026, 4, 8)


def test_one_business_day_over_a_weekend_stays_one():
    due, _ = counted(date(2026, 9, 18), 1, "business_day", REG_1182_71)

    assert due == date(2026, 9, 21)  # from a Friday, and no later than from the Sunday


def test_one_day_needs_no_second_working_day():
    assert end(date(2026, 9, 17), 1, "day", REG_1182_71) == date(2026, 9, 18)
    assert end(date(2026, 9, 18), 1, "day", REG_1182_71) == date(2026, 9, 21)


def test_business_days_leave_out_weekends_and_holidays():
    # From Monday 16 November, Thanksgiving is none of the ten.
    assert end(date(2026, 11, 16), 10, "business_day") == date(2026, 12, 1)
    assert end(date(2026, 11, 25), 3, "court_day") == date(2026, 12, 1)


def test_a_year_ends_on_the_same_date_and_leap_day_on_the_last_of_february():
    assert end(date(2026, 3, 2), 1, "year") == date(2027, 3, 2)
    assert end(date(2028, 2, 29), 1, "year") == date(2029, 2, 28)


def test_a_day_counted_from_a_moment_is_the_day_on_its_own_clock():
    late = datetime(2026, 9, 7, 23, 30, tzinfo=NEW_YORK)

    assert end(late, 10, "day") == date(2026, 9, 17)


# --- hours


def test_eight_hours_from_ten_past_two_end_by_law_at_eleven_and_we_work_to_ten_past_ten():
    due, working = counted(datetime(2026, 9, 7, 14, 10, tzinfo=BERLIN), 8, "hour", REG_1182_71)

    assert due == datetime(2026, 9, 7, 22, 10, tzinfo=BERLIN)
    assert working == [
        "8 hours end on Monday 7 September 2026, 22:10 CEST.",
        (
            "The hour it counts from is not counted (Reg. 1182/71 Art. 3(1)): "
            "by law Monday 7 September 2026, 23:00 CEST at the latest."
        ),
        "We work to the earlier.",
    ]


@pytest.mark.parametrize(
    ("start", "ends"),
    [
        # On 25 October 2026 clocks in Berlin go back at three: the hour from two to three is lived twice.
        (datetime(2026, 10, 24, 22, 0, tzinfo=BERLIN), datetime(2026, 10, 25, 5, 0, tzinfo=BERLIN)),
        # On 29 March 2026 they go forward at two.
        (datetime(2026, 3, 28, 22, 0, tzinfo=BERLIN), datetime(2026, 3, 29, 7, 0, tzinfo=BERLIN)),
    ],
)
def test_hours_are_hours_that_pass_also_when_clocks_change(start, ends):
    assert end(start, 8, "hour").isoformat() == ends.isoformat()


def test_hours_that_end_on_a_weekend_end_at_the_same_time_of_the_next_working_day_by_federal_rules():
    # Fed. R. Crim. P. 45(a)(2)(C): 48 hours from Thursday at ten end on Saturday, so on Monday at ten.
    friday = datetime(2026, 9, 17, 10, 0, tzinfo=NEW_YORK)

    assert end(friday, 48, "hour", US_RULES) == datetime(2026, 9, 21, 10, 0, tzinfo=NEW_YORK)
    assert end(friday, 48, "hour", PLAIN) == datetime(2026, 9, 19, 10, 0, tzinfo=NEW_YORK)
    assert end(friday, 48, "hour", REG_1182_71) == datetime(2026, 9, 19, 10, 0, tzinfo=NEW_YORK)


def test_hours_that_end_on_thanksgiving_end_on_the_friday():
    start = datetime(2026, 11, 24, 9, 30, tzinfo=NEW_YORK)

    due, working = counted(start, 48, "hour", US_RULES)

    assert due == datetime(2026, 11, 27, 9, 30, tzinfo=NEW_YORK)
    assert "Thursday 26 November 2026 is a public holiday (there)." in working


# --- the working


def test_the_working_names_the_holiday_the_day_and_the_rule():
    _, working = counted(date(2026, 3, 3), 1, "month", REG_1182_71)

    assert working == [
        "1 month ends on Friday 3 April 2026; the first day is not counted.",
        "Friday 3 April 2026 is a public holiday (there).",
        "Monday 6 April 2026 is a public holiday (there).",
        "Friday 3 April 2026 is not a working day: the period ends on Tuesday 7 April 2026 (Reg. 1182/71 Art. 3(4)).",
    ]


def test_the_working_says_which_holidays_business_days_leave_out():
    _, working = counted(date(2026, 11, 16), 10, "business_day")

    assert working == [
        "10 business days end on Tuesday 1 December 2026; the first day is not counted.",
        "Thursday 26 November 2026 is a public holiday (there).",
    ]


def test_the_working_says_why_two_working_days_were_waited_for():
    _, working = counted(date(2026, 9, 18), 2, "day", REG_1182_71)

    assert working[-1] == (
        "Two working days must lie in it (Reg. 1182/71 Art. 3(5)): the period ends on Tuesday 22 September 2026."
    )


def test_two_working_days_that_lie_in_it_anyway_are_not_spoken_of():
    # From Thursday two days end on Saturday, so on Monday; Friday and Monday are the two.
    due, working = counted(date(2026, 9, 17), 2, "day", REG_1182_71)

    assert due == date(2026, 9, 21)
    assert not any("Two working days" in sentence for sentence in working)


def test_a_set_date_is_due_on_that_date():
    assert counted(date(2026, 9, 19), 0, "date") == (date(2026, 9, 19), ["Due on Saturday 19 September 2026."])


# --- what holds of every count


def naive(start, value, unit):
    return end(start, value, unit, PLAIN)


@given(DAYS, LENGTHS, UNITS, ROLLING)
def test_a_count_never_ends_before_what_its_number_says(start, value, unit, way):
    assert end(start, value, unit, way) >= naive(start, value, unit) > start


@given(DAYS, LENGTHS, UNITS, ROLLING)
def test_a_count_that_rolls_ends_on_a_working_day(start, value, unit, way):
    assert HOLIDAYS.is_working_day(end(start, value, unit, way))


@given(DAYS, LENGTHS, st.sampled_from(["day", "month"]), st.sampled_from([HOUSE, US_RULES]))
def test_a_count_rolls_to_the_first_working_day_and_no_further(start, value, unit, way):
    last, due = naive(start, value, unit), end(start, value, unit, way)

    assert not any(HOLIDAYS.is_working_day(last + timedelta(days=n)) for n in range((due - last).days))


@given(DAYS, st.integers(0, 60), LENGTHS, UNITS, st.sampled_from(sorted(COUNTED)), PAUSES)
def test_a_later_start_never_ends_earlier(start, later, value, unit, way, paused):
    early = end(start, value, unit, way, paused=paused)

    assert early <= end(start + timedelta(days=later), value, unit, way, paused=paused)


@given(DAYS, LENGTHS, UNITS, st.sampled_from(sorted(COUNTED)))
def test_a_longer_period_never_ends_earlier(start, value, unit, way):
    assert end(start, value, unit, way) <= end(start, value + 1, unit, way)


@given(DAYS, LENGTHS, st.sampled_from(["day", "month"]), PAUSES)
def test_a_pause_lengthens_a_plain_count_by_its_days(start, value, unit, paused):
    assert end(start, value, unit, paused=paused) == naive(start, value, unit) + timedelta(days=paused)


@given(DAYS, LENGTHS)
def test_two_days_or_more_of_the_regulation_have_two_working_days(start, value):
    due = end(start, value, "day", REG_1182_71)
    working = sum(HOLIDAYS.is_working_day(start + timedelta(days=n)) for n in range(1, (due - start).days + 1))

    assert working >= min(2, value)


@given(DAYS, LENGTHS)
def test_months_end_on_the_same_date_or_the_last_of_a_shorter_month(start, count):
    ends = add_months(start, count)

    assert (ends.year * 12 + ends.month) - (start.year * 12 + start.month) == count
    assert ends.day == start.day or (ends.day < start.day and (ends + timedelta(days=1)).day == 1)


@given(DAYS, LENGTHS)
def test_as_many_business_days_lie_in_the_count_as_its_number_says(start, count):
    due = end(start, count, "business_day")

    assert sum(HOLIDAYS.is_working_day(start + timedelta(days=n)) for n in range(1, (due - start).days + 1)) == count


@given(MOMENTS, LENGTHS, st.sampled_from([PLAIN, REG_1182_71]), st.sampled_from([BERLIN, NEW_YORK, UTC]))
def test_hours_are_as_many_as_the_number_wherever_they_are_counted(start, value, way, zone):
    due = end(start.astimezone(zone), value, "hour", way)

    assert due.astimezone(UTC) - start == timedelta(hours=value)


@given(MOMENTS, LENGTHS)
def test_hours_of_the_federal_rules_never_end_early_nor_on_a_day_off(start, value):
    due = end(start.astimezone(NEW_YORK), value, "hour", US_RULES)

    assert due.astimezone(UTC) - start >= timedelta(hours=value)
    assert HOLIDAYS.is_working_day(due.date())
