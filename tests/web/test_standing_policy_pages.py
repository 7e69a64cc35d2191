"""The pages on which three people adopt a standing policy, and what staff and customers read of what it answered."""

from datetime import datetime, timedelta

import pytest
from a_casework import ADA, INES, JUNIPER, KITCHEN, MAYA, PACIFIC, PRIYA, TOMAS, a_recording
from an_account import Account
from sqlalchemy import update
from sqlalchemy.orm import Session

from requests_portal.database.catalogue import SqlCatalogue
from requests_portal.database.tables import recordings
from requests_portal.model.standing_policy import NotRoutine, PolicyState
from requests_portal.web.desk.policy_words import WHY

POLICIES = "/rules/standing-policy"
TERMS = {
    "rights": ["access"],
    "kinds": ["audio", "transcript"],
    "places": "US-CA, DE",
    "most_recordings": "50",
    "most_minutes": "60",
    "most_megabytes": "100",
    "reason": "Everybody may have their own recordings.",
}
ASKED = {
    "right": "access",
    "kinds": ["audio", "transcript"],
    "period": "some",
    "first": "2026-10-01",
    "last": "2026-10-02",
}


@pytest.fixture
def desk(tmp_path):
    """A desk whose customer has one recording of October, three seconds long."""
    made = Account(tmp_path)
    with Session(made.engine) as session, session.begin():
        SqlCatalogue(session).add([a_recording("o", datetime(2026, 10, 1, 9, tzinfo=PACIFIC), KITCHEN)])
        session.execute(update(recordings).values(seconds=3.0))
    return made


def adopted(desk) -> str:
    """The address of a policy that three people put in force on its pages."""
    where = desk.as_(MAYA).send(POLICIES, **TERMS).location
    for who, part in ((TOMAS, "adopt"), (PRIYA, "certificate")):
        seen = desk.as_(who).open(where).hidden("seen")
        assert desk.as_(who).send(f"{where}/{part}", seen=seen).status == 303
    desk.now += timedelta(minutes=1)
    return where


def newest(desk):
    with desk.ledger.reading() as work:
        return work.standing_policies.newest()


def asks(desk, **changed) -> str:
    """The address of what the customer asks for on the form."""
    customer = desk.as_(JUNIPER)
    token = customer.open("/my/requests/new").hidden("csrf_token")
    sent = customer.client.post(
        "/my/requests/new",
        data=ASKED | changed | {"csrf_token": token},
        base_url="https://desk.example",
        headers={"Referer": "https://desk.example/my/requests/new"},
    )
    assert sent.status_code == 303, sent.get_data(as_text=True)
    return sent.headers["Location"].removeprefix("https://desk.example")


def test_three_people_put_a_policy_in_force_on_its_pages_and_one_withdraws_it(desk):
    where = adopted(desk)

    page = desk.as_(ADA).open(where)
    assert "In force" in page.main
    assert all(name in page.main for name in ("Maya Okafor", "Tomás Rey", "Priya Nair"))
    assert "no person has read these pages" in page.main
    assert newest(desk).policy.places == ("US-CA", "DE")

    assert desk.as_(PRIYA).send(f"{where}/end", reason="Stop for now.").status == 303
    assert newest(desk).state is PolicyState.WITHDRAWN
    assert "Stop for now." in desk.as_(INES).open(POLICIES).main


def test_who_proposed_it_is_told_why_they_cannot_agree_and_cannot(desk):
    where = desk.as_(MAYA).send(POLICIES, **TERMS).location
    page = desk.as_(MAYA).open(where)

    assert "each of the three people is a different one" in page.main
    assert 'name="seen"' not in page.html
    assert desk.as_(MAYA).send(f"{where}/adopt", seen=newest_proposal(desk).policy.digest).status == 403
    assert desk.refused("maya") == [403]
    assert newest(desk) is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"places": "California"}, "two capital letters"),
        ({"places": ""}, "two capital letters"),
        ({"most_recordings": "0"}, "at least 1"),
        ({"most_minutes": "an hour"}, "whole number"),
        ({"rights": []}, "Choose which requests"),
        ({"reason": " "}, "the others read it"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field_and_nothing_typed_is_lost(desk, wrong, sentence):
    page = desk.as_(MAYA).send(POLICIES, **(TERMS | wrong))

    assert page.status == 422
    assert sentence in page.main
    kept = "Everybody may have their own recordings." if "reason" not in wrong else 'value="US-CA, DE"'
    assert kept in page.html


def test_a_custodian_proposes_nothing_and_intake_ends_nothing(desk):
    where = adopted(desk)

    assert desk.as_(PRIYA).send(POLICIES, **TERMS).status == 403
    assert desk.as_(INES).send(f"{where}/end", reason="r").status == 403
    assert desk.as_(JUNIPER).client.get(POLICIES, base_url="https://desk.example").status_code == 403


def test_the_customer_reads_that_no_person_decided_and_how_to_ask_for_one(desk):
    adopted(desk)

    page = desk.as_(JUNIPER).open(asks(desk))

    assert "No person decided this" in page.main
    assert "version 1 of our standing policy" in page.main
    assert "Ask again" in page.main
    assert "no person reads it" in page.main
    assert "ustodian" not in page.main


def test_with_words_of_their_own_it_waits_and_the_case_says_why(desk):
    adopted(desk)

    where = asks(desk, words="Is my son on it?")

    assert "No person decided this" not in desk.as_(JUNIPER).open(where).main
    shown = desk.as_(MAYA).open(where.replace("/my", "")).main
    assert "Why this was not answered by the standing policy" in shown
    assert WHY[NotRoutine.OWN_WORDS] in shown


def test_the_case_of_an_answer_names_the_policy_and_leads_to_it(desk):
    where = adopted(desk)

    page = desk.as_(TOMAS).open(asks(desk).replace("/my", ""))

    assert "Standing policy, version 1, adopted by Maya Okafor and Tomás Rey decided on" in page.main
    assert f'href="{where}"' in page.html


def test_every_reason_has_its_sentence():
    assert WHY.keys() == set(NotRoutine)


def newest_proposal(desk):
    with desk.ledger.reading() as work:
        return work.standing_policies.all()[0]
