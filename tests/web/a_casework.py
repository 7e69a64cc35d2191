"""A desk over real SQLite with the shipped rule book, cases driven by the real verbs, and browsers for each role."""

import hashlib
import re
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

from a_session import signed_in
from an_edition import SHIPPED, put_in_use
from an_intake import HOUSE, KITCHEN, MARSH, KeyInMemory, NothingQueued, an_id, refused_in
from sqlalchemy.orm import Session
from who_asks import confirm_who_asks, holder

from legal_rules.clocks import working_week
from requests_portal.database.audit_store import LogIdentity
from requests_portal.database.engine import connect
from requests_portal.database.schema import prepare
from requests_portal.database.unit_of_work import Ledger
from requests_portal.database.views.desk import SqlDeskViews
from requests_portal.database.views.holds import SqlHoldViews
from requests_portal.keys.demo_authority import make_demo_authority
from requests_portal.model.actor import Actor, Role
from requests_portal.model.case import Requester, Track
from requests_portal.model.papers import Paper, PaperState
from requests_portal.model.production import Discrepancy, Gathered, SignedDocument
from requests_portal.model.recording import Recording, SpeakerSpan
from requests_portal.signing_in.passkeys import WebAuthn
from requests_portal.storage.inspect import render
from requests_portal.storage.letters import FolderLetters
from requests_portal.web.application import make_app
from requests_portal.web.portal import Inspection, Portal
from requests_portal.work import produce
from requests_portal.work.answer_agent import confirm_own
from requests_portal.work.approve import approve
from requests_portal.work.assign import assign, wait_for_requester
from requests_portal.work.compose import certificate_paragraphs
from requests_portal.work.decide import Choice, Ruling, decide, raised_grounds
from requests_portal.work.outside import Outside
from requests_portal.work.receive import Filing, receive
from requests_portal.work.release import release

TEMPLATES = Path(__file__).parents[2] / "templates"
PIN = "40718263"
BASE = "https://desk.example"
NOW = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
PACIFIC = ZoneInfo("America/Los_Angeles")
INES = Actor(id="ines", name="Ines Brandt", roles=frozenset({Role.INTAKE}))
# Lawyers who may also approve each other's decisions, and listen.
LAWYERS = frozenset({Role.LAWYER, Role.APPROVER, Role.REVIEWER})
MAYA = Actor(id="maya", name="Maya Okafor", roles=LAWYERS)
TOMAS = Actor(id="tomas", name="Tomás Rey", roles=LAWYERS)
PRIYA = Actor(id="priya", name="Priya Nair", roles=frozenset({Role.CUSTODIAN}))
ADA = Actor(id="ada", name="Ada Lindqvist", roles=frozenset({Role.AUDITOR}))
JUNIPER = Actor(id="juniper", name="Juniper Marsh", roles=frozenset({Role.CUSTOMER}), account=MARSH.account)
EVERYBODY = (INES, MAYA, TOMAS, PRIYA, ADA, JUNIPER)
BEDROOM = "HR2-41B0-90AE"
NEIGHBOUR = replace(MARSH, account="A-51862-3", name="Marlow Kettledrum", email="marlow.kettledrum@example.org")
NEIGHBOURS_DEVICE = "HR1-22F0-8B61"
WARRANT = {
    "requester_kind": "authority",
    "issuer": "us_state",
    "issuer_state": "CA",
    "issuer_role": "judge",
    "process": "search_warrant",
    "issuer_named": True,
    "signed": True,
    "issued_on": "2026-11-16",
    "served_on": "2026-11-18",
    "accounts": [MARSH.account],
    "devices": [],
    "seeks": ["audio"],
    "range_from": "2026-01-01T00:00:00-08:00",
    "range_to": "2026-07-01T00:00:00-07:00",
    "incident_from": "2026-03-14T21:00:00-07:00",
    "incident_to": "2026-03-14T23:30:00-07:00",
    "nexus_stated": True,
    "channel": "portal",
    "circumstances": [],
    # By the authority: nothing holds up what is released.
    "customer_notice": True,
}
ACCESS = {
    "requester_kind": "data_subject",
    "right": "access",
    "data_subject_country": "US-CA",
    "accounts": [MARSH.account],
    "seeks": ["audio"],
    "channel": "portal",
}


@lru_cache
def a_signer():
    """A key of the tests' own, made once."""
    with tempfile.TemporaryDirectory() as folder:
        return make_demo_authority(Path(folder) / "signing", at=NOW, common_name="An invented company's records")


class SpoolOfNoise:
    """Gathered recordings that no decoder can read."""

    def has(self, sha256: str):
        return bool(sha256)

    def open(self, sha256: str):
        return iter((b"noise of " + sha256.encode(),))


class Desk:
    """One desk: its tables, its clock and its pages."""

    def __init__(self, folder: Path, *, url: str = "") -> None:
        self.now = NOW
        self.engine = connect(url or f"sqlite:///{folder}/desk.sqlite")
        self.on_offer = SHIPPED
        prepare(self.engine)
        with Session(self.engine) as session, session.begin():
            put_in_use(session)
        self.ledger = Ledger(
            engine=self.engine,
            log=LogIdentity(origin="log.example-voice.test", key=KeyInMemory()),
            on_offer=lambda: self.on_offer,
            house=HOUSE,
            letters=FolderLetters(TEMPLATES / "letters"),
            now=lambda: self.now,
            new_id=an_id,
            new_salt=lambda: bytes(32),
            calendars=working_week,
            queue=NothingQueued,
        )
        self._stock()
        self.app = make_app(self._portal(folder), templates=TEMPLATES)

    def _stock(self) -> None:
        with self.ledger.unit_of_work() as work:
            work.customers.add(MARSH, serials=[(KITCHEN, "Kitchen"), (BEDROOM, "Bedroom")])
            work.customers.add(NEIGHBOUR, serials=[(NEIGHBOURS_DEVICE, "Playroom")])
            work.catalogue.add(marsh_recordings())
            work.catalogue.add([a_recording("n", datetime(2026, 3, 14, 22, tzinfo=PACIFIC), NEIGHBOURS_DEVICE)])

    def _portal(self, folder: Path) -> Portal:
        self.outside = Outside(
            unit_of_work=self.ledger.unit_of_work,
            reading=self.ledger.reading,
            store=None,
            vault=None,
            spool=SpoolOfNoise(),
            scratch=folder,
            signer=a_signer(),
        )
        return Portal(
            outside=self.outside,
            desk=SqlDeskViews(self.engine),
            my=None,
            auditing=None,
            holds=SqlHoldViews(self.engine),
            house=HOUSE,
            zone="America/Los_Angeles",
            now=lambda: self.now,
            new_id=an_id,
            new_token=lambda: "the-secret-of-the-link",
            new_pin=lambda: PIN,
            inspect_paper=lambda _sha256: Inspection(pages=1, reason=None),
            paper_page=lambda _sha256, _page, _width: b"",
            paper_text=lambda _sha256, _seconds: "",
            txt_record=lambda _name: None,
            paper_signatures=lambda _sha256, _seconds: (),
            page_picture=lambda path, page, width: render(path, page, width=width),
            staff=lambda: {actor.id: actor for actor in EVERYBODY},
            trust=(),
            log_key="",
            secret_key="invented-secret",
            relying_party=WebAuthn(public_url=HOUSE.public_url, house=HOUSE.name),
            max_upload=1_000_000,
        )

    def act(self, verb):
        with self.ledger.unit_of_work() as work:
            return verb(work)

    def case(self, reference: str):
        with self.ledger.reading() as work:
            return work.cases.by_reference(reference, by=MAYA)

    def production(self, reference: str):
        with self.ledger.reading() as work:
            return work.productions.of_case(self.case(reference).id)[-1]

    def refused(self, who: str) -> list[int]:
        """With which answers somebody was refused, as it is counted for the log; visitors by what they are called."""
        return refused_in(self.engine, who)

    def as_(self, who: Actor) -> "Browser":
        """A new session, signed in."""
        return Browser(signed_in(self.app, self.app.test_client(), who, base=BASE))

    # What happens to a request, by the real verbs.

    def warrant(self, *, title="Search warrant, six months of recordings", checked=True, due=None, **told) -> str:
        """File a warrant; returns its reference. `due` is the day by which the court orders an answer."""
        organisation = told.pop("organisation", "Alder County Sheriff")
        received = told.pop("received", NOW - timedelta(days=5))
        papers = told.pop("papers", (a_paper("clean"), a_paper("locked")))
        facts = WARRANT | ({"court_return_on": due} if due else {}) | told
        filing = Filing(
            track=Track.LEGAL_DEMAND,
            title=title,
            requester=Requester(name="Deputy R. Pinecone", organisation=organisation, email="records@example.org"),
            received_at=received,
            zone="America/Los_Angeles",
            language="en",
            facts={name: value for name, value in facts.items() if value is not None},
            papers=papers,
        )
        case = self.act(lambda work: receive(work, filing, by=INES))
        if checked:
            self.act(lambda work: confirm_who_asks(work, case.id, by=INES))
        return case.reference

    def access_request(self, *, title="Copy of my recordings", of=MARSH, by=JUNIPER, confirmed=True, **told) -> str:
        filing = Filing(
            track=Track.DATA_SUBJECT,
            title=title,
            requester=Requester(name=of.name, email=of.email, country="US-CA"),
            received_at=NOW - timedelta(days=2),
            zone="America/Los_Angeles",
            language="en",
            facts=ACCESS | {"accounts": [of.account]} | told,
            account=of.account,
        )
        case = self.act(lambda work: receive(work, filing, by=by))
        if confirmed:
            self.act(lambda work: confirm_own(work, case.id, by=holder(case)))
        return case.reference

    def give(self, reference: str, to: Actor) -> None:
        self.act(lambda work: assign(work, self.case(reference).id, to=to.id, by=INES))

    def wait(self, reference: str) -> None:
        verb = wait_for_requester
        self.act(lambda work: verb(work, self.case(reference).id, for_what="The dates.", by=MAYA))

    def decide(self, reference: str, by: Actor = MAYA) -> None:
        """Decide as proposed."""
        case = self.case(reference)
        choices = {record.line.id: Choice(move="accept") for record in case.assessment.lines}
        ruling = Ruling(choices=choices, grounds=raised_grounds(case.assessment), reasons="")
        self.act(lambda work: decide(work, case.id, ruling, by=by))

    def approve(self, reference: str) -> None:
        self.decide(reference)
        case = self.case(reference)
        if not case.is_cleared:
            self.act(lambda work: approve(work, case.id, digest=case.decision.digest, by=TOMAS))

    def begin(self, reference: str) -> None:
        self.approve(reference)
        self.act(lambda work: produce.begin_gathering(work, self.production(reference).id))

    def gather(self, reference: str, *, altered: int = 0) -> None:
        self.begin(reference)
        made = self.production(reference)
        wrong = [
            Discrepancy(
                bates=item.bates,
                recording=item.recording,
                kind="altered",
                sentence=f"{item.bates}: what the store has is not what was catalogued; its digest differs.",
            )
            for item in made.items[:altered]
        ]
        self.act(lambda work: produce.record_gathered(work, made.id, [Gathered(discrepancies=tuple(wrong))]))

    def offer(self, reference: str) -> None:
        self.gather(reference)
        made = self.production(reference)
        if made.needs_certificate:
            self.act(lambda work: self._certify(work, made))
        self.act(lambda work: produce.begin_sealing(work, made.id))
        self.act(lambda work: produce.record_signed(work, made.id, self._signed(work, made), []))

    def sealing(self, reference: str) -> None:
        """Bring a request so far that its documents are being written."""
        self.gather(reference)
        made = self.production(reference)
        self.act(lambda work: self._certify(work, made))
        self.act(lambda work: produce.begin_sealing(work, made.id))

    def release(self, reference: str) -> None:
        self.offer(reference)
        made = self.production(reference)
        self.act(lambda work: release(work, made.id, recipient="Deputy R. Pinecone", token=an_id(), pin=PIN, by=MAYA))

    def _certify(self, work, made) -> None:
        words = certificate_paragraphs(work, work.cases.get(made.case, by=PRIYA), made, by=PRIYA)
        digest = produce.certified_digest(work.productions.get(made.id))
        produce.certify(work, made.id, paragraphs=words, pages=("0" * 64,), digest=digest, by=PRIYA)

    def _signed(self, work, made) -> list[SignedDocument]:
        due = produce.documents_due(work.cases.get(made.case, by=MAYA), work.productions.get(made.id))
        kinds = [each.kind for each in due]
        return [
            SignedDocument(
                production=made.id,
                volume=1,
                kind=kind,
                sha256=hashlib.sha256(kind.encode()).hexdigest(),
                size=1_843_211,
                pages=14,
                key="k",
                version_id="v",
                signed_at=NOW,
            )
            for kind in kinds
        ]


def a_recording(name: str, at: datetime, device: str) -> Recording:
    account = NEIGHBOUR.account if device == NEIGHBOURS_DEVICE else MARSH.account
    return Recording(
        id=f"{name}-{at:%m%d%H%M}",
        account=account,
        device=device,
        recorded_at=at,
        zone="America/Los_Angeles",
        key=f"voice/{name}{at:%m%d%H%M}",
        version_id="v1",
        size=4600,
        sha256=hashlib.sha256(f"{name}{at}".encode()).hexdigest(),
        media_type="audio/wav",
        transcript="a word that only the neighbour says" if account == NEIGHBOUR.account else "set a timer",
        speakers=(SpeakerSpan(start=0, end=1, label="account holder"),),
    )


def marsh_recordings() -> list[Recording]:
    """One recording a week from January to June 2026, and three in the evening of the incident."""
    first = datetime(2026, 1, 5, 12, tzinfo=PACIFIC)
    weekly = [a_recording("w", first + timedelta(weeks=week), KITCHEN) for week in range(25)]
    evening = [
        a_recording("i", datetime(2026, 3, 14, 21, 4, tzinfo=PACIFIC), KITCHEN),
        a_recording("i", datetime(2026, 3, 14, 21, 37, tzinfo=PACIFIC), KITCHEN),
        a_recording("i", datetime(2026, 3, 14, 22, 10, tzinfo=PACIFIC), BEDROOM),
    ]
    return weekly + evening


def a_paper(name: str) -> Paper:
    clean = name == "clean"
    return Paper(
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        size=48_231,
        filename=f"{name}.pdf",
        received_at=NOW,
        state=PaperState.CLEAN if clean else PaperState.QUARANTINED,
        pages=2 if clean else 0,
        reason=None if clean else "It is encrypted; ask for a copy without a password.",
    )


class Browser:
    """What a person does with a page: open it, and send a form with the page's token."""

    def __init__(self, client) -> None:
        self.client = client

    def open(self, path: str) -> "Page":
        return Page(self.client.get(path, base_url=BASE))

    def send(self, path: str, fields=(), **typed) -> "Page":
        """Post what was typed to an address; `fields` are (name, value) pairs whose names no keyword can spell."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.open("/rules").html)[1]
        data: dict[str, list[str]] = {"csrf_token": [token]}
        for name, value in (*fields, *typed.items()):
            data.setdefault(name, []).extend(value if isinstance(value, list) else [value])
        return Page(self.client.post(path, data=data, base_url=BASE, headers={"Referer": f"{BASE}{path}"}))


class Page:
    """An answer, read as a person reads it."""

    def __init__(self, response) -> None:
        self.response = response
        self.status = response.status_code
        self.location = response.headers.get("Location", "").removeprefix(BASE)
        self.html = response.get_data().decode(errors="replace")

    @property
    def text(self) -> str:
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.html)).split())

    @property
    def main(self) -> str:
        """The words of the page without its frame."""
        inside = re.search(r"<main.*?</main>", self.html, re.DOTALL)[0]
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", inside)).split())

    @property
    def title(self) -> str:
        return unescape(re.search(r"<title>(.*?)</title>", self.html, re.DOTALL)[1]).strip()

    def hidden(self, name: str) -> str:
        return unescape(re.search(rf'name="{name}" value="([^"]*)"', self.html)[1])

    def groups(self) -> dict[str, list[str]]:
        """The references in each group of the queue, in the order of the page."""
        found = {}
        for section in re.findall(r'<section class="group".*?</section>', self.html, re.DOTALL):
            heading = re.search(r"<h2[^>]*>(.*?)<span", section, re.DOTALL)[1].strip()
            found[unescape(heading)] = re.findall(r'<span class="ref">([^<]+)</span>', section)
        return found

    def pill(self, label: str) -> int:
        """The count on a view."""
        return int(re.search(rf">{re.escape(label)} (\d+)</a>", self.html)[1])


def accepting(desk, reference, **changes):
    """The decision form's fields: every line accepted and the proposal's grounds raised, but for the changes."""
    assessment = desk.case(reference).assessment
    fields = [(f"line-{record.line.id}", "accept") for record in assessment.lines]
    grounds = {f.ground for f in assessment.findings if f.ground and f.outcome != "ask"}
    fields += [("grounds", ground) for ground in grounds]
    kept = [(name, value) for name, value in fields if name not in changes]
    return kept + [
        (name, each) for name, value in changes.items() for each in ([value] if isinstance(value, str) else value)
    ]


def decided_through_the_pages(desk, reference, **changes):
    """See what will leave, then record exactly that."""
    fields = accepting(desk, reference, **changes)
    seen = desk.as_(MAYA).send(f"/requests/{reference}/decide", [*fields, ("step", "see")])
    return desk.as_(MAYA).send(
        f"/requests/{reference}/decide", [*fields, ("step", "decide"), ("seen", seen.hidden("seen"))]
    )
