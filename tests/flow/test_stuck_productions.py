"""A production that nobody goes on with is found, tried again or set aside, and never signed twice by that."""

import re
import time
from pathlib import Path

import pytest
from a_house import INES, MAYA
from a_worked_desk import ONCE
from sqlalchemy import text

from requests_portal import flow
from requests_portal.app import worker
from requests_portal.diagnosis import doctor
from requests_portal.errors import Conflict, Forbidden, NotFound, Unusable
from requests_portal.model.actor import COMMAND_LINE, Actor, Role
from requests_portal.model.production import ProductionState
from requests_portal.work import produce, unstick

S = ProductionState
OLE = Actor(id="ole", name="Ole Bakke", roles=frozenset({Role.OPERATOR}))
OLDER, PRESENT = "1-of-yesterday", None


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request, new_desk):
    if request.param == "sqlite":
        return new_desk(recordings=3)
    return new_desk(recordings=3, database_url=request.getfixturevalue("new_postgres"))


def engines_table(desk):
    return "dbos.workflow_status" if desk.engine.dialect.name == "postgresql" else "workflow_status"


def left_by(desk, made, *, version=PRESENT, by="a-worker-that-is-gone", workflow="produce"):
    """The production's workflow as a worker that died, of this or another release, leaves it behind."""
    pieces = [each for each in desk.outside.durable.unended((workflow,)) if each.subject == made.id]
    kept = version or desk.outside.durable.version
    change = f"UPDATE {engines_table(desk)} SET status = 'PENDING', executor_id = :by, application_version = :version "  # noqa: S608
    with desk.engine.begin() as connection:
        for each in pieces:
            connection.execute(text(change + "WHERE workflow_uuid = :id"), {"by": by, "version": kept, "id": each.id})


def lost(desk, made):
    """The production's workflow as if nobody had ever filed it."""
    desk.outside.durable.cancel(
        [each for each in desk.outside.durable.unended(unstick.WORKFLOWS) if each.subject == made.id]
    )


def look(desk, by=OLE):
    return doctor(desk.desk)(by)


def named(desk, name):
    return [each for each in look(desk).faults if each.name == name]


def retry(desk, case, by=OLE):
    return unstick.try_again(desk.outside, desk.production(case.id), because="Its worker died.", by=by)


@pytest.mark.parametrize("version", [OLDER, PRESENT])
def test_what_an_older_release_or_a_dead_worker_left_is_tried_again_and_signed_once(desk, version):
    case = desk.a_warrant()
    left_by(desk, desk.production(case.id), version=version)
    stuck = named(desk, "production_stuck")

    retry(desk, case)
    with worker(desk.desk, name="the-one-worker"):
        desk.until(case, S.GATHERED)
        desk.certify(case)
        made = desk.until(case, S.OFFERED)

    assert [each.cases for each in stuck] == [(case.reference,)]
    assert desk.verdicts(made) == [True, True]
    assert desk.acts_of(case) == {**ONCE, "production_retried": 1}
    assert named(desk, "production_stuck") == []


def test_a_sealing_that_was_left_behind_is_tried_again_and_signed_once(desk):
    case = desk.a_warrant()
    desk.gather_without_worker(case)
    lost(desk, desk.production(case.id))
    desk.certify(case)
    desk.act(produce.begin_sealing, desk.production(case.id).id)
    left_by(desk, desk.production(case.id), version=OLDER, workflow="seal")

    retry(desk, case)
    with worker(desk.desk, name="the-one-worker"):
        made = desk.until(case, S.OFFERED)

    assert desk.verdicts(made) == [True, True]
    assert desk.acts_of(case) == {**ONCE, "production_retried": 1}


def test_a_production_whose_work_was_lost_is_found_and_tried_again(desk):
    case = desk.a_warrant()
    lost(desk, desk.production(case.id))
    found = named(desk, "production_stuck")

    retry(desk, case)

    assert [each.cases for each in found] == [(case.reference,)]
    assert "nobody is at it" in found[0].sentence
    assert [each.state for each in look(desk).standing] == []


def test_what_is_being_worked_on_is_not_filed_a_second_time(desk):
    case = desk.a_warrant()
    lost(desk, desk.production(case.id))
    retry(desk, case)

    with pytest.raises(Conflict, match="being worked on"):
        retry(desk, case)

    assert desk.case_acts(case)["production_retried"] == 1


def test_a_production_that_changed_meanwhile_is_left_alone(desk):
    case = desk.a_warrant()
    before = desk.production(case.id)
    lost(desk, before)
    desk.act(produce.begin_gathering, before.id)

    with pytest.raises(Conflict, match="changed a moment ago"):
        unstick.try_again(desk.outside, before, because="It is stuck.", by=OLE)


def test_a_failed_production_is_tried_again_by_an_operator(desk):
    case = desk.a_warrant()
    made = desk.production(case.id)
    lost(desk, made)
    desk.act(produce.record_failure, made.id, "The disk was full.")

    assert [each.state for each in look(desk).standing] == [S.FAILED]
    assert retry(desk, case).state is S.GATHERING


def test_what_is_set_aside_stops_and_says_why_and_doing_it_again_changes_nothing(desk):
    case = desk.a_warrant()
    made = desk.production(case.id)

    for _ in range(2):
        unstick.set_aside(desk.outside, desk.production(case.id), because="Decided anew by hand.", by=OLE)

    assert desk.production(case.id).state is S.CANCELLED
    assert desk.production(case.id).failure == "Set aside: Decided anew by hand."
    assert desk.case_acts(case)["production_set_aside"] == 1
    assert [each for each in desk.outside.durable.unended(("produce", "seal")) if each.subject == made.id] == []
    assert "Decided anew" not in str(desk.log())
    with pytest.raises(Conflict):
        retry(desk, case)


def test_what_is_signed_is_neither_tried_again_nor_set_aside(desk):
    case = desk.a_warrant()
    with worker(desk.desk, name="the-one-worker"):
        desk.until(case, S.GATHERED)
        desk.certify(case)
        made = desk.until(case, S.OFFERED)

    for act in (unstick.try_again, unstick.set_aside):
        with pytest.raises(Conflict):
            act(desk.outside, made, because="By mistake.", by=OLE)

    assert desk.production(case.id).state is S.OFFERED


def test_what_waits_for_the_custodian_is_nothing_to_try_again(desk):
    case = desk.a_warrant()
    desk.gather_without_worker(case)

    with pytest.raises(Conflict, match="custodian"):
        retry(desk, case)


def test_everything_of_an_older_release_is_filed_again_once(desk):
    case = desk.a_warrant()
    left_by(desk, desk.production(case.id), version=OLDER)
    assert named(desk, "older_release")

    filed = unstick.renew(desk.outside, by=OLE)
    again = unstick.renew(desk.outside, by=OLE)

    assert (filed >= 1, again) == (True, 0)
    with worker(desk.desk, name="the-one-worker"):
        desk.until(case, S.GATHERED)
        assert named(desk, "older_release") == []


def test_what_a_living_worker_of_an_older_release_is_at_is_left_to_it(desk):
    case = desk.a_warrant()
    with worker(desk.desk, name="the-old-one"):
        desk.until(case, S.GATHERED)
        kept = desk.a_warrant()
        desk.until(kept, S.GATHERED)

        assert unstick.renew(desk.outside, by=OLE) == 0


@pytest.mark.parametrize("by", [MAYA, INES])
def test_nobody_but_an_operator_does_it(desk, by):
    case = desk.a_warrant()

    for act in (unstick.try_again, unstick.set_aside):
        with pytest.raises(Forbidden):
            act(desk.outside, desk.production(case.id), because="I want to.", by=by)


def test_a_reason_is_asked_for_and_a_number_that_is_not_there_is_said_to_be(desk):
    case = desk.a_warrant()

    with pytest.raises(Unusable, match="Say why"):
        unstick.set_aside(desk.outside, desk.production(case.id), because="  ", by=OLE)
    with desk.ledger.reading() as work:
        with pytest.raises(Unusable, match="no production 7"):
            unstick.by_number(work, case.reference, 7, by=OLE)
        with pytest.raises(NotFound):
            unstick.by_number(work, "LE-1999-0001", 1, by=OLE)
        with pytest.raises(NotFound):
            work.cases.get(case.id, by=OLE)


def test_a_desk_that_works_has_nothing_red(desk):
    case = desk.a_warrant()
    with worker(desk.desk, name="the-one-worker"):
        desk.until(case, S.GATHERED)
        end = time.monotonic() + 30
        while look(desk, COMMAND_LINE).is_red and time.monotonic() < end:
            time.sleep(0.1)

        assert [each.sentence for each in look(desk, COMMAND_LINE).faults if each.severity == "red"] == []


def test_every_workflow_there_is_can_be_filed_again():
    source = Path(flow.__file__).read_text(encoding="utf-8")

    assert set(re.findall(r'DBOS\.workflow\(name="(\w+)"\)', source)) == set(unstick.WORKFLOWS)
