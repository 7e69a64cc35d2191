"""Every case of every rule, run as a test with its sentence as id."""

from dataclasses import replace
from datetime import date

import pytest

from legal_rules import book
from legal_rules.edition import shipped
from legal_rules.proof import facts_of
from legal_rules.weighing import Answers

TODAY = date(2026, 11, 23)
BOOK = book.load()
CASES = [
    pytest.param(raw, case, id=f"{raw['id']}: {case['name']}")
    for _, raw in shipped().rules_with_cases()
    for case in raw["case"]
]


def outcome(rule, facts, on, house=None):
    """What the rule answers on this day, in the shipped house or in one whose policy differs in these keys."""
    terms = BOOK.terms(on)
    terms = replace(terms, policy=replace(terms.policy, **house)) if house else terms
    return rule.outcome(Answers(facts, terms).__getitem__) if rule.in_force(on) else "clear"


@pytest.mark.parametrize(("raw", "case"), CASES)
def test_case(raw, case):
    rule = next(rule for rule in BOOK.rules if rule.id == raw["id"])

    assert outcome(rule, facts_of(raw, case), case.get("on", TODAY), case.get("house")) == case["expect"]
