"""Customers name their devices; an officer opens the table in a spreadsheet."""

import csv
import io

import pytest

from legal_rules.scope import ALWAYS, EVERY, Scope
from requests_portal.model.production import RecordSetItem
from requests_portal.work.compose.exhibits import record_set
from requests_portal.work.compose.phrases_en import ENGLISH


def the_row(*cells: str) -> list[str]:
    item = RecordSetItem(
        bates="HV-000000001",
        data_class="devices",
        account="A-88310-4",
        scope=Scope(frozenset({"A-88310-4"}), EVERY, frozenset({"devices"}), ALWAYS),
        source="Device register",
        columns=tuple(f"column {n}" for n in range(len(cells))),
        rows=(cells,),
    )
    return list(csv.reader(io.StringIO(record_set(item, ENGLISH).csv.decode(), newline="")))[1]


@pytest.mark.parametrize(
    "named",
    ['=HYPERLINK("http://evil.example","Kitchen")', "+cmd|'/c calc'!A0", "-2+SUM(A1)", "@SUM(A1)", "\t=1+1", "\r=1+1"],
)
def test_a_name_that_a_spreadsheet_would_run_is_text(named):
    assert the_row(named) == [f"'{named}"]


def test_everything_else_is_as_it_stands_in_the_source():
    cells = ["Kitchen", "2026-05-01 09:30:00", "+1 (603) 555-0142", "-4.50", "2001:db8::17", ""]

    assert the_row(*cells) == cells
