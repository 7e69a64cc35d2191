"""No warrant after an emergency answer: that agency's next emergency gets nothing until two people clear it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from a_house import INES, LINK, MAYA, TOMAS
from test_four_eyes import EMERGENCY, NO_LAWYER
from who_asks import ALDER, NOTHING_READ, NUMBER

from requests_portal.errors import Barred, Conflict, Forbidden, Unusable
from requests_portal.model.case import CaseState
from requests_portal.model.officer_check import Outcome
from requests_portal.model.papers import Paper, PaperState
from requests_portal.work.assess import assess
from requests_portal.work.attest import call_supervisor
from requests_portal.work.correct import correct_facts
from requests_portal.work.decide import Choice
from requests_portal.work.follow_up import confirm_clearing, propose_clearing, record_process
from requests_portal.work.name_people import name_people
from requests_portal.work.officer_checks import match_agency

LATE = timedelta(hours=48, seconds=1)
OTHER = replace(ALDER, id=ALDER.id[:-1] + "f", name="Elm County Sheriff", domains=())
REASON = "The judge was ill; the warrant is signed today."


def gave(house, link=LINK):
    """An emergency in which something left."""
    case = house.offered(house.file(EMERGENCY))
    house.release(case, token=link)
    return case


def missed(house):
    case = gave(house)
    house.now += LATE
    return case


def another(house):
    """The same agency's next emergency, checked and attested."""
    case = house.file(EMERGENCY)
    house.check(case)
    return case


def came(house, case):
    """The process as a paper of the case, and recorded."""
    paper = Paper(sha256="e" * 64, filename="w.pdf", size=1, received_at=house.now, state=PaperState.CLEAN, pages=1)
    house.act(lambda work: work.cases.put(replace(work.cases.get(case.id, by=MAYA), papers=(paper,))))
    return house.act(record_process, case.id, paper.sha256, by=INES)


def cleared(house, case):
    put_forward = house.act(propose_clearing, case.id, REASON, by=MAYA)
    return house.act(confirm_clearing, case.id, seen=put_forward.clearing.digest, by=TOMAS)


def barred(house, act):
    before = house.dump()
    with pytest.raises(Barred) as told:
        act(house)
    assert house.dump() == before
    return told.value


def test_after_a_miss_the_agency_s_next_emergency_is_given_nothing_and_its_preservation_stays(house):
    missed(house)
    case = another(house)

    refused = barred(house, lambda house: house.decide(case))

    assert refused.status == 403
    with house.ledger.reading() as work:
        assert list(work.holds.of_case(case.id))
    line = house.case(case.id).lines[0]
    assert house.decide(case, reasons="No.", **{f"line_{line.id}": Choice(move="refuse")}).decision.gives is False


def test_what_was_decided_before_the_miss_is_not_approved_after_it(house):
    gave(house)
    decided = house.decide(another(house))
    house.now += LATE

    barred(house, lambda house: house.approve(decided))


def test_what_was_approved_before_the_miss_does_not_leave_after_it(house):
    gave(house)
    offered = house.offered(house.file(EMERGENCY))
    house.now += LATE

    barred(house, lambda house: house.release(offered, token="another"))


def test_other_agencies_and_other_demands_are_answered(house):
    missed(house)
    house.act(lambda work: work.agencies.put(OTHER))
    elm = another(house)
    house.act(match_agency, elm.id, OTHER.id, by=INES)
    said = {"told": "They know of it.", "outcome": Outcome.PASSED, "request": NOTHING_READ, "by_eye": True}
    house.act(call_supervisor, elm.id, NUMBER, **said, by=INES)

    assert house.decide(elm).decision.gives
    assert house.cleared(house.file()).decision.gives


def test_process_in_time_never_blocks(house):
    case = gave(house)
    house.now += timedelta(hours=48)
    came(house, case)
    house.now += timedelta(days=90)

    assert house.decide(another(house)).decision.gives


def test_late_process_blocks_until_two_people_clear_it(house):
    case = missed(house)
    came(house, case)
    later = another(house)

    barred(house, lambda house: house.decide(later))
    cleared(house, case)

    assert house.decide(later).decision.gives


def test_a_clearing_takes_a_lawyer_s_reason_and_somebody_else(house):
    case = missed(house)
    later = another(house)
    with pytest.raises(Forbidden):
        house.act(propose_clearing, case.id, REASON, by=NO_LAWYER)
    with pytest.raises(Unusable):
        house.act(propose_clearing, case.id, " ", by=MAYA)
    with pytest.raises(Conflict):
        house.act(confirm_clearing, case.id, seen="", by=TOMAS)
    seen = house.act(propose_clearing, case.id, REASON, by=MAYA).clearing.digest

    with pytest.raises(Forbidden):
        house.act(confirm_clearing, case.id, seen=seen, by=MAYA)
    with pytest.raises(Conflict):
        house.act(confirm_clearing, case.id, seen="another reason", by=TOMAS)
    barred(house, lambda house: house.decide(later))
    house.act(confirm_clearing, case.id, seen=seen, by=NO_LAWYER)

    assert house.decide(later).decision.gives
    assert house.acts().count("miss_cleared") == 1
    assert REASON not in str(house.log())


def test_a_reassessment_keeps_what_was_cleared_and_no_correction_ends_what_is_owed(house):
    case = missed(house)
    later = another(house)
    house.act(correct_facts, case.id, {"process": "search_warrant"}, reason="The warrant came.", by=INES)
    barred(house, lambda house: house.decide(later))

    cleared(house, case)
    house.act(assess, case.id, by=MAYA)

    assert house.case(case.id).clearing.reason == REASON
    assert house.decide(later).decision.gives


def test_a_miss_is_not_moved_to_another_agency(house):
    case = missed(house)
    house.act(lambda work: work.agencies.put(OTHER))

    barred(house, lambda house: house.act(match_agency, case.id, OTHER.id, by=INES))


def test_a_sealed_miss_blocks_without_being_named(house):
    case = missed(house)
    house.act(name_people, case.id, [TOMAS.id, INES.id], by=TOMAS)
    later = another(house)

    refused = barred(house, lambda house: house.decide(later, by=MAYA))

    assert case.reference not in refused.sentence


def test_process_is_a_paper_that_came_after_the_answer_and_is_owed_only_for_what_left(house):
    case, waiting = gave(house), another(house)
    house.now -= timedelta(hours=1)

    with pytest.raises(Unusable, match="after the answer"):
        came(house, case)
    with pytest.raises(Conflict):
        house.act(record_process, waiting.id, "e" * 64, by=INES)
    with pytest.raises(Conflict):
        house.act(propose_clearing, case.id, REASON, by=MAYA)
    assert house.case(case.id).state is CaseState.ANSWERED
