"""Whoever asks for a canary is answered as for what there never was; others read who it was, and somebody ends it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from a_casework import ADA, MAYA, NOW
from a_review import ReviewDesk, at

from requests_portal.model.actor import COMMAND_LINE, Actor, Role
from requests_portal.model.person import Person
from requests_portal.work.canaries import plant

ROOT = Actor(id="root", name="Ruth Ott", roles=frozenset({Role.ADMINISTRATOR}))
CANARY = replace(at(21, 25, "c"), account="A-70001-2", device="HR2-0000-0001")


@pytest.fixture
def desk(tmp_path):
    made = ReviewDesk(tmp_path)
    portal = made.app.extensions["portal"]
    everybody = portal.staff() | {ROOT.id: ROOT}
    made.app.extensions["portal"] = replace(portal, staff=lambda: everybody)
    with made.ledger.unit_of_work() as work:
        work.staff.add(Person(id=ROOT.id, name=ROOT.name, mail="root@example.org", roles=ROOT.roles, since=NOW))
        plant(work, [CANARY], by=COMMAND_LINE)
    return made


def test_reaching_for_a_canary_gives_nothing_and_is_found_out(desk):
    reference = desk.warrant()
    one = f"/requests/{reference}/recordings/{{}}"
    maya = desk.as_(MAYA)
    assert CANARY.id not in maya.open(f"/requests/{reference}/recordings").html
    read, never = maya.open(one.format(CANARY.id)), maya.open(one.format("c-00000000"))
    assert (read.status, never.status, read.main) == (404, 404, never.main)
    assert maya.send(one.format(CANARY.id) + "/listen", purpose="find_others").status == 404
    assert desk.shelf.readings == []

    seen = desk.as_(ADA).open("/alarms")
    assert "Asked for one by its own name, 2 times" in seen.text
    assert MAYA.name in seen.text
    assert reference in seen.text
    assert CANARY.id not in seen.html
    with desk.ledger.reading() as work:
        ((alarm, _),) = work.canaries.alarms()
        told = [each.message for each in work.messages.due(NOW + timedelta(days=1), limit=100)]
    assert [(each.template, dict(each.words)) for each in told if each.to == ROOT.id] == [
        ("canary_touched", {"link": "https://desk.example/alarms"})
    ]

    assert desk.as_(ADA).send(f"/alarms/{alarm.id}/looked-into").status == 403
    root = desk.as_(ROOT)
    assert "Say what looking into it showed." in root.send(f"/alarms/{alarm.id}/looked-into").text
    root.send(f"/alarms/{alarm.id}/looked-into", [(f"words-{alarm.id}", "A drill.")])
    assert "A drill." in desk.as_(ADA).open("/alarms").text
