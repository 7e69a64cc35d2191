"""Each key's line is found, whatever stands between."""

import pytest

from legal_rules.edition import shipped
from legal_rules.places import Places

TEXT = '''# a [comment] = "with" marks
id = "x"
when = [
    "one",   # an [open bracket
    "two",
]
note = """
id = "not a key"
"""
path = 'C:\\'
"in_force" = { from = 2020-01-01 }
after.that = 1

[[case]]
name = "first [not a header]"

[[case]]
name = "second"
[case.facts]
process = "d_order"

[search_warrant]
audio = "x"
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("id",), 2),
        (("when",), 3),
        (("note",), 7),
        (("path",), 10),
        (("in_force",), 11),
        (("in_force", "from"), 11),
        (("after",), 12),
        (("case", 0), 14),
        (("case", 0, "name"), 15),
        (("case", 1, "name"), 18),
        (("case", 1, "facts"), 19),
        (("case", 1, "facts", "process"), 20),
        (("case", 1, "expect"), 17),
        (("search_warrant", "audio"), 23),
        (("nowhere",), 1),
        ((), 1),
    ],
)
def test_a_key_is_found_where_it_stands_or_what_encloses_it(key, line):
    assert Places(TEXT).line(*key) == line


@pytest.mark.parametrize(("word", "line"), [("one", 4), ("two", 5), ("three", 3)])
def test_a_word_is_found_within_its_key(word, line):
    assert Places(TEXT).line("when", word=word) == line


def test_every_key_of_the_shipped_book_is_found():
    edition = shipped()
    for path, raw in edition.rules_with_cases():
        places, lines = Places(edition.files[path]), edition.files[path].splitlines()
        for key in raw.keys() - {"case", "unless"}:
            assert lines[places.line(key) - 1].startswith(key), path
        for number, case in enumerate(raw["case"]):
            assert lines[places.line("case", number) - 1] == "[[case]]"
            assert case["name"] in lines[places.line("case", number, "name") - 1]
