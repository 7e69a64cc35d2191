"""The reasons of an answer: each phrase with the facts it looked at, and why the other rules stay away."""

from datetime import date

import pytest

from legal_rules import book
from legal_rules.facts import Facts, parse
from legal_rules.telling import told, told_of_rule
from legal_rules.why import why
from tests.rules.small_book import SIGNED, edition
from tests.rules.test_cases import BOOK, TODAY

WARRANT = {
    "track": "legal_demand",
    "process": "search_warrant",
    "issuer": "us_state",
    "seeks": ["audio"],
    "nondisclosure_requested": False,
}
EMERGENCY = {"process": "emergency_request"}
RETURN = """[[period]]
id = "court.return"
clock = "answer"
when = ["a legal demand", "process is a search warrant"]
values = { 2000-01-01 = 5 }
unit = "day"
basis = "law"
cite = ["the paper"]
confidence = "read"

[[period]]
id = "house.answer"
clock = "answer"
when = ["a legal demand"]
values = { 2000-01-01 = 14 }
unit = "day"
basis = "policy"
cite = ["house policy"]
confidence = "read"

[[period]]
id = "court.future"
clock = "answer"
when = ["a legal demand"]
values = { 2030-01-01 = 1 }
unit = "day"
basis = "law"
cite = ["the paper"]
confidence = "read"

[[period]]
id = "a.number"
values = { 2000-01-01 = 3 }
unit = "day"
basis = "law"
cite = ["the paper"]
confidence = "read"
"""
FUTURE = SIGNED.replace("from = 2020-01-01", "from = 2030-01-01, to = 2031-01-01")
SMALL = book.read(edition({"any/signed.toml": FUTURE, "periods.toml": RETURN}))


def explained(raw, *, of=SMALL, on=TODAY):
    facts = parse(raw)
    return why(of, facts, of.assess(facts, on=on))


def reason(raw, rule="any-unsigned", on=TODAY):
    return next(each for each in explained(raw, on=on).reasons if each.rule.id == rule)


def lines(raw, *, everything=False):
    return "\n".join(told(explained(raw), everything=everything))


def test_a_rule_that_applies_shows_each_phrase_with_its_facts():
    unsigned = reason(WARRANT | {"signed": False})

    assert (unsigned.verdict, unsigned.outcome) == ("applies", "object")
    assert [(said.phrase, said.answer) for said in unsigned.when] == [
        ("a legal demand", True),
        ("paper is not signed", True),
    ]
    assert [(looked.fact, looked.value) for looked in unsigned.when[1].looked_at] == [("signed", False)]
    assert [(tried.label, tried.holds) for tried in unsigned.unless] == [
        ("emergency", False),
        ("a federal emergency", False),
    ]


def test_a_rule_that_does_not_hold_names_the_first_false_phrase_and_its_fact():
    signed = reason(WARRANT | {"signed": True})

    assert (signed.verdict, signed.outcome, signed.unless) == ("does not hold", "clear", ())
    assert signed.broken is not None
    assert signed.broken.phrase == "paper is not signed"
    assert signed.broken.looked_at[0].value is True


def test_an_exception_that_holds_clears_the_rule_and_is_named():
    excepted = reason(WARRANT | EMERGENCY | {"signed": False})

    assert (excepted.verdict, excepted.outcome, excepted.broken) == ("excepted", "clear", None)
    assert [tried.label for tried in excepted.unless if tried.holds] == ["emergency"]


def test_an_exception_to_the_exception_applies():
    asked = reason(WARRANT | EMERGENCY | {"signed": False, "issuer": "us_federal"})

    assert (asked.verdict, asked.outcome) == ("applies", "clarify")
    assert [tried.exception_to for tried in asked.unless] == [None, "emergency"]


def test_an_open_rule_names_what_is_missing():
    unread = reason(WARRANT)

    assert (unread.verdict, unread.outcome, unread.missing) == ("open", "ask", ("signed",))
    assert unread.when[1].looked_at[0].as_json() == {"fact": "signed", "value": None, "asked_of": "issuer"}


@pytest.mark.parametrize(
    ("on", "verdict"),
    [
        (date(2029, 12, 31), "not in force"),
        (date(2030, 1, 1), "applies"),
        (date(2030, 12, 31), "applies"),
        (date(2031, 1, 1), "not in force"),
    ],
)
def test_a_rule_out_of_its_dates_is_not_in_force(on, verdict):
    later = reason(WARRANT | {"signed": False}, rule="any-signed", on=on)

    assert later.verdict == verdict
    assert later.broken is None


def test_every_rule_is_accounted_for_and_agrees_with_the_assessment():
    facts = parse(WARRANT | {"signed": False, "accounts": ["marsh"], "range_stated": False})
    assessment = BOOK.assess(facts, on=TODAY)

    reasons = why(BOOK, facts, assessment)

    assert [each.rule.id for each in reasons.reasons] == [rule.id for rule in BOOK.rules]
    applies = {(each.rule.id, each.outcome) for each in reasons.of("applies")}
    assert applies == {(f.rule, f.outcome) for f in assessment.findings if f.outcome != "ask"} | {
        (each.rule.id, each.outcome) for each in reasons.of("applies") if each.rule.about == "release"
    }
    assert {f.rule for f in assessment.findings if f.outcome == "ask"} <= {e.rule.id for e in reasons.of("open")}
    assert reasons.disposition == assessment.disposition
    assert reasons.book == BOOK.digest


def test_what_is_missing_names_who_can_say_and_which_rules_wait():
    (asked,) = explained(WARRANT).asked

    assert (asked.fact, asked.asked_of, asked.rules) == ("signed", "issuer", ("any-unsigned",))
    assert asked.sentence.startswith("The paper is signed")
    assert explained(WARRANT | {"signed": True}).asked == ()


def limits(raw, on=TODAY):
    return {each.period.id: each for each in explained(raw, on=on).time_limits}


def test_a_time_limit_that_runs_shows_its_clock():
    running = limits(WARRANT)["court.return"]

    assert running.verdict == "applies"
    assert [(clock.id, clock.due) for clock in running.clocks] == [("answer", date(2026, 11, 28))]


def test_a_time_limit_behind_another_names_it():
    behind = limits(WARRANT)["house.answer"]

    assert (behind.clocks, behind.instead) == ((), "court.return")


def test_a_time_limit_that_does_not_run_says_why():
    subpoena = limits(WARRANT | {"process": "d_order"})

    assert subpoena["court.return"].verdict == "does not hold"
    assert subpoena["court.return"].broken.phrase == "process is a search warrant"
    assert subpoena["house.answer"].verdict == "applies"
    assert subpoena["court.future"].verdict == "not in force"
    assert limits({"track": "legal_demand"})["court.return"].verdict == "open"


def test_a_number_without_a_clock_is_no_time_limit():
    assert "a.number" not in limits(WARRANT)


def test_the_json_holds_every_rule_and_time_limit_and_what_is_missing():
    found = explained(WARRANT).as_json()

    assert found.keys() == {"disposition", "on", "book", "rules", "time_limits", "missing"}
    unread, future = sorted(found["rules"], key=lambda rule: rule["rule"], reverse=True)
    assert unread["missing"] == ["signed"]
    assert unread["because"] is None
    assert unread["in_force"] == {"from": "2020-01-01", "to": None}
    assert unread["unless"][0]["when"][0]["answer"] is False
    assert future["verdict"] == "not in force"
    assert future["in_force"] == {"from": "2030-01-01", "to": "2031-01-01"}
    assert [each["verdict"] for each in found["time_limits"]] == ["applies", "behind another", "not in force"]
    assert found["missing"][0]["asked_of"] == "issuer"


def test_the_plain_lines_are_short_by_default():
    text = lines(WARRANT | {"signed": True})

    assert text.startswith("Proposed: comply, under the law of 2026-11-23.")
    assert "Does not apply (2 rules; --all tells each)" in text
    assert "  “paper is not signed” is not so (signed is so): any-unsigned" in text
    assert "  not in force on 2026-11-23: any-signed" in text
    assert "answer: 2026-11-28 (court.return; the paper)" in text
    assert "does not run" not in text


def test_everything_tells_each_rule_and_time_limit_that_does_not_apply():
    text = lines(WARRANT | {"signed": True}, everything=True)

    assert "It does not apply: “paper is not signed” is not so (signed is so)." in text
    assert "It is not in force on that day: it is in force from 2030-01-01 until 2031-01-01." in text
    assert "house.answer does not run: court.return comes first." in text
    assert "court.future does not run: it is not in force on that day." in text
    assert "house.answer does not run" not in lines(WARRANT, everything=False)


def test_the_lines_of_a_rule_that_applies_show_yes_and_no():
    text = lines(WARRANT | {"signed": False})

    assert "\nApplies\n  any-unsigned: A paper that nobody signed compels nothing\n" in text
    assert "Fed. R. Crim. P. 41(e)(2) (law, raise)" in text
    assert "It applies: object." in text
    assert "yes: a legal demand (track is legal_demand)" in text
    assert "exception “emergency” (18 U.S.C. § 2702(b)(8)): no" in text
    assert "exception to “emergency” “a federal emergency”" in text


def test_the_lines_of_an_open_rule_say_what_would_settle_it():
    text = lines({"track": "legal_demand", "process": "search_warrant"})

    assert "It cannot be said before signed is established." in text
    assert "not established: paper is not signed (signed is not established)" in text
    assert "signed (issuer): The paper is signed" in text
    assert "Needed for any-unsigned." in text


def test_the_lines_of_an_excepted_rule_name_the_exception():
    text = lines(WARRANT | EMERGENCY | {"signed": False})

    assert "Would apply, but for an exception" in text
    assert "It holds, and nothing follows: “emergency” is an exception." in text


def test_a_time_limit_that_is_open_says_on_what():
    text = lines({"track": "legal_demand", "signed": True}, everything=True)

    assert (
        "court.return does not run: “process is a search warrant” is not established (process is not established)."
        in text
    )


def test_one_rule_can_be_told_alone():
    found = list(told_of_rule(explained(WARRANT | {"signed": True}), "any-unsigned"))

    assert found[0] == "any-unsigned: A paper that nobody signed compels nothing"
    assert list(told_of_rule(explained(WARRANT), "no-such-rule")) == []


def test_lists_and_phrases_without_facts_are_told_in_words():
    text = "\n".join(told(explained({"seeks": [], "accounts": ["a", "b"]}, of=BOOK), everything=True))

    assert "seeks is none" in text
    assert "accounts is a, b" in text
    assert "Pina is decided\n" in text or "Pina is decided (" not in text


def test_nothing_known_is_explained_too():
    reasons = why(BOOK, Facts(), BOOK.assess(Facts(), on=TODAY))

    assert reasons.of("applies") == ()
    assert reasons.of("open")
    assert "track" in {each.fact for each in reasons.asked}


def test_a_time_limit_that_waits_for_a_fact_names_it():
    waiting = RETURN.replace('unit = "day"', 'unit = "day"\nafter = "court_return_on"', 1)
    small = book.read(edition({"periods.toml": waiting}))

    text = "\n".join(told(explained(WARRANT, of=small), everything=False))

    assert "answer: not known before court_return_on" in text


def test_a_book_whose_every_rule_applies_groups_none():
    text = "\n".join(told(explained(WARRANT | {"signed": False}, of=book.read(edition())), everything=False))

    assert "It applies: object." in text
    assert "Does not apply" not in text


def test_of_a_settled_phrase_only_what_settled_it_is_told():
    text = "\n".join(told(explained({"range_stated": False}, of=BOOK), everything=True))

    assert "yes: no period is stated (range_stated is not so" in text
    assert "range_from is not established" not in text.partition("yes: no period is stated")[2].partition("\n")[0]


def test_a_time_limit_whose_event_has_not_happened_has_not_begun():
    later = RETURN.replace('unit = "day"', 'unit = "day"\nonce = "extension_notified_on"', 1)
    small = book.read(edition({"periods.toml": later}))
    reasons = explained(WARRANT, of=small)

    assert [each.verdict for each in reasons.time_limits] == ["not begun", "applies", "not in force"]
    text = "\n".join(told(reasons, everything=True))
    assert "court.return does not run: it begins with extension_notified_on, which is not established." in text


def test_what_only_the_release_waits_for_is_not_asked_before_there_is_anything_to_release():
    gate = SIGNED.replace('ground   = "UNSIGNED"', 'about    = "release"').replace("any-signed", "any-gate")
    small = book.read(edition({"any/gate.toml": gate, "any/unsigned.toml": None}))
    reasons = explained(WARRANT, of=small)

    assert [(each.rule.id, each.verdict, each.missing) for each in reasons.reasons] == [
        ("any-gate", "open", ("signed",))
    ]
    assert reasons.asked == ()


def test_a_time_limit_of_other_requests_says_what_keeps_it_away():
    lines = told(explained({"track": "data_subject"}), everything=True)

    assert any("house.answer does not run" in line and "a legal demand" in line for line in lines), lines
