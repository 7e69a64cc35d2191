"""The page of an emergency's legal process, and where a miss is said: on the next request, and with its agency."""

from datetime import timedelta

import pytest
from a_casework import INES, MAYA, NOW, TOMAS, Desk, a_paper
from who_asks import ALDER

from requests_portal.work.refusals import enter_counted

EMERGENCY = {
    "issuer_role": "police",
    "process": "emergency_request",
    "seeks": ["subscriber"],
    "emergency_danger": True,
    "emergency_immediate": True,
}
REASON = "The judge was ill; the warrant is signed today."


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def missed(desk):
    """An emergency under which something left six days ago; no process came since."""
    left = NOW - timedelta(days=6)
    return desk.warrant(title="Emergency", **EMERGENCY, disclosed_at=left.isoformat(), papers=(a_paper("clean"),))


def test_a_miss_is_said_where_it_blocks_and_counts_until_two_people_cleared_it(desk):
    first = missed(desk)
    later = desk.warrant(title="Emergency", **EMERGENCY)
    page, agency, cleared = f"/requests/{later}", f"/agencies/{ALDER.id}", f"/requests/{first}/follow-up"
    give = [("line-1", "accept"), ("reasons", "A life is in danger."), ("step", "decide")]

    before = desk.as_(MAYA).open(page).main
    looked = desk.as_(MAYA).send(f"{page}/decide", give)
    refused = desk.as_(MAYA).send(f"{page}/decide", give, seen=looked.hidden("seen"))
    desk.act(enter_counted)
    listed = desk.as_(INES).open(agency).main
    told = desk.as_(MAYA).open(f"/requests/{first}").main

    assert "Blocked: process for an earlier emergency did not come" in before
    assert first in before
    assert (refused.status, "did not come in time" in refused.main) == (403, True)
    assert "Blocked in emergencies" in listed
    assert first in listed
    assert "Legal process did not come" in told

    assert desk.as_(MAYA).send(f"{cleared}/clearing", reason="").status == 422
    assert desk.as_(MAYA).send(f"{cleared}/clearing", reason=REASON).status == 303
    mine, theirs = desk.as_(MAYA).open(cleared), desk.as_(TOMAS).open(cleared)
    seen = theirs.hidden("seen")
    assert "You put it forward" in mine.main
    assert REASON in theirs.main
    again = desk.as_(MAYA).send(f"{cleared}/clearing/confirm", seen=seen)
    assert "different person" in again.main
    assert desk.as_(TOMAS).send(f"{cleared}/clearing/confirm", seen=seen).status == 303

    assert "Blocked" not in desk.as_(MAYA).open(page).main
    assert "Blocked" not in desk.as_(INES).open(agency).main


def test_process_is_recorded_by_a_paper_that_came_after_the_answer(desk):
    page = f"/requests/{missed(desk)}/follow-up"

    nothing = desk.as_(INES).send(f"{page}/process", paper="")
    unknown = desk.as_(INES).send(f"{page}/process", paper="0" * 64)

    assert "Choose the paper that is the legal process." in nothing.main
    assert (unknown.status, "came after the answer" in unknown.main) == (422, True)
