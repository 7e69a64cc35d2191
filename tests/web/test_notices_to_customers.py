"""The page where a lawyer looks after the notice to a customer, and the customer's own notices."""

from datetime import timedelta

import pytest
from a_casework import INES, JUNIPER, MAYA, NOW
from an_account import MARLOW, Account

from requests_portal.work.watch_silence import watch_silence

FREE = {"nondisclosure_requested": False, "nondisclosure_order": False, "customer_notice": None}
SECRET = {
    "nondisclosure_requested": True,
    "nondisclosure_order": True,
    "nondisclosure_issued_on": "2026-11-16",
    "nondisclosure_ends_on": "2026-12-01",
}


@pytest.fixture
def desk(tmp_path):
    return Account(tmp_path)


def test_the_lawyer_reads_what_will_go_out_and_a_draft_to_the_authority(desk):
    reference = desk.warrant(**SECRET)
    desk.decide(reference)

    page = desk.visit(MAYA).open(f"/requests/{reference}/notice")

    assert "ends on 1 December 2026" in page.html.replace("\n", " ")
    assert "§ 1546.2(b)" in page.html
    assert "To Deputy R. Pinecone, Alder County Sheriff," in page.html
    assert "Nothing is sent from here" in page.html
    assert "Silence towards a customer ends" in desk.visit(MAYA).open("/").html


def test_who_is_no_lawyer_neither_reads_nor_tells(desk):
    reference = desk.warrant(**FREE)
    desk.decide(reference)

    assert desk.visit(INES).open(f"/requests/{reference}/notice").status == 403
    assert desk.visit(JUNIPER).open(f"/requests/{reference}/notice").status == 403


def test_the_customer_reads_the_notice_in_their_account_and_nobody_else_does(desk):
    reference = desk.warrant(**FREE)
    desk.approve(reference)
    before = desk.visit(JUNIPER).open("/my/notices").html
    path = f"/requests/{reference}/notice"

    sent = desk.visit(MAYA).send(path, page=path)
    mine = desk.visit(JUNIPER).open("/my/notices")

    assert sent.location == path
    assert "There is no notice for you." in before
    address = mine.html.partition('href="/my/notices/')[2].partition('"')[0]
    assert "Alder County Sheriff" in desk.visit(JUNIPER).open(f"/my/notices/{address}").html
    assert desk.visit(MARLOW).open(f"/my/notices/{address}").status == 404
    assert "There is no notice for you." in desk.visit(MARLOW).open("/my/notices").html
    assert "was told on" in desk.visit(MAYA).open(path).html


def test_an_extension_is_recorded_with_its_paper(desk):
    reference = desk.warrant(**SECRET)
    desk.decide(reference)
    path, paper = f"/requests/{reference}/notice", desk.case(reference).papers[0].sha256
    days = {"made_on": "2026-11-20", "until": "2027-02-01"}

    empty = desk.visit(MAYA).send(f"{path}/extension", page=path)
    early = desk.visit(MAYA).send(f"{path}/extension", page=path, paper=paper, **days | {"until": "2026-11-01"})
    sent = desk.visit(MAYA).send(f"{path}/extension", page=path, paper=paper, **days)

    assert empty.status == early.status == 422
    assert "Choose the paper that extends the order." in empty.html
    assert sent.location == path
    assert "ends on 1 February 2027" in desk.visit(MAYA).open(path).html
    desk.now = NOW + timedelta(days=20)
    watch_silence(desk.outside)
    assert "There is no notice for you." in desk.visit(JUNIPER).open("/my/notices").html


def test_a_reason_is_asked_for_in_words_and_shown(desk):
    reference = desk.warrant(**FREE)
    desk.decide(reference)
    path = f"/requests/{reference}/notice"

    empty = desk.visit(MAYA).send(f"{path}/reason", page=path)
    sent = desk.visit(MAYA).send(f"{path}/reason", page=path, reason="A child is in danger.")

    assert empty.status == 422
    assert sent.location == path
    assert "A child is in danger." in desk.visit(MAYA).open(path).html


def test_that_they_were_told_by_hand_is_recorded_with_how_and_when_by_who_signed_in_afresh(desk):
    reference = desk.warrant(**FREE)
    desk.decide(reference)
    path = f"/requests/{reference}/notice"
    typed = {"how": "A letter of ours, registered.", "on": "2026-11-22"}

    wrong = desk.visit(MAYA).send(f"{path}/by-hand", page=path, **typed | {"on": "2027-01-01"})
    stale = desk.visit(MAYA)
    desk.now += timedelta(minutes=11)
    asked = [stale.send(f"{path}/{act}", page=path, reason="A child.", **typed).status for act in ("by-hand", "reason")]
    sent = desk.visit(MAYA).send(f"{path}/by-hand", page=path, **typed)

    assert wrong.status == 422
    assert "A letter of ours, registered." in wrong.html
    assert asked == [401, 401]
    assert sent.location == path
    page = desk.visit(MAYA).open(path).html
    assert "was told on 22 November 2026" in page.replace("\n", " ")
    assert "Tell the customer now" not in page


def test_where_a_demand_names_two_accounts_the_lawyer_says_whose_customer_was_told(desk):
    reference = desk.warrant(**FREE, accounts=[JUNIPER.account, MARLOW.account])
    desk.decide(reference)
    path = f"/requests/{reference}/notice"
    typed = {"how": "A letter of ours, registered.", "on": "2026-11-22"}

    unsaid = desk.visit(MAYA).send(f"{path}/by-hand", page=path, **typed)
    sent = desk.visit(MAYA).send(f"{path}/by-hand", page=path, accounts=MARLOW.account, **typed)

    assert unsaid.status == 422
    assert "Tick the accounts whose customers were told." in unsaid.html
    assert sent.location == path
    page = desk.visit(MAYA).open(path).html
    assert f"The customer of account {JUNIPER.account} has not been told yet; others were." in page
    assert "customers were told?" in page
