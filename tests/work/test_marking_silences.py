"""Parts of recordings are silenced because the decision says so: marked, bound, approved, and then fixed."""

from dataclasses import replace
from itertools import count

import pytest
from a_house import MAYA, NOW, a_recording, ruling

from requests_portal.errors import Unusable
from requests_portal.model.decision import LineDecision
from requests_portal.model.recording import SpeakerSpan
from requests_portal.model.settlement import RAISED
from requests_portal.model.silence import Silence
from requests_portal.work.assess import assess
from requests_portal.work.decide import Choice, decide
from requests_portal.work.selection import match
from requests_portal.work.silence import mark, may_mark, propose_from_speakers

EVENING = "i-03142104"
WINTER = "w-01051200"
REASON = "Another person speaks"


def part(start, end, recording=EVENING, reason=REASON):
    return Silence(recording=recording, start=start, end=end, reason=reason)


@pytest.fixture
def warrant(house):
    """A warrant for six months, of which the evening of the incident leaves."""
    return house.check(house.file())


def test_marks_of_a_recording_are_replaced_and_those_of_others_stay(house, warrant):
    house.act(mark, warrant.id, {EVENING: [part(1, 2)], WINTER: [part(0, 1, WINTER)]}, by=MAYA)

    house.act(mark, warrant.id, {EVENING: [part(3, 4), part(2, 2.5)]}, by=MAYA)

    assert house.case(warrant.id).silences == (part(2, 2.5), part(3, 4), part(0, 1, WINTER))


def test_marks_are_taken_away_by_naming_none(house, warrant):
    house.act(mark, warrant.id, {EVENING: [part(1, 2)]}, by=MAYA)

    house.act(mark, warrant.id, {EVENING: []}, by=MAYA)

    assert house.case(warrant.id).silences == ()


def test_a_decision_takes_over_the_marks_of_what_leaves_and_its_items_carry_them(house, warrant):
    house.act(mark, warrant.id, {EVENING: [part(1, 2)], WINTER: [part(0, 1, WINTER)]}, by=MAYA)

    approved = house.approve(house.decide(warrant))

    assert approved.decision.silences == (part(1, 2),)
    carried = {item.recording: item.silences for item in house.production(warrant.id).items}
    assert carried[EVENING] == (part(1, 2),)
    assert not any(silences for recording, silences in carried.items() if recording != EVENING)


@pytest.mark.parametrize("other", [part(1, 2.001), part(1, 2, reason="A child speaks"), part(0.999, 2)])
def test_the_digest_that_is_approved_binds_the_silences(house, warrant, other):
    assert _digest_with(house, warrant, part(1, 2)) == _digest_with(house, warrant, part(1, 2))

    assert _digest_with(house, warrant, part(1, 2)) != _digest_with(house, warrant, other)


def _digest_with(house, case, silence):
    """The digest of the decision that would be made with this mark, under the same ids each time."""
    house.act(mark, case.id, {EVENING: [silence]}, by=MAYA)
    ids = (f"0192f0c1-7a00-7000-8000-{number:012x}" for number in count())
    same_ids = replace(house.ledger, new_id=lambda: next(ids))
    with pytest.raises(Undone) as undone, same_ids.unit_of_work() as work:
        raise Undone(decide(work, case.id, ruling(house.case(case.id)), by=MAYA).decision.digest)
    return undone.value.args


class Undone(Exception):  # noqa: N818 — it undoes a transaction on purpose
    pass


def test_marks_are_open_again_once_the_case_is_assessed_anew(house, warrant):
    house.act(mark, warrant.id, {EVENING: [part(1, 2)]}, by=MAYA)
    house.approve(house.decide(warrant))
    assert not may_mark(house.case(warrant.id))

    again = house.act(assess, warrant.id, by=MAYA)

    assert may_mark(again)
    assert again.silences == (part(1, 2),)
    house.act(mark, warrant.id, {EVENING: []}, by=MAYA)
    assert house.decide(warrant).decision.silences == ()


def test_the_log_counts_marks_and_holds_no_time_and_no_reason(house, warrant):
    house.act(mark, warrant.id, {EVENING: [part(1.25, 2.75), part(3, 4)]}, by=MAYA)

    entry = house.log()[-1]

    assert (entry["act"], entry["numbers"]) == ("silences_marked", {"recordings": 1, "parts": 2})
    assert sorted(entry["commitments"]) == ["after", "before"]
    assert not any(said in str(entry) for said in (REASON, EVENING, "1.25"))


def test_each_part_in_which_another_person_speaks_is_proposed():
    voices = ("account holder", "visitor", "account_holder", "child")
    recording = a_recording("x", NOW, voices=voices)

    proposed = propose_from_speakers(recording, REASON)

    assert [(each.start, each.end) for each in proposed] == [(1, 2), (3, 4)]
    assert {(each.recording, each.reason) for each in proposed} == {(recording.id, REASON)}


def test_a_mark_without_length_proposes_nothing():
    spans = (SpeakerSpan(start=2.0, end=2.0, label="visitor"), SpeakerSpan(start=-1.0, end=0.5, label="visitor"))
    recording = replace(a_recording("x", NOW), speakers=spans)

    assert [(each.start, each.end) for each in propose_from_speakers(recording, REASON)] == [(0.0, 0.5)]


def test_where_nobody_knows_who_speaks_nothing_can_be_proposed():
    recording = replace(a_recording("x", NOW), speakers=None)

    with pytest.raises(Unusable, match="Listen to it"):
        propose_from_speakers(recording, REASON)


VISITED = "v-06051200"


@pytest.fixture
def access(house):
    """A customer's own request, where the law of their country keeps recordings with other voices back."""
    return house.check(house.ask(data_subject_country="FR"))


def leaving(house, case):
    """What would leave if the case were decided as proposed."""
    known = house.case(case.id)
    lines = [
        LineDecision(line=record.line.id, disposition=record.disposition, scope=record.proposed)
        for record in known.assessment.lines
    ]
    with house.ledger.reading() as work:
        return match(work, known, lines)


def test_a_recording_with_a_visitor_stays_here_and_leaves_once_the_visitor_is_silenced(house, access):
    before = leaving(house, access)

    house.act(mark, access.id, {VISITED: [part(1, 2, VISITED)]}, by=MAYA)

    after = leaving(house, access)
    assert (VISITED, "RIGHTS_OF_OTHERS") in before.withheld
    assert VISITED in {each.recording for each in after.recordings}
    assert after.silences == (part(1, 2, VISITED),)


@pytest.mark.parametrize(
    "parts", [[(1, 1.999)], [(1.001, 2)], [(1, 1.4), (1.5, 2)], [(0, 1)]], ids=["end", "start", "gap", "other"]
)
def test_a_visitor_who_can_still_be_heard_keeps_it_here(house, access, parts):
    house.act(mark, access.id, {VISITED: [part(*times, VISITED) for times in parts]}, by=MAYA)

    assert (VISITED, "RIGHTS_OF_OTHERS") in leaving(house, access).withheld


def test_parts_that_follow_each_other_silence_a_visitor_together(house, access):
    house.act(mark, access.id, {VISITED: [part(1.5, 3, VISITED), part(0.5, 1.5, VISITED)]}, by=MAYA)

    assert not leaving(house, access).withheld


def test_where_nobody_knows_who_speaks_no_silence_lets_it_leave():
    recording = replace(a_recording("x", NOW), speakers=None)

    assert recording.other_voices_outside([part(0, 9_999)]) is None


def test_silencing_what_a_warrant_reaches_must_be_settled(house, warrant):
    case = house.case(warrant.id)
    everything = {
        f"line_{record.line.id}": Choice(move="narrow", scope=record.permitted) for record in case.assessment.lines
    }
    house.act(mark, warrant.id, {EVENING: [part(1, 2)]}, by=MAYA)

    given = house.decide(warrant, reasons="The affidavit gives a reason for each month.", **everything)

    assert given.decision.settlement == RAISED


def test_for_a_warrant_others_are_heard_unless_a_lawyer_silences_them(house, warrant):
    permitted = {
        f"line_{record.line.id}": Choice(move="narrow", scope=record.permitted)
        for record in house.case(warrant.id).assessment.lines
    }

    given = house.decide(warrant, reasons="The affidavit gives a reason for each month.", **permitted)

    assert given.decision.silences == ()
    assert given.decision.settlement is None
