"""What is kept as JSON is read back as it was, whatever a case or a production holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cattrs.errors import ClassValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from legal_rules.narrowing import WithholdingRule
from legal_rules.scope import ALWAYS, EVERY, NEVER, DemandLine, Interval, Scope
from requests_portal.database.codec import from_json, to_json
from requests_portal.database.moments import from_text, to_text
from requests_portal.model.case import Case
from requests_portal.model.production import Production

MOMENTS = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001 — the zone is the strategy's
    max_value=datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.one_of(st.just(UTC), st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours)))),
)
TEXTS = st.text(max_size=12)
SETS = st.frozensets(TEXTS, max_size=3)
INTERVALS = st.one_of(st.just(ALWAYS), st.just(NEVER), st.builds(Interval, MOMENTS, MOMENTS))
MEMBERS = st.one_of(st.just(EVERY), SETS)
SCOPES = st.builds(Scope, MEMBERS, MEMBERS, MEMBERS, INTERVALS)
LINES = st.builds(
    DemandLine,
    id=TEXTS,
    account=st.one_of(st.just(EVERY), TEXTS),
    devices=MEMBERS,
    data_class=TEXTS,
    interval=INTERVALS,
)
FACT_VALUES = st.one_of(st.none(), st.booleans(), st.integers(0, 99), TEXTS, st.lists(TEXTS, max_size=3))
for kind, strategy in (
    (datetime, MOMENTS),
    (str, TEXTS),
    (Interval, INTERVALS),
    (Scope, SCOPES),
    (DemandLine, LINES),
    (WithholdingRule, st.builds(WithholdingRule, rule=TEXTS, ground=TEXTS, predicate=TEXTS, classes=SETS, agreed=SETS)),
):
    st.register_type_strategy(kind, strategy)
CASES = st.builds(Case, facts=st.dictionaries(TEXTS, FACT_VALUES, max_size=4))
PRODUCTIONS = st.builds(Production, seconds=st.lists(st.tuples(TEXTS, st.floats(0, 9)), max_size=2).map(tuple))


@settings(max_examples=60, deadline=None)
@given(case=CASES)
def test_a_case_is_read_back_as_it_was_kept(case):
    assert from_json(to_json(case), Case) == case


@settings(max_examples=60, deadline=None)
@given(production=PRODUCTIONS)
def test_a_production_is_read_back_as_it_was_kept(production):
    assert from_json(to_json(production), Production) == production


@given(scope=SCOPES)
def test_a_scope_is_read_back_and_no_limit_is_not_an_empty_set(scope):
    again = from_json(to_json(scope), Scope)

    assert again == scope
    assert (again.accounts is EVERY) == (scope.accounts is EVERY)


@given(first=MOMENTS, second=MOMENTS)
def test_moments_sort_as_text_as_they_do_in_time(first, second):
    assert (to_text(first) < to_text(second)) == (first < second)
    assert from_text(to_text(first)) == first


def test_a_field_that_nobody_knows_is_refused_and_not_dropped():
    text = to_json(ALWAYS_KNOWN)

    with pytest.raises(ClassValidationError):
        from_json(text[:-1] + ',"surprise":1}', Production)


def test_text_is_kept_readable_in_every_script():
    kept = replace(ALWAYS_KNOWN, failure="קריית מזלג, Käthe Türklinke")

    assert "קריית מזלג, Käthe Türklinke" in to_json(kept)
    assert from_json(to_json(kept), Production) == kept


ALWAYS_KNOWN = Production(
    id="p",
    case="c",
    number=1,
    kind="full",
    state="reserved",
    decision="d",
    document_id="doc",
    made_at=datetime(2026, 11, 23, tzinfo=UTC),
    bates_first=1,
    bates_last=1,
)
