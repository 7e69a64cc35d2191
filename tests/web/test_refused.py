"""Whoever is refused a page is counted there and then, whatever was refused and whoever it was."""

import re
from datetime import timedelta

import pytest
from a_casework import BASE, INES, JUNIPER, MAYA, Desk
from a_session import NAMES, a_session_of
from sqlalchemy import select

from requests_portal.audit_log.entry import decode
from requests_portal.database.tables import audit_entries
from requests_portal.model.refusal import Attempt
from requests_portal.work.refusals import enter_counted


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.engine.dispose()


def counted(desk):
    return {each.attempt: each.times for each in desk.act(lambda work: work.refusals.take_all())}


def test_a_page_that_is_not_for_the_role_is_counted(desk):
    ines = desk.as_(INES)

    statuses = [ines.open("/audit").status for _ in range(3)]

    assert statuses == [403, 403, 403]
    assert counted(desk) == {Attempt(actor="ines", role="intake", act="read_log", page="auditing.log", status=403): 3}


def test_a_guessed_reference_is_counted_and_not_named(desk):
    answer = desk.as_(MAYA).open("/requests/LE-1999-0001")

    (tried,) = counted(desk)
    assert answer.status == 404
    assert (tried.actor, tried.status) == ("maya", 404)
    assert "1999" not in str(tried)


def test_a_customer_at_the_desk_s_door_is_counted_as_a_customer(desk):
    reference = desk.warrant()

    answer = desk.as_(JUNIPER).open(f"/requests/{reference}")

    (tried,) = counted(desk)
    assert answer.status == 403
    assert (tried.role, tried.act) == ("customer", "read_case")


def test_a_form_that_no_page_gave_out_is_counted(desk):
    client = desk.as_(MAYA).client

    answer = client.post("/new", data={"track": "legal_demand"}, base_url=BASE, headers={"Referer": BASE})

    (tried,) = counted(desk)
    assert answer.status_code == 400
    assert (tried.actor, tried.act, tried.status) == ("maya", "file_demand", 400)


def test_an_address_that_is_none_of_ours_is_nobody_s_refusal(desk):
    answer = desk.as_(MAYA).open("/wp-login.php")

    assert answer.status == 404
    assert counted(desk) == {}


def ended(desk, client):
    client.post("/sign-out", data={"csrf_token": token_of(client)}, base_url=BASE, headers={"Referer": BASE})


def run_out(desk, client):
    desk.now += timedelta(days=1)


def revoked(desk, client):
    (session,) = desk.act(lambda work: work.sessions.of("maya"))
    desk.act(lambda work: work.sessions.end(session.id, at=desk.now))


def token_of(client):
    page = client.get("/verify", base_url=BASE).get_data(as_text=True)
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


@pytest.mark.parametrize("how", [ended, run_out, revoked, None], ids=["ended", "run out", "revoked", "made up"])
def test_a_session_that_opens_nothing_is_counted_alike_whatever_became_of_it_and_reads_like_none(desk, how):
    reference, client, nobody = desk.warrant(), desk.app.test_client(), desk.app.test_client()
    cookie = a_session_of(desk.app, MAYA) if how else (NAMES[True], "made-up")
    client.set_cookie(*cookie, domain="desk.example")
    if how:
        how(desk, client)
        client.set_cookie(*cookie, domain="desk.example")
    counted(desk)

    with_it, without = (each.get(f"/requests/{reference}", base_url=BASE) for each in (client, nobody))

    assert counted(desk) == {
        Attempt(actor="nobody", role="lapsed_session", act="read_case", page="casework.case", status=401): 1
    }
    assert with_it.status_code == without.status_code == 302
    assert with_it.headers["Location"] == without.headers["Location"]
    assert with_it.data == without.data
    assert [name for name, _ in with_it.headers] == [name for name, _ in without.headers]


def test_a_form_that_nobody_in_particular_sends_is_counted_and_a_link_that_they_follow_is_not(desk):
    reference, client = desk.warrant(), desk.app.test_client()
    typed = {"csrf_token": token_of(client), "to": "maya"}

    opened = client.get(f"/requests/{reference}", base_url=BASE)
    sent = client.post(f"/requests/{reference}/assign", data=typed, base_url=BASE, headers={"Referer": BASE})

    assert (opened.status_code, sent.status_code) == (302, 302)
    assert counted(desk) == {
        Attempt(actor="nobody", role="visitor", act="assign", page="casework.assign", status=401): 1
    }


def test_a_session_that_opens_nothing_is_no_refusal_on_a_page_for_anybody(desk):
    client = desk.app.test_client()
    client.set_cookie(NAMES[True], "made-up", domain="desk.example")

    assert client.get("/verify", base_url=BASE).status_code == 200
    assert client.get("/healthz", base_url=BASE).status_code == 200
    assert counted(desk) == {}


def test_the_log_says_of_a_session_that_opens_nothing_only_that_it_opened_nothing(desk):
    client = desk.app.test_client()
    client.set_cookie(NAMES[True], "made-up", domain="desk.example")
    client.get("/audit", base_url=BASE)

    desk.act(enter_counted)

    with desk.engine.connect() as connection:
        newest = connection.scalar(select(audit_entries.c.entry).order_by(audit_entries.c.index.desc()).limit(1))
    assert decode(newest).words == {"tried": "read_log", "page": "auditing.log", "by": "lapsed_session"}
    assert b"made-up" not in newest


def test_what_was_allowed_is_no_refusal(desk):
    reference = desk.warrant()

    assert desk.as_(MAYA).open(f"/requests/{reference}").status == 200
    assert counted(desk) == {}


def test_who_cannot_be_counted_is_refused_all_the_same(desk, monkeypatch, caplog):
    def broken(*_, **__):
        raise RuntimeError("ines at /audit")

    monkeypatch.setattr("requests_portal.web.refusing.count_refusal", broken)

    answer = desk.as_(INES).open("/audit")

    assert answer.status == 403
    assert "RuntimeError" in caplog.text
    assert "ines" not in caplog.text.replace("desk.example", "")


def test_an_auditor_finds_it_in_the_log(desk):
    desk.as_(INES).open("/audit")

    desk.act(enter_counted)

    with desk.engine.connect() as connection:
        newest = connection.scalar(select(audit_entries.c.entry).order_by(audit_entries.c.index.desc()).limit(1))
    assert b'"act":"access_refused"' in newest
    assert b'"actor":"ines"' in newest
