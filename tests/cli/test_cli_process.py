"""The command as a process of its own: what it loads, how it is stopped, what it prints where nobody reads UTF-8."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from acting import row, voice, write

DESK = (sys.executable, "-m", "requests_portal.cli")
LOADED = "import sys; from requests_portal.cli import main; main({args!r}, standalone_mode=False)"
HEAVY = {"flask", "werkzeug", "marshmallow", "dbos", "moto", "boto3", "botocore", "sqlalchemy", "numpy"}


def loaded_by(*args: object) -> set[str]:
    """The packages in memory when a command has ended."""
    told = f"import atexit, sys; atexit.register(lambda: sys.stderr.write('\\n' + ' '.join(sys.modules))); {LOADED}"
    code = told.format(args=[str(arg) for arg in args])
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return {name.partition(".")[0] for name in ended.stderr.splitlines()[-1].split()}


@pytest.fixture
def facts(tmp_path):
    path = tmp_path / "facts.json"
    path.write_text(json.dumps({"track": "legal_demand", "process": "search_warrant", "issuer_state": "CA"}))
    return path


def test_assessing_loads_neither_the_web_nor_a_database_nor_a_store(facts):
    found = loaded_by("assess", facts, "--json")

    assert "legal_rules" in found
    assert not found & (HEAVY | {"reportlab", "pyhanko"})


def test_verifying_loads_neither_the_web_nor_a_database_nor_a_store(facts):
    found = loaded_by("verify", facts)

    assert "pyhanko" in found
    assert not found & (HEAVY - {"numpy"})


def test_an_answer_can_be_printed_where_only_ascii_is_read(facts):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    ended = subprocess.run([*DESK, "assess", facts], capture_output=True, check=False, env=environment)

    assert ended.returncode == 0
    assert b"Traceback" not in ended.stderr


def test_a_walkthrough_stopped_halfway_leaves_nothing_half_done(tmp_path):
    rows = [row(voice(tmp_path / f"{n}.wav").name, f"2026-03-14T08:{n:02}:00Z") for n in range(60)]
    manifest = write(tmp_path, rows)
    out = tmp_path / "left" / "out"
    out.mkdir(parents=True)
    (out / "summary.json").write_text("{}")
    # Tests that run in the background ignore interrupts, and what they start would inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    running = subprocess.Popen(
        [*DESK, "walkthrough", out, "--recordings", manifest],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    signal.signal(signal.SIGINT, before)
    _wait_until(lambda: any((tmp_path / "left").glob(".out.*/papers/*.pdf")) or running.poll() is not None)
    assert running.poll() is None

    os.killpg(running.pid, signal.SIGINT)
    said, complained = running.communicate(timeout=60)

    assert running.returncode != 0
    assert said == b""
    assert b"Traceback" not in complained
    assert [each.name for each in (tmp_path / "left").iterdir()] == ["out"]
    assert [each.name for each in out.iterdir()] == ["summary.json"]


def _wait_until(true, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
