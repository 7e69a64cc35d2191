"""A standing policy is in force because two lawyers and a custodian, three people, agreed to the same words."""

from dataclasses import replace

import pytest
from a_house import ADA, INES, JUNIPER, LETTERS, MAYA, PRIYA, TOMAS
from a_policy import REASON, TERMS, adopt, ask, propose, stock_august

from requests_portal.errors import Conflict, Forbidden, Unusable
from requests_portal.model.actor import Actor, Role
from requests_portal.model.standing_policy import NotRoutine, PolicyState
from requests_portal.storage.letters import FolderLetters
from requests_portal.work.adopt_policy import adopt_certificate, adopt_policy, end_policy, propose_policy
from requests_portal.work.standing import MovedOn

EVERY_ROLE = frozenset({Role.LAWYER, Role.CUSTODIAN, Role.APPROVER})
NADIA = Actor(id="nadia", name="Nadia Roth", roles=EVERY_ROLE)


class ChangedLetters(FolderLetters):
    """The lawyers' texts, of which somebody has changed the policy's certificate."""

    def text(self, name, language):
        text = super().text(name, language)
        return f"{text}\nNobody may complain." if name == "certificate_standing_policy" else text


def in_force(house):
    with house.ledger.reading() as work:
        newest = work.standing_policies.newest()
    return newest is not None and newest.state is PolicyState.ADOPTED


def agree(house, proposal, verb, *, by, seen=None):
    return house.act(verb, proposal.id, seen=seen or proposal.policy.digest, by=by)


def test_three_people_put_a_policy_in_force_and_the_log_says_who(any_house):
    adopted = adopt(any_house)

    assert (adopted.state, adopted.number) == (PolicyState.ADOPTED, 1)
    told = [(each["act"], each["actor"], each["role"]) for each in any_house.log()]
    assert told == [
        ("policy_proposed", "maya", "lawyer"),
        ("policy_agreed", "tomas", "lawyer"),
        ("policy_agreed", "priya", "custodian"),
        ("policy_adopted", "priya", "custodian"),
    ]
    assert {each["digests"]["policy"] for each in any_house.log()} == {adopted.policy.digest}


def test_the_custodian_may_agree_first(house):
    proposal = propose(house)

    agree(house, proposal, adopt_certificate, by=PRIYA)
    assert not in_force(house)
    agree(house, proposal, adopt_policy, by=TOMAS)

    assert in_force(house)


@pytest.mark.parametrize("left_out", [adopt_policy, adopt_certificate], ids=lambda verb: verb.__name__)
def test_without_one_of_them_nothing_is_answered(house, left_out):
    stock_august(house)
    proposal = propose(house)
    for verb, by in ((adopt_policy, TOMAS), (adopt_certificate, PRIYA)):
        if verb is not left_out:
            agree(house, proposal, verb, by=by)

    assert not in_force(house)
    assert ask(house).decision is None


def test_nobody_takes_two_parts_whatever_their_roles(house):
    proposal = propose(house, by=NADIA)

    for verb in (adopt_policy, adopt_certificate):
        with pytest.raises(Forbidden, match="different"):
            agree(house, proposal, verb, by=NADIA)

    agree(house, proposal, adopt_policy, by=MAYA)
    with pytest.raises(Forbidden, match="different"):
        agree(house, proposal, adopt_certificate, by=replace(MAYA, roles=EVERY_ROLE))
    with pytest.raises(Conflict, match="second lawyer"):
        agree(house, proposal, adopt_policy, by=TOMAS)
    assert not in_force(house)


@pytest.mark.parametrize("who", [INES, ADA, JUNIPER], ids=lambda who: who.id)
def test_nobody_else_proposes_agrees_or_ends(house, who):
    proposal = propose(house)

    for verb in (adopt_policy, adopt_certificate):
        with pytest.raises(Forbidden):
            agree(house, proposal, verb, by=who)
    with pytest.raises(Forbidden):
        house.act(end_policy, proposal.id, reason="r", by=who)
    with pytest.raises(Forbidden):
        house.act(propose_policy, TERMS, reason=REASON, by=who)


def test_a_custodian_is_no_second_lawyer_nor_a_lawyer_a_custodian(house):
    proposal = propose(house)

    with pytest.raises(Forbidden):
        agree(house, proposal, adopt_policy, by=PRIYA)
    with pytest.raises(Forbidden):
        agree(house, proposal, adopt_certificate, by=TOMAS)


def test_what_was_not_read_cannot_be_agreed_to(house):
    proposal = propose(house)

    with pytest.raises(MovedOn, match="Read it again"):
        agree(house, proposal, adopt_policy, by=TOMAS, seen="0" * 64)


def test_any_other_word_or_number_is_another_policy(house):
    policy = propose(house).policy
    others = [
        replace(policy, most_recordings=21),
        replace(policy, places=(*policy.places, "FR")),
        replace(policy, rules="0" * 64),
        replace(policy, certificate={**policy.certificate, "en": "I have read all of it."}),
    ]

    assert len({policy.digest, *(each.digest for each in others)}) == len(others) + 1


def test_a_certificate_changed_after_it_was_adopted_is_made_by_nobody(house):
    stock_august(house)
    adopt(house)
    house.ledger = replace(house.ledger, letters=ChangedLetters(LETTERS))

    assert ask(house).not_routine == (NotRoutine.TEXT_CHANGED,)


def test_a_certificate_changed_while_the_others_think_it_over_cannot_be_agreed_to(house):
    proposal = propose(house)
    house.ledger = replace(house.ledger, letters=ChangedLetters(LETTERS))

    with pytest.raises(MovedOn, match="propose it anew"):
        agree(house, proposal, adopt_certificate, by=PRIYA)


def test_one_person_declines_and_nobody_can_agree_any_more(house):
    proposal = propose(house)

    declined = house.act(end_policy, proposal.id, reason="Twenty are too many.", by=PRIYA)

    assert declined.state is PolicyState.DECLINED
    with pytest.raises(Forbidden, match="answered already"):
        agree(house, proposal, adopt_policy, by=TOMAS)
    assert propose(house).state is PolicyState.PROPOSED


def test_after_a_withdrawal_the_version_before_does_not_come_back(house):
    stock_august(house)
    adopt(house)
    second = adopt(house, replace(TERMS, most_recordings=10))

    house.act(end_policy, second.id, reason="Stop.", by=TOMAS)

    assert not in_force(house)
    assert ask(house).decision is None
    assert adopt(house).number == 3


def test_only_one_policy_waits_at_a_time_and_each_says_why(house):
    propose(house)

    with pytest.raises(Conflict, match="waits already"):
        propose(house)
    with pytest.raises(Unusable, match="why"):
        house.act(propose_policy, TERMS, reason=" ", by=TOMAS)
    with pytest.raises(Unusable, match="at least 1"):
        house.act(propose_policy, replace(TERMS, most_minutes=0), reason=REASON, by=TOMAS)
    with pytest.raises(Unusable, match="which kinds"):
        house.act(propose_policy, replace(TERMS, kinds=()), reason=REASON, by=TOMAS)
