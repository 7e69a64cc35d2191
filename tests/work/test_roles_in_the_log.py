"""An entry names the role by which the act was allowed, however many roles the person has."""

import pytest
from a_house import INES, LAWYERS, MAYA, PRIYA, TOMAS, WARRANT, a_recording
from who_asks import confirm_who_asks

from requests_portal.model.actor import ALLOWED, COMMAND_LINE, Act, Actor, Role
from requests_portal.model.letter import LetterKind
from requests_portal.model.listening import Purpose
from requests_portal.work import produce
from requests_portal.work.approve import approve, refuse_approval
from requests_portal.work.assign import assign
from requests_portal.work.canaries import plant
from requests_portal.work.correct import correct_facts
from requests_portal.work.listen import grant, play
from requests_portal.work.people import add_person
from requests_portal.work.write import edit_letter, seen_as

EVENING = "i-03142104"
# In the order of `Role` it is intake that comes first, and a lawyer before an approver.
EVERY = LAWYERS | {Role.INTAKE, Role.CUSTODIAN, Role.AUDITOR, Role.OPERATOR, Role.ADMINISTRATOR}
OLGA = Actor(id="olga", name="Olga Reyes", roles=LAWYERS)
NADIA = Actor(id="nadia", name="Nadia Roth", roles=EVERY)


def entered(house, person):
    return [(entry["act"], entry["role"]) for entry in house.log() if entry["actor"] == person.id]


def test_a_lawyer_who_also_approves_and_reviews_is_named_by_what_they_did(any_house):
    house = any_house
    case = house.check(house.file())
    house.act(grant, case.id, EVENING, purpose=Purpose.CHECK_SCOPE, words="", by=OLGA)
    house.act(play, case.id, EVENING, from_ms=0, to_ms=900, by=OLGA)
    house.decide(case, by=OLGA)
    other = house.check(house.file())
    house.decide(other, by=MAYA)
    house.approve(other, by=OLGA)

    assert entered(house, OLGA) == [
        ("listening_granted", "reviewer"),
        ("recording_played", "reviewer"),
        ("case_decided", "lawyer"),
        ("decision_approved", "approver"),
        ("production_reserved", "approver"),
    ]


def test_who_has_every_role_is_named_by_the_first_that_allows_the_act(house):
    case = house.file(by=NADIA)
    house.act(confirm_who_asks, case.id, passed=True, by=NADIA)
    house.act(assign, case.id, to="nadia", by=NADIA)
    house.act(grant, case.id, EVENING, purpose=Purpose.CHECK_SCOPE, words="", by=NADIA)
    house.decide(case, by=NADIA)
    house.approve(case, by=TOMAS)
    made = house.gather(case)
    digest = produce.certified_digest(made)
    house.act(produce.certify, made.id, paragraphs=("I certify.",), pages=("0" * 64,), digest=digest, by=NADIA)
    house.sign(case)
    house.release(case, by=NADIA)
    house.act(add_person, name="Vera Lind", mail="vera@desk.example", roles=frozenset({Role.AUDITOR}), by=NADIA)

    told = dict(entered(house, NADIA))

    assert told["case_received"] == "intake"
    assert told["case_assigned"] == "intake"
    assert told["listening_granted"] == "reviewer"
    assert told["case_decided"] == "lawyer"
    assert told["certificate_signed_off"] == "custodian"
    assert told["production_released"] == "lawyer"
    assert told["person_added"] == "administrator"


@pytest.mark.parametrize(
    ("verb", "words", "role"),
    [
        (approve, {}, "approver"),
        (refuse_approval, {"reason": "Narrower, please."}, "approver"),
    ],
)
def test_an_approver_who_is_a_lawyer_too_answers_as_approver(house, verb, words, role):
    case = house.check(house.file())
    decided = house.decide(case, by=MAYA)

    house.act(verb, case.id, digest=decided.decision.digest, by=OLGA, **words)

    assert {each for _, each in entered(house, OLGA)} == {role}


def test_what_follows_from_an_act_is_entered_under_the_same_role(house):
    case = house.file({**WARRANT, "signed": False})
    house.act(correct_facts, case.id, {"signed": True}, reason="The second page is signed.", by=NADIA)

    assert set(entered(house, NADIA)) == {("facts_corrected", "intake"), ("case_assessed", "intake")}


def test_a_letter_is_written_by_a_lawyer(house):
    case = house.check(house.file())
    house.decide(case, by=MAYA)
    kind = LetterKind.ACKNOWLEDGEMENT
    words = {"opening": "Your warrant reached us."}

    house.act(edit_letter, case.id, kind, words, seen=seen_as(house.case(case.id), kind), by=NADIA)

    assert entered(house, NADIA) == [("letter_edited", "lawyer")]


def test_at_the_machine_it_is_an_administrator_who_plants_canaries(house):
    planted = [a_recording("c", house.now, account="A-00000-1", device="HR9-0000-0001")]

    house.act(plant, planted, by=COMMAND_LINE)

    assert entered(house, COMMAND_LINE) == [("canaries_planted", "administrator")]


@pytest.mark.parametrize("act", Act)
def test_whoever_may_do_an_act_does_it_in_a_role_that_includes_it(act):
    everybody = Actor(id="nadia", name="Nadia Roth", roles=frozenset(Role))

    assert everybody.must(act).role in ALLOWED[act]


def test_the_act_says_nothing_of_who_somebody_is():
    assert PRIYA.must(Act.CERTIFY) == PRIYA
    assert INES.must(Act.FILE_DEMAND).roles == INES.roles
