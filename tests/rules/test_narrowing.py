"""Narrowing only shrinks, twice is once, order does not matter; and which recordings stay out one by one."""

import random
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from legal_rules.facts import parse
from legal_rules.narrowing import OPERATIONS, Recorded, WithholdingRule, narrowed, withheld
from legal_rules.scope import EVERY, DemandLine, Interval
from tests.rules.strategies import INTERVALS, LINES, MAYBE_KNOWN, WHOLLY_KNOWN
from tests.rules.test_cases import BOOK, TODAY

CUTS = st.builds(
    lambda facts, names: [OPERATIONS[name](facts, BOOK.terms(TODAY)) for name in names],
    MAYBE_KNOWN,
    st.lists(st.sampled_from(sorted(OPERATIONS)), max_size=4),
)


@given(LINES, CUTS)
def test_narrowing_only_ever_shrinks(line, cuts):
    assert narrowed(line, cuts) <= line.scope


@given(LINES, CUTS)
def test_narrowing_twice_is_narrowing_once(line, cuts):
    assert narrowed(line, [*cuts, *cuts]) == narrowed(line, cuts)


@given(LINES, CUTS, st.randoms())
def test_the_order_of_the_cuts_does_not_matter(line, cuts, chance: random.Random):
    shuffled = cuts.copy()
    chance.shuffle(shuffled)

    assert narrowed(line, shuffled) == narrowed(line, cuts)


@given(LINES, INTERVALS, CUTS)
def test_a_smaller_demand_never_gets_a_larger_proposal(line, part, cuts):
    smaller = DemandLine(
        id=line.id, account="marsh", devices=line.devices, data_class=line.data_class, interval=line.interval & part
    )
    if smaller.scope <= line.scope:
        assert narrowed(smaller, cuts) <= narrowed(line, cuts)


@given(WHOLLY_KNOWN)
def test_what_is_proposed_lies_within_what_was_demanded(facts):
    for line in BOOK.assess(facts, on=TODAY).lines:
        assert line.proposed is None or line.proposed <= line.line.scope


@given(LINES, CUTS)
def test_a_cut_touches_a_line_only_when_it_takes_something(line, cuts):
    for cut in cuts:
        if line.interval.is_empty:
            continue
        assert cut.touches(line) == (narrowed(line, [cut]) != line.scope)


NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
OTHERS = WithholdingRule(
    rule="eu-gdpr-other-voices",
    ground="RIGHTS_OF_OTHERS",
    predicate="other people are heard who have not agreed",
    classes=frozenset({"audio", "transcript"}),
    agreed=frozenset({"family"}),
)


def recorded(speakers, data_class="audio"):
    return Recorded(account="marsh", device="DD-7731", data_class=data_class, recorded_at=NOON, speakers=speakers)


def test_a_recording_with_a_visitor_stays_out():
    assert withheld(recorded(frozenset({"account_holder", "visitor"})), [OTHERS]) == "RIGHTS_OF_OTHERS"


def test_a_recording_of_the_account_holder_alone_leaves():
    assert withheld(recorded(frozenset({"account_holder"})), [OTHERS]) is None


def test_a_recording_with_a_relative_who_agreed_leaves():
    assert withheld(recorded(frozenset({"account_holder", "family"})), [OTHERS]) is None


def test_a_recording_nobody_has_listened_to_for_its_speakers_stays_out():
    assert withheld(recorded(None), [OTHERS]) == "RIGHTS_OF_OTHERS"


def test_subscriber_information_has_no_voices():
    assert withheld(recorded(None, "subscriber"), [OTHERS]) is None


def test_without_exclusions_everything_leaves():
    assert withheld(recorded(None), []) is None


def test_a_narrowed_line_keeps_whose_it_is():
    line = DemandLine(
        id="1",
        account=EVERY,
        devices=frozenset({"DD-7731"}),
        data_class="audio",
        interval=Interval(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)),
    )
    cut = OPERATIONS["dates to the day of issue"](parse({"issued_on": "2026-03-02"}), BOOK.terms(TODAY))

    left = narrowed(line, [cut])

    assert left.devices == frozenset({"DD-7731"})
    assert left.interval == Interval(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 3, 12, tzinfo=UTC))
