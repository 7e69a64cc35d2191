"""An emergency at night, end to end: a real worker, a real mail server, a real webhook, and a worker that was dead."""

import email
import time
from datetime import timedelta

import pytest
from a_house import MAYA, WARRANT
from a_mail_server import mail_server, receiver

from requests_portal import app, rounds
from requests_portal.app import open_desk, worker
from requests_portal.model.duty import Duty
from requests_portal.work.assign import assign

EMERGENCY = WARRANT | {"process": "emergency_request", "emergency_danger": True, "emergency_immediate": True}
PATIENCE = 60


@pytest.fixture
def box():
    with mail_server() as made:
        yield made


@pytest.fixture
def hook():
    with receiver() as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request, new_desk, box, hook, monkeypatch):
    """A desk with a mail server and a webhook, and somebody on call."""
    monkeypatch.setattr(rounds, "POLL_SECONDS", 0.1)
    told = {
        "mail_host": "127.0.0.1",
        "mail_port": box.port,
        "mail_from": "desk@example.test",
        "webhook_secret": "a secret that both sides have got",
    }
    if request.param == "postgresql":
        told["database_url"] = request.getfixturevalue("new_postgres")
    made = new_desk(recordings=1, **told)
    now = app.now()
    duty = Duty(
        who="ivan",
        mail="ivan@example.test",
        webhook=hook.url,
        begins=now - timedelta(hours=1),
        ends=now + timedelta(days=2),
        order=1,
    )
    made.act(lambda work: work.roster.replace([duty]))
    return made


def until(look):
    end = time.monotonic() + PATIENCE
    while not look():
        assert time.monotonic() < end, "nobody was told"
        time.sleep(0.05)


def test_somebody_is_woken_by_mail_and_webhook_and_no_more_once_it_is_claimed(desk, box, hook):
    with worker(desk.desk, name="the-night-worker"):
        case = desk.file(EMERGENCY)
        until(lambda: box.taken and hook.came)
        desk.act(assign, case.id, to=MAYA.id, by=MAYA)

    mail = email.message_from_bytes(box.taken[0][0])
    assert case.reference in mail["Subject"]
    assert mail["To"] == "ivan@example.test"
    assert (len(box.taken), len(hook.came)) == (1, 1)
    assert case.reference in hook.said[0]["subject"]
    assert b"Marsh" not in box.taken[0][0] + hook.came[0][1]
    assert desk.case_acts(case)["case_escalated"] == 1


def test_a_worker_that_was_dead_for_hours_says_it_once(desk, box, hook):
    desk.file(EMERGENCY)
    three_hours_later = open_desk(desk.settings, now=lambda: app.now() + timedelta(hours=3))

    with worker(three_hours_later, name="the-night-worker"):
        until(lambda: box.taken and hook.came)
        time.sleep(1)

    assert (len(box.taken), len(hook.came)) == (1, 1)


def test_a_mail_server_that_is_away_delays_the_mail_and_keeps_the_webhook_from_nothing(desk, box, hook):
    box.refuses = ["451 come again later"]
    with worker(desk.desk, name="the-night-worker"):
        desk.file(EMERGENCY)
        until(lambda: hook.came)
        until(lambda: tries(desk) == [1])

    assert (box.refuses, box.taken) == ([], [])
    assert len(hook.came) == 1


def tries(desk):
    with desk.ledger.reading() as work:
        return [each.tries for each in work.messages.due(app.now() + timedelta(minutes=1), limit=9)]
