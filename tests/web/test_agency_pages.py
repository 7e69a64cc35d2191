"""The pages of the agency directory: what is typed becomes a proposal, and two people and a day make it an entry."""

import re
from datetime import timedelta

import pytest
from a_casework import ADA, INES, JUNIPER, MAYA, TOMAS, Desk

TYPED = {
    "name": "Tern County <b>Sheriff</b>",
    "country": "us",
    "state": "ca",
    "domains": "*.tern.example.gov",
    "phones": "+1 510 555 0177; the state's list; 2026-11-20",
    "reason": "They wrote to us, and the state's list has them.",
}


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def put_forward(desk, who=INES, path="/agencies/new", **told):
    return desk.as_(who).send(path, **(TYPED | told))


def test_an_agency_is_put_forward_confirmed_by_another_a_day_later_and_then_found(desk):
    where = put_forward(desk, MAYA).location
    early = desk.as_(TOMAS).open(where)
    desk.now += timedelta(days=1)
    own = desk.as_(MAYA).open(where)
    page = desk.as_(TOMAS).open(where)

    desk.as_(TOMAS).send(where, answer="confirm", seen=page.hidden("seen"))

    assert "The waiting time is not over yet" in early.main
    assert "a different person has to confirm it" in own.main
    listed = desk.as_(ADA).open("/agencies?find=tern")
    assert "Tern County &lt;b&gt;Sheriff&lt;/b&gt;" in listed.html
    assert "*.tern.example.gov" in listed.main


def test_what_a_change_makes_new_and_what_goes_is_said(desk):
    where = put_forward(desk, MAYA).location
    desk.now += timedelta(days=1)
    desk.as_(TOMAS).send(where, answer="confirm", seen=desk.as_(TOMAS).open(where).hidden("seen"))
    entry = re.search(r'href="(/agencies/[0-9a-f-]{36})"', desk.as_(INES).open("/agencies").html)[1]

    changed = put_forward(desk, INES, f"{entry}/change", phones="+1 510 555 0188; their letter; 2026-11-23").location

    page = desk.as_(MAYA).open(changed)
    assert "+1 510 555 0188, from their letter, 23 November 2026" in page.main
    assert "<del>+1 510 555 0177, from the state's list" in page.html.replace("&#39;", "'")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Name the agency."),
        ("country", "USA", "two capital letters"),
        ("domains", "gov", "gov is no domain"),
        ("phones", "+1 510 555 0177", "number; where you found it; the day"),
        ("phones", "+1 510 555 0177; list; 2027-01-01", "cannot lie ahead"),
        ("reason", "", "Say why"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_put_forward(desk, field, value, sentence):
    answer = put_forward(desk, **{field: value})

    assert answer.status == 422
    assert sentence in answer.main
    assert "Nobody has proposed a change." in desk.as_(INES).open("/agencies/changes").main


def test_auditors_read_and_change_nothing_and_customers_see_no_directory(desk):
    where = put_forward(desk).location
    desk.now += timedelta(days=1)

    assert put_forward(desk, ADA).status == 403
    assert desk.as_(ADA).send(where, answer="confirm", seen="x").status == 403
    assert desk.as_(INES).send(where, answer="confirm", seen="x").status == 403
    assert desk.as_(JUNIPER).open("/agencies").status == 403
