"""The algebra of scopes: ⊆ and ∩ agree with what is covered."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal_rules.errors import RuleBookError
from legal_rules.facts import Facts, parse
from legal_rules.scope import (
    ALWAYS,
    EVERY,
    EVERYTHING,
    NOTHING,
    UNLISTED,
    Interval,
    Scope,
    between,
    demand_lines,
    hull,
)
from tests.rules.strategies import CLASSES, INTERVALS, MOMENTS, SCOPES

POINTS = st.tuples(st.sampled_from(["marsh", "kettle"]), st.sampled_from(["marsh", "cuchara"]), CLASSES, MOMENTS)


@given(SCOPES, SCOPES, POINTS)
def test_an_intersection_covers_what_both_cover(left, right, point):
    assert (left & right).covers(*point) == (left.covers(*point) and right.covers(*point))


@given(SCOPES, SCOPES, POINTS)
def test_a_subset_covers_nothing_that_the_whole_does_not(left, right, point):
    if left <= right and left.covers(*point):
        assert right.covers(*point)


@given(SCOPES, SCOPES)
def test_an_intersection_is_within_both(left, right):
    assert left & right <= left
    assert left & right <= right


@given(SCOPES)
def test_everything_contains_and_nothing_is_contained(scope):
    assert NOTHING <= scope <= EVERYTHING
    assert (scope & EVERYTHING) == scope
    assert (scope & NOTHING).is_empty


@given(SCOPES, SCOPES, SCOPES)
def test_subset_is_transitive(a, b, c):
    if a <= b <= c:
        assert a <= c


@given(SCOPES)
def test_a_scope_survives_its_json(scope):
    assert Scope.from_json(scope.as_json()) == scope


@given(INTERVALS, INTERVALS, MOMENTS)
def test_intervals_intersect_moment_by_moment(left, right, moment):
    assert (moment in (left & right)) == (moment in left and moment in right)


@given(st.lists(SCOPES, max_size=4))
def test_a_hull_contains_each_of_its_scopes(scopes):
    for scope in scopes:
        assert scope <= hull(scopes)


def test_the_end_of_an_interval_is_excluded():
    january = Interval(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))

    assert datetime(2026, 1, 1, tzinfo=UTC) in january
    assert datetime(2026, 2, 1, tzinfo=UTC) not in january


def test_no_limit_is_written_as_every():
    assert repr(EVERY) == "EVERY"
    assert "EVERY" in repr(EVERYTHING)


def test_an_interval_is_kept_in_utc():
    new_york = timezone(timedelta(hours=-5))

    assert Interval(datetime(2026, 1, 1, tzinfo=new_york), datetime.max.replace(tzinfo=UTC)).start == datetime(
        2026, 1, 1, 5, tzinfo=UTC
    )


def test_a_moment_without_offset_is_refused():
    with pytest.raises(RuleBookError, match="offset"):
        Interval(datetime(2026, 1, 1), datetime(2026, 2, 1, tzinfo=UTC))  # noqa: DTZ001 — the point of the test


def test_an_open_end_is_null_in_json_and_no_end_at_all_is_always():
    since = between(datetime(2026, 1, 1, tzinfo=UTC), None)

    assert since.as_json() == {"from": "2026-01-01T00:00:00+00:00", "to": None}
    assert between(None, None).as_json() == "always"
    assert Interval.from_json("always") == ALWAYS


@pytest.mark.parametrize("raw", [{"accounts": "all"}, {"interval": "sometimes"}])
def test_a_scope_that_says_something_else_is_refused(raw):
    with pytest.raises(RuleBookError):
        Scope.from_json(EVERYTHING.as_json() | raw)


def test_a_demand_has_one_line_for_each_account_and_class():
    lines = demand_lines(
        parse({"accounts": ["marsh", "kettle"], "seeks": ["audio", "subscriber"], "range_from": "2026-01-01"})
    )

    assert [(line.id, line.account, line.data_class) for line in lines] == [
        ("1", "kettle", "audio"),
        ("2", "kettle", "subscriber"),
        ("3", "marsh", "audio"),
        ("4", "marsh", "subscriber"),
    ]
    assert {line.interval.start for line in lines} == {datetime(2026, 1, 1, tzinfo=UTC)}


def test_a_demand_that_names_no_account_asks_of_every_account():
    (line,) = demand_lines(parse({"accounts": [], "devices": ["DD-7731"], "seeks": ["audio"]}))

    assert line.account is EVERY
    assert line.devices == frozenset({"DD-7731"})
    assert line.interval == ALWAYS


def test_any_and_all_other_data_is_a_line_of_its_own():
    lines = demand_lines(parse({"accounts": ["marsh"], "seeks": ["audio"], "catch_all": True}))

    assert [line.data_class for line in lines] == ["audio", UNLISTED]


def test_nothing_known_demands_nothing():
    assert demand_lines(Facts()) == ()


def test_a_line_demands_of_its_own_account_or_of_every_one():
    (named,) = demand_lines(parse({"accounts": ["marsh"], "seeks": ["audio"]}))
    (unnamed,) = demand_lines(parse({"accounts": [], "seeks": ["audio"]}))

    assert named.scope == Scope(frozenset({"marsh"}), EVERY, frozenset({"audio"}), ALWAYS)
    assert unnamed.scope == Scope(EVERY, EVERY, frozenset({"audio"}), ALWAYS)


def test_to_the_present_ends_with_the_day_of_issue_and_a_stated_end_where_it_says():
    asked = {"accounts": ["marsh"], "seeks": ["audio"], "range_from": "2026-01-01", "issued_on": "2026-03-02"}

    (present,) = demand_lines(parse(asked | {"range_to_open": True}))
    (stated,) = demand_lines(parse(asked | {"range_to": "2026-02-01"}))

    # The day of issue ends last where the clocks are twelve hours behind UTC.
    assert present.interval.end == datetime(2026, 3, 3, 12, tzinfo=UTC)
    assert stated.interval.end == datetime(2026, 2, 2, tzinfo=UTC)
