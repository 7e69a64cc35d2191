"""The real demonstration in a process of its own, and visitors who speak HTTP with it."""

import csv
import io
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode, urlsplit

DESK = [sys.executable, "-c", "from requests_portal.cli import main; main()"]
READY = "Disclosure Desk is ready: "
SEEDED = "Every invented request is where it should be."
SECONDS_TO_START = 240
STAFF = ("ines", "maya", "tomas", "rio", "priya", "ada", "ole")
CUSTOMERS = ("juniper", "kaethe")


def the_command(*words):
    """Run `desk` to its end."""
    return subprocess.run([*DESK, *words], capture_output=True, text=True, timeout=SECONDS_TO_START, check=False)


@dataclass
class Demo:
    """A running demonstration: its address, its folder, its process and what it has printed."""

    data: Path
    process: subprocess.Popen
    said: list[str] = field(default_factory=list)
    url: str = ""

    def until(self, words: str) -> None:
        """Wait until it has printed these words, but not for ever."""
        limit = threading.Timer(SECONDS_TO_START, self.process.kill)
        limit.start()
        try:
            for line in self.process.stdout:
                self.said.append(line)
                if words in line:
                    return
        finally:
            limit.cancel()
        raise AssertionError(f"The demonstration ended before it said {words!r}: {''.join(self.said)}")

    def visitor(self, who: str | None = None) -> "Visitor":
        """Somebody with a fresh session; signed in when named."""
        visitor = Visitor(self.url)
        if who:
            assert visitor.send(f"/demo/{who}", {"next": "/healthz"}, csrf_from="/demo").status == 303
        return visitor

    @cached_property
    def references(self) -> dict[str, str]:
        """Each seeded request's title with its reference."""
        maya = self.visitor("maya")
        rows = [row for view in ("open", "answered") for row in csv_rows(maya.get(f"/queue.csv?view={view}"))]
        return {row["Title"]: row["Reference"] for row in rows}


def csv_rows(answer: "Answer") -> list[dict[str, str]]:
    """The rows of a CSV answer."""
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


@contextmanager
def running(data: Path, *, port: int = 0) -> Iterator[Demo]:
    """A demonstration in a folder, from its first page to the end of the block."""
    command = [*DESK, "demo", "--no-browser", "--port", str(port), "--data", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    demo = Demo(data=data, process=process)
    try:
        demo.until(READY)
        demo.url = "http://" + urlsplit(demo.said[-1].removeprefix(READY)).netloc
        yield demo
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=20)
        process.stdout.close()


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", errors="replace")

    def first(self, pattern: str) -> str:
        """The first group of the first match."""
        found = re.search(pattern, self.text)
        assert found, f"{pattern!r} is nowhere in {self.text[:2000]!r}"
        return unescape(found.group(1))


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer to look at."""

    def redirect_request(self, *_: object) -> None:
        return None


class Visitor:
    """A browser without pictures or scripts: cookies, and the token that every form carries."""

    def __init__(self, url: str) -> None:
        self._url = url
        # No proxy: the demonstration is on this machine.
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar()), _Stay
        )

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers=headers)

    def send(self, path: str, fields: dict[str, str], *, csrf_from: str | None = None) -> Answer:
        """POST a form with the token of the page it stands on."""
        page = self.get(csrf_from or path)
        token = page.first(r'name="csrf_token"[^>]*value="([^"]+)"')
        return self.ask("POST", path, {**fields, "csrf_token": token})

    def ask(
        self,
        method: str,
        path: str,
        fields: dict[str, str] | bytes | None = None,
        *,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        data = urlencode(fields).encode() if isinstance(fields, dict) else fields
        request = urllib.request.Request(self._url + path, data=data, headers=headers or {}, method=method)  # noqa: S310
        try:
            with self._opener.open(request, timeout=60) as answer:
                return Answer(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as answer:
            return Answer(answer.code, dict(answer.headers), answer.read())
