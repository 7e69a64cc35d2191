"""A desk on which everything exists that an address can name, in the hands of each person who may have it."""

import hashlib
import io
import wave
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from a_casework import ACCESS, INES, JUNIPER, MARSH, MAYA, NEIGHBOUR, NOW, TOMAS, a_paper
from an_account import MARLOW, Account, sound
from an_intake import an_id
from sqlalchemy import event

from requests_portal.database.tables import late_copies
from requests_portal.database.views.operations import SqlOperations
from requests_portal.database.views.running import SqlRunning
from requests_portal.model.actor import COMMAND_LINE, Actor, Role
from requests_portal.model.agency import Agency, a_domain, an_agency
from requests_portal.model.canary import Touch
from requests_portal.model.case import Requester, Track
from requests_portal.model.erasure import Erasing
from requests_portal.model.escalation import Patience
from requests_portal.model.listening import Needed, Purpose
from requests_portal.model.notice import Notice
from requests_portal.model.passkey import Credential, Passkey
from requests_portal.model.person import NO_STAFF, Awaited, Person
from requests_portal.model.recording import Recording
from requests_portal.model.session import Session
from requests_portal.model.standing_policy import Terms
from requests_portal.web.desk.intake_draft import Draft, put_draft
from requests_portal.work.adopt_policy import propose_policy
from requests_portal.work.agencies import propose_agencies
from requests_portal.work.ask_to_hear import ask_to_hear
from requests_portal.work.canaries import raise_alarm
from requests_portal.work.doctor import Seen, diagnose
from requests_portal.work.keep_form import keep_form
from requests_portal.work.listen import grant
from requests_portal.work.name_agent import name_agent
from requests_portal.work.name_people import name_people
from requests_portal.work.people import enrolment_link
from requests_portal.work.ports import Customer
from requests_portal.work.receive import Filing, receive
from requests_portal.work.sign_in import token_digest

# Everybody who can be at a browser: each role alone, so that nothing is done by another one of the same person's.
STAFF = {
    role: Actor(id=f"plain-{role}", name="A Colleague", roles=frozenset({role}))
    for role in Role
    if role.value not in NO_STAFF
}
# The same once more, whom every sealed case names.
NAMED = {role: replace(who, id=f"named-{role}") for role, who in STAFF.items()}
BUCKET, NOTHING = "training-2024", frozenset()
NEW_HERE = Actor(id="new-here", name="A New Colleague", roles=frozenset({Role.INTAKE}))
# Whose role waits for a second person.
WAITS = Actor(id="waits", name="Somebody Awaited", roles=frozenset({Role.AWAITED}))
ROLES = {**STAFF, Role.CUSTOMER: JUNIPER, Role.AWAITED: WAITS}
# How far a request has come, for the addresses that ask for that.
STAGES = ("checked", "decided", "gathered", "offered", "released")
EVENING = "i-03142104"


class Absent:
    """The store in memory, which says of every bucket but its own that it does not exist."""

    def __init__(self, own) -> None:
        self._own = own

    def of_bucket(self, bucket):
        return self if bucket else self._own

    def read(self, **what):
        return self._own.read(**what)

    def answers(self):
        return True

    def is_absent(self):
        return True


class NothingUnended:
    """Durable work of which nothing is left."""

    version = "3"

    def unended(self, _workflows):
        return iter(())

    def cancel(self, _pieces) -> None:
        pass


@dataclass(frozen=True)
class Found:
    """What one request has that an address can name."""

    reference: str
    sha256: str
    hold_id: str
    assessment_id: str
    release: str
    token: str


def a_tone() -> bytes:
    """A tenth of a second that can be heard."""
    with io.BytesIO() as made, wave.open(made, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", "not compressed"))
        file.writeframes(b"\0\1" * 800)
        return made.getvalue()


class WholeDesk(Account):
    """The desk with its operator's pages, its people in the tables, and requests at each stage, open and sealed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        # Nobody pulls this desk's plug.
        event.listen(self.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        self.engine.dispose()
        # Work and people that nobody walks in the place of.
        portal = self.app.extensions["portal"]
        staff = {each.id: each for each in (*STAFF.values(), *NAMED.values(), NEW_HERE)}
        everybody = portal.staff() | staff | {WAITS.id: WAITS}
        self.app.extensions["portal"] = replace(
            portal,
            outside=replace(portal.outside, durable=NothingUnended(), store=Absent(self.store)),
            staff=lambda: everybody,
            doctor=self.look,
            metrics_token="a-token-of-the-metrics",
            running=SqlRunning(self.engine, "3"),
            paper_page=lambda _sha256, _page, _width: b"a picture",
            mails=True,
        )
        for each in staff.values():
            person = Person(id=each.id, name=each.name, mail=f"{each.id}@example.org", roles=each.roles, since=self.now)
            self.act(lambda work, person=person: work.staff.add(person))
        given = Awaited(roles=frozenset({Role.LAWYER}), by=frozenset({INES.id}), at=self.now)
        waits = Person(id=WAITS.id, name=WAITS.name, mail="w@example.org", roles=NOTHING, since=NOW, awaited=given)
        self.act(lambda work: work.staff.add(waits))
        self.open = {stage: self._request(stage) for stage in STAGES}
        self.sealed = {stage: self._request(stage) for stage in STAGES}
        self.asked, self.others_asked = self._asked(JUNIPER), self._asked(MARLOW)
        self.asked_through = self._asked_through(MARSH), self._asked_through(NEIGHBOUR)
        for each in self.sealed.values():
            self.seal(each.reference)
        for reference, who in (("open", STAFF), ("open", NAMED), ("sealed", NAMED)):
            self._may_hear(getattr(self, reference)["checked"], who[Role.REVIEWER])
        self.notices = {who.id: self._notice_to(who) for who in (JUNIPER, MARLOW)}
        self._lost_bucket()
        self.agency, self.change = self._agency()
        self._own: dict[tuple, object] = {}
        self.neighbours = "n-03142200"
        # Somebody of intake with whom nobody shares anything.
        self.colleague = INES

    def _stored(self, recording: Recording) -> Recording:
        data = a_tone() if recording.id == EVENING else sound(recording.id)
        self.store.objects[recording.key] = data
        return replace(recording, size=len(data), sha256=hashlib.sha256(data).hexdigest())

    def look(self, by):
        return diagnose(
            Seen(
                at=self.now,
                running=SqlRunning(self.engine, "3").running(self.now),
                found=SqlOperations(self.engine).operations(by=by, at=self.now),
                stuck=(),
                answers={},
                certificates=(),
                disks=(),
                patience=Patience(),
                mail_named=True,
                webhooks_named=True,
                timestamps_named=True,
            )
        )

    def seal(self, reference: str) -> None:
        names = [MAYA.id, TOMAS.id, *(each.id for each in NAMED.values())]
        self.act(lambda work: name_people(work, self.case(reference).id, names, by=MAYA))

    def _request(self, stage: str) -> Found:
        paper = replace(a_paper("clean"), sha256=hashlib.sha256(an_id().encode()).hexdigest())
        reference = self.warrant(papers=(paper,))
        case = self.case(reference)
        self.act(lambda work: ask_to_hear(work, case.id, needed=Needed.DEMAND, words="", by=MAYA))
        token = an_id()
        steps = {
            "decided": self.decide,
            "gathered": self.gather,
            "offered": self.offer,
            "released": lambda it: self.release(it, token),
        }
        if stage in steps:
            steps[stage](reference)
        with self.ledger.reading() as work:
            (hold, *_) = work.holds.of_case(case.id)
            given = work.productions.releases(self.production(reference).id) if stage == "released" else ()
            assessed = work.assessments.of_case(case.id)
        return Found(
            reference=reference,
            sha256=paper.sha256,
            hold_id=hold.id,
            assessment_id=assessed[0].id,
            release=given[0].id if given else "",
            token=token,
        )

    def _may_hear(self, found: Found, who: Actor) -> None:
        case = self.case(found.reference)
        self.act(lambda work: grant(work, case.id, EVENING, purpose=Purpose.CHECK_SCOPE, words="", by=who))

    def _asked(self, who: Actor) -> str:
        """A customer's own request, which has been answered."""
        reference = self.access_request(of=NEIGHBOUR if who == MARLOW else MARSH, by=who)
        Account.release(self, reference, an_id())
        return reference

    def _asked_through(self, of: Customer) -> str:
        """What an agent asked in a customer's name."""
        filing = Filing(
            track=Track.DATA_SUBJECT,
            title="Copy of the account's data",
            requester=Requester(name="Robin Vale"),
            received_at=NOW,
            zone=of.zone,
            language="en",
            facts=ACCESS | {"accounts": [of.account], "requester_kind": "agent", "channel": "email"},
            account=of.account,
        )
        return self.act(lambda work: receive(work, filing, by=INES)).reference

    def _notice_to(self, who: Actor) -> str:
        case = self.case(self.open["released"].reference)
        told = Notice(id=an_id(), case=case.id, account=who.account, at=NOW, paragraphs=("We write.",), decision=who.id)
        self.act(lambda work: work.notices.add(told))
        return told.id

    def _lost_bucket(self) -> None:
        self.act(lambda work: work.absent_buckets.said(BUCKET, at=self.now))
        waiting = {"bucket": BUCKET, "key": "k", "version_id": "v", "state": Erasing.NO_BUCKET, "next_try_at": ""}
        with self.engine.begin() as connection:
            connection.execute(late_copies.insert().values(**waiting))

    def _agency(self) -> tuple[str, str]:
        def entry(name: str) -> Agency:
            domain = a_domain(f"{name.lower()}.example.gov")
            return an_agency(name=name, country="US", state="CA", domains=(domain,), phones=())

        known = replace(entry("Tern"), id=an_id())
        self.act(lambda work: work.agencies.put(known))
        change = self.act(lambda work: propose_agencies(work, [entry("Plover")], reason="New here.", by=INES))
        return known.id, change.id

    # What is one person's own; each has one of each.

    def own(self, make, who: Actor):
        """What `make` makes for somebody, made once."""
        if (make, who.id) not in self._own:
            self._own[make, who.id] = self.act(lambda work: make(self, work, who))
        return self._own[make, who.id]

    def a_session(self, work, who: Actor) -> str:
        token = token_digest(an_id())
        times = dict.fromkeys(("begun_at", "auth_at", "seen_at"), self.now)
        mine = {"person": who.id, "customer": who.is_customer, "how": "passkey", "browser": "Firefox"}
        new = Session(id=an_id(), token_sha256=token, **mine, **times)
        work.sessions.add(new)
        return new.id

    def a_passkey(self, work, who: Actor) -> str:
        credential = Credential(credential_id=an_id(), public_key="", sign_count=0)
        mine = {"owner": who.id, "customer": who.is_customer, "user_handle": an_id(), "name": "Key"}
        key = Passkey(id=an_id(), credential=credential, added_at=self.now, **mine)
        work.passkeys.add(key)
        return key.id

    def an_agent(self, work, who: Actor) -> str:
        """Somebody whom a customer named to ask in their name."""
        named = name_agent(work, name="Robin Vale", organisation="", rights=["access"], until=date(2030, 1, 1), by=who)
        return named.id

    def a_kept_form(self, work, who: Actor) -> str:
        return keep_form(work, "/keyboard", [("reason", "What was typed.")], by=who)

    def a_draft(self, work, who: Actor) -> tuple[str, str]:
        """A draft with a paper."""
        paper = replace(a_paper("clean"), sha256=hashlib.sha256(an_id().encode()).hexdigest())
        draft = Draft(id=an_id(), track=Track.DATA_SUBJECT, papers=(paper,))
        put_draft(work, draft, by=who)
        return draft.id, paper.sha256

    def a_first_link(self, work, who: Actor) -> str:
        """The token of a link with which somebody makes their first passkey."""
        token = an_id()
        enrolment_link(work, who.id, token=token, by=COMMAND_LINE)
        return token

    def policy(self) -> str:
        """A standing policy that waits for others to agree."""
        terms = Terms(
            rights=("access",),
            places=("US",),
            kinds=("audio",),
            most_recordings=1,
            most_minutes=1,
            most_megabytes=1,
        )
        waiting = [each.id for each in self.act(lambda work: work.standing_policies.all())]
        if waiting:
            return waiting[0]
        return self.act(lambda work: propose_policy(work, terms, reason="To be walked.", by=MAYA)).id

    def alarm(self) -> str:
        """An alarm that nobody has looked into, about nobody who walks."""
        self.act(lambda work: raise_alarm(work, Touch.ASKED_BY_ID, case=None, by=INES))
        with self.ledger.reading() as work:
            return next(alarm.id for alarm, _ in work.canaries.alarms() if alarm.is_open)

    def edition(self) -> str:
        with self.ledger.reading() as work:
            return work.editions.adoptions()[0].id
