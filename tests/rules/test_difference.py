"""What changed between two editions, and for which dates."""

from datetime import date

import pytest

from legal_rules.difference import differences
from legal_rules.edition import Edition, shipped
from legal_rules.errors import UnreadableBook
from tests.rules.small_book import BASE, PERIOD, SIGNED, UNSIGNED, edition

# ruff: noqa: E501 — sentences stand whole
PATH = "any/unsigned.toml"
CALLED = "any-unsigned (“A paper that nobody signed compels nothing”)"
WITH_PERIOD = {"us/periods.toml": PERIOD}


def told(before, after):
    return [(change.since, str(change)) for change in differences(edition(before), edition(after))]


def of_rule(old, new, before=UNSIGNED):
    assert old in before
    return told({PATH: before}, {PATH: before.replace(old, new)})


def of_period(old, new):
    assert old in PERIOD
    return told(WITH_PERIOD, {"us/periods.toml": PERIOD.replace(old, new)})


def test_an_edition_does_not_differ_from_itself():
    assert differences(shipped(), shipped()) == ()
    assert told({}, {}) == []


def test_a_new_rule_is_told_from_the_day_it_is_in_force():
    ((since, sentence),) = told({}, {"any/signed.toml": SIGNED})

    assert since == date(2020, 1, 1)
    assert sentence == (
        "From 2020-01-01 on, any-signed (“A paper that nobody signed compels nothing”) is new "
        "(Fed. R. Crim. P. 41(e)(2)): where a legal demand and paper is not signed, the answer is object (hold everything)."
    )


def test_a_rule_that_is_gone_is_told_for_the_dates_it_had():
    limited = SIGNED.replace("{ from = 2020-01-01 }", "{ from = 2020-01-01, to = 2027-01-01 }")

    assert told({"any/signed.toml": limited}, {}) == [
        (
            date(2020, 1, 1),
            "From 2020-01-01 until 2027-01-01, any-signed (“A paper that nobody signed compels nothing”) is gone.",
        )
    ]


FROM = "{ from = 2020-01-01 }"
UNTIL = "{ from = 2020-01-01, to = 2027-01-01 }"
LATER = "{ from = 2020-01-01, to = 2028-01-01 }"


@pytest.mark.parametrize(
    ("was", "is_", "since", "sentence"),
    [
        (FROM, "{ from = 2021-06-01 }", date(2020, 1, 1), f"From 2021-06-01 on, no longer from 2020-01-01, {CALLED} applies."),
        ("{ from = 2021-06-01 }", FROM, date(2020, 1, 1), f"From 2020-01-01 on, no longer from 2021-06-01, {CALLED} applies."),
        (FROM, UNTIL, date(2027, 1, 1), f"On 2027-01-01, {CALLED} ends."),
        (UNTIL, LATER, date(2027, 1, 1), f"On 2028-01-01, not on 2027-01-01, {CALLED} ends."),
        (LATER, UNTIL, date(2027, 1, 1), f"On 2027-01-01, not on 2028-01-01, {CALLED} ends."),
        (UNTIL, FROM, date(2027, 1, 1), f"From 2027-01-01 on, when it ended, {CALLED} now goes on."),
    ],
)  # fmt: skip
def test_moved_dates_are_told_for_the_days_between(was, is_, since, sentence):
    assert of_rule(was, is_, UNSIGNED.replace(FROM, was)) == [(since, sentence)]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"paper is not signed",', '"paper is not signed", "issuer is federal",', "applies only where also “issuer is federal”"),
        ('    "paper is not signed",\n', "", "no longer asks whether “paper is not signed”"),
        ('then     = "object"', 'then     = "clarify"', "answers clarify (hold everything) instead of object (hold everything)"),
        ('["hold everything"]', '["drop contents"]', "answers object (drop contents) instead of object (hold everything)"),
        ('["Fed. R. Crim. P. 41(e)(2)"]', '["Fed. R. Crim. P. 41(e)(2)", "U.S. Const. amend. IV"]', "now also cites “U.S. Const. amend. IV”"),
        ('"A paper that nobody signed compels nothing"', '"Unsigned"', "has the title “Unsigned” instead of “A paper that nobody signed compels nothing”"),
        ('ground   = "UNSIGNED"\n', "", "has the ground “nothing” instead of “UNSIGNED”"),
        ('"raise"', '"prefer"', "has the kind “prefer” instead of “raise”"),
        ('"law"', '"guidance"', "has the basis “guidance” instead of “law”"),
        ('"Have it signed."', '"Sign it."', "has the remedy “Sign it.” instead of “Have it signed.”"),
        ('"objection_unsigned"', '"objection_other"', "has the letter “objection_other” instead of “objection_unsigned”"),
        ('when  = ["process is an emergency request"]', 'when  = ["process is an emergency request", "issuer is federal"]', "makes the exception “emergency” only where also “issuer is federal”"),
        ('when  = ["process is an emergency request"]', "when  = []", "makes the exception “emergency” without asking whether “process is an emergency request”"),
        ('then  = "clarify"', 'then  = "escalate"', "answers escalate instead of clarify by the exception “a federal emergency”"),
        ('exception_to = "emergency"\n', "", "takes “a federal emergency” for an exception to the rule itself instead of emergency"),
    ],
)  # fmt: skip
def test_a_changed_rule_is_told_in_a_sentence_from_its_day(old, new, words):
    title = "Unsigned" if "Unsigned" in new else "A paper that nobody signed compels nothing"

    assert of_rule(old, new) == [(date(2020, 1, 1), f"From 2020-01-01 on, any-unsigned (“{title}”) {words}.")]


def test_an_exception_s_other_authority_is_told():
    sentences = [sentence for _, sentence in of_rule('"18 U.S.C. § 2702(b)(8)"', '"18 U.S.C. § 2702"')]

    assert sentences[0] == (
        f"From 2020-01-01 on, {CALLED} rests the exception “emergency” on 18 U.S.C. § 2702 "
        "instead of 18 U.S.C. § 2702(b)(8)."
    )


EXCEPTION = """[[unless]]
label = "a federal emergency"
cite  = "18 U.S.C. § 2702(b)(8)"
when  = ["issuer is federal"]
then  = "clarify"
exception_to = "emergency"

"""


def test_an_exception_that_comes_or_goes_is_told():
    without = UNSIGNED.replace(EXCEPTION, "")

    assert told({PATH: UNSIGNED}, {PATH: without}) == [
        (date(2020, 1, 1), f"From 2020-01-01 on, {CALLED} has no exception “a federal emergency” any more.")
    ]
    ((_, sentence),) = told({PATH: without}, {PATH: UNSIGNED})
    assert sentence == (
        f"From 2020-01-01 on, {CALLED} has a new exception “a federal emergency” (18 U.S.C. § 2702(b)(8)): "
        "where issuer is federal, clarify."
    )


def test_several_changes_of_one_rule_are_several_sentences():
    changed = UNSIGNED.replace(FROM, UNTIL).replace('"raise"', '"prefer"')

    assert [since for since, _ in told({}, {PATH: changed})] == [date(2020, 1, 1), date(2027, 1, 1)]


def test_a_rule_that_moved_to_a_later_day_changes_from_that_day():
    changed = UNSIGNED.replace(FROM, "{ from = 2021-06-01 }").replace('"raise"', '"prefer"')

    assert (date(2021, 6, 1), f"From 2021-06-01 on, {CALLED} has the kind “prefer” instead of “raise”.") in told(
        {}, {PATH: changed}
    )


@pytest.mark.parametrize(
    ("old", "new"), [("on = 2026-05-01", "on = 2026-06-01"), ("the same warrant, signed", "with a signature")]
)
def test_a_rule_whose_answers_are_the_same_is_told_as_such(old, new):
    assert of_rule(old, new) == [
        (
            None,
            f"Of {CALLED}, only the cases changed, or when it was checked: it answers the same.",
        )
    ]


def test_a_comment_changes_nothing():
    assert told({}, {PATH: UNSIGNED + "# read again\n"}) == []


def test_a_number_that_changes_is_told_from_the_day_it_changes():
    assert of_period("{ 2009-12-01 = 14 }", "{ 2009-12-01 = 14, 2027-12-01 = 10 }") == [
        (date(2027, 12, 1), "From 2027-12-01 on, “us.window” is 10 days instead of 14 days.")
    ]


def test_a_number_that_was_wrong_between_two_days_is_told_once_for_each():
    before = {"us/periods.toml": PERIOD.replace("2009-12-01 = 14", "2009-12-01 = 14, 2015-01-01 = 1, 2020-01-01 = 7")}
    after = {"us/periods.toml": PERIOD.replace("2009-12-01 = 14", "2009-12-01 = 14, 2015-01-01 = 2, 2020-01-01 = 7")}

    assert told(before, after) == [(date(2015, 1, 1), "From 2015-01-01 on, “us.window” is 2 days instead of 1 day.")]


def test_a_number_that_begins_earlier_or_later_is_told():
    assert of_period("2009-12-01 = 14", "2008-12-01 = 14") == [
        (date(2008, 12, 1), "From 2008-12-01 on, “us.window” is 14 days instead of having none.")
    ]
    assert of_period("2009-12-01 = 14", "2010-12-01 = 14") == [
        (date(2009, 12, 1), "From 2009-12-01 on, “us.window” has no number instead of 14 days.")
    ]


def test_one_difference_over_several_dates_is_told_once():
    before = {"us/periods.toml": PERIOD.replace("2009-12-01 = 14", "2009-12-01 = 14")}
    after = {"us/periods.toml": PERIOD.replace("2009-12-01 = 14", "2009-12-01 = 10, 2012-01-01 = 10")}

    assert told(before, after) == [
        (date(2009, 12, 1), "From 2009-12-01 on, “us.window” is 10 days instead of 14 days.")
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"day"\n', '"business_day"\n', "the unit of “us.window” is business_day instead of day"),
        ("unit", 'when = ["a legal demand"]\nunit', "the when of “us.window” is a legal demand instead of nothing"),
        ("unit", "whole = true\nunit", "the whole of “us.window” is true instead of nothing"),
        ("unit", 'pause = [{ asked = "x" }]\nunit', "the pause of “us.window” is asked x instead of nothing"),
        ('["Fed. R. Crim. P. 41(e)(2)(A)"]', '["Rule 41"]', "“us.window” now also cites “Rule 41”"),
    ],
)
def test_how_a_period_is_counted_is_told(old, new, words):
    assert (date(2009, 12, 1), f"From 2009-12-01 on, {words}.") in of_period(old, new)


def test_a_period_that_comes_is_told_with_each_of_its_numbers():
    two = {"us/periods.toml": PERIOD.replace("2009-12-01 = 14", "2009-12-01 = 14, 2020-01-01 = 1")}

    assert told({}, two) == [
        (date(2009, 12, 1), "From 2009-12-01 on, “us.window” is new: 14 days (Fed. R. Crim. P. 41(e)(2)(A))."),
        (date(2020, 1, 1), "From 2020-01-01 on, “us.window” is: 1 day (Fed. R. Crim. P. 41(e)(2)(A))."),
    ]
    assert told(two, {}) == [(date(2009, 12, 1), "From 2009-12-01 on, “us.window” is gone.")]


HOUSE_PERIOD = PERIOD.replace("values     = { 2009-12-01 = 14 }", 'policy     = "us_answer_days"')


def test_a_period_of_the_house_has_no_day():
    assert told({}, {"us/periods.toml": HOUSE_PERIOD}) == [
        (None, "On every day, “us.window” is new: the house policy's us_answer_days (Fed. R. Crim. P. 41(e)(2)(A)).")
    ]
    assert told({"us/periods.toml": HOUSE_PERIOD}, {}) == [(None, "On every day, “us.window” is gone.")]


def test_a_number_without_a_unit_is_told_bare():
    ((_, sentence),) = told({}, {"us/periods.toml": PERIOD.replace('"day"', '"count"')})

    assert "is new: 14 (" in sentence


MATRIX = BASE["us/matrix.toml"]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (MATRIX, MATRIX + 'search_terms = "x"\n', "In the matrix, search warrant now reaches search terms (x)."),
        (MATRIX, "", "In the matrix, search warrant no longer reaches audio; it did by 18 U.S.C. § 2703(a)."),
        (MATRIX, MATRIX.replace("(a)", "(b)"), "In the matrix, search warrant reaches audio by 18 U.S.C. § 2703(b); it did by 18 U.S.C. § 2703(a)."),
    ],
)  # fmt: skip
def test_a_cell_of_the_matrix_that_changes_is_told(before, after, sentence):
    assert told({"us/matrix.toml": before}, {"us/matrix.toml": after}) == [(None, sentence)]


def test_a_company_s_own_policy_is_told_by_what_it_changes():
    own = {"company_policy.toml": 'incident_padding_days = 3\napproved_channels = ["portal"]\nmost_accounts = 25\n'}

    assert told({}, own) == [
        (None, "The house policy's approved_channels is portal instead of portal, registered_agent, judex."),
        (None, "The house policy's incident_padding_days is 3 instead of 14."),
    ]


def test_a_policy_key_that_comes_or_goes_is_told():
    assert told({}, {"company_policy.toml": "walls = 3"}) == [(None, "The house policy now decides walls too: 3.")]
    assert told({"company_policy.toml": "walls = 3"}, {}) == [
        (None, "The house policy decides walls no longer; it was 3.")
    ]


def test_another_engine_is_told_first():
    (change,) = differences(Edition(BASE, "one"), Edition(BASE, "another"))

    assert (change.what, change.since) == ("engine", None)
    assert change.as_json()["since"] is None


def test_changes_stand_in_order_of_their_days():
    changes = differences(
        edition(WITH_PERIOD),
        edition({PATH: UNSIGNED.replace(FROM, UNTIL), "company_policy.toml": "most_accounts = 1\n"}),
    )

    assert [(change.what, change.name, change.since) for change in changes] == [
        ("policy", "most_accounts", None),
        ("period", "us.window", date(2009, 12, 1)),
        ("rule", "any-unsigned", date(2027, 1, 1)),
    ]
    assert changes[-1].as_json() == {
        "what": "rule",
        "name": "any-unsigned",
        "since": "2027-01-01",
        "sentence": f"On 2027-01-01, {CALLED} ends.",
    }


def test_a_file_that_is_no_toml_is_refused_by_name():
    with pytest.raises(UnreadableBook, match="unsigned"):
        differences(edition(), edition({PATH: "id = "}))
