"""A desk with real SQLite and a vault in memory, and a browser signed in as Ines of intake."""

import hashlib
import io
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

from a_session import signed_in
from an_edition import SHIPPED, put_in_use
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from legal_rules.clocks import working_week
from legal_rules.edition import Edition
from requests_portal.database.audit_store import LogIdentity
from requests_portal.database.engine import connect
from requests_portal.database.people import SqlCustomers
from requests_portal.database.schema import prepare
from requests_portal.database.tables import metadata, refusals
from requests_portal.database.unit_of_work import Ledger
from requests_portal.errors import Refused, Unusable
from requests_portal.model.actor import Actor, Role
from requests_portal.signing_in.passkeys import WebAuthn
from requests_portal.web.application import make_app
from requests_portal.web.portal import Inspection, Persona, Portal
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Customer, House

TEMPLATES = Path(__file__).parents[2] / "templates"
NOW = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
INES = Actor(id="ines", name="Ines Brandt", roles=frozenset({Role.INTAKE}))
# Lawyers who may also approve each other's decisions, and listen.
LAWYERS = frozenset({Role.LAWYER, Role.APPROVER, Role.REVIEWER})
MAYA = Actor(id="maya", name="Maya Okafor", roles=LAWYERS)
ADA = Actor(id="ada", name="Ada Lindqvist", roles=frozenset({Role.AUDITOR}))
MARSH = Customer(
    account="A-88310-4",
    name="Juniper Marsh",
    email="juniper.marsh@example.org",
    address=("14 Saltbox Lane", "Alder Flats, CA 90000"),
    country="US-CA",
    language="en",
    zone="America/Los_Angeles",
)
KITCHEN = "HR2-41B0-7F2C"
PNG = b"\x89PNG a picture"


class KeyInMemory:
    """The log's key for tests."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes(32))

    @property
    def public_key(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


@dataclass(frozen=True)
class Stored:
    sha256: str
    size: int


class TooLarge(Refused):
    status = 413


@dataclass
class VaultInMemory:
    """Keeps papers by digest, as the real vault does; `largest` is the longest chunk it was ever given."""

    papers: dict[str, bytes] = field(default_factory=dict)
    largest: int = 0

    def put_paper(self, chunks: Iterable[bytes], *, max_bytes: int) -> Stored:
        content = b"".join(self._measured(chunks))
        if not content:
            raise Unusable("The file is empty.")
        if len(content) > max_bytes:
            raise TooLarge(f"The file is too large: at most {max_bytes:,} bytes are allowed.")
        sha256 = hashlib.sha256(content).hexdigest()
        self.papers[sha256] = content
        return Stored(sha256=sha256, size=len(content))

    def inspect(self, sha256: str) -> Inspection:
        """Say what a paper is by its first bytes: enough to tell a clean one from the others."""
        content = self.papers[sha256]
        if not content.startswith(b"%PDF-"):
            return Inspection(pages=0, reason="It is not a PDF; ask for the paper as a PDF.")
        if b"/Encrypt" in content:
            return Inspection(pages=0, reason="It is encrypted; ask for a copy without a password.")
        return Inspection(pages=2, reason=None)

    def _measured(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.largest = max(self.largest, len(chunk))
            yield chunk


def a_page(sha256: str, page: int, width: int) -> bytes:
    """Stand in for a page's picture: it says which page it is."""
    return PNG + f" {sha256} {page} {width}".encode()


class NothingQueued:
    def __init__(self, _session) -> None: ...

    def enqueue(self, workflow: str, subject: str, **when) -> None: ...


HOUSE = House(
    name="Hearthside Voice",
    address=("1 Quay Street",),
    bates_prefix="HV",
    public_url="https://desk.example",
    link_days=14,
    place="Oakland",
)


@dataclass
class Desk:
    """One desk: its app, its tables and its vault."""

    folder: Path
    max_upload: int = 20_000_000
    vault: VaultInMemory = field(default_factory=VaultInMemory)
    personas: tuple[Persona, ...] = ()
    on_offer: Edition = SHIPPED

    def __post_init__(self) -> None:
        self.engine = connect(f"sqlite:///{self.folder}/desk.sqlite")
        prepare(self.engine)
        with Session(self.engine) as session, session.begin():
            put_in_use(session)
        self.ledger = Ledger(
            engine=self.engine,
            log=LogIdentity(origin="log.example-voice.test", key=KeyInMemory()),
            on_offer=lambda: self.on_offer,
            house=HOUSE,
            letters=None,
            now=lambda: NOW,
            new_id=an_id,
            new_salt=lambda: bytes(32),
            calendars=working_week,
            queue=NothingQueued,
        )
        with self.ledger.unit_of_work() as work:
            assert isinstance(work.customers, SqlCustomers)
            work.customers.add(MARSH, serials=[(KITCHEN, "Kitchen")])
        self.app = make_app(self._portal(), templates=TEMPLATES)
        # Templates are compiled once for all the desks of a run.
        self.app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(self.folder.parent))

    def _portal(self) -> Portal:
        outside = Outside(
            unit_of_work=self.ledger.unit_of_work,
            reading=self.ledger.reading,
            store=None,
            vault=self.vault,
            spool=None,
            scratch=self.folder,
            signer=None,
        )
        return Portal(
            outside=outside,
            desk=None,
            my=None,
            auditing=None,
            holds=None,
            house=HOUSE,
            zone="America/Los_Angeles",
            now=lambda: NOW,
            new_id=an_id,
            new_token=an_id,
            new_pin=an_id,
            inspect_paper=self.vault.inspect,
            paper_text=lambda _sha256, _seconds: "",
            txt_record=lambda _name: None,
            paper_signatures=lambda _sha256, _seconds: (),
            page_picture=lambda _path, _page, _width: b"",
            paper_page=a_page,
            staff=lambda: {actor.id: actor for actor in (INES, MAYA, ADA)},
            trust=(),
            log_key="",
            secret_key="invented-secret",
            relying_party=WebAuthn(public_url=HOUSE.public_url, house=HOUSE.name),
            max_upload=self.max_upload,
            personas=self.personas,
        )

    def refused(self, who: str) -> list[int]:
        """With which answers somebody was refused, as it is counted for the log."""
        return refused_in(self.engine, who)

    def browser(self, who: Actor = INES) -> "Browser":
        """A new session, signed in."""
        return Browser(signed_in(self.app, self.app.test_client(), who, base=BASE))

    def rows(self) -> dict[str, int]:
        """How many rows each table has, but for what was refused: that is counted."""
        with self.engine.connect() as connection:
            return {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in metadata.sorted_tables
                if table.name != "refusals"
            }

    def case(self, reference: str):
        with self.ledger.reading() as work:
            return work.cases.by_reference(reference, by=INES)


BASE = "https://desk.example"


class Browser:
    """What a person does with a page: open it, fill in its form and send it with its token."""

    def __init__(self, client) -> None:
        self.client = client

    def open(self, path: str):
        return Page(self.client.get(path, base_url=BASE))

    def send(self, path: str, *, page: str = "/new", **typed):
        token = self.open(page).token
        data = {"csrf_token": token, **{name.rstrip("_"): value for name, value in typed.items()}}
        headers = {"Referer": f"{BASE}{path}"}
        return Page(self.client.post(path, data=data, base_url=BASE, headers=headers))

    def upload(self, path: str, *files: tuple[str, bytes]):
        """Send files, each as (name, content), through the upload form."""
        return self.send(path, papers=[(io.BytesIO(content), name) for name, content in files])

    def begin(self, track: str = "legal_demand") -> str:
        """Start a draft; returns its address."""
        return self.send("/new", track=track).location.rpartition("/")[0]


class Page:
    """An answer, read as a person reads it."""

    def __init__(self, response) -> None:
        self.response = response
        self.status = response.status_code
        self.location = response.headers.get("Location", "").removeprefix(BASE)

    @property
    def html(self) -> str:
        return self.response.get_data(as_text=True)

    @property
    def text(self) -> str:
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.html)).split())

    @property
    def title(self) -> str:
        return unescape(re.search(r"<title>(.*?)</title>", self.html, re.DOTALL)[1]).strip()

    @property
    def token(self) -> str:
        return re.search(r'name="csrf_token" value="([^"]+)"', self.html)[1]

    @property
    def findings(self) -> str:
        """The scope check's own HTML, without the space around it."""
        found = re.search(r'<div id="findings"[^>]*>(.*?)</div>\s*</section>', self.html, re.DOTALL)
        return found[1].strip()

    def error_at(self, name: str) -> str:
        """The sentence beside a field."""
        found = re.search(rf'<p class="error" id="e-{name}">(.*?)</p>', self.html, re.DOTALL)
        return unescape(re.sub(r"<span.*?</span>", "", found[1])).strip() if found else ""

    def value_of(self, name: str) -> str:
        """What stands in a text field or area."""
        found = re.search(rf'<textarea[^>]* name="{name}"[^>]*>(.*?)</textarea>', self.html, re.DOTALL)
        found = found or re.search(rf'<input[^>]* name="{name}" value="([^"]*)"', self.html)
        return unescape(found[1])

    def chosen(self, name: str) -> list[str]:
        """The values ticked or chosen in a field."""
        ticked = re.findall(rf'<input type="(?:radio|checkbox)" name="{name}" value="([^"]*)"[^>]*? checked', self.html)
        select = re.search(rf'<select id="f-{name}".*?</select>', self.html, re.DOTALL)
        return ticked + (re.findall(r'<option value="([^"]+)" selected', select[0]) if select else [])


def refused_in(engine, who: str) -> list[int]:
    """With which answers somebody was refused, as it is counted for the log; visitors by what they are called."""
    theirs = (refusals.c.actor == who) | (refusals.c.role == who)
    with engine.connect() as connection:
        rows = connection.execute(select(refusals.c.status, refusals.c.times).where(theirs)).all()
    return sorted(status for status, times in rows for _ in range(times))


def an_id() -> str:
    """A UUID of version 7, as the log asks for."""
    plain = uuid.uuid4().hex
    return str(uuid.UUID(f"{plain[:12]}7{plain[13:16]}8{plain[17:]}"))


WHO = {
    "organisation": "Alder County Sheriff",
    "officer": "Detective R. Quill",
    "email": "warrants@sheriff.alder.example",
    "address": "12 Court Square\nAlder Flats, CA 90000",
    "country": "US",
    "issuer": "us_state",
    "issuer_state": "CA",
    "channel": "portal",
}
ORDER = {
    "process": "search_warrant",
    "says": ["signed", "issuer_named"],
    "issued_on": "2026-11-16",
    "served_on": "2026-11-18",
    "received_on": "2026-11-18",
    "received_on_time": "11:30",
    "seeks": ["audio", "transcript"],
    "range_from": "2026-01-01",
    "range_to": "2026-06-30",
    "zone": "America/Los_Angeles",
    "incident_from": "2026-03-14",
    "incident_from_time": "21:00",
    "incident_to": "2026-03-14",
    "incident_to_time": "23:30",
    "quote_1": "any and all audio recordings … from January 1, 2026 through June 30, 2026",
    "place_1": "page 2, paragraph 3",
}
TARGETS = {"accounts": "A-88310-4", "devices": KITCHEN}
PERSON = {
    "account": "A-88310-4",
    "asker": "data_subject",
    "right": "access",
    "own": ["audio", "transcript", "subscriber"],
    "home": "US-CA",
    "channel": "post",
    "received_on": "2026-11-20",
    "received_on_time": "10:00",
}
