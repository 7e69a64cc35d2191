"""A browser without a picker of times sends what was typed; the last day counts, and an offset is not overruled."""

from datetime import UTC, datetime

import pytest
from a_house import PACIFIC

from legal_rules.facts import FACTS
from requests_portal.web.desk.facts_form import read


@pytest.mark.parametrize(
    ("name", "typed", "moment"),
    [
        ("range_to", "2026-05-31", datetime(2026, 6, 1, tzinfo=PACIFIC)),
        ("incident_to", "2026-03-14", datetime(2026, 3, 15, tzinfo=PACIFIC)),
        ("range_from", "2026-05-01", datetime(2026, 5, 1, tzinfo=PACIFIC)),
        ("range_to", "2026-05-31T18:00", datetime(2026, 5, 31, 18, tzinfo=PACIFIC)),
        ("range_to", "2026-05-31T18:00:00+00:00", datetime(2026, 5, 31, 18, tzinfo=UTC)),
    ],
)
def test_a_corrected_moment_is_the_one_that_was_typed(name, typed, moment):
    assert datetime.fromisoformat(read(FACTS[name], (typed,), PACIFIC)) == moment
