"""House policy: no contents go to an authority on one person's word, whatever class they are kept under."""

import pytest
from a_house import MARSH

from requests_portal.model.case import CaseState

EACH_CLASS = pytest.mark.parametrize("data_class", ["search_terms", "location", "voiceprint"])


def a_source_of(house, data_class):
    def add(work):
        work.record_sets.add_source(data_class, "Archive", ("what",), None)
        work.record_sets.add_rows(data_class, MARSH.account, [("a row",)])

    house.act(add)


@EACH_CLASS
def test_what_only_a_warrant_reaches_waits_for_a_second_lawyer(house, data_class):
    a_source_of(house, data_class)
    case = house.check(house.file(seeks=[data_class], expressive_need_shown=True))

    decided = house.decide(case)

    assert decided.decision.gives
    assert (decided.state, decided.decision.approval_needed) == (CaseState.DECIDED, True)


def test_a_subscriber_list_needs_one_lawyer(house):
    case = house.check(house.file(seeks=["subscriber"]))

    assert house.decide(case).state is CaseState.APPROVED
