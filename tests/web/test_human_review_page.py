"""A customer says on a page whether people may listen to their recordings, and changes it at any time."""

import re

import pytest
from a_casework import ADA, JUNIPER, MAYA
from an_account import Account


@pytest.fixture
def desk(tmp_path):
    return Account(tmp_path)


def may_be_reviewed(desk):
    with desk.ledger.reading() as work:
        return work.review_choices.may_be_reviewed(JUNIPER.account)


def choose(desk, review):
    return desk.visit(JUNIPER).send("/my/human-review", page="/my/human-review", review=review)


def test_the_choice_is_kept_shown_and_taken_back(desk):
    no = choose(desk, "off")
    after_no = may_be_reviewed(desk)
    page = desk.visit(JUNIPER).open(no.location)
    choose(desk, "on")

    assert (no.status, after_no, may_be_reviewed(desk)) == (303, False, True)
    assert "Your choice is kept" in page.main
    assert re.search(r'value="off"[^>]* checked', page.html)


@pytest.mark.parametrize("review", ["", "maybe"])
def test_what_is_no_answer_is_said_at_its_field_and_changes_nothing(desk, review):
    page = choose(desk, review)

    assert page.status == 422
    assert page.main.count("Choose yes or no.") == 2
    assert may_be_reviewed(desk)


def test_the_choice_is_found_from_the_recordings(desk):
    assert 'href="/my/human-review"' in desk.visit(JUNIPER).open("/my/recordings").html


@pytest.mark.parametrize("who", [MAYA, ADA])
def test_staff_have_no_such_page(desk, who):
    assert desk.as_(who).open("/my/human-review").status == 403
