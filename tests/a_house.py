"""A house over a real database with the shipped rule book, in which cases are driven by the real verbs."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import uuid_utils
from an_edition import SHIPPED, put_in_use
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session
from who_asks import confirm_who_asks

from legal_rules.clocks import working_week
from requests_portal.audit_log.entry import decode
from requests_portal.audit_log.tree import Frontier, leaf_hash
from requests_portal.database.audit_store import LogIdentity, entries
from requests_portal.database.catalogue import SqlCatalogue
from requests_portal.database.people import SqlCustomers, SqlRecordSets
from requests_portal.database.schema import prepare
from requests_portal.database.tables import metadata
from requests_portal.database.unit_of_work import Ledger
from requests_portal.keys.log_key import LogKey
from requests_portal.model.actor import Actor, Role
from requests_portal.model.case import Requester, Track
from requests_portal.model.production import Discrepancy, Gathered, SignedDocument
from requests_portal.model.recording import Recording, SpeakerSpan
from requests_portal.storage.letters import FolderLetters
from requests_portal.work import produce
from requests_portal.work.approve import approve
from requests_portal.work.decide import Choice, Ruling, decide, raised_grounds
from requests_portal.work.ports import AT_ONCE, Customer, House
from requests_portal.work.receive import Filing, receive
from requests_portal.work.release import release

LETTERS = Path(__file__).parents[1] / "templates" / "letters"
PACIFIC = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
INES = Actor(id="ines", name="Ines Brandt", roles=frozenset({Role.INTAKE}))
# Lawyers who may also approve each other's decisions, and listen.
LAWYERS = frozenset({Role.LAWYER, Role.APPROVER, Role.REVIEWER})
MAYA = Actor(id="maya", name="Maya Okafor", roles=LAWYERS)
TOMAS = Actor(id="tomas", name="Tomás Rey", roles=LAWYERS)
PRIYA = Actor(id="priya", name="Priya Nair", roles=frozenset({Role.CUSTODIAN}))
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
KETTLE = replace(MARSH, account="A-51862-3", name="Marlow Kettledrum", email="marlow.kettledrum@example.org")
JUNIPER = Actor(id="juniper", name=MARSH.name, roles=frozenset({Role.CUSTOMER}), account=MARSH.account)
MARLOW = Actor(id="marlow", name=KETTLE.name, roles=frozenset({Role.CUSTOMER}), account=KETTLE.account)
EVERYBODY = (INES, MAYA, TOMAS, PRIYA, ADA, JUNIPER, MARLOW)
KITCHEN, PLAYROOM = "HR2-41B0-7F2C", "HR1-22F0-8B61"
SHERIFF = Requester(
    name="Deputy R. Pinecone",
    organisation="Alder County Sheriff",
    email="records.unit@alder-sheriff.example.org",
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
    "issued_on": "2026-11-16",
    "served_on": "2026-11-18",
    "accounts": [MARSH.account],
    "devices": [],
    "seeks": ["audio", "subscriber"],
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
SUBPOENA = {
    **WARRANT,
    "issuer_role": "attorney",
    "process": "grand_jury_subpoena",
    "seeks": ["audio", "subscriber"],
}
ACCESS = {
    "requester_kind": "data_subject",
    "right": "access",
    "data_subject_country": "US-CA",
    "accounts": [MARSH.account],
    "seeks": ["audio", "subscriber"],
    "channel": "portal",
}
HOUSE = House(
    name="Hearthside Voice",
    address=("1 Quay Street",),
    bates_prefix="HV",
    public_url="https://desk.example",
    link_days=14,
    place="Oakland",
)
LINK = "the-secret-of-the-link"
PIN = "40718263"


class Enqueued:
    """The queue for tests of the verbs: what was enqueued is a list, and an undone transaction leaves its mark too."""

    def __init__(self) -> None:
        self.jobs: list[tuple[str, str]] = []
        self.pauses: list[timedelta] = []

    def __call__(self, _session) -> "Enqueued":
        return self

    def enqueue(self, workflow: str, subject: str, *, after: timedelta = AT_ONCE) -> None:
        self.jobs.append((workflow, subject))
        self.pauses.append(after)


class ActingHouse:
    """One house: its tables, its clock, its queue, and what its people do."""

    def __init__(self, engine) -> None:
        self.engine = engine
        self.now = NOW
        self.queue = Enqueued()
        self.on_offer = SHIPPED
        prepare(engine)
        key = LogKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))
        self.ledger = Ledger(
            engine=engine,
            log=LogIdentity(origin="log.example-voice.test", key=key),
            on_offer=lambda: self.on_offer,
            house=HOUSE,
            letters=FolderLetters(LETTERS),
            now=lambda: self.now,
            new_id=lambda: str(uuid_utils.uuid7()),
            new_salt=lambda: bytes(range(32)),
            calendars=working_week,
            queue=self.queue,
        )
        with Session(engine) as session, session.begin():
            put_in_use(session)
            stock(session)

    # What can be seen.

    def act(self, verb, *arguments, **named):
        """One verb in one transaction."""
        with self.ledger.unit_of_work() as work:
            return verb(work, *arguments, **named)

    def case(self, case_id, *, by=MAYA):
        with self.ledger.reading() as work:
            return work.cases.get(case_id, by=by)

    def production(self, case_id):
        return self.productions(case_id)[-1]

    def productions(self, case_id):
        with self.ledger.reading() as work:
            return work.productions.of_case(case_id)

    def log(self) -> list[dict]:
        """Every entry of the audit log, oldest first."""
        with Session(self.engine) as session:
            return [json.loads(entry) for entry in entries(session)]

    def acts(self) -> list[str]:
        return [entry["act"] for entry in self.log()]

    def dump(self) -> dict[str, list[tuple]]:
        """Every row of every table of ours, as they all were at one moment: a worker may be writing meanwhile."""
        with self.engine.connect() as connection:
            if self.engine.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")
            return {
                table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
                for table in metadata.sorted_tables
            }

    def log_is_sound(self) -> bool:
        """Whether the entries are dense and canonical, and give the root of the newest checkpoint."""
        tables = self.dump()
        rows = sorted(tables["audit_entries"])
        frontier = Frontier()
        for _, _, entry in rows:
            decode(bytes(entry))
            frontier = frontier.append(leaf_hash(bytes(entry)))
        if not rows:
            return not tables["audit_checkpoints"]
        size, note = max(tables["audit_checkpoints"])
        dense = [index for index, _, _ in rows] == list(range(len(rows)))
        head = Frontier.decode(bytes(tables["audit_head"][0][1]))
        signed = note.splitlines()[1:3]
        return dense and size == len(rows) == int(signed[0]) and head.root == frontier.root

    # What people do.

    def file(self, facts=None, *, by=INES, track=Track.LEGAL_DEMAND, account=None, **changed):
        """File a request; a warrant where nothing else is said."""
        told = dict(WARRANT if facts is None else facts) | changed
        own = track is Track.DATA_SUBJECT
        filing = Filing(
            track=track,
            title="Copy of my recordings" if own else "Search warrant, six months of recordings",
            requester=Requester(name=MARSH.name, email=MARSH.email, country="US-CA") if own else SHERIFF,
            received_at=self.now - timedelta(days=5),
            zone="America/Los_Angeles",
            language="en",
            facts={name: value for name, value in told.items() if value is not None},
            account=account,
        )
        return self.act(receive, filing, by=by)

    def ask(self, facts=None, *, by=JUNIPER, account=MARSH.account, **changed):
        """File a customer's own request."""
        return self.file(facts or ACCESS, by=by, track=Track.DATA_SUBJECT, account=account, **changed)

    def check(self, case, *, passed=True):
        return self.act(confirm_who_asks, case.id, passed=passed, by=INES)

    def decide(self, case, *, by=MAYA, reasons="", **moves):
        """Decide as proposed, but for the lines named otherwise."""
        return self.act(decide, case.id, ruling(self.case(case.id), reasons=reasons, **moves), by=by)

    def approve(self, case, *, by=TOMAS):
        return self.act(approve, case.id, digest=self.case(case.id).decision.digest, by=by)

    def cleared(self, case):
        """The case checked, decided as proposed, and approved where that is needed."""
        self.check(case)
        decided = self.decide(case)
        return decided if decided.is_cleared else self.approve(decided)

    def gather(self, case, *, wrong=0):
        made = self.production(case.id)
        self.act(produce.begin_gathering, made.id)
        self.act(produce.record_gathered, made.id, [Gathered(discrepancies=discrepancies(made, wrong))])
        return self.production(case.id)

    def certify(self, case):
        made = self.production(case.id)
        if made.needs_certificate:
            digest = produce.certified_digest(made)
            self.act(produce.certify, made.id, paragraphs=("I certify.",), pages=("0" * 64,), digest=digest, by=PRIYA)
        return self.production(case.id)

    def sign(self, case):
        made = self.production(case.id)
        self.act(produce.begin_sealing, made.id)
        self.act(produce.record_signed, made.id, self.documents(made), [("bundle", 0.5)])
        return self.production(case.id)

    def offered(self, case):
        """The case with its production signed and offered."""
        cleared = self.cleared(case)
        self.gather(cleared)
        self.certify(cleared)
        self.sign(cleared)
        return self.case(case.id)

    def release(self, case, *, recipient="Deputy R. Pinecone", token=LINK, pin=PIN, by=MAYA, **more):
        made = self.production(case.id)
        return self.act(release, made.id, recipient=recipient, token=token, pin=pin, by=by, **more)

    def documents(self, made):
        due = produce.documents_due(self.case(made.case), made)
        return [a_document(made.id, each.kind, volume=each.volume) for each in due]


def stock(session: Session) -> None:
    """Two customers, their recordings and what the company knows of them."""
    people = SqlCustomers(session)
    people.add(MARSH, serials=[(KITCHEN, "Kitchen")])
    people.add(KETTLE, serials=[(PLAYROOM, "Playroom")])
    SqlCatalogue(session).add([*marsh_recordings(), *kettle_recordings()])
    sets = SqlRecordSets(session)
    sets.add_source("subscriber", "Accounts ledger", ("name", "address"), None)
    for customer in (MARSH, KETTLE):
        sets.add_rows("subscriber", customer.account, [(customer.name, customer.address[0])])


def ruling(case, *, reasons="", **moves) -> Ruling:
    """As proposed, but for the lines named: `line_1=Choice(...)`."""
    accepted = {record.line.id: Choice(move="accept") for record in case.assessment.lines}
    changed = {name.removeprefix("line_"): choice for name, choice in moves.items()}
    return Ruling(choices=accepted | changed, grounds=raised_grounds(case.assessment), reasons=reasons)


def a_recording(name: str, at: datetime, *, account=MARSH.account, device=KITCHEN, voices=("account holder",)):
    return Recording(
        id=f"{name}-{at:%m%d%H%M}",
        account=account,
        device=device,
        recorded_at=at.astimezone(UTC),
        zone="America/Los_Angeles",
        key=f"voice/{name}{at:%m%d%H%M}",
        version_id="v1",
        size=4600,
        sha256=hashlib.sha256(f"{name}{at}".encode()).hexdigest(),
        media_type="audio/wav",
        transcript="set a timer",
        speakers=tuple(SpeakerSpan(start=n, end=n + 1, label=label) for n, label in enumerate(voices)),
    )


def marsh_recordings() -> list[Recording]:
    """Three on the evening of the incident, and one in each of five other months; a visitor is heard on one."""
    evening = [a_recording("i", datetime(2026, 3, 14, 21, minute, tzinfo=PACIFIC)) for minute in (4, 37, 50)]
    others = [a_recording("w", datetime(2026, month, 5, 12, tzinfo=PACIFIC)) for month in (1, 2, 4, 5)]
    visit = a_recording("v", datetime(2026, 6, 5, 12, tzinfo=PACIFIC), voices=("account holder", "visitor"))
    return [*evening, *others, visit]


def kettle_recordings() -> list[Recording]:
    at = datetime(2026, 3, 14, 22, tzinfo=PACIFIC)
    return [a_recording("n", at, account=KETTLE.account, device=PLAYROOM)]


def a_document(production: str, kind, **changed) -> SignedDocument:
    made = SignedDocument(
        production=production,
        volume=1,
        kind=kind,
        sha256=hashlib.sha256(f"{production} {kind}".encode()).hexdigest(),
        size=1_843_211,
        pages=14,
        key=f"productions/{production}/1/{kind}.pdf",
        version_id="v1",
        signed_at=NOW,
    )
    return replace(made, **changed)


def discrepancies(made, wrong: int) -> tuple[Discrepancy, ...]:
    return tuple(
        Discrepancy(
            bates=item.bates,
            recording=item.recording,
            kind="altered",
            sentence=f"{item.bates}: what the store has is not what was catalogued; its digest differs.",
        )
        for item in made.items[:wrong]
    )
