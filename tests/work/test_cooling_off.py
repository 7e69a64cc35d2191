"""After a change of an e-mail address, a telephone number or a passkey nothing of the account leaves for 72 hours."""

from dataclasses import replace
from datetime import timedelta

import pytest
from a_house import JUNIPER, KETTLE, LETTERS, LINK, MARLOW, MARSH, MAYA, SHERIFF
from sqlalchemy import select

from requests_portal.database.tables import messages
from requests_portal.mail.texts import FolderTexts
from requests_portal.model.actor import COMMAND_LINE
from requests_portal.model.passkey import Credential
from requests_portal.work.cooling_off import CoolingOff, cools_off_until
from requests_portal.work.passkeys import enrol, remove_passkey
from requests_portal.work.put_customers import put_customer
from requests_portal.work.reissue import reissue
from requests_portal.work.release import in_account, through_link

HOURS_72 = timedelta(hours=72)
PHONED = replace(MARSH, phone="+1 510 555 0142")


def becomes(house, customer):
    return house.act(put_customer, customer, by=COMMAND_LINE)


def mails(house, template="contact_changed"):
    with house.engine.connect() as connection:
        found = connection.execute(select(messages).where(messages.c.template == template))
        return sorted(row.to for row in found)


def until(house, account=MARSH.account):
    with house.ledger.reading() as work:
        return cools_off_until(work, account)


def opened(house, case):
    with house.ledger.reading() as work:
        return in_account(work, house.production(case.id).id, by=JUNIPER).documents


class Browser:
    """What makes a passkey."""

    def enrolled(self, answer, *, challenge):
        assert challenge == "asked"
        return Credential(credential_id=answer, public_key="k", sign_count=0)


def a_passkey(house, by):
    return house.act(enrol, Browser(), f"of {by.id}", challenge="asked", handle="h", name="Telephone", by=by)


def test_a_changed_address_then_a_request_gives_nothing_until_72_hours_are_over(any_house):
    house = any_house
    becomes(house, replace(MARSH, email="impostor@example.net"))
    case = house.offered(house.ask())

    with pytest.raises(CoolingOff, match="26 November 2026, 09:30"):
        house.release(case)
    assert house.case(case.id).is_open
    assert "production_released" not in house.acts()

    house.now += HOURS_72
    house.release(case)
    assert opened(house, case)


def test_what_was_released_before_the_change_is_held_back_too(house):
    case = house.offered(house.ask())
    house.release(case)
    assert opened(house, case)

    becomes(house, replace(MARSH, email="impostor@example.net"))

    with pytest.raises(CoolingOff):
        opened(house, case)
    given = house.act(lambda work: work.productions.releases(house.production(case.id).id)[0])
    with pytest.raises(CoolingOff):
        house.act(reissue, given.id, token="another", pin="11112222", by=MAYA)


@pytest.mark.parametrize(
    ("before", "after", "cools"),
    [
        (MARSH, replace(MARSH, email="other@example.net"), True),
        (MARSH, replace(MARSH, email="Juniper.Marsh@Example.org"), False),
        (PHONED, replace(PHONED, phone="+1 510 555 0199"), True),
        (PHONED, replace(PHONED, phone="+1 (510) 555-0142"), False),
        (PHONED, MARSH, True),
        (MARSH, PHONED, False),
        (MARSH, replace(MARSH, address=("1 Other Lane",)), False),
    ],
)
def test_what_counts_as_a_change_of_how_an_account_is_reached(house, before, after, cools):
    house.act(lambda work: work.customers.put(before))

    becomes(house, after)

    assert (until(house) is not None) is cools


def test_a_passkey_that_is_added_or_removed_holds_back_and_one_of_another_account_does_not(any_house):
    house = any_house
    theirs = a_passkey(house, MARLOW)
    assert until(house) is None

    a_passkey(house, JUNIPER)
    assert until(house) == house.now + HOURS_72

    house.now += HOURS_72
    assert until(house, KETTLE.account) is None
    house.act(remove_passkey, theirs.id, by=MARLOW)
    assert until(house, KETTLE.account) == house.now + HOURS_72


def test_a_colleagues_passkey_holds_nothing_back(house):
    a_passkey(house, MAYA)

    assert "contact_changed" not in house.acts()


def test_every_earlier_address_hears_of_a_change_and_of_what_is_asked_for_meanwhile(any_house):
    house = any_house
    becomes(house, replace(MARSH, email="second@example.net"))
    becomes(house, replace(MARSH, email="third@example.net"))
    assert mails(house) == [MARSH.email, MARSH.email, "second@example.net"]

    house.ask()

    assert mails(house, "asked_while_cooling") == [MARSH.email, "second@example.net", "third@example.net"]


def test_nobody_is_written_to_about_a_request_without_a_change(house):
    house.ask()

    assert mails(house, "asked_while_cooling") == []


def test_an_authority_does_not_wait_for_a_customer_who_changed_their_address(house):
    becomes(house, replace(MARSH, email="second@example.net"))
    case = house.offered(house.file())

    house.release(case)

    with house.ledger.reading() as work:
        assert through_link(work, LINK).case.requester == SHERIFF


def test_the_log_says_what_kind_of_contact_was_changed_and_never_whose_or_to_what(house):
    becomes(house, replace(MARSH, email="second@example.net"))

    (entry,) = [each for each in house.log() if each["act"] == "contact_changed"]
    assert entry["words"] == {"contact": "mail"}
    assert MARSH.account not in str(entry)
    assert "@" not in str(entry)


@pytest.mark.parametrize("name", ["contact_changed", "asked_while_cooling"])
def test_a_warning_names_nobody_and_holds_nothing_but_a_way_in(name):
    words = {"company": "Hearthside", "link": "l", "contact": "passkey"}

    written = FolderTexts(LETTERS.parent / "mail").write(name, words)

    assert "Hearthside" in written.subject
    assert MARSH.name not in written.body
