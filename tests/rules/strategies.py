"""Invented facts, scopes and lines for the properties: the book's own cases, a few changes, and the rest filled in."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from hypothesis import strategies as st

from legal_rules import facts as vocabulary
from legal_rules.edition import shipped
from legal_rules.errors import ContradictoryFacts
from legal_rules.facts import FACTS, Facts
from legal_rules.proof import facts_of
from legal_rules.scope import ALWAYS, EVERY, DemandLine, Interval, Scope
from legal_rules.vocabulary.groups import CHECKED_COUNTRIES
from legal_rules.vocabulary.timing import Timing

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
COUNTRIES = (*sorted(CHECKED_COUNTRIES), "BR", "JP", "US-NH", "US-VA")
ACCOUNTS = ("marsh", "kettle", "cuchara")
DAYS = st.integers(0, 400).map(lambda days: date(2026, 1, 1) + timedelta(days=days))
MOMENTS = st.integers(0, 400 * 24).map(lambda hours: NEW_YEAR + timedelta(hours=hours))
NAMES = st.frozensets(st.sampled_from(ACCOUNTS), max_size=3)


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
        "country": lambda: st.sampled_from(COUNTRIES),
    }
    return by_type[fact.type]()


VALUES = {name: values(fact) for name, fact in FACTS.items()}


def any_value(fact, chance: Random):
    """One value by chance: filling a hundred facts in by drawing each would be slow."""
    by_type = {
        "choice": lambda: chance.choice(fact.allowed),
        "choices": lambda: frozenset(chance.sample(fact.allowed, min(chance.randrange(3), len(fact.allowed)))),
        "flag": lambda: chance.random() < 0.5,
        "date": lambda: date(2026, 1, 1) + timedelta(days=chance.randrange(400)),
        "moment": lambda: NEW_YEAR + timedelta(hours=chance.randrange(400 * 24)),
        "number": lambda: chance.randrange(13),
        "texts": lambda: frozenset(chance.sample(ACCOUNTS, chance.randrange(4))),
        "country": lambda: chance.choice(COUNTRIES),
    }
    return by_type[fact.type]()


def contradictory(facts: Facts) -> bool:
    """Whether two of them cannot both be true, so that no paper could be typed in so."""
    try:
        vocabulary._refuse_contradictions(facts)
    except ContradictoryFacts:
        return True
    return False


def told(facts: Facts, name: str, value) -> Facts:
    """The same facts with one more, unless that would contradict what stands there."""
    more = replace(facts, **{name: value})
    return facts if contradictory(more) else more


def changed(facts: Facts, changes) -> Facts:
    for name, value in changes:
        facts = told(facts, name, value)
    return facts


def filled(facts: Facts, seed: int) -> Facts:
    """The same facts and every other that can be known besides: each flag, list, day and number."""
    chance = Random(seed)  # noqa: S311 — invented, not secret
    found = {name: any_value(fact, chance) for name, fact in FACTS.items() if getattr(facts, name) is None}
    whole = replace(facts, **found)
    return changed(facts, found.items()) if contradictory(whole) else whole


# Where rules begin and end to apply is where answers can go wrong, so every invented request begins at such a place.
CASES = tuple(dict.fromkeys(facts_of(raw, case) for _, raw in shipped().rules_with_cases() for case in raw["case"]))
CHANGES = st.lists(
    st.sampled_from(sorted(FACTS)).flatmap(lambda name: st.tuples(st.just(name), VALUES[name])), max_size=6
)
SEEDS = st.integers(0, 2**20)
# Drawn by number: a strategy that holds a thousand requests would be written out whole wherever it is named.
STARTS = st.integers(0, len(CASES)).map(lambda number: (Facts(), *CASES)[number])
MAYBE_KNOWN = st.builds(changed, STARTS, CHANGES)
# A request in which everything that can be known is known.
WHOLLY_KNOWN = st.builds(filled, MAYBE_KNOWN, SEEDS)
FORGOTTEN = st.sets(st.sampled_from(sorted(FACTS)), max_size=8)


def forget(facts: Facts, names) -> Facts:
    return replace(facts, **dict.fromkeys(names))


# What our own file does not show has not happened: no days of events, no count of our answers, no check by another way
# than a check is made, no denial of an agent. It is never unknown.
NEVER_UNKNOWN = frozenset({"answered_in_12_months", "verified_how", "agent_confirmed"})
OUR_FILE = frozenset({field.name for field in fields(Timing)}) | NEVER_UNKNOWN


def _less_and_more(less: Facts, more: Facts) -> tuple[Facts, Facts]:
    return replace(less, **{name: getattr(more, name) for name in OUR_FILE}), more


# What somebody knows of a request, and the same request when everything is known.
LEARNING = st.builds(
    lambda known, forgotten, seed: _less_and_more(forget(known, forgotten), filled(known, seed)),
    *(MAYBE_KNOWN, FORGOTTEN, SEEDS),
) | st.builds(lambda facts, forgotten: _less_and_more(forget(facts, forgotten), facts), WHOLLY_KNOWN, FORGOTTEN)

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
