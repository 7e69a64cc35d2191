"""What single cuts take away: whose, and from when."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from legal_rules.facts import parse
from legal_rules.narrowing import OPERATIONS, narrowed
from legal_rules.scope import EVERY, NOTHING, DemandLine, Interval
from tests.rules.test_cases import BOOK, TODAY

MARCH = Interval(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
AUDIO = DemandLine(id="1", account="marsh", devices=EVERY, data_class="audio", interval=MARCH)
FLAGGED = {"accounts": ["marsh", "kettle"], "account_flags": ["journalist"], "flagged_accounts": ["kettle"]}


def left(operation, line, **facts):
    return narrowed(line, [OPERATIONS[operation](parse(facts), BOOK.terms(TODAY))])


@pytest.mark.parametrize(
    ("line", "held"),
    [
        (AUDIO, False),
        (replace(AUDIO, account="kettle"), True),
        (replace(AUDIO, account="kettle", data_class="subscriber"), False),
        # Of everybody's recordings the flagged ones cannot be told apart in a box.
        (replace(AUDIO, account=EVERY), True),
    ],
    ids=["another account", "the flagged account", "its subscriber", "everybody's"],
)
def test_the_contents_of_flagged_accounts_alone_are_held(line, held):
    assert (left("hold contents of flagged accounts", line, **FLAGGED) == NOTHING) is held


def test_where_nobody_said_which_account_is_flagged_all_of_them_are():
    unsaid = {name: value for name, value in FLAGGED.items() if name != "flagged_accounts"}

    assert left("hold contents of flagged accounts", AUDIO, **unsaid) == NOTHING


@pytest.mark.parametrize(
    ("answered", "days"),
    [
        (("2026-02-01", "2026-03-10"), (11, 1)),
        (("2026-03-21", "2026-04-10"), (1, 21)),
    ],
    ids=["the beginning was answered", "the end was answered"],
)
def test_what_was_answered_before_is_left_out_at_its_end(answered, days):
    first, last = answered
    asked = {"range_from": "2026-03-01", "range_to": "2026-03-31"}

    kept = left("only what was not answered before", AUDIO, **asked, answered_from=first, answered_to=last).interval

    assert (kept.start.day, kept.end.day) == days


def test_an_answer_in_the_middle_leaves_both_sides():
    asked = {"range_from": "2026-03-01", "range_to": "2026-03-31"}
    middle = {"answered_from": "2026-03-10", "answered_to": "2026-03-12"}

    assert left("only what was not answered before", AUDIO, **asked, **middle).interval == MARCH
