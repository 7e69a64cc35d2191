"""Invented facts, scopes and lines for the properties."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from legal_rules.facts import FACTS, Facts
from legal_rules.scope import ALWAYS, EVERY, DemandLine, Interval, Scope
from legal_rules.vocabulary.groups import CHECKED_COUNTRIES

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = st.integers(0, 400).map(lambda days: date(2026, 1, 1) + timedelta(days=days))
MOMENTS = st.integers(0, 400 * 24).map(lambda hours: NEW_YEAR + timedelta(hours=hours))
COUNTRIES = st.sampled_from([*sorted(CHECKED_COUNTRIES), "BR", "JP", "US-NH", "US-VA"])
NAMES = st.frozensets(st.sampled_from(["marsh", "kettle", "cuchara"]), max_size=3)


def values(fact):
    """Values this fact may have."""
    by_type = {
        "choice": lambda: st.sampled_from(fact.allowed),
        "choices": lambda: st.frozensets(st.sampled_from(fact.allowed), max_size=4),
        "flag": st.booleans,
        "date": lambda: DAYS,
        "moment": lambda: MOMENTS,
        "number": lambda: st.integers(0, 12),
        "texts": lambda: NAMES,
        "country": lambda: COUNTRIES,
    }
    return by_type[fact.type]()


def agreed(facts: Facts) -> Facts:
    """The same facts with no two that contradict each other."""
    changes = {}
    for first, last in (("range_from", "range_to"), ("incident_from", "incident_to"), ("answered_from", "answered_to")):
        start, end = getattr(facts, first), getattr(facts, last)
        if start is not None and end is not None and end <= start:
            changes[last] = start + timedelta(days=3)
    if facts.range_from or facts.range_to:
        changes["range_stated"] = True
    if facts.incident_from:
        changes["incident_stated"] = True
    if facts.nondisclosure_ends_on:
        changes["nondisclosure_end_stated"] = True
    return replace(facts, **changes)


MAYBE_KNOWN = st.fixed_dictionaries({name: st.none() | values(fact) for name, fact in FACTS.items()}).map(
    lambda known: agreed(Facts(**known))
)
# A request in which everything that can be known is known: every date and every flag.
WHOLLY_KNOWN = st.fixed_dictionaries({name: values(fact) for name, fact in FACTS.items()}).map(
    lambda known: agreed(Facts(**known))
)
FORGOTTEN = st.sets(st.sampled_from(sorted(FACTS)), max_size=8)


def forget(facts: Facts, names) -> Facts:
    return replace(facts, **dict.fromkeys(names))


INTERVALS = st.just(ALWAYS) | st.builds(lambda a, b: Interval(min(a, b), max(a, b)), MOMENTS, MOMENTS)
MEMBERS = st.just(EVERY) | NAMES
CLASSES = st.sampled_from(["audio", "transcript", "subscriber", "location", "connections", "future_data"])
SCOPES = st.builds(Scope, MEMBERS, MEMBERS, st.just(EVERY) | st.frozensets(CLASSES), INTERVALS)
LINES = st.builds(
    DemandLine,
    id=st.just("1"),
    account=st.sampled_from(["marsh", "kettle", EVERY]),
    devices=MEMBERS,
    data_class=CLASSES,
    interval=INTERVALS,
)
