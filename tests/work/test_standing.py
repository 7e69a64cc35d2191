"""What was decided leaves only while law, facts and catalogue say what they said when it was decided (I1)."""

from datetime import datetime

import pytest
from a_house import INES, MARSH, MAYA, PACIFIC, TOMAS, a_recording
from an_edition import put_in_use, reviewed, without
from sqlalchemy import text
from sqlalchemy.orm import Session

from requests_portal.errors import Conflict
from requests_portal.model.case import CaseState
from requests_portal.model.production import ProductionState
from requests_portal.work import produce
from requests_portal.work.assess import assess
from requests_portal.work.correct import correct_facts
from requests_portal.work.decide import Choice
from requests_portal.work.release import release
from requests_portal.work.standing import MovedOn


def another_recording(house):
    """One more is catalogued on the evening of the incident."""
    late = a_recording("late", house_evening())
    house.act(lambda work: work.catalogue.add([late]))


def house_evening():
    return datetime(2026, 3, 14, 21, 55, tzinfo=PACIFIC)


def one_less(house):
    with house.engine.begin() as connection:
        connection.execute(text("DELETE FROM held_recordings WHERE recording_id = 'i-03142104'"))
        connection.execute(text("DELETE FROM recordings WHERE id = 'i-03142104'"))


def other_bytes(house):
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE recordings SET version_id = 'v2' WHERE id = 'i-03142104'"))


def a_new_edition(house):
    """The book changes: the rule that lets a warrant reach no further than the incident is repealed."""
    with Session(house.engine) as session, session.begin():
        put_in_use(session, without("any/excessive_date_range.toml"))


def a_correction(house):
    case_id = house.case_id
    house.act(
        correct_facts, case_id, {"incident_to": "2026-03-14T21:40:00-07:00"}, reason="The judge struck a line.", by=INES
    )


CHANGES = {each.__name__: each for each in (another_recording, one_less, other_bytes, a_new_edition, a_correction)}


def at_approval(house, case):
    house.decide(house.check(case))
    return lambda: house.approve(case, by=TOMAS)


def at_certificate(house, case):
    house.gather(house.cleared(case))
    return lambda: house.certify(case)


def at_signing(house, case):
    house.gather(house.cleared(case))
    house.certify(case)
    return lambda: house.act(produce.begin_sealing, house.production(case.id).id)


def at_release(house, case):
    house.offered(case)
    return lambda: house.release(case)


def at_retry(house, case):
    house.cleared(case)
    made = house.production(case.id)
    house.act(produce.record_failure, made.id, "It stopped.")
    return lambda: house.act(produce.retry, made.id, by=MAYA)


STEPS = {each.__name__: each for each in (at_approval, at_certificate, at_signing, at_release, at_retry)}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("step", STEPS)
def test_what_changes_after_the_decision_stops_it(house, step, change):
    case = house.file()
    house.case_id = case.id
    go_on = STEPS[step](house, case)
    CHANGES[change](house)
    before = house.dump()

    with pytest.raises(Conflict if change == "a_correction" else MovedOn):
        go_on() if change != "a_correction" or step != "at_approval" else approve_what_was_read(house, case)

    assert house.dump() == before


def approve_what_was_read(house, case):
    assert house.case(case.id).decision is None
    raise Conflict("There is nothing left to approve.")


@pytest.mark.parametrize("step", STEPS)
def test_a_new_edition_with_the_same_answers_stops_nothing(house, step):
    case = house.file()
    go_on = STEPS[step](house, case)
    with Session(house.engine) as session, session.begin():
        put_in_use(session, reviewed())

    go_on()


def test_the_digest_of_a_decision_covers_facts_lines_grounds_reasons_and_recordings(house):
    case = house.check(house.file())
    digests = {house.decide(case).decision.digest}

    def again(change):
        change()
        fresh = house.act(assess, case.id, by=MAYA)
        digests.add(house.decide(fresh, reasons=reasons.pop() if reasons else "").decision.digest)

    reasons = ["Because."]
    again(lambda: None)
    again(lambda: another_recording(house))
    again(lambda: house.act(correct_facts, case.id, {"nexus_stated": False}, reason="r", by=INES))

    assert len(digests) == 4


def test_a_correction_after_the_approval_voids_it_and_cancels_what_was_being_produced(house):
    case = house.cleared(house.file())
    house.case_id = case.id
    a_correction(house)

    corrected = house.case(case.id)
    assert (corrected.state, corrected.decision, corrected.approval) == (CaseState.ASSESSED, None, None)
    assert house.production(case.id).state is ProductionState.CANCELLED
    assert house.acts()[-3:] == ["facts_corrected", "production_cancelled", "case_assessed"]


def test_a_bundle_signed_under_a_voided_decision_never_leaves_even_after_a_new_decision(house):
    case = house.offered(house.file())
    old = house.production(case.id)
    house.case_id = case.id
    a_correction(house)
    house.approve(house.decide(house.case(case.id)))
    new = house.production(case.id)
    assert old.id != new.id

    with pytest.raises(MovedOn, match="earlier decision"):
        house.act(release_old, old.id)

    house.gather(case)
    house.certify(case)
    house.sign(case)
    house.release(case)
    assert [each.state for each in house.productions(case.id)] == [ProductionState.OFFERED, ProductionState.RELEASED]


def release_old(work, production_id):
    return release(work, production_id, recipient="Deputy R. Pinecone", token="old", pin="40718263", by=MAYA)


def test_numbers_of_a_cancelled_production_are_never_used_again(house):
    case = house.cleared(house.file())
    first = house.production(case.id)
    house.act(produce.cancel, first.id, by=MAYA)
    house.act(assess, case.id, by=MAYA)
    house.approve(house.decide(house.case(case.id)))

    assert house.production(case.id).bates_first == first.bates_last + 1


def test_an_unverified_requester_gets_nothing_whatever_the_lawyer_picks(house):
    """Not even where the proposal is called something else than a question of who asks."""
    for facts in ({}, {"signed": False}, {"process": "informal_letter"}, {"seeks": ["subscriber"]}):
        for passed in (None, False):
            case = house.file(**facts)
            if passed is False:
                case = house.check(case, passed=False)
            for line in case.lines:
                choice = Choice(move="narrow", scope=line.scope)
                with pytest.raises(Exception, match=r"who asks|law forbids"):
                    house.decide(case, reasons="They are in a hurry.", **{f"line_{line.id}": choice})
            assert house.productions(case.id) == []


def test_a_customer_whose_identity_nobody_checked_gets_nothing_in_any_country(house):
    for country in ("US-CA", "DE", "GB", "BR", "US-NH"):
        case = house.ask(data_subject_country=country)
        moves = {f"line_{line.id}": Choice(move="narrow", scope=line.scope) for line in case.lines}
        with pytest.raises(Exception, match=r"who asks|law forbids"):
            house.decide(case, reasons="They seem nice.", **moves)


def test_record_sets_leave_for_the_account_that_was_decided(house):
    case = house.cleared(house.file(seeks=["subscriber"]))

    made = house.gather(case)

    assert [each.rows for each in made.record_sets] == [((MARSH.name, MARSH.address[0]),)]
