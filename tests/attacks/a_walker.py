"""Somebody who tries every address of a desk, and the desk as it was before each try that was let through."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from a_casework import BASE
from a_session import a_session_of
from a_whole_desk import WholeDesk
from sqlalchemy import event, select

from requests_portal.database.tables import metadata
from requests_portal.model.actor import Actor

# Of what is sent with every answer, what is new each time.
NEW_EACH_TIME = frozenset({"Set-Cookie", "Content-Length", "X-Request-Id", "Date"})
TOKEN = re.compile(r'(name="csrf_token"[^>]*? value=)"[^"]*"')
# What is counted of tries, by whom and how often.
COUNTS = frozenset({"refusals", "attempts"})


@dataclass(frozen=True)
class Answer:
    """What came back, and how often the tables were asked for it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    asked: int

    def without(self, path: str) -> tuple[int, tuple[tuple[str, str], ...], str, int]:
        """All of it, but for the address that was asked for."""
        forms = sorted({path, quote(path), quote(path, safe=""), escape(path)}, key=len, reverse=True)

        def plain(text: str) -> str:
            for each in forms:
                text = text.replace(each, "ADDRESS")
            return text

        body = TOKEN.sub(r"\1", self.body.decode(errors="replace"))
        return self.status, tuple((name, plain(value)) for name, value in self.headers), plain(body), self.asked


class Walker:
    """One person with one session; NOBODY has none."""

    def __init__(self, desk: WholeDesk, who: Actor, *, signed_in: bool = True, auth_at=None) -> None:
        self.desk, self.who = desk, who
        self._known: dict[tuple[str, str], Answer] = {}
        self._cookie = a_session_of(desk.app, who, auth_at=auth_at) if signed_in else None
        self._begin()

    def _begin(self) -> None:
        self.client = self.desk.app.test_client()
        if self._cookie:
            self.client.set_cookie(*self._cookie, domain="desk.example")
        page = self.client.get("/verify", base_url=BASE).get_data(as_text=True)
        self._token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    def ask(self, method: str, path: str) -> Answer:
        """Ask for an address; what changes something brings an empty form with its token."""
        form = {} if method in {"GET", "HEAD"} else {"data": {"csrf_token": self._token}}
        before = self.desk.statements
        came = self.client.open(path, method=method, base_url=BASE, headers={"Referer": f"{BASE}/verify"}, **form)
        headers = tuple(sorted((name, value) for name, value in came.headers if name not in NEW_EACH_TIME))
        return Answer(came.status_code, headers, came.get_data(), self.desk.statements - before)

    def ask_once(self, method: str, path: str) -> tuple[Answer, int]:
        """What an address answers, asked for the first time only; with how often it was asked now."""
        if (method, path) in self._known:
            return self._known[method, path], 0
        self._known[method, path] = self.ask(method, path)
        return self._known[method, path], 1

    def ask_and_undo(self, method: str, path: str) -> Answer:
        """Ask for an address, and put the desk back to what it was."""
        answer = self.ask(method, path)
        self.desk.go_back()
        self._begin()
        return answer


class KeptDesk(WholeDesk):
    """A desk that goes back to what it was, and counts how often its tables are asked."""

    def __init__(self, folder) -> None:
        super().__init__(folder)
        self.statements = 0
        event.listen(self.engine, "before_cursor_execute", self._count)
        self.keep()

    def _count(self, _connection, _cursor, statement, *_) -> None:
        # How often somebody was refused is written where it is not yet written, or else added to.
        self.statements += "refusals" not in statement

    def keep(self) -> None:
        """Take the desk as it is now for what it goes back to."""
        self._kept = sqlite3.connect(":memory:")
        with closing(self.engine.raw_connection()) as connection:
            connection.driver_connection.backup(self._kept)

    def go_back(self) -> None:
        with closing(self.engine.raw_connection()) as connection:
            self._kept.backup(connection.driver_connection)

    def rows(self) -> Iterator[tuple[str, tuple]]:
        """Every row of every table, but for what is counted of tries."""
        with self.engine.connect() as connection:
            for table in metadata.sorted_tables:
                if table.name not in COUNTS:
                    yield from ((table.name, tuple(row)) for row in connection.execute(select(table)))
