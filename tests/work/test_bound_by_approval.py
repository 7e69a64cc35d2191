"""An approval binds to lines, findings, facts, recipient and every word of the letter: a change of any voids it."""

import shutil
from dataclasses import replace

import pytest
from a_house import INES, LETTERS, TOMAS

from requests_portal.model.actor import SYSTEM
from requests_portal.model.case import CaseState
from requests_portal.storage.letters import FolderLetters
from requests_portal.work.approve import approve
from requests_portal.work.correct import correct_facts
from requests_portal.work.standing import MovedOn


def decided(house):
    case = house.file()
    house.check(case)
    return house.decide(house.case(case.id), reasons="As the warrant says.")


def changed(house, case, **fields):
    """What no verb does: the case's row is written past them."""

    def write(work):
        work.cases.put(replace(work.cases.get(case.id, by=SYSTEM), **fields))

    house.act(write)


def another_template(house, tmp_path, *names):
    folder = tmp_path / "letters"
    shutil.copytree(LETTERS, folder)
    for name in names:
        text = folder / "en" / f"{name}.txt"
        text.write_text(text.read_text() + "\nCall us at any hour.\n")
    house.ledger = replace(house.ledger, letters=FolderLetters(folder))


def of_facts(house, case, _path):
    changed(house, case, facts={**case.facts, "nexus_stated": False})


def of_recipient(house, case, _path):
    changed(house, case, requester=replace(case.requester, email="sheriff@elsewhere.example"))


def of_lines(house, case, _path):
    fewer = tuple(replace(line, scope=None) for line in case.decision.lines)
    changed(house, case, decision=replace(case.decision, lines=fewer))


def of_template(house, _case, path):
    another_template(house, path, "cover_legal_demand", "objection_opening")


CHANGES = {
    "facts": (of_facts, "facts changed"),
    "recipient": (of_recipient, "Whom we write to"),
    "lines": (of_lines, "Decide the case again"),
    "template": (of_template, "text of the letter"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_changed_after_the_decision_is_not_approved(any_house, tmp_path, name):
    change, words = CHANGES[name]
    case = decided(any_house)
    change(any_house, case, tmp_path)
    before = any_house.dump()

    with pytest.raises(MovedOn) as told:
        any_house.approve(any_house.case(case.id))

    assert words in told.value.sentence
    assert any_house.dump() == before


@pytest.mark.parametrize("name", CHANGES)
def test_what_changed_after_the_approval_does_not_leave(house, tmp_path, name):
    change, words = CHANGES[name]
    case = house.offered(house.file())
    change(house, case, tmp_path)
    before = house.dump()

    with pytest.raises(MovedOn) as told:
        house.release(case)

    assert words in told.value.sentence
    assert house.dump() == before


def test_facts_put_right_after_the_approval_void_it(house):
    case = house.approve(decided(house))

    house.act(correct_facts, case.id, {"signed": False}, reason="It is not signed.", by=INES)

    again = house.case(case.id)
    assert (again.state, again.decision, again.approval) == (CaseState.ASSESSED, None, None)
    assert again.earlier == case.decision


def test_the_same_decision_made_again_is_not_what_was_approved(house):
    first = decided(house)
    house.act(correct_facts, first.id, {"nexus_stated": True}, reason="Read again.", by=INES)
    again = house.decide(house.case(first.id), reasons="As the warrant says.")

    with pytest.raises(MovedOn):
        house.act(approve, first.id, digest=first.decision.digest, by=TOMAS)

    assert again.decision.lines == first.decision.lines
    assert again.earlier == first.decision
