"""“What you asked for is preserved as it stands”: the letter says so under our signature, until the day it names."""

from dataclasses import replace
from datetime import timedelta

from a_house import MAYA, ruling

from requests_portal.work.decide import decide


def kept(house, case):
    with house.ledger.reading() as work:
        (hold,) = work.holds.of_case(case.id)
        return work.holds.counts(hold.id).kept, hold.expires_at


def test_after_a_release_with_objections_all_that_was_demanded_stays_held(house):
    case = house.offered(house.file())
    assert case.decision.objects
    demanded = kept(house, case)

    house.release(case)

    assert kept(house, case) == demanded == (8, case.received_at + timedelta(days=90))
    assert "hold_narrowed" not in house.acts()


def test_after_an_answer_without_objection_only_what_left_stays_held(house):
    case = house.check(house.file())
    agreed = replace(ruling(case, reasons="Agreed by telephone."), grounds=())
    house.approve(house.act(decide, case.id, agreed, by=MAYA))
    house.gather(case)
    house.certify(case)
    house.sign(case)

    house.release(house.case(case.id))

    assert kept(house, case)[0] == 3
