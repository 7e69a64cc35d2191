"""Canaries: of no scope, list or count; whoever reaches for one learns nothing and raises an alarm once."""

import hashlib
import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
import soundfile
from a_house import ADA, MAYA, a_recording
from sqlalchemy import select
from test_listening import EVENING

from legal_rules.scope import ALWAYS, EVERY, Interval, Scope
from requests_portal.database.tables import recordings
from requests_portal.database.views.operations import SqlOperations
from requests_portal.errors import Forbidden, NotFound, Unusable
from requests_portal.model.actor import COMMAND_LINE, SYSTEM, Actor, Role
from requests_portal.model.canary import Touch
from requests_portal.model.decision import LineDecision
from requests_portal.model.listening import Purpose
from requests_portal.planting import FORMATS, plant_canaries
from requests_portal.storage.recordings import Stored
from requests_portal.work.canaries import acknowledge, plant, raise_alarm
from requests_portal.work.choose_review import reviewable
from requests_portal.work.listen import grant
from requests_portal.work.selection import match

ROOT = Actor(id="root", name="Ruth Ott", roles=frozenset({Role.ADMINISTRATOR}))
OLE = Actor(id="ole", name="Ole Bakke", roles=frozenset({Role.OPERATOR}))


@pytest.fixture
def canary(any_house):
    with any_house.ledger.reading() as work:
        pattern = work.catalogue.get(EVENING, by=SYSTEM)
    made = replace(a_recording("c", pattern.recorded_at), account="A-70001-2", device="HR2-0000-0001", pseudonym="")
    any_house.act(plant, [made], by=COMMAND_LINE)
    return made


def open_alarms(house) -> int:
    """What `desk doctor` counts."""
    return SqlOperations(house.engine).operations(by=OLE, at=house.now).alarms


def test_a_canary_is_in_no_scope_count_or_offer(any_house, canary):
    everything, named = Scope(EVERY, EVERY, EVERY, ALWAYS), Scope(frozenset({canary.account}), EVERY, EVERY, ALWAYS)
    with any_house.ledger.reading() as work:
        found = {each.id for each in work.catalogue.find(everything)}
        assert canary.id not in found
        assert work.catalogue.count(everything) == len(found)
        recorded = canary.recorded_at
        whole_days = Scope(EVERY, EVERY, EVERY, Interval(recorded.replace(hour=0), recorded + timedelta(days=2)))
        assert work.catalogue.count(whole_days) == len(list(work.catalogue.find(whole_days)))
        assert (list(work.catalogue.find(named)), work.catalogue.count(named)) == ([], 0)
        with pytest.raises(NotFound):
            work.catalogue.of([canary.id], by=SYSTEM)
    offered = [each for part in reviewable(any_house.ledger, most=1000, by=COMMAND_LINE) for each in part]
    assert canary.id not in offered


def test_a_demand_for_everything_of_a_period_selects_no_canary(any_house, canary):
    case = any_house.check(any_house.file())
    start = canary.recorded_at - timedelta(days=1)
    everybody = Scope(EVERY, EVERY, EVERY, Interval(start, start + timedelta(days=2)))
    with any_house.ledger.unit_of_work() as work:
        matched = match(work, case, [LineDecision(line=case.lines[0].id, disposition="produce", scope=everybody)])
    assert EVENING in {each.recording for each in matched.recordings}
    assert canary.id not in {each.recording for each in matched.recordings} | set(dict(matched.withheld))


def test_a_hold_on_everything_keeps_no_canary(any_house, canary):
    case = any_house.check(any_house.file())
    (hold,) = any_house.act(lambda work: work.holds.of_case(case.id))
    any_house.act(lambda work: work.holds.cover(hold.id, [Scope(EVERY, EVERY, EVERY, ALWAYS)], at=work.now()))

    held = str(any_house.dump()["held_recordings"])
    assert EVENING in held
    assert canary.id not in held
    with any_house.ledger.reading() as work:
        assert not work.holds.is_missing(hold.id)


def test_asked_for_it_reads_as_what_there_never_was(any_house, canary):
    case = any_house.check(any_house.file())
    told = []
    for name in (canary.id, "no-such-recording"):
        with pytest.raises(NotFound) as refused:
            any_house.act(grant, case.id, name, purpose=Purpose.CHECK_SCOPE, words="", by=MAYA)
        told.append((refused.value.sentence, refused.value.status, refused.value.reached_canary))

    assert told[0][:2] == told[1][:2]
    assert [each[2] for each in told] == [True, False]


def test_a_demand_for_its_account_reads_as_for_any_unknown_one(any_house, canary):
    with pytest.raises(Unusable, match="We know no account A-70001-2") as refused:
        any_house.file(accounts=[canary.account])
    assert refused.value.reached_canary


def test_a_customer_who_comes_to_a_canary_s_number_has_all_of_their_own(any_house, canary):
    own = replace(canary, id="their-own", device="HR2-0000-0002", key="their/own", bucket="")
    with any_house.ledger.unit_of_work() as work:
        work.catalogue.add([own])
        named = Scope(frozenset({canary.account}), EVERY, EVERY, ALWAYS)
        assert [each.id for each in work.catalogue.find(named)] == [own.id]
        assert work.catalogue.count(named) == 1


def test_an_alarm_is_raised_once_and_ended_by_somebody_else(any_house, canary):
    for _ in range(3):
        any_house.act(raise_alarm, Touch.ASKED_BY_ID, case=None, by=ROOT)
    with any_house.ledger.reading() as work:
        ((alarm, _),) = work.canaries.alarms(by=ADA)
        assert alarm.times == 3
    assert open_alarms(any_house) == 1
    assert any_house.acts().count("canary_touched") == 1
    assert canary.id not in str(any_house.log())

    for who in (ROOT, ADA, MAYA):
        with pytest.raises(Forbidden):
            any_house.act(acknowledge, alarm.id, words="A test.", by=who)
    any_house.act(acknowledge, alarm.id, words="A test.", by=replace(ROOT, id="other"))
    assert open_alarms(any_house) == 0


class Shelf:
    """A store in memory."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def put(self, key, data, *, media_type):
        assert media_type in FORMATS
        self.objects[key] = data
        return Stored(version_id="v1", size=len(data), sha256=hashlib.sha256(data).hexdigest())


def test_what_is_planted_looks_like_the_rest_and_belongs_to_nobody(any_house):
    everything, shelf = Scope(EVERY, EVERY, EVERY, ALWAYS), Shelf()
    with any_house.ledger.reading() as work:
        before = list(work.catalogue.find(everything))

    assert plant_canaries(any_house.ledger, shelf, 7, by=COMMAND_LINE) == 7

    known = {each.id for each in before}
    with any_house.engine.connect() as connection:
        rows = connection.execute(select(recordings).where(recordings.c.id.not_in(known))).all()
    assert len(rows) == len(shelf.objects) == 7
    forms = {re.sub("[0-9a-f]", "0", each.account) for each in before}
    assert {re.sub("[0-9a-f]", "0", row.account) for row in rows} <= forms
    assert {row.account for row in rows}.isdisjoint({each.account for each in before})
    for row in rows:
        data = shelf.objects[row.key]
        assert hashlib.sha256(data).hexdigest() == row.sha256
        assert soundfile.info(io.BytesIO(data)).duration == pytest.approx(row.seconds, abs=0.01)
        assert row.pseudonym
    with any_house.ledger.reading() as work:
        assert work.catalogue.accounts([row.account for row in rows]) == frozenset()
        assert work.canaries.are_sought([rows[0].account], [])
    assert any_house.acts()[-1] == "canaries_planted"
