"""The report of who listened: for auditors, without what is sealed from them, and as CSV that no spreadsheet runs."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from a_casework import ADA, INES, MAYA, PRIYA, TOMAS
from a_review import PLAIN, VISIT, ReviewDesk
from sqlalchemy import text

from requests_portal.model.actor import Actor, Role
from requests_portal.model.canary import Touch
from requests_portal.model.listening import Purpose
from requests_portal.work.canaries import raise_alarm
from requests_portal.work.listen import grant, play
from requests_portal.work.name_people import name_people
from requests_portal.work.report_listening import report_listening

PAGE, CSV = "/audit/listening", "/audit/listening/report.csv"
ROOT = Actor(id="root", name="Ruth Ott", roles=frozenset({Role.ADMINISTRATOR}))


@pytest.fixture
def desk(tmp_path):
    made = ReviewDesk(tmp_path)
    portal = made.app.extensions["portal"]
    everybody = portal.staff() | {ROOT.id: ROOT}
    made.app.extensions["portal"] = replace(portal, staff=lambda: everybody)
    return made


def hear(desk, reference, recording=VISIT, *, by=MAYA, until=1500):
    case = desk.case(reference)
    desk.act(lambda work: grant(work, case.id, recording, purpose=Purpose.FIND_OTHERS, words="", by=by))
    desk.act(lambda work: play(work, case.id, recording, from_ms=0, to_ms=until, by=by))


def end_of_the_month(desk):
    desk.now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    report_listening(desk.outside)


def rows(desk, by=ADA, asked="?month=2026-11"):
    answer = desk.as_(by).client.get(f"{CSV}{asked}", base_url="https://desk.example")
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def test_an_auditor_reads_who_heard_what_and_that_it_is_the_report_of_then(desk):
    reference = desk.warrant()
    hear(desk, reference)
    assert "The month is not over" in desk.as_(ADA).open(PAGE).main
    end_of_the_month(desk)

    page = desk.as_(ADA).open(f"{PAGE}?month=2026-11")

    assert page.title.startswith("Who listened in November 2026")
    assert "This is the report that was made when the month ended" in page.main
    assert "Maya Okafor reviewer, maya" in page.main
    assert "Find other people's speech" in page.main
    assert reference in page.main
    assert f"{VISIT} v1 0.0 to 1.5 s" in page.main
    assert "Wilhelmina" not in page.html
    assert "Nobody listened to a recording." in desk.as_(ADA).open(PAGE).main
    entry = page.main.partition("as entry ")[2].split()[0]
    assert "Listening of a month reported" not in page.main
    assert int(entry) > 0


def test_what_was_changed_since_is_said_in_red(desk):
    hear(desk, desk.warrant())
    end_of_the_month(desk)
    with desk.engine.begin() as connection:
        connection.execute(text("UPDATE plays SET to_ms = 9"))

    page = desk.as_(ADA).open(f"{PAGE}?month=2026-11")

    assert "This is not the report that was made when the month ended" in page.main
    assert "callout bad" in page.html


def test_what_is_sealed_is_absent_from_the_page_and_the_file(desk):
    known, sealed = desk.warrant(), desk.warrant(title="Another warrant")
    desk.act(lambda work: name_people(work, desk.case(sealed).id, ["maya", "tomas"], by=MAYA))
    hear(desk, known, until=1000)
    hear(desk, sealed, PLAIN, until=4000)
    hear(desk, sealed, PLAIN, by=TOMAS)
    end_of_the_month(desk)

    page = desk.as_(ADA).open(f"{PAGE}?month=2026-11")

    for each in (sealed, PLAIN, "Tom\u00e1s Rey"):
        assert each not in page.main
        assert each not in str(rows(desk))
    assert [(each["row"], each["seconds"], each["recordings"]) for each in rows(desk)] == [
        ("total", "1.000", "1"),
        ("span", "1.000", ""),
    ]
    assert "This is the report that was made when the month ended" in page.main


def test_no_cell_of_the_file_is_run_as_a_formula(desk):
    hear(desk, desk.warrant())
    with desk.engine.begin() as connection:
        connection.execute(text("UPDATE listening_grants SET version_id = '=1+1', recording_id = '@SUM(A1)'"))

    total, span = rows(desk)

    assert (span["version"], span["recording"]) == ("'=1+1", "'@SUM(A1)")
    assert (span["from_seconds"], span["to_seconds"], span["at"]) == ("0.000", "1.500", "2026-11-23T17:30:00+00:00")
    assert (total["person"], total["name"], total["role"]) == ("maya", "Maya Okafor", "reviewer")


def test_a_canary_that_was_touched_stands_with_who_touched_it(desk):
    desk.act(lambda work: raise_alarm(work, Touch.ASKED_BY_ID, case=None, by=MAYA))

    assert "Canaries touched: 1 alarm" in desk.as_(ROOT).open(PAGE).main
    assert [each["canary_alarms"] for each in rows(desk)] == ["1"]


def test_the_parts_come_fifty_to_a_page_oldest_first(desk):
    reference = desk.warrant()
    for _ in range(51):
        hear(desk, reference)
        desk.now += timedelta(seconds=1)

    first, second = (desk.as_(ADA).open(f"{PAGE}?month=2026-11&page={number}").main for number in (1, 2))

    assert "Showing 1 to 50 of 51 spans" in first
    assert "Showing 51 to 51 of 51 spans" in second
    assert "09:30:00" in first
    assert "09:30:50" in second


@pytest.mark.parametrize("by", [INES, MAYA, PRIYA])
def test_who_is_no_auditor_reads_neither(desk, by):
    assert [desk.as_(by).open(each).status for each in (PAGE, CSV)] == [403, 403]


@pytest.mark.parametrize("month", ["2026-13", "november", "2026-1", "9999-12"])
def test_a_month_that_is_none_is_refused_with_how_to_write_it(desk, month):
    answer = desk.as_(ADA).open(f"{PAGE}?month={month}")

    assert answer.status == 422
    assert "such as 2026-11" in answer.text
