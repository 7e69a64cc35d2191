"""Whoever asked for their own data is mailed once that the answer waits in their account, and the mail says nothing."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from a_house import INES, JUNIPER, LETTERS, MARSH
from sqlalchemy import select

from requests_portal.database.tables import messages
from requests_portal.errors import Refused
from requests_portal.mail.texts import FolderTexts
from requests_portal.model.actor import COMMAND_LINE
from requests_portal.work.put_customers import put_customer

MAIL = Path(LETTERS).parent / "mail"
READY = {
    "en": "ready in your account",
    "de": "in Ihrem Konto bereit",
    "fr": "prête dans votre compte",
    "es": "lista en su cuenta",
}


def mails(house):
    """(address, template, words) of each mail that something is ready."""
    with house.engine.connect() as connection:
        rows = connection.execute(select(messages).where(messages.c.template.like("answer_ready%")))
        return [(row.to, row.template, row.words) for row in rows]


def test_a_released_copy_is_told_of_once_at_the_customers_own_address(any_house):
    house = any_house
    case = house.offered(house.ask())
    assert mails(house) == []

    house.release(case)
    with pytest.raises(Refused):
        house.release(case, recipient="somebody else")

    assert [(to, template) for to, template, _ in mails(house)] == [(MARSH.email, "answer_ready_en")]


@pytest.mark.parametrize(("spoken", "language"), [("de", "de"), ("fr-CA", "fr"), ("ES", "es"), ("sv", "en")])
def test_it_is_told_in_the_customers_language_where_we_have_words_of_it(house, spoken, language):
    house.act(lambda work: work.customers.put(replace(MARSH, language=spoken)))

    house.release(house.offered(house.ask()))

    assert [template for _, template, _ in mails(house)] == [f"answer_ready_{language}"]


@pytest.mark.parametrize("language", READY)
def test_the_mail_holds_no_personal_data_and_no_link_but_to_the_account(house, language):
    case = house.offered(house.ask())
    house.release(case)
    ((_, _, words),) = mails(house)

    said = {"company": "Hearthside Voice", "link": "https://desk.example/my/requests"}
    written = FolderTexts(MAIL).write(f"answer_ready_{language}", said)

    assert READY[language] in written.subject
    assert [word for word in written.body.split() if "//" in word] == ["https://desk.example/my/requests"]
    for kept_from_it in (case.reference, MARSH.account, "Juniper", "Marsh"):
        assert kept_from_it not in words + written.subject + written.body


def test_while_the_account_cools_off_nothing_is_released_and_nobody_mailed(house):
    case = house.offered(house.ask())
    house.act(put_customer, replace(MARSH, email="impostor@example.net"), by=COMMAND_LINE)

    with pytest.raises(Refused):
        house.release(case)
    assert mails(house) == []

    house.now += timedelta(hours=72)
    house.release(case)
    assert [to for to, _, _ in mails(house)] == ["impostor@example.net"]


def test_an_authority_and_somebody_without_an_account_are_not_mailed(house):
    house.release(house.offered(house.file()))
    house.release(house.offered(house.ask(by=INES, account=None)), token="another link")

    assert mails(house) == []


def test_a_customer_whose_address_nobody_knows_is_answered_all_the_same(house):
    house.act(lambda work: work.customers.put(replace(MARSH, email="")))
    case = house.offered(house.ask(by=JUNIPER))

    house.release(case)

    assert not house.case(case.id).is_open
    assert mails(house) == []
