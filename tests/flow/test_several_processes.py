"""Several processes on one PostgreSQL, killed at random: each request is answered once, and no log names anybody."""

import random
import socket
import time

import pytest
from a_house import MARSH
from a_process import SLOW, Processes, answered, fetched, until
from a_worked_desk import ONCE

from requests_portal.model.production import ProductionState

S = ProductionState
TOKEN = "invented-token-for-machines-that-watch-us"
REQUESTS = 6
SEED = 20261128


@pytest.fixture
def desk(new_desk, new_postgres):
    return new_desk(recordings=4, database_url=new_postgres, metrics_token=TOKEN)


@pytest.fixture
def processes(desk):
    started = Processes(desk)
    yield started
    started.end()


def a_free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def served(processes, port):
    """The pages, served by two processes; they are ready."""
    site = f"http://127.0.0.1:{port}"
    processes.start("serve", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "2")
    until(lambda: fetched(f"{site}/readyz")[0] == 200, "pages that can be served")
    return site


def test_every_request_is_answered_once_while_workers_are_killed_at_random(desk, processes):
    chance = random.Random(SEED)  # noqa: S311 — the same kills in every run
    names = ["ann", "bob"]
    workers = {name: processes.worker(name, program=SLOW, EACH="0.1") for name in names}
    site = served(processes, a_free_port())

    cases = [desk.a_warrant() for _ in range(REQUESTS)]
    for _ in range(4):
        time.sleep(chance.uniform(0.2, 1.0))
        name = chance.choice(names)
        workers[name].kill()
        workers[name] = processes.start("worker", "--name", name, program=SLOW, EACH="0.1")
    for case in cases:
        desk.until(case, S.GATHERED)
        desk.certify(case)
    workers["ann"].kill()
    workers["ann"] = processes.start("worker", "--name", "ann", program=SLOW)
    offered = [desk.until(case, S.OFFERED) for case in cases]

    assert [desk.acts_of(case) for case in cases] == [ONCE] * REQUESTS
    assert [made.discrepancies for made in offered] == [()] * REQUESTS
    assert desk.verdicts(offered[0]) == [True, True]
    assert desk.log_is_sound()
    _, told = fetched(f"{site}/metrics", Authorization=f"Bearer {TOKEN}")
    assert "desk_workers_alive 2.0" in told
    assert 'desk_http_requests_total{endpoint="public.readyz"' in told
    assert_no_log_names_anybody(desk, processes, site, cases)


def assert_no_log_names_anybody(desk, processes, site, cases):
    host = {"Host": "desk.example"}
    for path in (f"/requests/{cases[0].reference}", "/d/the-secret-of-a-link", f"/my/recordings?name={MARSH.email}"):
        assert fetched(f"{site}{path}", **host)[0] in {302, 404, 200}
    # Where it listens is said once; from where it was asked never is.
    said = processes.everything_said().replace(f'"{site.removeprefix("http://")}"', '"here"')
    for each in (MARSH.name, MARSH.email, MARSH.account, cases[0].reference, "the-secret", TOKEN, "127.0.0.1:5"):
        assert each not in said
    assert all(line.startswith("{") for line in said.splitlines())


def test_a_restart_of_the_pages_finishes_what_was_asked_and_ends_well(desk, processes):
    served(processes, a_free_port())
    pages = processes._running[-1]
    pages.terminate()

    assert pages.ends(patience=30) == 0
    assert not list(desk.outside.scratch.glob("counted-*"))


@pytest.mark.parametrize("proxies", [[], ["127.0.0.1"]])
def test_only_a_named_proxy_says_that_it_was_asked_over_tls(desk, processes, proxies):
    processes.settings.write_text(
        processes.settings.read_text().replace("trusted_proxies = []", f"trusted_proxies = {proxies}".replace("'", '"'))
    )
    site = served(processes, a_free_port())

    assert is_over_tls(site) == bool(proxies)


def is_over_tls(site):
    _, _, headers = answered(f"{site}/privacy", **{"Host": "desk.example", "X-Forwarded-Proto": "https"})
    return "Strict-Transport-Security" in headers


def test_what_was_filed_is_there_when_the_worker_comes_later(desk, processes):
    case = desk.a_warrant()
    assert desk.production(case.id).state is S.RESERVED
    processes.worker("late")
    desk.until(case, S.GATHERED)
