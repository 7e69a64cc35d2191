"""`desk rules check`, `explain`, `diff` and `export`, and `desk assess --confirmed`: what they print and refuse."""

import json
import shutil
from pathlib import Path

import pytest

from legal_rules.edition import DATA

TODAY = "2026-11-23"
WARRANT = {
    "track": "legal_demand",
    "issuer": "us_state",
    "issuer_state": "CA",
    "process": "search_warrant",
    "accounts": ["A-88310-4"],
    "seeks": ["audio"],
    "received_at": "2026-05-01T10:00:00-07:00",
}
SUBPOENA = WARRANT | {"process": "grand_jury_subpoena"}
CONTENTS = Path("us/sca_contents.toml")


@pytest.fixture
def book(tmp_path):
    """A folder with the shipped rules, to be changed."""
    folder = tmp_path / "our book"
    shutil.copytree(DATA, folder)
    return folder


@pytest.fixture
def facts(tmp_path):
    def write(content):
        path = tmp_path / "facts.json"
        path.write_text(json.dumps(content))
        return path

    return write


def replace(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


# --- check ---


def test_the_shipped_book_is_clean(desk):
    answer = desk("rules", "check", f"--on={TODAY}")

    assert (answer.exit_code, answer.stdout) == (0, "Nothing is wrong with the book.\n")


def test_a_book_is_checked_whole_with_file_and_line(desk, book):
    replace(book / CONTENTS, "a legal demand", "a legal demant")
    replace(book / "us/carpenter.toml", 'then     = "object"', 'then     = "objekt"')

    answer = desk("rules", "check", book, f"--on={TODAY}")

    *problems, last = answer.stdout.splitlines()
    assert answer.exit_code == 1
    assert any(line.startswith("us/carpenter.toml:") and "“objekt”" in line for line in problems)
    assert any(
        line.startswith("us/sca_contents.toml:") and "Did you mean “a legal demand”?" in line for line in problems
    )
    assert last == f"{len(problems)} things are wrong."


def test_one_problem_is_counted_as_one(desk, book):
    replace(book / "us/carpenter.toml", "letter   = ", "letter   = 'no_such_letter' # ")

    answer = desk("rules", "check", book, f"--on={TODAY}")

    assert answer.exit_code == 1
    assert answer.stdout.endswith("\n1 thing is wrong.\n")
    assert "no letter “no_such_letter” in the language “en”" in answer.stdout


def test_a_book_that_nobody_has_looked_at_for_a_year_is_stale(desk):
    answer = desk("rules", "check", "--on=2027-11-24", "--json")
    found = json.loads(answer.stdout)

    assert answer.exit_code == 1
    assert (found["on"], len(found["book"])) == ("2027-11-24", 64)
    assert all("more than a year ago" in each["sentence"] for each in found["problems"])
    assert found["problems"][0].keys() == {"path", "line", "sentence"}


def test_a_company_s_policy_is_checked_with_the_book(desk, tmp_path):
    own = tmp_path / "ours.toml"
    own.write_text("most_acounts = 3\n")

    answer = desk("rules", "check", "--policy", own, f"--on={TODAY}")

    assert answer.exit_code == 1
    assert (
        "company_policy.toml:1: No house policy is called “most_acounts”. Did you mean “most_accounts”?"
        in answer.stdout
    )


def test_what_a_file_says_does_not_steer_the_terminal(desk, book):
    replace(book / "us/carpenter.toml", '"a legal demand"', '"a \\u001b[31m demand"')

    answer = desk("rules", "check", book, f"--on={TODAY}")

    assert "a ?[31m demand" in answer.stdout
    assert "\x1b" not in answer.stdout


def test_a_folder_without_rules_cannot_be_checked(desk, tmp_path):
    assert desk("rules", "check", tmp_path).exit_code == 2
    assert "holds no rules" in desk("rules", "check", tmp_path).stderr
    assert "There is no folder none" in desk("rules", "check", tmp_path / "none").stderr


def test_a_file_that_is_not_text_cannot_be_checked(desk, book):
    (book / "noise.toml").write_bytes(b"\xff\xfe")

    answer = desk("rules", "check", book)

    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "noise.toml: not UTF-8 text." in answer.stderr


def test_a_day_that_is_none_is_refused(desk):
    assert desk("rules", "check", "--on=tomorrow").exit_code == 2


# --- explain ---


def test_an_answer_is_explained_in_plain_lines(desk, facts):
    answer = desk("rules", "explain", facts(SUBPOENA))

    assert answer.exit_code == 0
    assert "under the law of 2026-05-01." in answer.stdout
    assert "\nApplies\n" in answer.stdout
    assert "us-sca-contents: " in answer.stdout
    assert "process is grand_jury_subpoena" in answer.stdout
    assert "--all tells each" in answer.stdout
    assert "\nNot established yet, and who can say\n" in answer.stdout
    assert "signed (issuer)" in answer.stdout


def test_all_rules_are_explained_on_demand(desk, facts):
    short, long = (desk("rules", "explain", facts(SUBPOENA), *more).stdout for more in ((), ("--all",)))

    assert "uk-identity: " not in short
    assert "uk-identity: " in long
    assert "does not run: " in long


def test_one_rule_is_explained_alone(desk, facts):
    answer = desk("rules", "explain", facts(WARRANT), "--rule", "us-sca-contents")
    found = json.loads(desk("rules", "explain", facts(WARRANT), "--rule", "us-sca-contents", "--json").stdout)

    assert answer.stdout.startswith("us-sca-contents: ")
    assert "It does not apply: “" in answer.stdout
    assert "process is search_warrant" in answer.stdout
    (rule,) = found["rules"]
    assert (rule["rule"], rule["verdict"]) == ("us-sca-contents", "does not hold")
    assert {"fact": "process", "value": "search_warrant"} in rule["because"]["facts"]


def test_the_day_decides_which_rules_are_in_force(desk, facts):
    rule = ("--rule", "us-carpenter", "--json")
    located = facts(SUBPOENA | {"seeks": ["location"]})

    before, after = (
        json.loads(desk("rules", "explain", located, "--on", day, *rule).stdout)["rules"][0]["verdict"]
        for day in ("2018-06-21", "2018-06-22")
    )

    assert (before, after) == ("not in force", "applies")


def test_a_rule_that_is_none_is_refused_with_the_nearest(desk, facts):
    answer = desk("rules", "explain", facts(WARRANT), "--rule", "us-sca-content")

    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "There is no rule “us-sca-content”. Did you mean “us-sca-contents”?" in answer.stderr


def test_an_account_s_name_does_not_steer_the_terminal(desk, facts):
    answer = desk("rules", "explain", facts(WARRANT | {"accounts": ["\x1b[2J"]}), "--all")

    assert answer.exit_code == 0
    assert "\x1b" not in answer.stdout
    assert "?[2J" in answer.stdout


def test_a_paper_that_was_read_through_asks_only_of_the_world(desk, facts):
    for command in (("assess",), ("rules", "explain")):
        read, unread = (desk(*command, facts(WARRANT), *more, "--json").stdout for more in (["--confirmed"], []))

        assert "signed" in missing(json.loads(unread))
        assert "signed" not in missing(json.loads(read))
        assert "requester_verified" in missing(json.loads(read))


def missing(found):
    """The facts to be established, which `explain` tells with who can supply them."""
    return {each if isinstance(each, str) else each["fact"] for each in found["missing"]}


def test_an_unsigned_paper_that_was_read_through_is_objected_to(desk, facts):
    answer = json.loads(desk("assess", facts(WARRANT), "--confirmed", "--json").stdout)

    assert "UNSIGNED" in {each["ground"] for each in answer["findings"] if each["outcome"] != "ask"}


# --- diff and export ---


def test_an_edition_does_not_differ_from_its_export(desk, tmp_path):
    kept = tmp_path / "kept.json"

    assert desk("rules", "export", kept).exit_code == 0
    assert desk("rules", "diff", kept, DATA).stdout == "Nothing changed.\n"
    assert json.loads(kept.read_text())["digest"] == desk("rules", "digest").stdout.strip()


def test_what_changed_is_said_with_its_day(desk, book):
    replace(book / "us/carpenter.toml", "{ from = 2018-06-22 }", "{ from = 2018-06-22, to = 2027-01-01 }")

    answer = desk("rules", "diff", DATA, book)

    assert answer.exit_code == 0
    assert answer.stdout.splitlines() == ["On 2027-01-01, us-carpenter (“Location history needs a warrant”) ends."]


def test_changes_are_json_for_programs(desk, book):
    (book / "company_policy.toml").write_text("most_accounts = 3\n")

    found = json.loads(desk("rules", "diff", DATA, book, "--json").stdout)

    assert found["old"] != found["new"]
    assert [(each["what"], each["name"], each["since"]) for each in found["changes"]] == [
        ("policy", "most_accounts", None)
    ]


def test_a_house_s_own_policy_is_exported_with_the_book(desk, tmp_path):
    own, kept = tmp_path / "ours.toml", tmp_path / "kept.json"
    own.write_text("most_accounts = 3\n")

    desk("rules", "export", kept, "--policy", own)

    assert "most_accounts is 3 instead of 25" in desk("rules", "diff", DATA, kept).stdout


def test_an_export_overwrites_nothing(desk, tmp_path):
    kept = tmp_path / "kept.json"
    kept.write_text("mine")

    assert desk("rules", "export", kept).exit_code == 2
    assert kept.read_text() == "mine"


def test_an_edition_that_was_changed_by_hand_is_refused(desk, tmp_path):
    kept = tmp_path / "kept.json"
    desk("rules", "export", kept)
    replace(kept, "Location history needs a warrant", "Location history needs none")

    answer = desk("rules", "diff", kept, DATA)

    assert answer.exit_code == 2
    assert "was changed after it was written" in answer.stderr


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"digest": "", "engine": "", "files": []}',
        '{"digest": "", "engine": "", "files": {"a": 1}}',
    ],
)
def test_what_is_no_edition_is_refused_in_a_sentence(desk, tmp_path, content):
    path = tmp_path / "old.json"
    path.write_text(content)

    answer = desk("rules", "diff", path, DATA)

    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "old.json is no edition" in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_an_endless_edition_is_not_read_to_its_end(desk):
    assert "is no edition" in desk("rules", "diff", "/dev/zero", DATA).stderr


def test_an_edition_that_is_not_there_is_refused(desk, tmp_path):
    assert desk("rules", "diff", tmp_path / "none.json", DATA).exit_code == 2
    assert "holds no rules" in desk("rules", "diff", tmp_path, DATA).stderr
