"""Who opts out asks for no data: what data are sought need not be known."""

from datetime import date

import pytest

from legal_rules.facts import parse
from tests.rules.test_cases import BOOK

CHOICE = {
    "track": "data_subject",
    "requester_kind": "data_subject",
    "data_subject_country": "US-CA",
    "request_features": [],
    "planned_answer": [],
}


@pytest.mark.parametrize("right", ["opt_out", "limit"])
def test_a_choice_is_carried_out_whatever_data_there_are(right):
    assert BOOK.assess(parse(CHOICE | {"right": right}), on=date(2026, 11, 3)).disposition == "comply"


def test_a_copy_of_nobody_knows_what_is_asked_about():
    known = CHOICE | {"right": "access", "identity_verified": True, "accounts": ["marsh"], "other_voices": []}

    assert BOOK.assess(parse(known), on=date(2026, 11, 3)).disposition == "clarify"
