"""The book as a whole: conditions that earn their place, answers that never flip, words used and defined."""

from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings

from legal_rules import book, conditions
from legal_rules.disposition import ORDER
from legal_rules.edition import shipped
from legal_rules.errors import UnreadableBook
from legal_rules.facts import FACTS, Facts
from legal_rules.narrowing import DROPS, OPERATIONS, PREDICATES
from legal_rules.rule import read_rule
from tests.rules.strategies import FORGOTTEN, WHOLLY_KNOWN, forget
from tests.rules.test_cases import BOOK, TODAY, facts_of, outcome

RAW = {raw["id"]: raw for _, raw in shipped().rules_with_cases()}
LETTERS = Path(book.__file__).parents[1] / "templates" / "letters"
PROPERTY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def weaker():
    for rule in BOOK.rules:
        for phrase in rule.when:
            less = replace(rule, when=tuple(p for p in rule.when if p != phrase))
            yield pytest.param(less, id=f"{rule.id} without “{phrase}”")
        for gone in rule.unless:
            less = replace(rule, unless=tuple(u for u in rule.unless if u is not gone))
            yield pytest.param(less, id=f"{rule.id} without the exception “{gone.label}”")
            for phrase in gone.when:
                wider = replace(gone, when=tuple(p for p in gone.when if p != phrase))
                exceptions = tuple(wider if u is gone else u for u in rule.unless)
                yield pytest.param(replace(rule, unless=exceptions), id=f"{rule.id}: “{gone.label}” without “{phrase}”")


@pytest.mark.parametrize("less", weaker())
def test_some_case_notices_when_a_condition_is_dropped(less):
    raw = RAW[less.id]

    assert any(outcome(less, facts_of(raw, c), c.get("on", TODAY)) != c["expect"] for c in raw["case"])


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda rule: rule.id)
def test_every_rule_has_a_case_on_the_day_before_it_came_into_force(rule):
    eve = rule.in_force_from - timedelta(days=1)
    cases = [case for case in RAW[rule.id]["case"] if case.get("on") == eve]

    assert cases
    # The same facts a day later are answered: it is the date that cleared them.
    assert any(outcome(rule, facts_of(RAW[rule.id], case), rule.in_force_from) == rule.then for case in cases)


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


def test_every_fact_is_read_by_something():
    read = {name for condition in conditions.CONDITIONS.values() for name in condition.reads}
    for period in BOOK.periods:
        read |= {
            period.after,
            *period.awaits,
            *period.pause,
            *({period.extension.noticed} if period.extension else set()),
        }
    read |= {"received_at"}  # from which periods in hours count

    assert set(FACTS) == read - {"receipt"}


class Watched:
    """Facts that note which of them are looked at."""

    def __init__(self, facts):
        self.facts = facts
        self.seen = set()

    def __getattr__(self, name):
        self.seen.add(name)
        return getattr(self.facts, name)


@PROPERTY
@given(WHOLLY_KNOWN, FORGOTTEN)
def test_a_phrase_reads_only_the_facts_it_declares(facts, forgotten):
    for condition in conditions.CONDITIONS.values():
        watched = Watched(forget(facts, forgotten))
        condition.test(watched, BOOK.terms(TODAY))

        assert watched.seen <= set(condition.reads)


@PROPERTY
@given(WHOLLY_KNOWN, FORGOTTEN)
@example(Facts(), set())
def test_an_unknown_phrase_names_a_missing_fact(facts, forgotten):
    partial = forget(facts, forgotten)
    for condition in conditions.CONDITIONS.values():
        if condition.test(partial, BOOK.terms(TODAY)) is None:
            assert condition.missing(partial)


@PROPERTY
@given(WHOLLY_KNOWN, FORGOTTEN)
def test_learning_more_never_changes_a_settled_rule(facts, forgotten):
    for rule in BOOK.rules:
        if (answer := outcome(rule, forget(facts, forgotten), TODAY)) != "ask":
            assert outcome(rule, facts, TODAY) == answer


ASKING = {"clarify", "verify_identity", "verify_requester", "escalate"}


@PROPERTY
@given(WHOLLY_KNOWN, FORGOTTEN)
def test_learning_more_never_changes_a_settled_assessment(facts, forgotten):
    partial = BOOK.assess(forget(facts, forgotten), on=TODAY)
    full = BOOK.assess(facts, on=TODAY)

    if partial.disposition not in ASKING:
        assert partial.disposition == full.disposition
    settled = {(f.rule, f.outcome) for f in partial.findings if f.outcome != "ask"}
    assert settled <= {(f.rule, f.outcome) for f in full.findings}


@PROPERTY
@given(WHOLLY_KNOWN, FORGOTTEN)
def test_what_is_not_known_is_never_proposed(facts, forgotten):
    demanded = BOOK.assess(facts, on=TODAY)
    lines = [line.line for line in demanded.lines]
    partial = BOOK.assess(forget(facts, forgotten), on=TODAY, lines=lines)

    for less, more in zip(partial.lines, demanded.lines, strict=True):
        assert less.proposed is None or (more.proposed is not None and less.proposed <= more.proposed)


def test_nothing_known_never_complies():
    nothing = BOOK.assess(Facts(), on=TODAY)

    assert nothing.disposition in ASKING
    assert "track" in nothing.missing


@PROPERTY
@given(WHOLLY_KNOWN, FORGOTTEN)
def test_an_open_question_always_names_what_is_missing(facts, forgotten):
    for finding in BOOK.assess(forget(facts, forgotten), on=TODAY).findings:
        assert bool(finding.missing) == (finding.outcome == "ask")


@PROPERTY
@given(WHOLLY_KNOWN)
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
