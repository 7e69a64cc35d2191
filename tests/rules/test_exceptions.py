"""Exceptions carry their own consequence; two that could disagree at one level are refused when the book is read."""

import pytest

from legal_rules.disposition import ASK
from legal_rules.edition import shipped
from legal_rules.errors import UnreadableBook
from legal_rules.facts import parse
from legal_rules.rule import read_rule
from legal_rules.weighing import Answers
from tests.rules.test_cases import BOOK, TODAY

RAW = {raw["id"]: raw for _, raw in shipped().rules()}["us-sca-contents"]
SUBPOENA = {"track": "legal_demand", "issuer": "us_state", "process": "grand_jury_subpoena", "seeks": ["audio"]}
FEDERAL = {"label": "federal", "cite": "an Act", "when": ["issuer is federal"], "then": "escalate"}
STATE = {"label": "state", "cite": "another Act", "when": ["issuer is a state of the United States"], "then": "clarify"}
UNSIGNED = {"label": "unsigned", "cite": "a third", "when": ["paper is not signed"], "then": "preserve_only"}


def a_rule(*exceptions, **changes):
    return read_rule(RAW | {"unless": list(exceptions)} | changes, "sca_contents.toml")


def said(rule, **facts):
    return rule.outcome(Answers(parse(SUBPOENA | facts), BOOK.terms(TODAY)).__getitem__)


def test_an_exception_answers_in_place_of_its_rule():
    rule = a_rule(FEDERAL, STATE)

    assert said(rule) == "clarify"
    assert said(rule, issuer="us_federal") == "escalate"


def test_an_exception_to_an_exception_answers_in_its_place():
    rule = a_rule(STATE, UNSIGNED | {"exception_to": "state"})

    assert said(rule, signed=True) == "clarify"
    assert said(rule, signed=False) == "preserve_only"


def test_an_unknown_exception_asks_where_it_would_answer_otherwise():
    assert said(a_rule(UNSIGNED)) == ASK
    assert said(a_rule(UNSIGNED), signed=True) == "object"


def test_an_unknown_exception_that_would_answer_the_same_asks_nothing():
    same = {"label": "same", "cite": "an Act", "when": ["paper is not signed"]}
    rule = a_rule(same | {"then": RAW["then"], "narrow": RAW["narrow"]})

    assert said(rule) == RAW["then"]


def test_two_exceptions_that_may_both_hold_and_differ_are_refused():
    with pytest.raises(UnreadableBook, match="“federal” and “unsigned” can disagree"):
        a_rule(FEDERAL, UNSIGNED)


def test_two_exceptions_of_one_fact_s_different_values_cannot_both_hold():
    assert len(a_rule(FEDERAL, STATE).unless) == 2


def test_two_that_say_the_same_may_both_hold():
    assert len(a_rule(FEDERAL, UNSIGNED | {"then": "escalate"}).unless) == 2


def test_exceptions_at_different_levels_may_differ():
    assert len(a_rule(FEDERAL, UNSIGNED | {"exception_to": "federal"}).unless) == 2


@pytest.mark.parametrize(
    ("exceptions", "sentence"),
    [
        ((FEDERAL, FEDERAL), "two exceptions are called “federal”"),
        ((FEDERAL | {"exception_to": "nobody"},), "no exception is called “nobody”"),
        ((FEDERAL | {"exception_to": "federal"},), "“federal” is in the end one to itself"),
        (
            (FEDERAL | {"exception_to": "state"}, STATE | {"exception_to": "federal"}),
            "is in the end one to itself",
        ),
        ((FEDERAL | {"then": "shrug"},), "no disposition is called “shrug”"),
        ((FEDERAL | {"narrow": ["drop the case"]},), "no operation is called “drop the case”"),
        (({"label": "bare"},), "cite, when"),
    ],
)
def test_an_exception_that_cannot_be_read_is_refused(exceptions, sentence):
    with pytest.raises(UnreadableBook, match=sentence):
        a_rule(*exceptions)


@pytest.mark.parametrize(
    "misshapen", [{"checked": "today"}, {"in_force": []}, {"cite": 3}, {"unless": "never"}, {"checked": {}}], ids=str
)
def test_a_rule_of_another_shape_is_refused_by_its_file(misshapen):
    with pytest.raises(UnreadableBook, match="sca_contents"):
        a_rule(**({"unless": []} | misshapen))
