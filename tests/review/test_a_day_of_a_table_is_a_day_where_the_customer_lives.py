"""A row that bears only a day is of that day on the customer's clock: a period in Pacific time takes no day more."""

from datetime import datetime

import pytest
from a_house import MARSH, PACIFIC

from legal_rules.scope import EVERY, Interval, Scope

MAY = Interval(datetime(2026, 5, 1, tzinfo=PACIFIC), datetime(2026, 6, 1, tzinfo=PACIFIC))


@pytest.mark.parametrize(
    ("day", "leaves"),
    [("2026-04-30", False), ("2026-05-01", True), ("2026-05-31", True), ("2026-06-01", False)],
)
def test_a_purchase_leaves_only_if_its_day_is_of_the_period(house, day, leaves):
    def add(work):
        work.record_sets.add_source("purchases", "Shop ledger", ("Bought on",), (0, 0))
        work.record_sets.add_rows("purchases", MARSH.account, [(day,)])

    house.act(add)

    with house.ledger.reading() as work:
        scope = Scope(frozenset({MARSH.account}), EVERY, frozenset({"purchases"}), MAY)
        assert bool(work.record_sets.read("purchases", MARSH.account, scope)[2]) is leaves
