"""One act sent several times in the same moment is done once; every other try is refused, counted and told nothing."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from a_casework import BASE, EVERYBODY, LAWYERS, MAYA, PRIYA, TEMPLATES, TOMAS
from an_account import Account, Answer
from an_intake import an_id
from sqlalchemy import select

from requests_portal.audit_log.entry import decode
from requests_portal.database.tables import audit_entries
from requests_portal.model.actor import Actor
from requests_portal.model.production import ProductionState
from requests_portal.web.application import make_app

VERA = Actor(id="vera", name="Vera Quill", roles=LAWYERS)
RECIPIENT = "Deputy R. Pinecone"
OPENS = re.compile(r"/d/[\w-]{20,}|\d{4} \d{4}")


class Hurried(Account):
    """A desk whose links all differ, on each kind of database."""

    def __init__(self, folder, url) -> None:
        super().__init__(folder, url=url)
        staff = {each.id: each for each in (*EVERYBODY, VERA)}
        portal = self.app.extensions["portal"]
        self.app = make_app(replace(portal, staff=lambda: staff, new_token=an_id), templates=TEMPLATES)

    def entries(self, act):
        with self.engine.connect() as connection:
            log = [decode(each) for each in connection.scalars(select(audit_entries.c.entry))]
        return [each for each in log if each.act == act]


@pytest.fixture
def desk(database_url, tmp_path):
    made = Hurried(tmp_path, database_url)
    yield made
    made.engine.dispose()


def at_once(desk, path, people, **typed):
    """What each of these people is answered who send the same form in the same moment."""
    together = Barrier(len(people))

    def prepared(who):
        client = desk.visit(who).client
        page = client.get("/rules", base_url=BASE).get_data(as_text=True)
        return client, re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    def send(ready):
        client, token = ready
        together.wait(timeout=30)
        return Answer(
            client.post(path, data={"csrf_token": token, **typed}, base_url=BASE, headers={"Referer": f"{BASE}{path}"})
        )

    ready = [prepared(each) for each in people]
    with ThreadPoolExecutor(len(people)) as all_of_them:
        return list(all_of_them.map(send, ready))


def test_of_several_approvals_at_once_one_counts(desk):
    reference = desk.warrant()
    desk.decide(reference)
    digest = desk.case(reference).decision.digest
    path = f"/requests/{reference}/approve"

    answers = at_once(desk, path, [TOMAS, VERA, TOMAS, VERA], digest=digest, answer="approve")

    done = [each for each in answers if each.status == 303]
    others = [each for each in answers if each.status != 303]
    assert len(done) == 1
    assert {each.status for each in others} <= {403, 409}
    assert not any("set a timer" in each.text for each in others)
    assert len(desk.refused("tomas") + desk.refused("vera")) == 3
    with desk.ledger.reading() as work:
        (made,) = work.productions.of_case(desk.case(reference).id)
    assert made.state is ProductionState.RESERVED
    assert len(desk.case(reference).approvals) == len(desk.entries("decision_approved")) == 1


def test_of_several_releases_at_once_one_hands_over_and_one_link_is_shown(desk):
    reference = desk.warrant()
    desk.offer(reference)
    path = f"/requests/{reference}/productions/1/release"

    answers = at_once(desk, path, [MAYA, TOMAS, MAYA, MAYA], recipient=RECIPIENT)

    shown = [each for each in answers if OPENS.search(each.text)]
    assert sorted(each.status for each in answers) == [200, 409, 409, 409]
    assert [each.status for each in shown] == [200]
    assert desk.refused("maya") + desk.refused("tomas") == [409] * 3
    with desk.ledger.reading() as work:
        assert len(work.productions.releases(desk.production(reference).id)) == 1
    assert len(desk.entries("production_released")) == 1


def test_of_several_sign_offs_at_once_one_stands(desk):
    reference = desk.warrant()
    desk.gather(reference)
    path = f"/requests/{reference}/productions/1/certify"
    page = desk.visit(PRIYA).open(path)
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page.html)[1]

    answers = at_once(desk, path, [PRIYA, PRIYA, PRIYA], digest=digest, read="yes")

    assert [each.status for each in answers].count(303) == 1
    assert not any("set a timer" in each.text for each in answers)
    assert len(desk.refused("priya")) == 2
    made = desk.production(reference)
    assert made.state is ProductionState.CERTIFIED
    assert len(desk.entries("certificate_signed_off")) == 1
