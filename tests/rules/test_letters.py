"""The letters say what the rules object to, in words that can be filled in."""

import string
import tomllib
from pathlib import Path

import pytest

from tests.rules.test_cases import BOOK

LETTERS = Path(__file__).parents[2] / "templates" / "letters"
PLACEHOLDERS = tomllib.loads((LETTERS / "placeholders.toml").read_text(encoding="utf-8"))
ENGLISH = sorted((LETTERS / "en").glob("*.txt"))
FRAME = {"access_information", "objection_opening", "objection_closing", "cover_legal_demand", "cover_access_request"}
FRAME |= {"declaration_of_identity"}
FRAME |= {"refusal_opening", "refusal_closing", "declaration_within_us", "declaration_outside_us", "certificate"}
FRAME |= {
    f"certificate_{form}" for form in ("data_subject", "declaration", "epoc", "standing_policy", "uk", "uk_civil")
}
# Where a person may complain, by the law they live under.
FRAME |= {f"refusal_paths_{law}" for law in ("gdpr", "uk", "california", "state", "other")}
FRAME |= {f"complaint_paths_{law}" for law in ("gdpr", "uk", "california", "other")}
# In place of a rule's text, where nothing is enclosed.
FRAME |= {"access_person_heard_nothing"}
FRAME |= {"access_information_person_heard"}
FRAME |= {"acknowledgement_complaint", "complaint_answer", "complaint_closing", "refusal_statement"}
WHOLE = {f"{letter}_{track}" for letter in ("acknowledgement", "clarification") for track in ("demand", "person")}
WHOLE |= {"no_records_demand", "no_records_person", "erasure_person", "correction_person", "granted_person"}
WHOLE |= {"extension_notice", "epoc_answer", "customer_notice", "silence_ends"}
WHOLE |= {f"customer_notice_delayed{law}" for law in ("", "_federal", "_california")}


def holes(path):
    return {name for _, name, _, _ in string.Formatter().parse(path.read_text(encoding="utf-8")) if name is not None}


@pytest.mark.parametrize("path", ENGLISH, ids=lambda path: path.stem)
def test_a_letter_uses_only_known_placeholders(path):
    assert holes(path) <= PLACEHOLDERS.keys()


def test_every_placeholder_is_used():
    assert set().union(*(holes(path) for path in ENGLISH)) == PLACEHOLDERS.keys()


def test_no_letter_is_left_over():
    assert {path.stem for path in ENGLISH} == FRAME | WHOLE | {rule.letter for rule in BOOK.rules if rule.letter}


@pytest.mark.parametrize("language", [path for path in LETTERS.iterdir() if path.is_dir()], ids=lambda path: path.name)
def test_a_letter_in_another_language_has_the_same_placeholders(language):
    for path in language.glob("*.txt"):
        assert holes(path) == holes(LETTERS / "en" / path.name)


@pytest.mark.parametrize("path", [path for path in ENGLISH if path.stem in WHOLE], ids=lambda path: path.stem)
def test_a_whole_letter_names_the_case_it_is_about_or_answers_a_paper(path):
    assert holes(path) & {"reference", "process"}
    assert "company" in holes(path)


def test_annex_iii_has_its_eight_sections_in_order():
    text = (LETTERS / "en" / "epoc_answer.txt").read_text(encoding="utf-8")

    assert [line[2] for line in text.splitlines() if line.startswith("# ")] == list("ABCDEFGH")


@pytest.mark.parametrize("law", ["gdpr", "uk", "california", "state", "other"])
def test_every_refusal_says_where_to_complain(law):
    assert "complaint" in holes(LETTERS / "en" / f"refusal_paths_{law}.txt")


def test_what_must_not_be_told_has_no_letter():
    assert [rule.id for rule in BOOK.rules if rule.ground == "LEGAL_SECRECY" and rule.letter] == []


@pytest.mark.parametrize("path", [p for p in ENGLISH if p.stem.startswith("objection_") and p.stem not in FRAME])
def test_an_objection_cites_and_says_what_cures_it(path):
    assert {"cite", "remedy"} <= holes(path)
