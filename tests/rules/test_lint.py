"""`check` finds everything wrong with a book at once, and says on which line; what it calls clean can be used."""

from datetime import date

import pytest

from legal_rules.book import read
from legal_rules.errors import UnreadableBook
from legal_rules.lint import check
from tests.rules.small_book import BASE, MATRIX, PERIOD, SIGNED, UNSIGNED, edition

# ruff: noqa: E501 — a table of faults reads in rows
TODAY = date(2026, 11, 23)
LETTERS = {"en": frozenset({"objection_unsigned"}), "de": frozenset({"objection_unsigned"})}
PATH = "any/unsigned.toml"


def problems(changed=(), *, on=TODAY, letters=LETTERS):
    return check(edition(changed), on=on, letters=letters)


def changed(old, new, text=UNSIGNED):
    assert old in text
    return {PATH: text.replace(old, new, 1)}


def test_a_book_in_order_is_clean():
    assert problems() == ()


# Of each fault: the text it stands in place of, the fault, its line and what is said of it.
FAULTS = {
    "no citation": ('cite     = ["Fed. R. Crim. P. 41(e)(2)"]', "cite     = []", 3, "The citation is missing."),
    "no citation at all": ('cite     = ["Fed. R. Crim. P. 41(e)(2)"]\n', "", 1, "The citation is missing."),
    "an exception without authority": ('cite  = "18 U.S.C. § 2702(b)(8)"\nwhen  = ["pro', 'when  = ["pro', 19, "citation is missing"),
    "an empty authority": ('cite  = "18 U.S.C. § 2702(b)(8)"', 'cite  = " "', 21, "“cite” must be some text."),
    "no condition": ('[\n    "a legal demand",   # not a person\'s request\n    "paper is not signed",\n]', "[]", 9, "Nothing says when the rule applies."),
    "an unknown phrase": ('"paper is not signed"', '"paper is not singed"', 11, "Did you mean “paper is not signed”?"),
    "an unknown phrase of an exception": ('"issuer is federal"', '"issuer is fedral"', 27, "Did you mean “issuer is federal”?"),
    "a phrase like no other": ('"paper is not signed"', '"zzz"', 11, "No phrase is called “zzz”."),
    "an unknown operation": ('"hold everything"', '"hold everthing"', 14, "Did you mean “hold everything”?"),
    "an unknown ground": ('"UNSIGNED"', '"UNSINGED"', 8, "No ground is called “UNSINGED”."),
    "an unknown disposition": ('"object"\nnarrow', '"reject"\nnarrow', 13, "No disposition is called “reject”."),
    "an unknown disposition of an exception": ('"clarify"\n', '"clarfy"\n', 28, "Did you mean “clarify”?"),
    "an unknown basis": ('"law"', '"laws"', 4, "Did you mean “law”?"),
    "an unknown kind": ('"raise"', '"rise"', 5, "Did you mean “raise”?"),
    "an unknown confidence": ('"read"', '"red"', 6, "Did you mean “read”?"),
    "an unknown part of the answer": ('then     = "object"', 'about = "datum"\nthen     = "object"', 13, "Did you mean “data”?"),
    "an unknown predicate": ('then     = "object"', 'withhold = "noise"\nthen     = "object"', 13, "No predicate is called “noise”."),
    "an unknown key": ("remedy ", "remidy ", 15, "Did you mean “remedy”?"),
    "a title of numbers": ('"A paper that nobody signed compels nothing"', "41", 2, "“title” must be some text."),
    "a citation alone": ('["Fed. R. Crim. P. 41(e)(2)"]', '"Fed. R. Crim. P. 41"', 3, "“cite” must be a list of texts."),
    "a day that is a text": ("from = 2020-01-01", 'from = "2020-01-01"', 7, "“from” must be a day such as 2026-05-01."),
    "a moment for a day": ("from = 2020-01-01", "from = 2020-01-01T00:00:00Z", 7, "“from” must be a day"),
    "no day of coming into force": ("{ from = 2020-01-01 }", "{ to = 2029-01-01 }", 7, "“from” is missing."),
    "reversed dates": ("{ from = 2020-01-01 }", "{ from = 2020-01-01, to = 2020-01-01 }", 7, "The dates are reversed"),
    "an old check": ("on = 2026-05-01", "on = 2025-11-22", 6, "more than a year ago"),
    "policy that forbids": ('"law"\nkind     = "raise"', '"policy"\nkind     = "forbid"', 5, "dressed as law: it forbids nothing."),
    "policy cited as law": ('["Fed. R. Crim. P. 41(e)(2)"]', '["House policy: signatures"]', 4, "dressed as law: its basis is policy."),
    "a letter that nobody wrote": ('"objection_unsigned"', '"objection_signature"', 16, "no letter “objection_signature” in the language “de”"),
    "a case that fails": ('expect = "object"', 'expect = "clarify"', 33, "expects “clarify”, but the rule answers “object”"),
    "a case with an unknown answer": ('expect = "object"', 'expect = "objekt"', 33, "Did you mean “object”?"),
    "a case with an unknown fact": ("{ signed = true }", "{ singed = true }", 37, "Did you mean “signed”?"),
    "a case without an unknown fact": ("facts  = { signed = true }", 'without = ["singed"]', 37, "Did you mean “signed”?"),
    "a case of an unknown house": ("facts  = { signed = true }", "facts  = { signed = true }\nhouse = { walls = 3 }", 38, "No house policy is called “walls”."),
    "a case with an unknown key": ("facts  = { signed = true }", "fact  = { signed = true }", 37, "Did you mean “facts”?"),
    "a case without a name": ('name   = "the same warrant, signed"\n', "", 35, "“name” is missing."),
    "nothing on the eve": ("on     = 2019-12-31\n", "on     = 2019-12-30\n", 7, "No case on 2019-12-31"),
    "an eve on which the facts were clear anyway": ("on     = 2019-12-31\n", "on     = 2019-12-31\nfacts = { signed = true }\n", 7, "No case on 2019-12-31"),
    "an idle phrase": ('[[case]]\nname   = "a person signs nothing"\nfacts  = { track = "data_subject" }\nexpect = "clear"\n', "", 10, "No case notices when “a legal demand” is dropped."),
    "an idle exception": ('[[case]]\nname   = "a federal one is asked about"\nfacts  = { process = "emergency_request", issuer = "us_federal" }\nexpect = "clarify"\n', "", 25, "No case notices when the exception “a federal emergency” is dropped."),
    "an idle phrase of an exception": ('["process is an emergency request"]', '["process is an emergency request", "a legal demand"]', 22, "“a legal demand” of “emergency”"),
    "two exceptions with one name": ('label = "a federal emergency"', 'label = "emergency"', 25, "Two exceptions are called “emergency”."),
    "an exception that says not when": ('["issuer is federal"]', "[]", 27, "Nothing says when the exception applies."),
    "an exception to no exception": ('exception_to = "emergency"', 'exception_to = "emergencies"', 29, "Did you mean “emergency”?"),
    "an exception to itself": ('exception_to = "emergency"', 'exception_to = "a federal emergency"', 29, "is an exception to itself."),
    "exceptions in a circle": ('when  = ["process is an emergency request"]', 'when  = ["process is an emergency request"]\nexception_to = "a federal emergency"', 23, "“emergency” is an exception to itself."),
    "exceptions that can disagree": ('\nexception_to = "emergency"', "", 25, "“emergency” and “a federal emergency” can disagree."),
    "no TOML": ('"law"', '"law', 4, "This is no TOML"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "words"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_found_on_its_line(old, new, line, words):
    found = problems(changed(old, new))

    assert any(each.path == PATH and each.line == line and words in each.sentence for each in found), found


def test_a_rule_without_cases_is_found():
    found = problems({PATH: UNSIGNED.partition("[[case]]")[0]})

    assert [(each.line, each.sentence) for each in found] == [(1, "It has no case.")]


def test_an_exception_after_a_case_is_found():
    late = UNSIGNED + '\n[[unless]]\nlabel = "late"\ncite = "x"\nwhen = ["issuer is federal"]\n'

    assert (UNSIGNED.count("\n") + 2, "Exceptions stand before the cases, so that none is overlooked.") in [
        (each.line, each.sentence) for each in problems({PATH: late})
    ]


def test_exceptions_that_exclude_each_other_may_disagree():
    text = UNSIGNED.replace('\nexception_to = "emergency"', "").replace(
        '"issuer is federal"', '"process is a search warrant"'
    )

    assert not [each for each in problems({PATH: text}) if "disagree" in each.sentence]


def test_a_check_on_this_day_a_year_ago_is_still_good():
    anniversary = changed("on = 2026-05-01", "on = 2025-11-23")

    assert problems(anniversary) == ()
    assert problems(anniversary, on=date(2026, 11, 24)) != ()
    assert problems(changed("on = 2026-05-01", "on = 2024-02-29"), on=date(2025, 2, 28)) == ()


def test_a_letter_must_exist_in_every_language():
    (problem,) = problems(letters={"en": LETTERS["en"], "fr": frozenset()})

    assert str(problem) == f"{PATH}:16: There is no letter “objection_unsigned” in the language “fr”."


def test_two_files_with_one_id_are_found():
    (problem,) = problems({"any/unsigned_again.toml": UNSIGNED})

    assert (problem.path, problem.line) == ("any/unsigned_again.toml", 1)
    assert problem.sentence == f"{PATH} is called “any-unsigned” too, and their dates overlap."


def test_one_id_for_two_times_is_found_without_an_overlap():
    until = UNSIGNED.replace("{ from = 2020-01-01 }", "{ from = 2020-01-01, to = 2026-09-01 }")
    since = UNSIGNED.replace("2020-01-01", "2026-09-01").replace("on     = 2019-12-31", "on     = 2026-08-31")

    sentences = [each.sentence for each in problems({PATH: until, "any/unsigned_again.toml": since})]

    assert f"{PATH} is called “any-unsigned” too." in sentences


def test_two_rules_with_names_of_their_own_are_clean():
    assert problems({"any/signed.toml": SIGNED}) == ()


def test_every_fault_of_every_file_is_told_at_once():
    found = problems(
        {
            PATH: UNSIGNED.replace('"UNSIGNED"', '"UNSINGED"').replace("on = 2026-05-01", "on = 2020-05-01"),
            "any/signed.toml": SIGNED.replace('"hold everything"', '"hold"'),
            "us/matrix.toml": MATRIX + 'gossip = "x"\n',
        }
    )

    assert [(each.path, each.line) for each in found] == [
        ("any/signed.toml", 14),
        (PATH, 6),
        (PATH, 8),
        ("us/matrix.toml", 3),
    ]


@pytest.mark.parametrize(
    ("cell", "line"),
    [('[search_warrent]\naudio = "x"', 4), ("transcript = ''", 3), ('voices = "x"', 3), ("[d_order]\naudio = 3", 4)],
)
def test_a_cell_of_the_matrix_needs_known_names_and_an_authority(cell, line):
    (problem,) = problems({"us/matrix.toml": MATRIX + cell + "\n"})

    assert (problem.path, problem.line) == ("us/matrix.toml", line)


def test_a_process_that_is_no_table_of_cells_is_found():
    (problem,) = problems({"us/matrix.toml": "search_warrant = 1\n"})

    assert (problem.path, problem.line) == ("us/matrix.toml", 1)


@pytest.mark.parametrize("path", ["us/matrix.toml", "house_policy.toml"])
def test_a_file_that_every_book_needs_is_missed(path):
    (problem,) = problems({path: None})

    assert str(problem) == f"{path}:1: The file is missing."


def test_a_key_that_the_shipped_policy_lacks_is_missed():
    text = BASE["house_policy.toml"].replace("most_accounts", "# most_accounts")

    (problem,) = problems({"house_policy.toml": text})

    assert str(problem) == "house_policy.toml:1: “most_accounts” is missing."


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("most_acounts = 3", "Did you mean “most_accounts”?"),
        ('most_accounts = "3"', "whole number"),
        ('approved_channels = "portal"', "list of words"),
        ('home_state = "Nevada"', "two letters"),
        ("approve_contents = 1", "true or false"),
        ("approve_above = true", "whole number"),
    ],
)
def test_a_company_s_policy_is_checked_key_by_key(line, words):
    (problem,) = problems({"company_policy.toml": f"# ours\nmost_recordings = 5\n{line}\n"})

    assert (problem.path, problem.line) == ("company_policy.toml", 3)
    assert words in problem.sentence


def test_a_case_is_tried_on_the_company_s_own_policy():
    faxed = UNSIGNED.replace('"paper is not signed"', '"channel is not one the house accepts"')
    faxed = faxed.replace("signed = false", 'channel = "fax"').replace("signed = true", 'channel = "portal"')

    assert problems({PATH: faxed, "company_policy.toml": 'approved_channels = ["portal"]'}) == ()
    assert problems({PATH: faxed, "company_policy.toml": 'approved_channels = ["portal", "fax"]'}) != ()


def test_periods_in_order_are_clean():
    assert problems({"us/periods.toml": PERIOD}) == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('cite       = ["Fed. R. Crim. P. 41(e)(2)(A)"]', "cite       = []", 6, "The citation is missing."),
        ("unit", 'when = ["the moon is full"]\nunit', 4, "No phrase is called “the moon is full”."),
        ('"day"', '"moon"', 2, "us.window"),
        ("unit", "colour = 1\nunit", 2, "colour"),
        ("values     = { 2009-12-01 = 14 }", "values     = 14", 2, "has not the form"),
        ("2009-12-01 = 14", "soon = 14", 2, "has not the form"),
        ("unit", 'after = "the_moon"\nunit', 2, "us.window"),
        ('id         = "us.window"\n', "", 1, "“id” is missing."),
    ],
)
def test_a_fault_of_a_period_is_found(old, new, line, words):
    found = problems({"us/periods.toml": PERIOD.replace(old, new)})

    assert any(each.path == "us/periods.toml" and each.line == line and words in each.sentence for each in found), found


def test_every_fault_of_every_period_is_told_at_once():
    moons = PERIOD.replace("us.window", "us.moon").replace('"day"', '"moon"')
    suns = PERIOD.replace("us.window", "us.sun").replace('"day"', '"sun"')

    assert [each.line for each in problems({"us/periods.toml": moons + PERIOD + suns})] == [2, 16]


def test_a_period_told_twice_is_found_in_whichever_file():
    (problem,) = problems({"us/periods.toml": PERIOD, "eu/periods.toml": PERIOD})

    assert str(problem) == "us/periods.toml:2: eu/periods.toml tells the period “us.window” too, for the same days."


def test_a_case_before_there_was_a_number_is_found():
    stale = UNSIGNED.replace('"paper is not signed"', '"served after Rule 41\'s days"')
    stale = stale.replace("signed = false", 'issued_on = "2026-01-01", served_on = "2026-03-01"')
    stale = stale.replace("signed = true", 'served_on = "2026-01-02"')
    later = PERIOD.replace("us.window", "us.rule41.execute").replace("2009-12-01", "2026-04-01")

    found = problems({PATH: stale, "us/periods.toml": later})

    assert [(each.line, each.sentence[:8]) for each in found] == [(60, "The case")]
    assert "us.rule41.execute" in found[0].sentence
    assert problems({PATH: stale, "us/periods.toml": later.replace("2026-04-01", "2009-12-01")}) == ()


def test_a_rule_as_old_as_the_calendar_needs_no_eve():
    text = UNSIGNED.replace("from = 2020-01-01", "from = 0001-01-01")
    text = text.replace('\n[[case]]\nname   = "the day before"\non     = 2019-12-31\nexpect = "clear"\n', "")

    assert problems({PATH: text}) == ()


@pytest.mark.parametrize("text", ["", "period = 3\n", "period = [1]\n"])
def test_a_file_of_periods_holds_periods(text):
    (problem,) = problems({"us/periods.toml": text})

    assert str(problem) == "us/periods.toml:1: “period” must be a list of tables."


def test_a_problem_is_json_for_programs():
    (problem,) = problems(letters={"fr": frozenset()})

    assert problem.as_json() == {
        "path": PATH,
        "line": 16,
        "sentence": "There is no letter “objection_unsigned” in the language “fr”.",
    }


def test_what_only_reading_the_whole_book_refuses_is_told_too():
    hidden = (
        UNSIGNED
        + '''
[[case]]
name = """
[[unless]]"""
expect = "object"
'''
    )

    (problem,) = problems({PATH: hidden})

    assert (problem.path, problem.line) == (PATH, 1)
    assert "exceptions stand before the cases" in problem.sentence


def test_a_house_of_a_case_may_differ_in_what_the_policy_knows():
    faxed = UNSIGNED.replace('"paper is not signed"', '"more accounts or devices than the house answers at once"')
    faxed = faxed.replace("signed = false", 'accounts = ["a", "b"], devices = []')
    faxed = faxed.replace("signed = true", 'accounts = ["a"]').replace(
        'expect = "object"', 'house = { most_accounts = 1 }\nexpect = "object"'
    )
    faxed = faxed.replace('expect = "clarify"', 'house = { most_accounts = 1 }\nexpect = "clarify"')
    faxed = faxed.replace("on     = 2019-12-31", "on     = 2019-12-31\nhouse = { most_accounts = 1 }")

    assert [each for each in problems({PATH: faxed}) if "notices" not in each.sentence] == []
    assert problems({PATH: faxed.replace("most_accounts = 1", "most_accounts = 3")}) != ()


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_what_the_book_refuses_to_read_is_never_called_clean(fault):
    old, new, _, _ = FAULTS[fault]
    try:
        read(edition(changed(old, new)))
    except (UnreadableBook, AttributeError, LookupError, TypeError, ValueError):
        assert problems(changed(old, new))
