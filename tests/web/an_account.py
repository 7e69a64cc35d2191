"""The casework's desk with sounds in a store, signed documents in a vault, and the pages of customers and auditors."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Self

from a_casework import (
    BASE,
    BEDROOM,
    JUNIPER,
    KITCHEN,
    MARSH,
    MAYA,
    NEIGHBOUR,
    NEIGHBOURS_DEVICE,
    NOW,
    PACIFIC,
    PIN,
    Desk,
    Page,
    a_recording,
    marsh_recordings,
)
from a_session import signed_in
from an_intake import KeyInMemory
from sqlalchemy import func, select

from requests_portal.audit_log.checkpoint import Vkey
from requests_portal.database.tables import metadata
from requests_portal.database.views.auditing import SqlAuditViews
from requests_portal.database.views.my import SqlMyViews
from requests_portal.errors import Refused
from requests_portal.model.actor import Actor, Role
from requests_portal.model.production import SignedDocument
from requests_portal.model.recording import Recording, ReviewEntry, SpeakerSpan
from requests_portal.storage.ranged import RangedFile
from requests_portal.web.portal import Persona, Portal
from requests_portal.work import produce
from requests_portal.work.release import release

MARLOW = Actor(id="marlow", name="Marlow Kettledrum", roles=frozenset({Role.CUSTOMER}), account=NEIGHBOUR.account)
VKEY = str(Vkey(name="log.example-voice.test", public_key=KeyInMemory().public_key))
PDF = b"%PDF-1.7 " + bytes(range(256)) * 40
TOKEN = "the-secret-of-the-link"
# The evening of 20 November: what a person listened to, and what the device should not have recorded.
REVIEWED = replace(
    a_recording("r", datetime(2026, 11, 20, 19, 5, tzinfo=PACIFIC), KITCHEN),
    transcript="play something slow, for cooking",
    speakers=(
        SpeakerSpan(start=0, end=2, label="account holder"),
        SpeakerSpan(start=2, end=3, label="family member"),
    ),
    reviews=(ReviewEntry(at=NOW, purpose="checking the transcript", role="annotator"),),
)
MISTAKE = replace(
    a_recording("m", datetime(2026, 11, 20, 19, 6, tzinfo=PACIFIC), BEDROOM),
    transcript="",
    false_wake=True,
    media_type="audio/flac",
)


class Gone(Refused):
    status = 503


@dataclass
class StoreInMemory:
    """Reads by exact key and checks the bytes, as the real store does."""

    objects: dict[str, bytes] = field(default_factory=dict)

    def of_bucket(self, bucket: str) -> Self:
        assert not bucket
        return self

    def read(self, *, key: str, version_id: str, size: int, sha256: str) -> Iterator[bytes]:
        data = self.objects.get(key)
        if data is None or (version_id, len(data), hashlib.sha256(data).hexdigest()) != ("v1", size, sha256):
            raise Gone("The store does not have what was catalogued.")
        yield data[:1000]
        yield data[1000:]

    def opened(self, *, key: str, version_id: str, size: int) -> RangedFile:  # noqa: ARG002 — the port's own names
        return RangedFile(lambda start, end: self.objects[key][start:end], size)


@dataclass
class VaultInMemory:
    """Gives ranges of what is kept, in small chunks; `unavailable` makes it refuse."""

    objects: dict[str, bytes] = field(default_factory=dict)
    unavailable: bool = False

    def put_bundle(self, key: str, path: Path, *, sha256: str) -> str:
        self.objects[key] = path.read_bytes()
        return sha256

    def read_bundle(self, key: str, _version_id: str, *, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        if self.unavailable:
            raise Gone("The vault does not answer. Try again in a minute.")
        data = self.objects[key][start:end]
        for at in range(0, len(data), 1000):
            yield data[at : at + 1000]


class Account(Desk):
    """The desk as customers, auditors and the public see it."""

    def __init__(self, folder: Path, *, demo: bool = False, url: str = "") -> None:
        self.store, self.vault = StoreInMemory(), VaultInMemory()
        self.demo = demo
        super().__init__(folder, url=url)

    def _stock(self) -> None:
        neighbours = a_recording("n", datetime(2026, 3, 14, 22, tzinfo=PACIFIC), NEIGHBOURS_DEVICE)
        recordings = [self._stored(each) for each in (*marsh_recordings(), REVIEWED, MISTAKE, neighbours)]
        with self.ledger.unit_of_work() as work:
            work.customers.add(MARSH, serials=[(KITCHEN, "Kitchen"), (BEDROOM, "Bedroom")])
            work.customers.add(NEIGHBOUR, serials=[(NEIGHBOURS_DEVICE, "Playroom")])
            work.catalogue.add(recordings)

    def _stored(self, recording: Recording) -> Recording:
        data = sound(recording.id)
        self.store.objects[recording.key] = data
        return replace(recording, size=len(data), sha256=hashlib.sha256(data).hexdigest())

    def _portal(self, folder: Path) -> Portal:
        plain = super()._portal(folder)
        juniper = Persona(actor=JUNIPER, title="customer", try_this="Play your recordings.")
        return replace(
            plain,
            outside=replace(plain.outside, store=self.store, vault=self.vault),
            my=SqlMyViews(self.engine),
            auditing=SqlAuditViews(self.engine, VKEY),
            staff=lambda: plain.staff() | {MARLOW.id: MARLOW},
            personas=(juniper,) if self.demo else (),
        )

    def _signed(self, work, made) -> list[SignedDocument]:
        due = produce.documents_due(work.cases.get(made.case, by=MAYA), work.productions.get(made.id))
        kinds = [each.kind for each in due]
        for kind in kinds:
            self.vault.objects[f"{made.id}/{kind}"] = PDF
        return [
            SignedDocument(
                production=made.id,
                volume=1,
                kind=kind,
                sha256=hashlib.sha256(PDF).hexdigest(),
                size=len(PDF),
                pages=14,
                key=f"{made.id}/{kind}",
                version_id="v",
                signed_at=NOW,
            )
            for kind in kinds
        ]

    def release(self, reference: str, token: str = TOKEN) -> None:
        self.offer(reference)
        made = self.production(reference)
        self.act(lambda work: release(work, made.id, recipient=MARSH.email, token=token, pin=PIN, by=MAYA))

    def receipts(self, reference: str) -> list[tuple[str, int, int]]:
        with self.ledger.reading() as work:
            found = work.productions.receipts(self.production(reference).id)
        return [(each.document, each.first_byte, each.last_byte) for each in found]

    def rows_in(self, table: str) -> int:
        with self.engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(metadata.tables[table])).scalar_one()

    def nobody(self) -> "Visitor":
        """A browser in which nobody is signed in."""
        return Visitor(self.app.test_client())

    def visit(self, who: Actor) -> "Visitor":
        """A browser in which somebody is signed in."""
        return Visitor(signed_in(self.app, self.app.test_client(), who, base=BASE))


class Answer(Page):
    """A page, or a file."""

    def __init__(self, response) -> None:
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.location = response.headers.get("Location", "").removeprefix(BASE)
        self.bytes = response.get_data()

    @property
    def html(self) -> str:
        return self.bytes.decode()

    @property
    def shown(self) -> bytes:
        """What came, apart from the form's token, which is new each time."""
        return re.sub(rb'name="csrf_token" value="[^"]*"', b"", self.bytes)


class Visitor:
    """Opens pages, with headers where a player or a download sends some, and sends forms with a page's token."""

    def __init__(self, client) -> None:
        self.client = client

    def open(self, path: str, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Answer(self.client.get(path, base_url=BASE, headers=named))

    def send(self, path: str, *, page: str, **typed) -> Answer:
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.open(page).html)[1]
        data = {"csrf_token": token, **typed}
        return Answer(self.client.post(path, data=data, base_url=BASE, headers={"Referer": f"{BASE}{page}"}))


def sound(recording_id: str) -> bytes:
    """The bytes of a recording: enough of them to ask for a part."""
    return b"RIFF" + recording_id.encode() * 300
