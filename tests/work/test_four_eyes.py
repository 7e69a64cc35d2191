"""House policy says when a second person is needed, and nobody is a second person for what they had a hand in."""

from dataclasses import replace

import pytest
from a_house import INES, MAYA, NOW, TOMAS, WARRANT, confirm_who_asks

from legal_rules.edition import COMPANY_POLICY
from requests_portal.errors import Forbidden
from requests_portal.model.actor import Actor, Role
from requests_portal.model.case import CaseState
from requests_portal.model.decision import Because
from requests_portal.model.edition import Adoption, AdoptionState
from requests_portal.model.letter import LetterKind
from requests_portal.work.decide import Choice
from requests_portal.work.write import edit_letter, seen_as

EMERGENCY = {
    **WARRANT,
    "issuer_role": "police",
    "process": "emergency_request",
    "seeks": ["subscriber"],
    "emergency_danger": True,
    "emergency_immediate": True,
}
RECORDS = WARRANT | {"seeks": ["subscriber"]}
OLGA = Actor(id="olga", name="Olga Reyes", roles=frozenset({Role.LAWYER, Role.APPROVER, Role.INTAKE}))
NO_LAWYER = Actor(id="nils", name="Nils Aas", roles=frozenset({Role.APPROVER}))


def checked(house, facts=None, *, by=INES):
    case = house.file(facts, by=by)
    house.check(case)
    return house.case(case.id)


def choose(house, text):
    """The company's own policy, adopted."""
    edition = replace(house.on_offer, files={**house.on_offer.files, COMPANY_POLICY: text})

    def adopt(work):
        before = work.editions.in_use()
        work.editions.keep(edition, at=work.now())
        work.editions.add(
            Adoption(
                id=work.new_id(),
                edition=edition.digest,
                replaces=before.edition,
                state=AdoptionState.ADOPTED,
                proposed_by=MAYA.id,
                proposed_by_name=MAYA.name,
                proposed_at=NOW,
                reason="Ours.",
                number=before.number + 1,
            )
        )

    house.act(adopt)


def test_contents_for_an_authority_need_a_second_person_and_records_do_not(house):
    contents = house.decide(checked(house))
    records = house.decide(checked(house, RECORDS))

    assert contents.decision.because == (Because.CONTENTS,)
    assert (records.decision.because, records.state) == ((), CaseState.APPROVED)


def test_whatever_leaves_in_an_emergency_needs_one_and_a_refusal_does_not(house):
    given = house.decide(checked(house, EMERGENCY))
    case = checked(house, EMERGENCY)
    refused = house.decide(case, reasons="Not shown.", **{f"line_{case.lines[0].id}": Choice(move="refuse")})

    assert given.decision.because == (Because.EMERGENCY,)
    assert refused.decision.because == ()


def test_a_person_s_request_that_is_refused_in_part_needs_one(house):
    case = house.ask()
    house.check(case)
    case = house.case(case.id)
    first = case.lines[0].id

    decided = house.decide(case, reasons="Not this one.", **{f"line_{first}": Choice(move="refuse")})

    assert decided.decision.because == (Because.REFUSAL,)


def test_the_adopted_policy_says_how_many_recordings_one_person_decides_about(house):
    choose(house, "approve_contents = false\napprove_above = 2\n")
    many = house.decide(checked(house))
    choose(house, "approve_contents = false\napprove_above = 3\n")
    fewer = house.decide(checked(house))

    assert many.decision.selection.recordings == 3
    assert (many.decision.because, fewer.decision.because) == ((Because.MANY,), ())


def refused(house, case, by):
    """What somebody is told who may not approve; nothing at all is recorded."""
    before = house.dump()
    with pytest.raises(Forbidden) as told:
        house.approve(case, by=by)
    assert house.dump() == before
    return told.value.sentence


def test_whoever_entered_an_emergency_or_checked_who_asks_does_not_approve_it(house):
    entered = house.decide(checked(house, EMERGENCY, by=OLGA))
    case = house.file(EMERGENCY)
    house.act(confirm_who_asks, case.id, passed=True, by=OLGA)
    seen = house.decide(case)

    assert "entered this emergency" in refused(house, entered, OLGA)
    assert "checked who asks" in refused(house, seen, OLGA)
    assert "second lawyer" in refused(house, seen, NO_LAWYER)
    assert house.approve(seen, by=TOMAS).state is CaseState.APPROVED


def test_outside_an_emergency_who_entered_a_request_may_approve_it(house):
    decided = house.decide(checked(house, by=OLGA))

    assert house.approve(decided, by=OLGA).state is CaseState.APPROVED


def test_who_decided_does_not_approve_after_a_colleague_changed_the_letter(any_house):
    case = checked(any_house)
    audio = next(line.id for line in case.lines if line.data_class == "audio")
    record = next(each for each in case.assessment.lines if each.line.id == audio)
    case = any_house.decide(
        case,
        by=OLGA,
        reasons="No record set.",
        **{f"line_{line.id}": Choice(move="refuse") for line in case.lines if line.id != audio},
    )
    assert record.proposed is not None
    seen = seen_as(case, LetterKind.OBJECTION)
    any_house.act(edit_letter, case.id, LetterKind.OBJECTION, {"closing": "Call us."}, seen=seen, by=MAYA)
    changed = any_house.case(case.id)

    assert changed.decision.hands == (OLGA.id, MAYA.id)
    assert "had a hand" in refused(any_house, changed, OLGA)
    assert any_house.approve(changed, by=TOMAS).state is CaseState.APPROVED
