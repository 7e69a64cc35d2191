"""An edition of the rules is in use because two different lawyers saw what it changes, and said so."""

from dataclasses import replace

import pytest
from a_house import ADA, INES, JUNIPER, MAYA, PRIYA, SUBPOENA, TOMAS
from an_edition import SHIPPED, of_other_software, put_in_use, reviewed, with_files, without
from sqlalchemy import delete
from sqlalchemy.orm import Session

from legal_rules.edition import COMPANY_POLICY
from requests_portal.database.editions import SqlEditions
from requests_portal.database.tables import edition_adoptions
from requests_portal.errors import Conflict, Forbidden, Unusable
from requests_portal.model.case import CaseState
from requests_portal.model.edition import AdoptionState, EngineChanged
from requests_portal.work.adopt_edition import adopt_edition, decline_edition, propose_edition, set_up
from requests_portal.work.assess import assess
from requests_portal.work.foresee import foresee
from requests_portal.work.standing import MovedOn

# The house decides that two days on each side of an evening are enough; shipped are fourteen.
TWO_DAYS = with_files({COMPANY_POLICY: "incident_padding_days = 2\n"})


def in_use(house):
    with house.ledger.reading() as work:
        return work.editions.in_use()


def look(house, edition, *, by=TOMAS):
    with house.ledger.reading() as work:
        return foresee(work, edition.digest, by=by)


def propose(house, edition, *, by=MAYA, reason="Two days are enough."):
    house.on_offer = edition
    return house.act(propose_edition, digest=edition.digest, reason=reason, by=by)


def adopt(house, edition, *, by=TOMAS):
    proposal = propose(house, edition)
    return house.act(adopt_edition, proposal.id, seen=look(house, edition).digest, by=by)


def a_warrant(house):
    """A warrant for six months around one evening, from an officer who was called back."""
    return house.check(house.file())


def begin_again(house):
    with house.engine.begin() as connection:
        connection.execute(delete(edition_adoptions))


def test_a_new_desk_is_set_up_once_with_what_is_shipped_and_the_log_says_so(any_house):
    begin_again(any_house)

    any_house.act(set_up)
    any_house.on_offer = TWO_DAYS
    any_house.act(set_up)

    assert (in_use(any_house).edition, in_use(any_house).number) == (SHIPPED.digest, 1)
    (entry,) = any_house.log()
    assert (entry["act"], entry["digests"]["edition"], entry["actor"]) == ("edition_set_up", SHIPPED.digest, "system")


def test_nothing_is_assessed_where_no_edition_was_ever_adopted(house):
    begin_again(house)

    with pytest.raises(Conflict, match="No edition"):
        house.file()


def test_rules_on_offer_decide_nothing_before_they_are_adopted(house):
    house.on_offer = TWO_DAYS

    assert house.file().assessment.book == SHIPPED.digest


def test_two_lawyers_put_an_edition_in_use_and_from_then_on_it_answers(any_house):
    before = a_warrant(any_house)
    adopted = adopt(any_house, TWO_DAYS)

    after = a_warrant(any_house)

    assert (adopted.proposed_by, adopted.answered_by, adopted.number) == ("maya", "tomas", 2)
    assert after.assessment.book == TWO_DAYS.digest
    days = [
        (case.assessment.lines[0].proposed.interval.end - case.assessment.lines[0].proposed.interval.start).days
        for case in (before, after)
    ]
    assert days == [2 * 14, 2 * 2]


def test_whoever_proposed_an_edition_cannot_adopt_it(house):
    proposal = propose(house, TWO_DAYS)

    with pytest.raises(Forbidden, match="a different lawyer"):
        house.act(adopt_edition, proposal.id, seen=look(house, TWO_DAYS).digest, by=MAYA)

    assert in_use(house).edition == SHIPPED.digest


@pytest.mark.parametrize("who", [INES, PRIYA, ADA, JUNIPER], ids=lambda who: who.id)
def test_nobody_but_a_lawyer_proposes_adopts_or_declines(house, who):
    proposal = propose(house, TWO_DAYS)

    for verb, told in (
        (propose_edition, {"digest": TWO_DAYS.digest, "reason": "r"}),
        (adopt_edition, {"seen": look(house, TWO_DAYS).digest}),
        (decline_edition, {"reason": "r"}),
    ):
        named = () if verb is propose_edition else (proposal.id,)
        with pytest.raises(Forbidden):
            house.act(verb, *named, **told, by=who)


def test_a_customer_cannot_see_what_an_edition_would_change(house):
    house.on_offer = TWO_DAYS

    with pytest.raises(Forbidden):
        look(house, TWO_DAYS, by=JUNIPER)


def test_what_it_would_change_is_told_case_by_case_and_the_others_are_counted(house):
    touched, other = a_warrant(house), house.file(SUBPOENA | {"seeks": ["subscriber"]})
    house.on_offer = TWO_DAYS

    found = look(house, TWO_DAYS)

    assert [each.case.id for each in found.effects] == [touched.id]
    assert found.unchanged == 1
    (effect,) = found.effects
    assert effect.before.assessment.digest == touched.assessment.digest
    assert effect.after.assessment.lines[0].proposed <= effect.before.assessment.lines[0].proposed
    assert not effect.words_only
    assert other.id not in {each.case.id for each in found.effects}


def test_a_time_limit_that_ends_on_another_day_is_an_effect(house):
    """A federal warrant that orders no date; the house answers in a week instead of two."""
    house.check(house.file(issuer="us_federal", issuer_state=None))
    a_week = with_files({COMPANY_POLICY: "us_answer_days = 7\n"})
    house.on_offer = a_week

    (effect,) = look(house, a_week).effects

    assert effect.before.assessment.digest == effect.after.assessment.digest
    due = [next(row.due for row in said.clocks if row.name == "answer") for said in (effect.before, effect.after)]
    assert (due[0] - due[1]).days == 7
    assert not effect.words_only
    assert not effect.stops


def test_an_edition_that_says_the_same_changes_nothing_in_any_case(house):
    house.file()
    house.on_offer = reviewed()

    found = look(house, reviewed())

    assert (found.effects, found.unchanged) == ((), 1)


def test_a_remedy_in_other_words_is_told_apart_from_another_answer(house):
    house.file()
    path = "any/excessive_date_range.toml"
    reworded = with_files({path: SHIPPED.files[path].replace("Agree to the days", "Please agree to the days")})
    house.on_offer = reworded

    (effect,) = look(house, reworded).effects

    assert effect.words_only


def test_an_answered_request_is_nobody_s_open_case(house):
    case = house.offered(house.file())
    house.release(case)
    house.on_offer = TWO_DAYS

    found = look(house, TWO_DAYS)

    assert (found.effects, found.unchanged) == ((), 0)


def test_looking_at_an_edition_keeps_nothing(house):
    house.file()
    house.on_offer = TWO_DAYS
    before = house.dump()

    look(house, TWO_DAYS)

    assert house.dump() == before


def test_what_is_adopted_is_what_was_seen(house):
    """One more request that it touches arrives between looking and adopting."""
    proposal = propose(house, TWO_DAYS)
    seen = look(house, TWO_DAYS).digest
    a_warrant(house)

    with pytest.raises(MovedOn, match="Look at it again"):
        house.act(adopt_edition, proposal.id, seen=seen, by=TOMAS)

    assert in_use(house).edition == SHIPPED.digest


def test_a_request_that_it_does_not_touch_may_arrive_meanwhile(house):
    proposal = propose(house, TWO_DAYS)
    seen = look(house, TWO_DAYS).digest
    house.file(SUBPOENA | {"seeks": ["subscriber"]})

    house.act(adopt_edition, proposal.id, seen=seen, by=TOMAS)

    assert in_use(house).edition == TWO_DAYS.digest


def test_what_is_proposed_is_what_was_looked_at(house):
    house.on_offer = TWO_DAYS

    with pytest.raises(MovedOn, match="changed since you looked"):
        house.act(propose_edition, digest=reviewed().digest, reason="r", by=MAYA)


def test_the_edition_in_use_is_not_proposed_again(house):
    with pytest.raises(Conflict, match="in use already"):
        house.act(propose_edition, digest=SHIPPED.digest, reason="r", by=MAYA)


def test_a_proposal_and_a_refusal_say_why(house):
    house.on_offer = TWO_DAYS
    with pytest.raises(Unusable, match="Say why"):
        house.act(propose_edition, digest=TWO_DAYS.digest, reason=" ", by=MAYA)

    proposal = propose(house, TWO_DAYS)
    with pytest.raises(Unusable, match="Say why"):
        house.act(decline_edition, proposal.id, reason=" ", by=TOMAS)


def test_a_declined_edition_is_not_used_and_leaves_room_for_the_next(any_house):
    proposal = propose(any_house, TWO_DAYS)
    declined = any_house.act(decline_edition, proposal.id, reason="Too short for a quarrel of weeks.", by=TOMAS)

    assert declined.state is AdoptionState.DECLINED
    assert any_house.file().assessment.book == SHIPPED.digest
    adopt(any_house, reviewed())
    assert in_use(any_house).edition == reviewed().digest


def test_one_edition_waits_at_a_time(any_house):
    propose(any_house, TWO_DAYS)

    with pytest.raises(Conflict, match="put forward already"):
        propose(any_house, reviewed(), by=TOMAS)


def test_an_edition_is_answered_once(any_house):
    proposal = propose(any_house, TWO_DAYS)
    seen = look(any_house, TWO_DAYS).digest
    any_house.act(adopt_edition, proposal.id, seen=seen, by=TOMAS)

    for verb, told in ((adopt_edition, {"seen": seen}), (decline_edition, {"reason": "r"})):
        with pytest.raises((Conflict, Forbidden), match="answered already"):
            any_house.act(verb, proposal.id, **told, by=TOMAS)


def test_a_proposal_made_against_another_edition_in_use_is_not_adopted(house):
    proposal = propose(house, TWO_DAYS)
    seen = look(house, TWO_DAYS).digest
    with Session(house.engine) as session, session.begin():
        put_in_use(session, reviewed())

    with pytest.raises(MovedOn, match="came into use since"):
        house.act(adopt_edition, proposal.id, seen=seen, by=TOMAS)


def test_the_log_names_both_editions_and_both_people_and_commits_to_the_reasons(house):
    adopt(house, TWO_DAYS)

    proposed, adopted = house.log()
    assert [(entry["act"], entry["actor"]) for entry in (proposed, adopted)] == [
        ("edition_proposed", "maya"),
        ("edition_adopted", "tomas"),
    ]
    for entry in (proposed, adopted):
        assert entry["digests"] == {
            "edition": TWO_DAYS.digest,
            "replaces": SHIPPED.digest,
            "engine": SHIPPED.engine,
        }
        assert list(entry["commitments"]) == ["reason"]
    assert adopted["numbers"]["cases_changed"] == 0


def test_adopting_touches_no_case_and_an_approval_under_another_answer_stops(house):
    case = house.decide(house.check(house.file()))
    adopt(house, TWO_DAYS)
    assert house.case(case.id) == case

    with pytest.raises(MovedOn, match="different today"):
        house.approve(case)

    again = house.act(assess, case.id, by=MAYA)
    assert (again.state, again.decision, again.assessment.book) == (CaseState.ASSESSED, None, TWO_DAYS.digest)


def test_the_effect_on_a_decided_case_says_that_its_decision_stops(house):
    house.decide(a_warrant(house))
    a_warrant(house)
    house.on_offer = TWO_DAYS

    assert [each.stops for each in look(house, TWO_DAYS).effects] == [True, False]


def test_rules_on_offer_that_cannot_be_read_are_refused_and_those_in_use_go_on(house):
    house.on_offer = with_files({"any/unsigned.toml": 'id = "any-unsigned"\n'})

    with pytest.raises(Unusable, match=r"cannot be read: any/unsigned\.toml"):
        house.act(propose_edition, digest=house.on_offer.digest, reason="r", by=MAYA)

    assert house.file().assessment.book == SHIPPED.digest


# The software changed, and with it what the adopted words may mean.


def software_changed(house):
    with Session(house.engine) as session, session.begin():
        put_in_use(session, of_other_software())


def test_an_edition_adopted_for_other_software_assesses_nothing(house):
    case = house.file()
    software_changed(house)

    with pytest.raises(EngineChanged, match="Two lawyers have to adopt"):
        house.act(assess, case.id, by=MAYA)


def test_a_demand_that_comes_meanwhile_is_kept_and_held(house):
    software_changed(house)

    case = house.file()

    assert (case.state, case.assessment) == (CaseState.RECEIVED, None)
    with house.ledger.reading() as work:
        (hold,) = work.holds.of_case(case.id)
        assert work.holds.counts(hold.id).kept > 0


def test_who_asks_can_be_checked_meanwhile_and_that_counts_later(house):
    software_changed(house)
    case = house.check(house.file())
    assert (case.state, case.facts["requester_verified"]) == (CaseState.RECEIVED, True)

    adopt(house, TWO_DAYS)

    assert "requester_verified" not in {
        name for finding in house.case(case.id).assessment.findings for name in finding.missing
    }


def test_what_came_meanwhile_is_assessed_and_its_clocks_start_when_an_edition_is_adopted(house):
    software_changed(house)
    case, own = house.file(), house.ask()
    house.on_offer = TWO_DAYS
    assert [(each.case.id, each.before) for each in look(house, TWO_DAYS).effects] == [(own.id, None), (case.id, None)]

    adopt(house, TWO_DAYS)

    for each in (case, own):
        found = house.case(each.id)
        assert (found.state, found.assessment.book) == (CaseState.ASSESSED, TWO_DAYS.digest)
    with house.ledger.reading() as work:
        assert any(row.due for row in work.clocks.of_case(case.id))
        acknowledged = {row.name: row.met_at for row in work.clocks.of_case(own.id)}
    assert acknowledged["acknowledge"] is not None


def test_after_the_software_changed_cases_are_compared_with_what_was_said_of_them(house):
    same, other = house.file(SUBPOENA | {"seeks": ["subscriber"]}), a_warrant(house)
    software_changed(house)
    house.on_offer = TWO_DAYS

    found = look(house, TWO_DAYS)

    assert [each.case.id for each in found.effects] == [other.id]
    assert found.unchanged == 1
    assert same.id != other.id


def test_a_proposal_made_for_other_software_can_only_be_declined(house):
    proposal = propose(house, TWO_DAYS)
    with Session(house.engine) as session, session.begin():
        old = of_other_software(without("any/unsigned.toml"))
        work_with_old(session, old, proposal.id)

    with pytest.raises(EngineChanged):
        house.act(adopt_edition, proposal.id, seen="0" * 64, by=TOMAS)
    assert house.act(decline_edition, proposal.id, reason="Old.", by=TOMAS).state is AdoptionState.DECLINED


def work_with_old(session, old, proposal_id):
    """The proposal as an earlier release would have kept it."""
    kept = SqlEditions(session, lambda: old)
    kept.keep(old, at=kept.in_use().proposed_at)
    kept.put(replace(kept.adoption(proposal_id), edition=old.digest))
