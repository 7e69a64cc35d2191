"""Processes of a desk, as operators start them; none outlives its test."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

PATIENCE = 60


def until(look, what, patience=PATIENCE):
    """Wait for something that can be seen, and answer with it."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if seen := look():
            return seen
        time.sleep(0.05)
    raise AssertionError(f"never seen: {what}")


class Processes:
    """Everything that one test starts, on the settings of one desk."""

    def __init__(self, desk) -> None:
        self.desk = desk
        self.settings = desk.folder / "settings.toml"
        desk.settings.write(self.settings)
        self._running: list[Process] = []

    def worker(self, name, **how) -> "Process":
        """A worker that has begun to work."""
        process = self.start("worker", "--name", name, **how)
        process.until_it_says("worker started")
        return process

    def start(self, *arguments, program=("-m", "requests_portal.cli"), **environment) -> "Process":
        log = self.desk.folder / f"{len(self._running)}.log"
        command = [sys.executable, *program, *arguments, "--settings", str(self.settings)]
        process = Process(command, log, {**os.environ, **environment})
        self._running.append(process)
        return process

    def end(self) -> None:
        for each in self._running:
            each.kill()

    def everything_said(self) -> str:
        return "".join(each.said() for each in self._running)


class Process:
    """One process and what it has written to standard error."""

    def __init__(self, command, log, environment) -> None:
        self.log = log
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, env=environment, start_new_session=True
            )

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def events(self) -> list[dict]:
        return [json.loads(each) for each in self.said().splitlines() if each.startswith("{")]

    def until_it_says(self, event) -> dict:
        def look():
            assert self.process.poll() is None, self.said()
            return next((each for each in self.events() if each["event"] == event), None)

        return until(look, event)

    def ends(self, patience=PATIENCE) -> int:
        return self.process.wait(timeout=patience)

    def terminate(self) -> None:
        self.process.terminate()

    def kill(self) -> None:
        """SIGKILL to the process and every child it has."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def fetched(url, **headers):
    """(status, body) of an address on this machine; (0, "") where nobody answers."""
    return answered(url, **headers)[:2]


def answered(url, **headers):
    """(status, body, headers) of an address on this machine."""
    asked = urllib.request.Request(url, headers=headers)  # noqa: S310 — our own servers' addresses
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(asked, timeout=10) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers
    except OSError:
        return 0, "", {}


SLOW = (str(Path(__file__).with_name("a_slow_desk.py")),)
