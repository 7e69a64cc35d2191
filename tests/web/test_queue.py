"""The queue: what is late, what waits, who has it, and the same list as CSV."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from a_casework import ADA, INES, JUNIPER, MAYA, NOW, PRIYA, TOMAS, Desk
from sqlalchemy import event


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def csv_rows(page):
    return list(csv.reader(io.StringIO(page.html.removeprefix("\ufeff"))))


def test_requests_stand_in_groups_by_how_soon_the_answer_is_due(desk):
    late = desk.warrant(due="2026-11-20")
    soon = desk.warrant(due="2026-11-25")
    later = desk.warrant(due="2026-12-10")

    page = desk.as_(MAYA).open("/")

    assert page.groups() == {"Overdue": [late], "Due in the next three days": [soon], "Later": [later]}
    assert "3 open · 1 overdue · 1 due in the next three days" in page.text


def test_the_fourth_calendar_day_is_no_longer_within_three_days(desk):
    third = desk.warrant(due="2026-11-26")
    fourth = desk.warrant(due="2026-11-27")

    groups = desk.as_(MAYA).open("/").groups()

    assert groups == {"Due in the next three days": [third], "Later": [fourth]}


def test_a_case_that_waits_for_its_requester_is_never_overdue(desk):
    waiting = desk.warrant(due="2026-11-20")
    desk.wait(waiting)

    page = desk.as_(MAYA).open("/")

    assert page.groups() == {"Waiting for the requester": [waiting]}
    assert "late" not in page.main
    assert "0 overdue" in page.text


def test_a_row_says_what_the_assessment_found_and_who_has_it(desk):
    reference = desk.warrant()
    desk.give(reference, TOMAS)

    page = desk.as_(MAYA).open("/")

    assert "1 objection" in page.main
    assert "Tomás Rey Lawyer's decision" in page.main
    assert "Alder County Sheriff" in page.main


def test_a_question_that_is_open_is_shown_as_a_fact_to_ask_for(desk):
    desk.warrant(seeks=["subscriber"], range_from=None, range_to=None, checked=False)

    page = desk.as_(MAYA).open("/")

    assert "Ask: 1 fact" in page.main


def test_each_view_counts_what_it_shows(desk):
    undecided = desk.warrant()
    decided, gathered, offered, released = (desk.warrant() for _ in range(4))
    desk.decide(decided)
    desk.gather(gathered)
    desk.offer(offered)
    desk.release(released)
    desk.give(undecided, MAYA)
    maya = desk.as_(MAYA)
    expected = {
        "All open": ("open", {undecided, decided, gathered, offered}),
        "Mine": ("mine", {undecided}),
        "Needs a decision": ("decision", {undecided}),
        "Needs approval": ("approval", {decided}),
        "Needs a certificate": ("certificate", {gathered}),
        "Ready to release": ("release", {offered}),
        "Answered": ("answered", {released}),
    }

    for label, (view, references) in expected.items():
        page = maya.open(f"/?view={view}")
        shown = {reference for group in page.groups().values() for reference in group}
        assert (label, page.pill(label), shown) == (label, len(references), references)


def test_an_answered_request_is_not_late_and_has_no_time_limit_left(desk):
    released = desk.warrant(due="2026-11-20")
    desk.release(released)

    page = desk.as_(MAYA).open("/?view=answered")

    assert page.groups() == {"Answered": [released]}
    assert "late" not in page.main


@pytest.mark.parametrize("words", ["alder", "SEARCH WARRANT", "A-88310-4", "le-2026-0001"])
def test_a_request_is_found_by_reference_organisation_title_or_account(desk, words):
    wanted = desk.access_request() if words == "A-88310-4" else desk.warrant()
    other = desk.warrant(title="Subpoena of a bank", organisation="Thread County Attorney")

    groups = desk.as_(MAYA).open(f"/?find={words}").groups()

    assert [wanted] in groups.values()
    assert not any(other in references for references in groups.values())


def test_a_percent_sign_is_searched_for_as_itself(desk):
    desk.warrant()

    page = desk.as_(MAYA).open("/?find=%25")

    assert "No request matches" in page.main


def test_filters_combine_and_count_what_they_would_show(desk):
    desk.warrant()
    mine = desk.access_request()

    page = desk.as_(MAYA).open("/?kind=data_subject")

    assert [reference for group in page.groups().values() for reference in group] == [mine]
    assert "Legal demand 1" in page.main
    assert "Data subject 1" in page.main


def test_a_page_says_truthfully_what_it_shows(desk):
    for _ in range(27):
        desk.warrant(due="2026-12-10")
    maya = desk.as_(MAYA)

    first, second = maya.open("/"), maya.open("/?page=2")

    assert "Showing 1\N{EN DASH}25 of 27" in first.main
    assert "Showing 26\N{EN DASH}27 of 27" in second.main
    assert len(first.groups()["Later"]) == 25
    assert len(second.groups()["Later"]) == 2
    assert "Later 27" in first.main
    assert 'rel="next"' in first.html
    assert 'rel="next"' not in second.html


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "²", "9" * 40])
def test_a_page_that_does_not_exist_shows_one_that_does(desk, page):
    reference = desk.warrant(due="2026-12-10")

    assert desk.as_(MAYA).open(f"/?page={page}").groups() == {"Later": [reference]}


def test_sorting_orders_within_each_group_and_says_so(desk):
    b = desk.warrant(title="Bravo", due="2026-12-10")
    a = desk.warrant(title="Alpha", due="2026-12-11")
    maya = desk.as_(MAYA)

    up, down = maya.open("/?sort=request"), maya.open("/?sort=request&order=descending")

    assert up.groups()["Later"] == [a, b]
    assert down.groups()["Later"] == [b, a]
    assert 'aria-sort="ascending"' in up.html
    assert 'aria-sort="descending"' in down.html


def test_the_csv_holds_the_whole_list_that_the_page_shows_a_part_of(desk):
    references = {desk.warrant(due="2026-12-10") for _ in range(27)}
    desk.access_request()

    page = desk.as_(MAYA).open("/queue.csv?kind=legal_demand")
    header, *rows = csv_rows(page)

    assert header[0] == "Reference"
    assert {row[0] for row in rows} == references
    assert page.response.headers["Content-Disposition"] == 'attachment; filename="requests.csv"'


@pytest.mark.parametrize("title", ["=1+2", "+1", "-1", "@SUM(A1)"])
def test_a_cell_of_the_csv_is_never_a_formula(desk, title):
    desk.warrant(title=title)

    rows = csv_rows(desk.as_(MAYA).open("/queue.csv"))

    assert rows[1][1] == f"'{title}"


def test_a_title_cannot_become_markup(desk):
    desk.warrant(title="<img src=x onerror=alert(1)>")

    html = desk.as_(MAYA).open("/").html

    assert "<img" not in html
    assert "&lt;img src=x" in html


def test_who_works_here_can_take_a_request_from_the_queue(desk):
    reference = desk.warrant()

    answer = desk.as_(MAYA).send(f"/requests/{reference}/assign", to="maya", back="/?view=decision&page=2")

    assert (answer.status, answer.location) == (303, "/?view=decision&page=2")
    assert desk.case(reference).assigned_to == "maya"


def test_a_form_cannot_lead_away_from_the_portal(desk):
    reference = desk.warrant()

    answer = desk.as_(MAYA).send(f"/requests/{reference}/assign", to="maya", back="https://evil.example/?view=mine")

    assert answer.location == "/?view=mine"


def test_a_request_cannot_be_given_to_somebody_who_does_not_work_on_requests(desk):
    reference = desk.warrant()

    for stranger in ("juniper", "ada", "nobody-we-know"):
        assert desk.as_(MAYA).send(f"/requests/{reference}/assign", to=stranger).status == 422
    assert desk.case(reference).assigned_to is None


def test_intake_lawyers_and_the_custodian_read_the_queue_and_nobody_else(desk):
    reference = desk.warrant()

    lists = {who.id: desk.as_(who).open("/queue.csv").status for who in (INES, MAYA, TOMAS, PRIYA, ADA, JUNIPER)}
    shown = {who.id for who in (INES, MAYA, TOMAS, PRIYA, ADA, JUNIPER) if reference in desk.as_(who).open("/").html}

    assert shown == {"ines", "maya", "tomas", "priya"}
    assert lists == {"ines": 200, "maya": 200, "tomas": 200, "priya": 200, "ada": 403, "juniper": 403}


def test_the_custodian_is_not_offered_what_the_custodian_may_not_do(desk):
    desk.warrant()

    page = desk.as_(PRIYA).open("/")

    assert "Take it" not in page.main
    assert "Enter a request" not in page.main


def test_nothing_of_the_recordings_is_on_the_queue(desk):
    desk.warrant()
    desk.access_request()

    assert "only the neighbour says" not in desk.as_(MAYA).open("/").html


def test_a_long_queue_asks_the_database_as_often_as_a_short_one(desk):
    asked = []
    event.listen(desk.engine, "before_cursor_execute", lambda *_: asked.append(1))
    desk.warrant()
    maya = desk.as_(MAYA)

    def questions():
        asked.clear()
        maya.open("/")
        return len(asked)

    short = questions()
    for _ in range(12):
        desk.warrant()

    assert questions() == short


def test_a_request_becomes_late_when_its_last_moment_is_over(desk):
    reference = desk.warrant(due="2026-11-23")
    desk.now = NOW + timedelta(days=2)

    assert desk.as_(MAYA).open("/").groups() == {"Overdue": [reference]}


def test_the_staff_is_told_of_certificates_that_end_and_nobody_of_none(desk):
    sentence = "The certificate of CN=Records ends on 2026-12-24. Have a new one issued before then."
    assert "Keys and certificates" not in desk.as_(MAYA).open("/").main
    told = replace(desk.outside, ending=lambda _at: (sentence,))
    desk.app.extensions["portal"] = replace(desk.app.extensions["portal"], outside=told)

    assert sentence in desk.as_(MAYA).open("/").main
