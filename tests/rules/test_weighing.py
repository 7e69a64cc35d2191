"""The tree of phrases is only a shorter way: it finds what asking every rule by itself finds."""

from hypothesis import HealthCheck, given, settings

from legal_rules.conditions import CONDITIONS
from legal_rules.weighing import Answers
from tests.rules.strategies import FORGOTTEN, MAYBE_KNOWN, forget
from tests.rules.test_cases import BOOK, TODAY


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MAYBE_KNOWN, FORGOTTEN)
def test_the_tree_finds_what_every_rule_says_by_itself(facts, forgotten):
    facts = forget(facts, forgotten)
    answer = Answers(facts, BOOK.terms(TODAY)).__getitem__
    rules = [rule for rule in BOOK.rules if rule.in_force(TODAY)]
    by_itself = {rule.id: said for rule in rules if (said := rule.outcome(answer)) != "clear"}

    findings = BOOK.assess(facts, on=TODAY).findings

    # An open release gate is a gate and not yet a finding.
    gates = {rule.id for rule in rules if rule.about == "release" and by_itself.get(rule.id) == "ask"}
    assert {f.rule: f.outcome for f in findings} == {rule: by_itself[rule] for rule in by_itself.keys() - gates}
    assert [f.rule for f in findings] == sorted(f.rule for f in findings)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MAYBE_KNOWN, FORGOTTEN)
def test_an_open_rule_asks_for_the_facts_of_its_first_open_phrase(facts, forgotten):
    facts = forget(facts, forgotten)
    answer = Answers(facts, BOOK.terms(TODAY)).__getitem__
    rules = {rule.id: rule for rule in BOOK.rules}

    for finding in BOOK.assess(facts, on=TODAY).findings:
        if finding.outcome == "ask":
            first = next(phrase for phrase in rules[finding.rule].phrases if answer(phrase) is None)
            assert finding.missing == CONDITIONS[first].missing(facts)
