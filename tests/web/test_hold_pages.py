"""The pages of holds: a proof that names versions and answers and no customer, and what ends or renews a hold."""

import csv
import io
import json
from datetime import timedelta

import pytest
from a_casework import ADA, INES, JUNIPER, MARSH, MAYA, Desk

from requests_portal.model.hold import Answer, LockProbe

LETTER = {"process": "preservation_letter", "issuer_role": "police", "seeks": ["audio"], "incident_from": None}


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def hold_of(desk, reference):
    with desk.ledger.reading() as work:
        return work.holds.of_case(desk.case(reference).id)[0]


def answer(desk, hold, answers):
    """What the store says when it is told of the first versions."""
    with desk.ledger.unit_of_work() as work:
        part = work.holds.to_place(hold.id, tried_before=desk.now, after="", most=len(answers))
        said = {each.recording: given for each, given in zip(part, answers, strict=True)}
        work.holds.told(hold.id, said, at=desk.now)


def test_the_list_shows_each_hold_with_how_far_the_store_has_confirmed_it(desk):
    reference = desk.warrant()
    answer(desk, hold_of(desk, reference), [Answer.HELD, Answer.GONE])

    page = desk.as_(MAYA).open("/holds")

    kept = desk.act(lambda work: work.holds.counts(hold_of(desk, reference).id)).kept
    assert reference in page.main
    assert f"1 of {kept}" in page.main
    assert "1 gone" in page.main


def test_the_proof_names_versions_and_answers_and_neither_customer_nor_key(desk):
    hold = hold_of(desk, desk.warrant())
    answer(desk, hold, [Answer.HELD, Answer.GONE])
    kept = desk.act(lambda work: work.holds.counts(hold.id)).kept

    browser = desk.as_(ADA)
    page = browser.open(f"/holds/{hold.id}")
    rows = list(csv.reader(io.StringIO(browser.open(f"/holds/{hold.id}.csv").html.removeprefix("\ufeff"))))
    told = json.loads(browser.open(f"/holds/{hold.id}.json").html)

    assert "Gone before the hold came" in page.main
    assert "Release it" not in page.main
    assert len(rows) == kept + 1
    assert [each["the_stores_answer"] for each in told["versions"][:2]] == ["held", "gone"]
    assert {"bytes", "sha-256", "version_id", "sha-256_of_the_key"} <= told["versions"][0].keys()
    shown = page.html + repr(rows) + repr(told)
    for personal in (MARSH.name, MARSH.account, "voice/"):
        assert personal not in shown


def test_asking_again_is_left_to_a_worker(desk, monkeypatch):
    hold, asked = hold_of(desk, desk.warrant()), []
    monkeypatch.setattr("a_casework.NothingQueued.enqueue", lambda _, *named, **__: asked.append(named))

    sent = desk.as_(ADA).send(f"/holds/{hold.id}/ask")

    assert (sent.status, asked) == (303, [("ask_store", hold.id)])
    assert "The store is being asked" in desk.as_(ADA).open(sent.location).main


def test_a_preservation_is_renewed_by_intake_once_and_says_by_whom(desk):
    hold = hold_of(desk, desk.warrant(**LETTER))
    browser = desk.as_(INES)

    wrong = browser.send(f"/holds/{hold.id}/renew", on="soon")
    sent = browser.send(f"/holds/{hold.id}/renew", on=f"{desk.now:%Y-%m-%d}", request="File 7-114")

    assert wrong.status == 422
    assert "Enter a day" in wrong.main
    assert "Name the renewed request" in wrong.main
    assert sent.status == 303
    page = browser.open(f"/holds/{hold.id}")
    assert f"entered by {INES.name}" in page.main
    assert "Renew it, once" not in page.main
    assert browser.send(f"/holds/{hold.id}/renew", on=f"{desk.now:%Y-%m-%d}", request="Again").status == 409


def test_a_lawyer_releases_with_reasons_and_nobody_else(desk):
    hold = hold_of(desk, desk.warrant())

    refused = desk.as_(INES).send(f"/holds/{hold.id}/release", because="Withdrawn.")
    empty = desk.as_(MAYA).send(f"/holds/{hold.id}/release")
    sent = desk.as_(MAYA).send(f"/holds/{hold.id}/release", because="Withdrawn.")

    assert (refused.status, empty.status, sent.status) == (403, 422, 303)
    page = desk.as_(MAYA).open(f"/holds/{hold.id}")
    assert "Withdrawn." in page.main
    assert MAYA.name in page.main
    assert "Ended" in desk.as_(MAYA).open("/holds?view=ended").main


def test_customers_see_no_hold_and_an_unknown_one_reads_as_none(desk):
    hold = hold_of(desk, desk.warrant())

    for path in ("/holds", f"/holds/{hold.id}", f"/holds/{hold.id}.csv", f"/holds/{hold.id}.json"):
        assert desk.as_(JUNIPER).open(path).status == 403
    for path in ("/holds/none", "/holds/none.csv", "/holds/none.json"):
        assert desk.as_(MAYA).open(path).status == 404


def test_the_queue_says_in_red_what_is_wrong_with_holds(desk):
    desk.warrant()
    probe = LockProbe(bucket="archive", at=desk.now, denied=False)
    desk.act(lambda work: work.lock_probes.add(probe))
    desk.now += timedelta(minutes=5)

    page = desk.as_(MAYA).open("/")

    assert "Holds need attention" in page.main
    assert "the bucket archive deleted a held version" in page.main
    assert "the oldest for 5 min" in page.main
