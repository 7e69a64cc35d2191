"""A customer's pages about agents: who asked in their name, what they say to it, and whom they named beforehand."""

from datetime import timedelta

import pytest
from a_casework import ACCESS, INES, JUNIPER, MARSH, NOW
from an_account import MARLOW, Account

from requests_portal.model.agent import Said
from requests_portal.model.case import Requester, Track
from requests_portal.work.receive import Filing, receive

NAMED = {"name": "Rights Desk", "organisation": "Butterknife Agents", "rights": ["access"], "until": "2027-11-30"}


@pytest.fixture
def desk(tmp_path):
    return Account(tmp_path)


@pytest.fixture
def juniper(desk):
    return desk.visit(JUNIPER)


def asked(desk, kind="agent") -> str:
    """A request that reached us by mail, made by an agent or by the customer; its reference."""
    filing = Filing(
        track=Track.DATA_SUBJECT,
        title="Copy of the account's data",
        requester=Requester(name="Robin Vale", organisation="Vale & Cone", email=MARSH.email),
        received_at=NOW,
        zone="America/Los_Angeles",
        language="en",
        facts=ACCESS | {"requester_kind": kind, "channel": "email"},
        account=MARSH.account,
    )
    return desk.act(lambda work: receive(work, filing, by=INES)).reference


def answered(visitor, reference, answer):
    return visitor.send(f"/my/requests/{reference}/agent", page=f"/my/requests/{reference}/agent", answer=answer)


def test_an_agent_s_request_says_who_asks_and_for_what_wherever_it_stands(desk, juniper):
    reference = asked(desk)

    for page in ("/my/agents", "/my/requests", f"/my/requests/{reference}", f"/my/requests/{reference}/agent"):
        shown = juniper.open(page).main
        assert "Did you send who asks in your name?" in shown
        assert "Robin Vale, Vale & Cone asked in your name for a copy of your voice recordings." in shown


@pytest.mark.parametrize(
    ("answer", "what", "receives"),
    [("account", Said.CONFIRMED, False), ("agent", Said.CONFIRMED, True), ("no", Said.REFUSED, False)],
)
def test_the_customer_answers_and_it_is_kept(desk, juniper, answer, what, receives):
    reference = asked(desk)

    sent = answered(juniper, reference, answer)

    assert sent.location == "/my/agents"
    kept = desk.case(reference).agent_answer
    assert (kept.said, kept.receives) == (what, receives)


def test_no_answer_is_none(desk, juniper):
    reference = asked(desk)

    refused = answered(juniper, reference, "perhaps")

    assert refused.status == 422
    assert "Choose one of the three." in refused.main
    assert desk.case(reference).agent_answer is None


def test_a_yes_is_taken_back(desk, juniper):
    reference = asked(desk)
    answered(juniper, reference, "account")
    page = f"/my/requests/{reference}/agent"

    taken = juniper.send(f"{page}/take-back", page=page)

    assert taken.location == "/my/agents"
    assert desk.case(reference).agent_answer.said is Said.REVOKED
    assert "You said that you did not send them" in juniper.open(page).main


def test_an_answer_wants_a_sign_in_of_the_last_minutes(desk, juniper):
    reference = asked(desk)
    desk.now += timedelta(minutes=11)

    again = answered(juniper, reference, "account")

    assert again.status == 401
    assert desk.case(reference).agent_answer is None


def test_another_customer_s_request_and_naming_do_not_exist(desk, juniper):
    reference = asked(desk)
    juniper.send("/my/agents/new", page="/my/agents/new", **NAMED)
    with desk.ledger.reading() as work:
        (naming,) = work.named_agents.of(MARSH.account)
    marlow = desk.visit(MARLOW)

    assert marlow.open(f"/my/requests/{reference}/agent").status == 404
    assert marlow.send(f"/my/requests/{reference}/agent", page="/my/agents/new", answer="agent").status == 404
    assert marlow.send(f"/my/agents/{naming.id}/take-back", page="/my/agents/new").status == 404
    assert "Rights Desk" not in marlow.open("/my/agents").main
    assert desk.case(reference).agent_answer is None


def test_a_request_of_one_s_own_has_no_agent_to_answer(desk, juniper):
    assert juniper.open(f"/my/requests/{asked(desk, kind='data_subject')}/agent").status == 404


def test_whom_a_customer_names_is_listed_until_they_take_it_back(desk, juniper):
    sent = juniper.send("/my/agents/new", page="/my/agents/new", **NAMED)
    assert sent.location == "/my/agents"
    page = juniper.open("/my/agents")
    assert "Rights Desk, Butterknife Agents May ask until 30 November 2027 For: A copy of my data." in page.main
    with desk.ledger.reading() as work:
        (naming,) = work.named_agents.of(MARSH.account)

    juniper.send(f"/my/agents/{naming.id}/take-back", page="/my/agents")

    assert "Taken back on 23 November 2026" in juniper.open("/my/agents").main


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "Enter the name of who may ask."),
        ({"rights": []}, "Choose what they may ask for."),
        ({"until": "soon"}, "Enter a day such as 2027-05-31."),
        ({"until": "2020-01-01"}, "Choose a day that is still to come."),
        ({"rights": ["everything"]}, "Choose from the list."),
        ({"name": "x" * 201}, "Use at most 200 characters."),
    ],
)
def test_a_naming_that_cannot_be_used_is_said_beside_its_field(juniper, changed, said):
    refused = juniper.send("/my/agents/new", page="/my/agents/new", **(NAMED | changed))

    assert refused.status == 422
    assert said in refused.main


def test_a_request_that_came_by_mail_is_confirmed_with_one_press(desk, juniper):
    reference = asked(desk, kind="data_subject")
    page = f"/my/requests/{reference}"
    assert "Is this request yours?" in juniper.open(page).main

    sent = juniper.send(f"{page}/confirm", page=page)

    assert sent.location == page
    assert desk.case(reference).facts["identity_verified"] is True
    assert "Is this request yours?" not in juniper.open(page).main


def test_the_case_s_page_says_what_the_customer_said(desk, juniper):
    reference = asked(desk)
    answered(juniper, reference, "no")

    shown = desk.as_(INES).open(f"/requests/{reference}").main

    assert "said in their account that they did not send the agent" in shown
    assert "Nothing may leave" in desk.as_(INES).open(f"/requests/{reference}/check").main


def test_what_an_agent_is_told_stands_where_nobody_has_looked_for_an_account_yet_and_where_there_is_one(desk):
    words = "Until they confirm it we say nothing, not even whether there is such an account."
    begun = desk.as_(INES).send("/new", track="data_subject").location

    assert words in desk.as_(INES).open(begun).main
    assert words in desk.as_(INES).open(f"/requests/{asked(desk)}/check").main
