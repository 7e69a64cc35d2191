"""An edition is its files and its engine: one digest over both, read strictly."""

import re
from dataclasses import replace

import pytest

from legal_rules import book
from legal_rules.conditions.condition import CONDITIONS, Condition, condition, has, is_
from legal_rules.edition import DATA, Edition, engine, shipped
from legal_rules.errors import UnreadableBook, nearest
from legal_rules.facts import Facts, parse
from tests.rules.small_book import BASE, UNSIGNED, edition
from tests.rules.test_cases import BOOK, TODAY

SMALL = edition()
HOUSE = BASE["house_policy.toml"]
TERMS = BOOK.terms(TODAY)


def test_the_digest_is_sixty_four_hexadecimal_figures_and_stays():
    assert re.fullmatch("[0-9a-f]{64}", SMALL.digest)
    assert edition().digest == SMALL.digest


@pytest.mark.parametrize(
    "other",
    [
        Edition(BASE, "another engine"),
        Edition({**BASE, "any/unsigned.toml": UNSIGNED + " "}, "engine"),
        Edition({**BASE, "any/more.toml": ""}, "engine"),
        Edition({path.replace("unsigned", "signed"): text for path, text in BASE.items()}, "engine"),
        # The same characters in other files: where one ends and the next begins counts.
        Edition(BASE | {"any/unsigned.toml": UNSIGNED[:-1], "house_policy.toml": "\n" + HOUSE}, "engine"),
    ],
    ids=["engine", "text", "file", "path", "border"],
)  # fmt: skip
def test_the_digest_differs_for_whatever_differs(other):
    assert other.digest != SMALL.digest


def test_the_order_of_the_files_is_nothing():
    assert Edition(dict(reversed(BASE.items())), "engine").digest == SMALL.digest


def test_an_edition_says_whether_this_engine_can_run_it():
    assert shipped().runs_here
    assert not replace(shipped(), engine="an older engine").runs_here
    assert shipped().engine == engine()


def test_a_rule_is_read_without_its_cases_and_shown_with_them():
    ((path, read),) = SMALL.rules()
    ((same, shown),) = SMALL.rules_with_cases()

    assert path == same == "any/unsigned.toml"
    assert shown.keys() - read.keys() == {"case"}
    assert {key: value for key, value in shown.items() if key != "case"} == read


def test_a_rule_s_path_is_none_of_the_other_files():
    more = edition({"us/periods.toml": "", "periods.toml": "", "company_policy.toml": ""})

    assert more.rule_paths == ("any/unsigned.toml",)


def test_an_exception_after_a_case_is_refused_rather_than_overlooked():
    late = UNSIGNED + '\n[[unless]]\nlabel = "late"\ncite = "x"\nwhen = ["issuer is federal"]\n'

    with pytest.raises(UnreadableBook, match=r"any/unsigned.toml: exceptions stand before the cases"):
        book.read(edition({"any/unsigned.toml": late}))


def test_a_file_that_is_no_toml_is_refused_by_its_path():
    with pytest.raises(UnreadableBook, match=r"any/unsigned.toml: .*line 1"):
        book.read(edition({"any/unsigned.toml": "id = \ntitle = 1"}))


def test_a_file_that_is_no_text_is_refused_by_its_name(tmp_path):
    (tmp_path / "noise.toml").write_bytes(b"\xff\xfe")

    with pytest.raises(UnreadableBook, match=r"^noise.toml: not UTF-8 text\.$"):
        shipped(data=tmp_path)


def test_a_folder_s_files_are_named_by_their_way_from_it(tmp_path):
    (tmp_path / "us").mkdir()
    (tmp_path / "us" / "one.toml").write_text("a = 1", encoding="utf-8")
    (tmp_path / "us" / "notes.txt").write_text("no rule")

    assert shipped(data=tmp_path).files == {"us/one.toml": "a = 1"}
    assert len(shipped().files) == len(list(DATA.rglob("*.toml")))


def test_two_rules_with_one_id_are_refused():
    with pytest.raises(UnreadableBook, match="Two rules have one id"):
        book.read(edition({"any/again.toml": UNSIGNED}))


def test_a_matrix_that_names_what_nobody_knows_is_refused():
    for cell in ("[search_warrant]\nvoices = 'x'", "[search_warrent]\naudio = 'x'", "[search_warrant]\naudio = ''"):
        with pytest.raises(UnreadableBook, match=r"matrix.toml"):
            book.read(edition({"us/matrix.toml": cell}))


def test_the_law_of_a_day_is_worked_out_once():
    small = book.read(SMALL)

    assert small.law(TODAY) is small.law(TODAY)
    assert small.terms(TODAY).on == TODAY


def test_a_phrase_is_defined_once():
    before = dict(CONDITIONS)

    with pytest.raises(UnreadableBook, match="“paper is not signed”"):
        condition("paper is not signed", "signed")(lambda _facts, _terms: None)

    assert before == CONDITIONS


@pytest.fixture
def phrases():
    """The phrases as they are, to be added to and put back."""
    before = dict(CONDITIONS)
    yield CONDITIONS
    CONDITIONS.clear()
    CONDITIONS.update(before)


def test_a_phrase_about_one_fact_is_unknown_while_the_fact_is(phrases):
    is_("the track is known to be one", "track", "legal_demand")
    test = phrases["the track is known to be one"].test

    assert test(Facts(), TERMS) is None
    assert test(parse({"track": "legal_demand"}), TERMS) is True
    assert test(parse({"track": "data_subject"}), TERMS) is False


def test_a_phrase_about_a_list_holds_when_one_of_its_words_is_there(phrases):
    has("voices are sought", "seeks", "audio", "transcript")
    test = phrases["voices are sought"].test

    assert test(Facts(), TERMS) is None
    assert test(parse({"seeks": ["location", "audio"]}), TERMS) is True
    assert test(parse({"seeks": ["location"]}), TERMS) is False
    assert test(parse({"seeks": []}), TERMS) is False


def phrase(reads, values):
    return Condition("x", reads, lambda _facts, _terms: None, values)


@pytest.mark.parametrize(
    ("one", "other", "exclusive"),
    [
        (phrase(("a",), frozenset({1})), phrase(("a",), frozenset({2})), True),
        (phrase(("a",), frozenset({1, 2})), phrase(("a",), frozenset({2})), False),
        (phrase(("a",), frozenset({1})), phrase(("b",), frozenset({2})), False),
        (phrase(("a",), None), phrase(("a",), frozenset({2})), False),
        (phrase(("a",), frozenset({2})), phrase(("a",), None), False),
    ],
)
def test_two_phrases_exclude_each_other_when_one_fact_would_need_two_values(one, other, exclusive):
    assert one.excludes(other) is exclusive


def test_a_phrase_misses_those_of_its_facts_that_nobody_established():
    assert phrase(("track", "signed"), None).missing(parse({"track": "legal_demand"})) == ("signed",)


@pytest.mark.parametrize(
    ("given", "found"), [("Search_Warant", "search_warrant"), ("search", "search_warrant"), ("qqq", None), ("", None)]
)
def test_the_nearest_word_is_near_or_none(given, found):
    assert nearest(given, ["search_warrant", "d_order"]) == found
