"""The book as a whole: conditions that earn their place, answers that never flip, words used and defined."""

from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from legal_rules import book, conditions
from legal_rules.clocks import working_week
from legal_rules.disposition import COMPLY, COMPLY_VOLUNTARILY, ORDER
from legal_rules.edition import shipped
from legal_rules.errors import UnreadableBook
from legal_rules.facts import FACTS, Facts
from legal_rules.narrowing import DROPS, OPERATIONS, PREDICATES
from legal_rules.proof import facts_of, weaker
from legal_rules.rule import read_rule
from legal_rules.scope import DemandLine, demand_lines
from legal_rules.weighing import weighed
from tests.rules.strategies import INTERVALS, LEARNING, MAYBE_KNOWN, OUR_FILE, WHOLLY_KNOWN, filled, forget
from tests.rules.test_cases import BOOK, TODAY, outcome

RAW = {raw["id"]: raw for _, raw in shipped().rules_with_cases()}
LETTERS = Path(book.__file__).parents[1] / "templates" / "letters"
PROPERTY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


WEAKER = [pytest.param(less, id=f"{less.id}: {flaw.sentence}") for rule in BOOK.rules for less, flaw in weaker(rule)]


@pytest.mark.parametrize("less", WEAKER)
def test_some_case_notices_when_a_condition_is_dropped(less):
    raw = RAW[less.id]

    assert any(outcome(less, facts_of(raw, c), c.get("on", TODAY), c.get("house")) != c["expect"] for c in raw["case"])


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.id)
def test_every_rule_has_a_case_on_the_day_before_it_came_into_force(rule):
    eve = rule.in_force_from - timedelta(days=1)
    cases = [case for case in RAW[rule.id]["case"] if case.get("on") == eve]

    assert cases
    # The same facts a day later are answered: it is the date that cleared them.
    on = rule.in_force_from
    assert any(outcome(rule, facts_of(RAW[rule.id], case), on, case.get("house")) == rule.then for case in cases)


@pytest.mark.parametrize("rule", [r for r in BOOK.rules if r.in_force_to], ids=lambda rule: rule.id)
def test_a_rule_that_ended_is_silent_on_its_last_day(rule):
    assert not rule.in_force(rule.in_force_to)
    assert rule.in_force(rule.in_force_to - timedelta(days=1))


def test_every_phrase_used_is_defined_and_every_phrase_defined_is_used():
    used = {phrase for rule in BOOK.rules for phrase in rule.phrases}
    used |= {phrase for period in BOOK.periods for phrase in period.when}

    assert used == set(conditions.CONDITIONS)


def test_every_operation_and_predicate_is_used():
    used = {name for rule in BOOK.rules for name in rule.operations}

    assert used - DROPS.keys() == OPERATIONS.keys() - DROPS.keys()
    assert {rule.withhold for rule in BOOK.rules if rule.withhold} == set(PREDICATES)


class Watched:
    """Facts that note which of them are looked at."""

    def __init__(self, facts):
        self.facts = facts
        self.seen = set()

    def __getattr__(self, name):
        self.seen.add(name)
        return getattr(self.facts, name)


def test_every_fact_is_read_by_something():
    read = {name for condition in conditions.CONDITIONS.values() for name in condition.reads}
    read |= {name for period in BOOK.periods for name in period.reads}
    for known in (Facts(), *(filled(Facts(), seed) for seed in range(20))):
        watched = Watched(known)
        demand_lines(watched)
        for operation in OPERATIONS.values():
            operation(watched, BOOK.terms(TODAY))
        read |= watched.seen
    read |= {"other_voices_consented"}  # which recordings stay out is decided one by one, when they are gathered

    assert FACTS.keys() - read == set()


@PROPERTY
@given(LEARNING)
def test_a_phrase_reads_only_the_facts_it_declares(learning):
    for facts in learning:
        for condition in conditions.CONDITIONS.values():
            watched = Watched(facts)
            condition.test(watched, BOOK.terms(TODAY))

            assert watched.seen <= set(condition.reads)


@PROPERTY
@given(LEARNING)
@example((Facts(), Facts()))
def test_an_unknown_phrase_names_a_missing_fact(learning):
    partial, _ = learning
    for condition in conditions.CONDITIONS.values():
        if condition.test(partial, BOOK.terms(TODAY)) is None:
            assert condition.missing(partial)


@PROPERTY
@given(LEARNING)
def test_learning_more_never_changes_a_settled_phrase_of_a_rule(learning):
    # A phrase of clocks alone may: a time limit moves when more is known.
    partial, full = learning
    terms = BOOK.terms(TODAY)
    for phrase in {phrase for rule in BOOK.rules for phrase in rule.phrases}:
        condition = conditions.CONDITIONS[phrase]
        if (answer := condition.test(partial, terms)) is not None:
            assert condition.test(full, terms) is answer, phrase


@PROPERTY
@given(LEARNING)
def test_learning_more_never_changes_a_settled_rule(learning):
    partial, full = learning
    for rule in BOOK.rules:
        if (answer := outcome(rule, partial, TODAY)) != "ask":
            assert outcome(rule, full, TODAY) == answer, rule.id


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.id)
def test_forgetting_any_one_fact_of_a_case_leaves_its_answer_or_asks(rule):
    for case in RAW[rule.id]["case"]:
        facts, on = facts_of(RAW[rule.id], case), case.get("on", TODAY)
        answer = outcome(rule, facts, on)
        for name in FACTS.keys() - OUR_FILE:
            if getattr(facts, name) is not None:
                assert outcome(rule, forget(facts, [name]), on) in {answer, "ask"}, name


ASKING = {"clarify", "verify_identity", "verify_requester", "escalate"}


@PROPERTY
@given(LEARNING)
def test_learning_more_never_changes_a_settled_assessment(learning):
    partial, full = (BOOK.assess(facts, on=TODAY) for facts in learning)

    if full.disposition == "block_release" != partial.disposition:
        # What only a release waits for is asked at the release, and is named among its gates until then.
        assert set(full.release_gates) & set(partial.release_gates)
    elif partial.disposition not in ASKING:
        assert partial.disposition == full.disposition
    settled = {(f.rule, f.outcome) for f in partial.findings if f.outcome != "ask"}
    assert settled <= {(f.rule, f.outcome) for f in full.findings}


@PROPERTY
@given(LEARNING)
def test_what_is_not_known_is_never_proposed(learning):
    partial, full = learning
    demanded = BOOK.assess(full, on=TODAY)
    lines = [line.line for line in demanded.lines]

    for less, more in zip(BOOK.assess(partial, on=TODAY, lines=lines).lines, demanded.lines, strict=True):
        assert less.proposed is None or (more.proposed is not None and less.proposed <= more.proposed)


def said(assessment):
    return assessment.disposition, assessment.lines, assessment.findings, assessment.nondisclosure


@PROPERTY
@given(MAYBE_KNOWN | WHOLLY_KNOWN, st.integers(0, 2**20))
def test_the_order_of_the_rules_does_not_change_the_answer(facts, seed):
    law = BOOK.law(TODAY)
    rules = list(law.rules)
    Random(seed).shuffle(rules)  # noqa: S311 — an order, not a secret
    shuffled = replace(law, rules=tuple(rules))

    answers = [weighed(facts, each, lines=None, calendars=working_week, book="") for each in (law, shuffled)]

    assert said(answers[0]) == said(answers[1])


@PROPERTY
@given(MAYBE_KNOWN | WHOLLY_KNOWN, INTERVALS)
def test_a_smaller_demand_never_gets_a_larger_proposal(facts, part):
    larger = demand_lines(facts)
    smaller = [
        DemandLine(id=n.id, account="marsh", devices=n.devices, data_class=n.data_class, interval=n.interval & part)
        for n in larger
    ]
    pairs = zip(BOOK.assess(facts, on=TODAY, lines=smaller).lines, BOOK.assess(facts, on=TODAY).lines, strict=True)

    for less, more in pairs:
        if less.proposed is not None and less.line.scope <= more.line.scope:
            assert more.proposed is not None
            assert less.proposed <= more.proposed


@PROPERTY
@given(MAYBE_KNOWN | WHOLLY_KNOWN)
def test_what_is_left_out_has_a_reason_that_can_be_cured_or_a_question_to_somebody(facts):
    assessment = BOOK.assess(facts, on=TODAY)
    answerable = {f.title for f in assessment.findings if f.remedy or f.missing}

    for line in assessment.lines:
        if line.proposed != line.line.scope and not line.line.interval.is_empty:
            assert answerable.intersection(line.reasons)
            assert line.disposition not in {COMPLY, COMPLY_VOLUNTARILY}


@PROPERTY
@given(MAYBE_KNOWN | WHOLLY_KNOWN)
def test_what_is_proposed_may_be_decided_on(facts):
    for line in BOOK.assess(facts, on=TODAY).lines:
        assert line.proposed is None or (line.permitted is not None and line.proposed <= line.permitted)


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.id)
def test_every_rule_has_a_case_it_answers_and_a_neighbour_it_leaves_alone(rule):
    expected = [case["expect"] for case in RAW[rule.id]["case"] if case.get("on", TODAY) >= rule.in_force_from]

    assert rule.then in expected
    assert {"clear", *(u.consequence.then for u in rule.unless)} & set(expected)


def test_nothing_known_never_complies():
    nothing = BOOK.assess(Facts(), on=TODAY)

    assert nothing.disposition in ASKING
    assert "track" in nothing.missing


@PROPERTY
@given(LEARNING)
def test_an_open_question_always_names_what_is_missing(learning):
    for finding in BOOK.assess(learning[0], on=TODAY).findings:
        assert bool(finding.missing) == (finding.outcome == "ask")


@PROPERTY
@given(MAYBE_KNOWN | WHOLLY_KNOWN)
def test_dispositions_are_the_declared_ones(facts):
    assessment = BOOK.assess(facts, on=TODAY)

    assert assessment.disposition in ORDER
    assert {line.disposition for line in assessment.lines} <= set(ORDER)


def test_every_letter_is_written():
    wanted = {rule.letter for rule in BOOK.rules if rule.letter}

    assert wanted <= {path.stem for path in (LETTERS / "en").glob("*.txt")}


def test_every_objection_says_what_cures_it_and_cites():
    for rule in BOOK.rules:
        assert rule.remedy
        assert rule.cite


def test_only_law_forbids():
    assert not [rule.id for rule in BOOK.rules if rule.kind == "forbid" and rule.basis != "law"]


def test_the_digest_follows_the_house_policy(tmp_path):
    own = tmp_path / "policy.toml"
    own.write_text("incident_padding_days = 3\n")

    assert book.load().digest == BOOK.digest
    assert book.load(own).digest != BOOK.digest
    assert book.load(own).policy.incident_padding_days == 3


@pytest.mark.parametrize(
    "text", ["incident_paddding_days = 3\n", 'us_answer_days = "soon"\n', "most_accounts = -1\n", "no"]
)
def test_a_house_policy_that_says_something_else_is_refused(tmp_path, text):
    own = tmp_path / "policy.toml"
    own.write_text(text)

    with pytest.raises(UnreadableBook):
        book.load(own)


@pytest.mark.parametrize(
    "change",
    [
        {"whenn": []},
        {"when": ["the moon is full"]},
        {"when": []},
        {"cite": []},
        {"then": "shrug"},
        {"ground": "BECAUSE"},
        {"narrow": ["drop everything I dislike"]},
        {"withhold": "I would rather not"},
        {"kind": "wish"},
        {"basis": "policy", "kind": "forbid"},
        {"about": "weather"},
    ],
    ids=str,
)
def test_a_rule_with_an_unknown_word_is_refused_and_named(change):
    raw = RAW["us-sca-contents"] | change

    with pytest.raises(UnreadableBook, match="sca_contents"):
        read_rule(raw, "sca_contents.toml")


def test_a_fact_has_a_sentence_and_somebody_to_ask():
    assert [f.name for f in fields(Facts)] == list(FACTS)
    for fact in FACTS.values():
        assert fact.sentence.endswith(".") or "…" in fact.sentence
        assert (fact.type in {"choice", "choices"}) == bool(fact.allowed)


def test_the_law_of_the_day_of_receipt_is_applied():
    facts = facts_of(RAW["us-carpenter"], {"facts": {}})

    before = BOOK.assess(facts, on=date(2018, 6, 21))
    after = BOOK.assess(facts, on=date(2018, 6, 22))

    assert "CATEGORY_NOT_REACHABLE" not in {f.ground for f in before.findings}
    assert "CATEGORY_NOT_REACHABLE" in {f.ground for f in after.findings}
