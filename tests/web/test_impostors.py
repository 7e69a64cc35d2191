"""Whoever asks in another's name: nothing leaves, the refusal is on record, and nothing is said of what exists."""

from dataclasses import replace

import pytest
from a_casework import JUNIPER, MARSH, NEIGHBOUR, PIN
from an_account import MARLOW, PDF, REVIEWED, TOKEN, Account, sound
from sqlalchemy import update

from requests_portal.database.tables import recordings
from requests_portal.model.actor import COMMAND_LINE
from requests_portal.work.put_customers import put_customer


@pytest.fixture
def desk(tmp_path):
    return Account(tmp_path)


@pytest.fixture
def released(desk):
    """A request of Juniper's whose answer lies in her account."""
    reference = desk.access_request()
    desk.release(reference)
    return reference


def refused(desk):
    """What was refused, to whom, and how."""
    return {
        (each.attempt.role, each.attempt.page, each.attempt.status)
        for each in desk.act(lambda work: work.refusals.take_all())
    }


def everything_of(reference):
    return [f"/my/requests/{reference}/bundle.pdf", f"/my/requests/{reference}/everything.zip"]


def test_whoever_changed_the_address_gets_nothing_for_three_days_and_reads_why(desk, released):
    desk.act(lambda work: put_customer(work, replace(MARSH, email="impostor@example.net"), by=COMMAND_LINE))
    impostor = desk.visit(JUNIPER)

    answers = [impostor.open(each) for each in (*everything_of(released), f"/my/recordings/{REVIEWED.id}/sound")]
    shelf, status = impostor.open("/my/recordings"), impostor.open(f"/my/requests/{released}")

    assert {each.status for each in answers} == {403}
    assert not any(PDF in each.bytes or sound(REVIEWED.id) in each.bytes for each in answers)
    assert refused(desk) == {("customer", page, 403) for page in ("my.document", "my.everything", "my.sound")}
    assert REVIEWED.transcript not in shelf.text
    assert "<audio" not in shelf.html
    assert "Nothing leaves before" in shelf.text
    assert "Nothing leaves before" in status.text
    assert desk.receipts(released) == []


def test_what_another_customer_guesses_reads_as_what_never_was(desk, released):
    marlow = desk.visit(MARLOW)

    theirs = [marlow.open(each) for each in (*everything_of(released), f"/my/recordings/{REVIEWED.id}/sound")]
    nobodys = [marlow.open(each) for each in (*everything_of("DS-2026-9999"), "/my/recordings/none/sound")]

    assert {each.status for each in (*theirs, *nobodys)} == {404}
    assert [each.shown for each in theirs] == [each.shown for each in nobodys]
    assert refused(desk) == {("customer", page, 404) for page in ("my.document", "my.everything", "my.sound")}


def test_a_copy_in_which_a_recording_is_another_customers_is_downloaded_no_more(desk, released):
    made = desk.production(released)
    stranger = made.items[0].recording
    with desk.engine.begin() as connection:
        connection.execute(update(recordings).where(recordings.c.id == stranger).values(account=NEIGHBOUR.account))
    juniper = desk.visit(JUNIPER)

    first = [juniper.open(each) for each in everything_of(released)]

    assert [each.status for each in first] == [403, 410]
    assert not any(PDF in each.bytes or NEIGHBOUR.account in each.html for each in first)
    assert ("customer", "my.document", 403) in refused(desk)
    assert desk.receipts(released) == []
    assert "We withdrew what you got" in juniper.open(f"/my/requests/{released}").text


def test_no_link_opens_a_customers_own_answer(desk, released):
    anybody = desk.nobody()

    theirs = anybody.send(f"/d/{TOKEN}", page=f"/d/{TOKEN}", pin=PIN)
    nobodys = anybody.send("/d/never-was", page="/d/never-was", pin=PIN)

    assert (theirs.status, nobodys.status) == (403, 403)
    assert theirs.text.replace(TOKEN, "") == nobodys.text.replace("never-was", "")
    assert desk.refused("visitor") == [403, 403]
