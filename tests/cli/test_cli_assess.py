"""`desk assess` and `desk rules`: what they print, refuse and ask."""

import json
import re

import pytest

WARRANT = {
    "track": "legal_demand",
    "issuer": "us_state",
    "issuer_state": "CA",
    "process": "search_warrant",
    "accounts": ["A-88310-4"],
    "seeks": ["audio"],
    "received_at": "2026-05-01T10:00:00-07:00",
}
KEYS = {"disposition", "lines", "findings", "scope", "withheld", "nondisclosure", "release_gates", "clocks", "book"}
FINDING = {"rule", "ground", "outcome", "title", "cite", "basis", "remedy", "missing"}


@pytest.fixture
def facts(tmp_path):
    def write(content, name="facts.json"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    return write


def test_the_answer_has_the_promised_keys(desk, facts):
    answer = desk("assess", facts(WARRANT), "--json")
    found = json.loads(answer.stdout)

    assert answer.exit_code == 0
    assert found.keys() >= KEYS
    assert all(each.keys() >= FINDING for each in found["findings"])
    assert found["nondisclosure"].keys() == {"disposition", "grounds"}
    assert all(each.keys() >= {"id", "due", "working"} for each in found["clocks"])
    assert re.fullmatch("[0-9a-f]{64}", found["book"])


def test_a_six_month_warrant_for_one_evening_is_narrowed(desk, facts):
    evening = {
        "range_from": "2026-01-01",
        "range_to": "2026-06-30",
        "incident_from": "2026-03-14T21:00:00-07:00",
        "incident_to": "2026-03-14T23:30:00-07:00",
    }
    answer = desk("assess", facts(WARRANT | evening), "--json", "--on", "2026-07-10")

    grounds = {each["ground"]: each["outcome"] for each in json.loads(answer.stdout)["findings"]}
    assert grounds["EXCESSIVE_DATE_RANGE"] == "narrow"


def test_the_law_is_that_of_the_day_of_receipt_unless_another_day_is_named(desk, facts):
    paper = facts(WARRANT)

    assert json.loads(desk("assess", paper, "--json").stdout)["on"] == "2026-05-01"
    assert json.loads(desk("assess", paper, "--json", "--on", "2016-05-01").stdout)["on"] == "2016-05-01"


def test_what_is_missing_is_asked_of_whoever_can_say(desk, facts):
    answer = desk("assess", facts({"track": "legal_demand", "accounts": ["A-88310-4"], "process": "search_warrant"}))

    assert answer.exit_code == 0
    assert re.search(r"^  signed \(issuer\): The paper is signed", answer.stdout, re.MULTILINE)
    assert re.search(r"^  requester_verified \(call back\): ", answer.stdout, re.MULTILINE)


def test_nothing_known_is_answered_with_questions(desk, facts):
    answer = desk("assess", facts({}), "--json")

    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["disposition"] == "clarify"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"proces": "search_warrant"}, ["“proces”", "Did you mean “process”?"]),
        ({"process": "search_warant"}, ["“process”", "search_warrant", "Did you mean “search_warrant”?"]),
        ({"seeks": ["audio", "transcripts"]}, ["“seeks”", "Did you mean “transcript”?"]),
        ({"signed": "yes"}, ["“signed”", "true or false"]),
        ({"accounts": "A-1"}, ["“accounts”", "a list"]),
        ({"accounts": [["A-1"]]}, ["“accounts”"]),
        ({"received_at": "2026-05-01T10:00:00"}, ["“received_at”", "offset"]),
        ({"issued_on": "2026-02-30"}, ["“issued_on”", "2026-05-01"]),
        ({"offence_max_years": 2.5}, ["“offence_max_years”", "whole number"]),
        ({"range_from": "2026-06-30", "range_to": "2026-01-01"}, ["range_to", "reversed"]),
        ({"received_at": "9999-12-31T00:00:00Z"}, ["“received_at”", "9999"]),
        ({"range_to": "9999-12-31"}, ["“range_to”", "9999-12-31"]),
        ({"\x1b[31mred": 1}, ["?[31mred"]),
        ({"process": None}, ["“process”"]),
        ({"process": {"a": 1}}, ["“process”"]),
    ],
    ids=str,
)
def test_an_unknown_fact_or_value_is_refused_by_name(desk, facts, given, words):
    answer = desk("assess", facts(given), "--json")

    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr.count("\n") == 1
    assert "\x1b" not in answer.stderr
    for each in words:
        assert each in answer.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b'{"offence_max_years": ' + b"9" * 5000 + b"}", "not JSON"),
        (b"[" * 200_000, "not JSON"),
        (b'{"accounts": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "not JSON"),
        (b'{"accounts": ["\\ud800"]}', "not JSON"),
        (b"[]", "no object of facts"),
        (b"null", "no object of facts"),
        (b'{"process": "d_order", "process": "search_warrant"}', "“process” stands there twice"),
        (b" " * (1024 * 1024 + 1), "larger than"),
    ],
    ids=[
        "empty",
        "open",
        "not UTF-8",
        "endless number",
        "deep",
        "deep and closed",
        "half a character",
        "a list",
        "null",
        "twice",
        "too large",
    ],
)
def test_a_file_that_holds_no_facts_is_refused_in_a_sentence(desk, facts, content, words):
    answer = desk("assess", facts(content))

    assert (answer.exit_code, answer.stdout) == (2, "")
    assert words in answer.stderr
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "", "0001-01-01", "9999-12-31"])
def test_a_day_that_cannot_be_counted_from_is_refused(desk, facts, day):
    answer = desk("assess", facts(WARRANT), f"--on={day}")

    # No day at all is the day of receipt.
    assert answer.exit_code == (2 if day else 0)
    assert answer.stderr.count("\n") == (1 if day else 0)


def test_facts_that_are_not_there_are_refused(desk, tmp_path):
    assert desk("assess", tmp_path / "none.json").exit_code == 2
    assert desk("assess", tmp_path).exit_code == 2


def test_an_endless_file_is_not_read_to_its_end(desk):
    answer = desk("assess", "/dev/zero")

    assert answer.exit_code == 2
    assert "larger than" in answer.stderr


def test_every_fact_is_told_with_its_type_values_and_who_is_asked(desk):
    found = json.loads(desk("rules", "facts", "--json").stdout)["facts"]
    process = next(each for each in found if each["name"] == "process")

    assert {"name", "type", "allowed", "asked_of", "sentence"} <= process.keys()
    assert "search_warrant" in process["allowed"]
    assert all(each["sentence"].endswith((".", "…")) for each in found)


def test_rules_are_listed_under_the_digest_that_is_printed(desk):
    digest = desk("rules", "digest").stdout.strip()
    listed = json.loads(desk("rules", "list", "--json").stdout)

    assert listed["book"] == digest == json.loads(desk("rules", "digest", "--json").stdout)["book"]
    assert {"us-sca-contents", "any-excessive-date-range"} <= {each["id"] for each in listed["rules"]}
    assert len(desk("rules", "list").stdout.splitlines()) == len(listed["rules"]) >= 14
