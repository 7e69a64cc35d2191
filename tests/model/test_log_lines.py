"""A line of the log is one JSON object; of a library's words only the constant ones are kept."""

import json
import logging
import subprocess
import sys

import pytest

from requests_portal.logs import Lines


def line(name, message, *args, error=None, **extra):
    record = logging.LogRecord(name, logging.WARNING, "/somewhere/queue.py", 7, message, args, error)
    vars(record).update(extra)
    return json.loads(Lines().format(record))


def test_our_own_sentences_are_written_out():
    told = line("requests_portal.rounds", "the round %s failed: %s", "probe", "Away")

    assert told["event"] == "the round probe failed: Away"
    assert told["level"] == "warning"
    assert "from" not in told


def test_fields_stand_beside_the_event():
    assert line("requests_portal", "request", fields={"status": 200})["status"] == 200


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("Database connection failed: INSERT INTO customers VALUES ('Juniper Marsh')", "Database connection failed"),
        ("Invalid request from ip=203.0.113.9: /d/secret", "Invalid request from ip"),
        ("Error handling request /d/secret", "Error handling request"),
        ("Exception in schedule 'Marsh'", "Exception in schedule"),
        ("%s asked for %s", ""),
        ("/d/secret", ""),
        ({"name": "Juniper"}, ""),
    ],
)
def test_of_a_library_only_the_constant_words_are_kept(message, kept):
    told = line("dbos", message)

    assert told["event"] == kept
    assert told["from"] == "dbos queue.py:7"


def test_an_exception_is_its_type_and_its_places():
    try:
        int("Juniper Marsh, A-88310-4")
    except ValueError:
        told = line("requests_portal.flow", "it broke", error=sys.exc_info())

    assert told["error"] == "ValueError"
    assert told["at"].startswith("test_log_lines.py:")
    assert "Juniper" not in json.dumps(told)


PROGRAM = """
import logging, threading, warnings
from requests_portal.logs import to_standard_error
to_standard_error()
warnings.warn("Juniper warned")
logging.getLogger("dbos").warning("It failed: Juniper")
thread = threading.Thread(target=lambda: 1 / 0)
thread.start(); thread.join()
raise KeyError("Juniper")
"""


def test_whatever_a_process_says_or_raises_is_lines_without_personal_data():
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)

    told = [json.loads(each) for each in ran.stderr.splitlines()]
    assert [each.get("error") for each in told] == [None, None, "ZeroDivisionError", "KeyError"]
    assert "Juniper" not in ran.stderr
    assert ran.returncode == 1
