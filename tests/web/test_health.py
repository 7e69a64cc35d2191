"""Machines that watch are told what fails by name, and nothing of anybody; the log of a request says as little."""

import json
import logging
import threading
from dataclasses import replace
from io import StringIO

import pytest
from a_casework import BASE, INES, Desk
from a_session import signed_in

from requests_portal import readiness
from requests_portal.database.views.running import SqlRunning
from requests_portal.logs import Lines
from requests_portal.readiness import Readiness
from requests_portal.web import watching

TOKEN = "t" * 40
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


@pytest.fixture
def written():
    """What our own code logs, as it is written."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines())
    ours = logging.getLogger("requests_portal")
    before = ours.level
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    yield stream
    ours.removeHandler(handler)
    ours.setLevel(before)


def with_(desk, **more):
    desk.app.extensions["portal"] = replace(desk.app.extensions["portal"], **more)
    return desk.app.test_client()


def lines(written):
    return [json.loads(each) for each in written.getvalue().splitlines()]


def test_a_process_that_lives_says_so_without_its_database(desk):
    desk.engine.dispose()

    assert desk.app.test_client().get("/healthz").data == b"ok\n"


def test_what_fails_is_said_by_name(desk):
    def breaks():
        raise OSError("no space left in /srv/secret-place")

    client = with_(desk, ready=Readiness({"database": lambda: True, "spool": breaks, "store": lambda: False}))
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json == {"ready": False, "database": "ok", "spool": "failing", "store": "failing"}


def test_where_all_is_well_pages_can_be_served(desk):
    answer = with_(desk, ready=Readiness({"database": lambda: True})).get("/readyz")

    assert (answer.status_code, answer.json) == (200, {"ready": True, "database": "ok"})


def test_what_hangs_fails_in_time_and_is_not_asked_again_meanwhile(monkeypatch):
    monkeypatch.setattr(readiness, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(readiness, "FRESH_SECONDS", 0.0)
    asked, goes_on = [], threading.Event()

    def hangs():
        asked.append(1)
        return goes_on.wait(20)

    ready = Readiness({"store": hangs})
    assert [ready(), ready()] == [{"store": False}, {"store": False}]
    assert len(asked) == 1

    goes_on.set()
    monkeypatch.setattr(readiness, "PATIENCE_SECONDS", 20)
    assert ready() == {"store": True}


def test_many_who_ask_ask_the_store_once():
    asked = []
    ready = Readiness({"store": lambda: not asked.append(1)})

    assert [ready() for _ in range(5)] == [{"store": True}] * 5
    assert len(asked) == 1


def test_there_are_no_metrics_without_a_token_in_the_settings(desk):
    client = with_(desk, running=SqlRunning(desk.engine, "2"))

    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("given", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}])
def test_metrics_are_for_whoever_shows_the_token(desk, given):
    client = with_(desk, running=SqlRunning(desk.engine, "2"), metrics_token=TOKEN)

    answer = client.get("/metrics", headers=given)

    assert answer.status_code == 401
    assert b"desk_" not in answer.data


def test_metrics_count_requests_clocks_and_work(desk):
    desk.warrant()
    client = with_(desk, running=SqlRunning(desk.engine, "2"), metrics_token=TOKEN)
    for path in ("/privacy", "/no-such-page"):
        client.get(path).close()

    told = client.get("/metrics", headers=BEARER).text

    assert 'desk_http_requests_total{endpoint="public.privacy",status="2xx"} 1.0' in told
    assert 'desk_http_requests_total{endpoint="none",status="4xx"} 1.0' in told
    assert 'desk_http_request_seconds_count{endpoint="public.privacy"} 1.0' in told
    assert "desk_workers_alive 0.0" in told
    assert "desk_clocks_unclaimed 0.0" not in told


def test_what_several_processes_counted_is_told_by_one(desk, monkeypatch, tmp_path):
    counted = watching.Counted()
    counted.answered("a.page", 200, 0.1)
    assert counted.everywhere() is counted.registry

    monkeypatch.setenv(watching.FOLDER, str(tmp_path))
    assert counted.everywhere() is not counted.registry


@pytest.mark.parametrize("host", ["evil.example", "desk.example:81", "desk.example.evil.example"])
def test_pages_answer_under_their_own_name_alone(desk, host):
    client = with_(desk, hosts=frozenset({"desk.example"}))

    assert client.get("/privacy", headers={"Host": host}).status_code == 421
    assert client.get("/privacy", headers={"Host": "desk.example"}).status_code == 200
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_a_request_is_logged_without_whose_it_was_or_where_it_went(desk, written):
    reference = desk.warrant()
    client, from_there = desk.app.test_client(), {"base_url": BASE, "environ_base": {"REMOTE_ADDR": "203.0.113.9"}}
    client.get("/d/the-secret-of-a-link", **from_there).close()
    signed_in(desk.app, client, INES, base=BASE)
    client.get(f"/requests/{reference}", **from_there).close()

    link, case = lines(written)
    assert (link["event"], link["method"], link["role"]) == ("request", "GET", "nobody")
    assert link["endpoint"].startswith("public.")
    assert (case["status"], case["role"]) == (200, "intake")
    for told in ("the-secret-of-a-link", "203.0.113.9", reference, INES.id, INES.name, "/requests"):
        assert told not in written.getvalue()


def test_an_answer_names_the_request_that_the_log_tells_of(desk, written):
    answer = desk.app.test_client().get("/privacy")
    answer.close()

    assert answer.headers["X-Request-Id"] == lines(written)[-1]["request"]
