from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from requests_portal.web import display

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
BERLIN = ZoneInfo("Europe/Berlin")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
UTC_ZONE = ZoneInfo("UTC")

# A Monday morning in California.
NOW = datetime(2026, 11, 23, 12, 40, tzinfo=LOS_ANGELES)

moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 — made aware
zones = st.sampled_from([LOS_ANGELES, BERLIN, KATHMANDU, UTC_ZONE, ZoneInfo("Pacific/Apia")])


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW + timedelta(hours=5), "in 5 hours"),
        (NOW + timedelta(minutes=61), "in 1 hour"),
        (NOW + timedelta(minutes=1), "in 1 minute"),
        (NOW, "due now"),
        (NOW - timedelta(seconds=30), "just late"),
        (NOW - timedelta(minutes=2), "2 minutes late"),
        (NOW - timedelta(hours=1), "1 hour late"),
        (datetime(2026, 11, 25, 9, tzinfo=LOS_ANGELES), "in 2 days"),
        (datetime(2026, 11, 25, 23, 59, tzinfo=LOS_ANGELES), "in 2 days"),
        (datetime(2026, 11, 22, 12, tzinfo=LOS_ANGELES), "1 day late"),
        (datetime(2026, 11, 20, 17, tzinfo=LOS_ANGELES), "3 days late"),
    ],
)
def test_a_limit_says_how_far_off_it_is(at, words):
    assert display.due_words(at, now=NOW, zone=LOS_ANGELES) == words


# On 1 November 2026 clocks in California go back: these 24 hours begin and end on the same day.
@example(at=datetime(2026, 11, 2, 7, 30, tzinfo=UTC), now=datetime(2026, 11, 1, 7, 30, tzinfo=UTC), zone=LOS_ANGELES)
@given(at=moments, now=moments, zone=zones)
def test_due_words_are_never_negative_never_zero_and_agree_in_number(at, now, zone):
    words = display.due_words(at, now=now, zone=zone)

    if words in {"due now", "just late"}:
        assert abs(at - now) < timedelta(minutes=1)
        return
    amount, unit = words.removeprefix("in ").removesuffix(" late").split()
    assert words.startswith("in ") == (at > now)
    assert words.endswith(" late") == (at < now)
    assert int(amount.replace(",", "")) >= 1
    assert unit.endswith("s") == (amount != "1")


def test_a_limit_that_has_passed_is_bad_one_within_three_days_warns_and_a_later_one_is_plain():
    def tone(days):
        return display.due(NOW + timedelta(days=days), now=NOW, zone=LOS_ANGELES).tone

    assert [tone(days) for days in (-1, 3, 4)] == ["bad", "warn", "plain"]


def test_a_case_that_waits_for_its_requester_is_not_shown_as_late():
    shown = display.due(NOW - timedelta(days=3), now=NOW, zone=LOS_ANGELES, waiting=True)

    assert (shown.words, shown.tone) == ("3 days late", "plain")


def test_a_case_without_a_time_limit_says_so():
    assert display.due(None, now=NOW, zone=LOS_ANGELES).words == "No time limit"


def test_the_same_instant_is_written_with_the_offset_of_its_own_date():
    winter = datetime(2026, 1, 14, 20, 0, tzinfo=UTC)
    summer = datetime(2026, 7, 14, 20, 0, tzinfo=UTC)

    assert display.moment(winter, LOS_ANGELES) == "14 January 2026, 12:00, Los Angeles (UTC−08:00)"  # noqa: RUF001
    assert display.moment(summer, LOS_ANGELES) == "14 July 2026, 13:00, Los Angeles (UTC−07:00)"  # noqa: RUF001


@given(at=moments, zone=zones)
def test_every_moment_names_its_zone_and_its_offset_reads_back_to_the_same_instant(at, zone):
    text = display.moment(at, zone)

    written, rest = text.rsplit(", ", 1)
    name, offset = rest.rstrip(")").split(" (UTC")
    read = datetime.strptime(f"{written} {offset.replace('−', '-')}", "%d %B %Y, %H:%M %z")  # noqa: RUF001
    assert name == display.zone_name(zone)
    assert read == at.replace(second=0, microsecond=0)


def test_half_and_quarter_hour_offsets_are_written_whole():
    assert display.utc_offset(NOW, KATHMANDU) == "UTC+05:45"


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="has no zone"):
        display.moment(datetime(2026, 3, 14, 21, 4), LOS_ANGELES)  # noqa: DTZ001 — the point of the test


def test_a_range_across_a_clock_change_names_both_offsets():
    words = display.zone_on_dates(LOS_ANGELES, date(2026, 1, 1), date(2026, 6, 30))

    assert words == "America/Los_Angeles (UTC−08:00, from 8 March UTC−07:00)"  # noqa: RUF001


def test_a_range_without_a_clock_change_names_one_offset():
    assert display.zone_on_dates(BERLIN, date(2026, 11, 1), date(2026, 11, 30)) == "Europe/Berlin (UTC+01:00)"


def test_the_page_says_which_clocks_its_times_are_read_from():
    sentence = display.zone_sentence(NOW, LOS_ANGELES)

    assert "Los Angeles" in sentence
    assert "America/Los_Angeles, today UTC−08:00" in sentence  # noqa: RUF001


def test_whole_days_are_written_with_the_last_day_included():
    start = datetime(2026, 1, 1, tzinfo=LOS_ANGELES)
    end = datetime(2026, 7, 1, tzinfo=LOS_ANGELES)

    assert display.interval(start, end, LOS_ANGELES) == "1 January to 30 June 2026 (181 days)"


def test_whole_days_across_a_new_year_name_both_years():
    start = datetime(2025, 12, 31, tzinfo=BERLIN)
    end = datetime(2026, 1, 2, tzinfo=BERLIN)

    assert display.interval(start, end, BERLIN) == "31 December 2025 to 1 January 2026 (2 days)"


def test_the_day_the_clocks_change_is_one_day():
    start = datetime(2026, 3, 8, tzinfo=LOS_ANGELES)
    end = datetime(2026, 3, 9, tzinfo=LOS_ANGELES)

    assert display.interval(start, end, LOS_ANGELES) == "8 March 2026 (1 day)"


def test_an_evening_is_written_with_clock_times_and_their_zone():
    start = datetime(2026, 3, 14, 21, 0, tzinfo=LOS_ANGELES)
    end = datetime(2026, 3, 14, 23, 30, tzinfo=LOS_ANGELES)

    words = display.interval(start, end, LOS_ANGELES)

    assert words == "14 March 2026, 21:00 to 23:30, Los Angeles (UTC−07:00)"  # noqa: RUF001


def test_an_interval_with_an_open_end_says_which_end_is_open():
    on = datetime(2026, 7, 1, tzinfo=BERLIN)

    assert display.interval(on, None, BERLIN) == "from 1 July 2026, no end given"
    assert display.interval(None, on, BERLIN) == "until 30 June 2026, no beginning given"
    assert display.interval(None, None, BERLIN) == "no dates given"


def test_a_list_shows_the_year_only_of_another_year():
    assert display.short_moment(NOW, now=NOW, zone=LOS_ANGELES) == "Today, 12:40"
    assert display.short_moment(NOW + timedelta(days=2), now=NOW, zone=LOS_ANGELES) == "Wed 25 Nov, 12:40"
    assert display.short_moment(NOW + timedelta(days=88), now=NOW, zone=LOS_ANGELES) == "Fri 19 Feb 2027, 12:40"


def test_today_is_the_readers_today():
    late_evening = datetime(2026, 11, 23, 23, 30, tzinfo=LOS_ANGELES)

    assert display.short_moment(late_evening, now=NOW, zone=BERLIN) == "Tue 24 Nov, 08:30"


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en_GB", "Wednesday 9 December 2026"),
        ("de", "Mittwoch, 9. Dezember 2026"),
        ("fr", "mercredi 9 décembre 2026"),
        ("es", "miércoles, 9 de diciembre de 2026"),
    ],
)
def test_a_date_is_written_in_the_readers_language(locale, words):
    assert display.weekday(date(2026, 12, 9), locale) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0:00"), (0.2, "0:01"), (9.4, "0:09"), (59.6, "1:00"), (725, "12:05"), (3723, "1:02:03")]
)
def test_a_length_of_sound_reads_as_on_a_player(seconds, words):
    assert display.duration(seconds) == words


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (1, "1 byte"),
        (831, "831 bytes"),
        (1_000, "1.0 kB"),
        (999_960, "1.0 MB"),
        (1_234_567, "1.2 MB"),
        (10**13, "10.0 TB"),
    ],
)
def test_a_size_reads_in_decimal_units(octets, words):
    assert display.size(octets) == words


def test_things_are_counted_with_the_right_ending():
    assert display.count(1, "recording") == "1 recording"
    assert display.count(1284, "recording") == "1,284 recordings"
    assert display.count(2, "copy", "copies") == "2 copies"


def test_numbers_are_grouped_as_the_reader_does():
    assert display.number(18204, "de") == "18.204"


def test_a_share_is_never_rounded_to_all_or_nothing():
    assert display.share(1275, 1284) == "99.3%"
    assert display.share(99_999, 100_000) == "99.9%"
    assert display.share(1, 100_000) == "0.1%"
    assert display.share(3, 3) == "100%"
    assert display.share(0, 0) == "–"  # noqa: RUF001
