"""Marks are proposed from who is marked as speaking, and any change of them can be undone."""

from dataclasses import replace

import pytest
from a_house import INES, MAYA

from requests_portal.errors import Conflict, Forbidden
from requests_portal.model.actor import SYSTEM
from requests_portal.model.recording import SpeakerSpan
from requests_portal.model.silence import Silence
from requests_portal.work.mark_up import ANOTHER_SPEAKS, Proposed, change, propose, undo

EVENING, LATER = "i-03142104", "i-03142137"


def part(start, end, recording=EVENING, reason=ANOTHER_SPEAKS):
    return Silence(recording=recording, start=start, end=end, reason=reason)


def heard(house, name, *labels):
    """The recording as catalogued, but with these people speaking a second each; None: nobody has established it."""
    with house.ledger.reading() as work:
        found = work.catalogue.get(name, by=SYSTEM)
    spans = tuple(SpeakerSpan(start=at, end=at + 1, label=label) for at, label in enumerate(labels))
    return replace(found, speakers=None if labels == (None,) else spans)


@pytest.fixture
def warrant(house):
    return house.check(house.file())


def marks(house, case):
    return house.case(case.id).silences


def test_each_change_can_be_undone_the_last_one_first(house, warrant):
    house.act(change, warrant.id, {EVENING: [part(0, 1)]}, by=MAYA)
    house.act(change, warrant.id, {EVENING: [part(0, 1), part(2, 3)]}, by=MAYA)

    house.act(undo, warrant.id, EVENING, by=MAYA)
    assert marks(house, warrant) == (part(0, 1),)

    house.act(undo, warrant.id, EVENING, by=MAYA)
    assert marks(house, warrant) == ()
    with pytest.raises(Conflict):
        house.act(undo, warrant.id, EVENING, by=MAYA)
    assert house.acts().count("silences_marked") == 4


def test_a_change_that_changes_nothing_is_not_one_to_undo(house, warrant):
    house.act(change, warrant.id, {EVENING: [part(0, 1)]}, by=MAYA)
    house.act(change, warrant.id, {EVENING: [part(0, 1)]}, by=MAYA)

    house.act(undo, warrant.id, EVENING, by=MAYA)

    assert marks(house, warrant) == ()


def test_undoing_one_recording_leaves_the_others(house, warrant):
    house.act(change, warrant.id, {EVENING: [part(0, 1)], LATER: [part(0, 1, LATER)]}, by=MAYA)

    house.act(undo, warrant.id, EVENING, by=MAYA)

    assert marks(house, warrant) == (part(0, 1, LATER),)


def test_only_who_may_decide_may_undo(house, warrant):
    house.act(change, warrant.id, {EVENING: [part(0, 1)]}, by=MAYA)

    with pytest.raises(Forbidden):
        house.act(undo, warrant.id, EVENING, by=INES)


def test_after_a_decision_nothing_is_undone_and_the_change_stays_on_record(house, warrant):
    house.act(change, warrant.id, {EVENING: [part(0, 1)]}, by=MAYA)
    house.decide(warrant)

    with pytest.raises(Conflict):
        house.act(undo, warrant.id, EVENING, by=MAYA)

    with house.ledger.reading() as work:
        assert work.silence_steps.count(warrant.id, EVENING) == 1


def test_others_who_speak_are_proposed_and_what_a_person_marked_stays(house, warrant):
    house.act(change, warrant.id, {EVENING: [part(0.5, 2.5, reason="A child speaks")]}, by=MAYA)
    recordings = [
        heard(house, EVENING, "account holder", "visitor", "child"),
        heard(house, LATER, "account holder"),
        heard(house, "w-01051200", None),
    ]

    done = house.act(propose, warrant.id, recordings, by=MAYA)

    assert done == Proposed(recordings=1, parts=1, not_established=1)
    # The visitor's second lies within what was marked by hand.
    assert marks(house, warrant) == (part(0.5, 2.5, reason="A child speaks"), part(2, 3))


def test_proposing_twice_adds_nothing(house, warrant):
    recordings = [heard(house, EVENING, "visitor")]
    house.act(propose, warrant.id, recordings, by=MAYA)

    again = house.act(propose, warrant.id, recordings, by=MAYA)

    assert again == Proposed(recordings=0, parts=0, not_established=0)
    assert house.acts().count("silences_marked") == 1
