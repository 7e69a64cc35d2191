"""A desk with its store, its vault and its key, on which a real worker runs; people act through the verbs."""

import math
import struct
import tempfile
import time
import wave
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from a_house import ACCESS, KITCHEN, MARSH, MAYA, PRIYA, WARRANT, ActingHouse

from requests_portal.app import now, open_desk
from requests_portal.bundle import verify
from requests_portal.demo.settings import demonstration
from requests_portal.model.production import ProductionState
from requests_portal.model.recording import SpeakerSpan
from requests_portal.model.silence import Silence
from requests_portal.stock import Clip, RecordSetStock, make_store, stock_people, stock_recordings
from requests_portal.work import gather as gathering
from requests_portal.work import produce
from requests_portal.work.draw import draw
from requests_portal.work.silence import mark

PATIENCE = 60


class WorkedDesk(ActingHouse):
    """One desk in one folder; each has a bucket of its own in the store."""

    def __init__(self, folder: Path, endpoint: str, *, recordings: int, **settings) -> None:
        self.folder = folder
        self.settings = replace(
            demonstration(folder, endpoint=endpoint, public_url="https://desk.example"),
            recordings_bucket=f"r-{folder.name}",
            vault_bucket=f"v-{folder.name}",
            **settings,
        )
        self.desk = open_desk(self.settings)
        self.engine, self.ledger, self.outside = self.desk.engine, self.desk.ledger, self.desk.outside
        self.now = now()
        make_store(self.desk)
        subscriber = RecordSetStock(
            data_class="subscriber",
            source="Accounts ledger",
            columns=("name",),
            period=None,
            device=None,
            rows=((MARSH.account, ((MARSH.name,),)),),
        )
        stock_people(self.desk, [(MARSH, ((KITCHEN, "Kitchen"),))], [subscriber])
        stock_recordings(self.desk, [self._clip(number) for number in range(recordings)])

    def _clip(self, number: int) -> Clip:
        path = self.folder / f"{number}.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", "not compressed"))
            tone = (int(9000 * math.sin(2 * math.pi * (200 + number) * t / 8000)) for t in range(800))
            file.writeframes(b"".join(struct.pack("<h", level) for level in tone))
        return Clip(
            id=f"recording-{number:04d}",
            account=MARSH.account,
            device=KITCHEN,
            recorded_at=self.now - timedelta(days=30, seconds=number),
            zone="America/Los_Angeles",
            path=path,
            seconds=0.1,
            media_type="audio/wav",
            transcript="set a timer",
            speakers=(SpeakerSpan(start=0, end=0.1, label="account holder"),),
            reviews=(),
            false_wake=False,
        )

    # What people do, with days that are near today.

    def a_warrant(self, *silences: Silence):
        """A warrant for the day on which everything was recorded; checked, decided with its silences, and approved."""

        def day(ago: float) -> str:
            return (self.now - timedelta(days=ago)).isoformat()

        facts = WARRANT | {
            "issued_on": day(7)[:10],
            "served_on": day(5)[:10],
            "range_from": day(60),
            "range_to": day(10),
            "incident_from": day(30.5),
            "incident_to": day(29.5),
        }
        case = self.file(facts)
        if silences:
            self.act(mark, case.id, {silence.recording: [silence] for silence in silences}, by=MAYA)
        return self.cleared(case)

    def an_access_request(self):
        return self.cleared(self.ask(ACCESS))

    def gather_without_worker(self, case) -> None:
        """The steps of gathering, one after the other; the workflow that was enqueued finds its work done."""
        made = self.production(case.id)
        self.act(produce.begin_gathering, made.id)
        found = [
            gathering.gather(self.outside, made.id, start, end) for start, end in gathering.chunks(len(made.items))
        ]
        self.act(produce.record_gathered, made.id, found)

    def certify(self, case):
        """The custodian reads the pages as they will leave, and signs them off."""
        return self.sign_off(case, self.drawn(case))

    def drawn(self, case):
        return draw(self.outside, self.production(case.id).id, by=PRIYA)

    def sign_off(self, case, drawn):
        made, pages = self.production(case.id), [each.digest for each in drawn.volumes]
        self.act(produce.certify, made.id, paragraphs=drawn.paragraphs, pages=pages, digest=drawn.items, by=PRIYA)
        return self.production(case.id)

    # What can be seen from outside.

    def until(self, case, *states: ProductionState, patience: float = PATIENCE):
        """Wait for the worker to bring the case's production into one of these states."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            made = self.production(case.id)
            if made.state in states:
                return made
            time.sleep(0.05)
        raise AssertionError(f"The production is still {made.state} and was to be {states}; {made.failure}")

    def documents_of(self, made):
        with self.ledger.reading() as work:
            return work.productions.documents(made.id)

    def acts_of(self, case) -> Counter[str]:
        """What was done for a case; its copies for the archive follow in their own time."""
        return Counter({act: times for act, times in self.case_acts(case).items() if act != "document_archived"})

    def case_acts(self, case) -> Counter[str]:
        """Everything that was done for a case, its copies for the archive included."""
        return Counter(entry["act"] for entry in self.log() if entry["case"] == case.id)

    def pause(self) -> None:
        time.sleep(0.1)

    def verdicts(self, made):
        """What a stranger's verification says of each document as it lies in the vault."""
        return [self._verdict(document) for document in self.documents_of(made)]

    def _verdict(self, document):
        with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".pdf") as file:
            for chunk in self.outside.vault.read_bundle(document.key, document.version_id):
                file.write(chunk)
            file.flush()
            verdict = verify(Path(file.name), trust=self.outside.trust)
        return verdict.good and verdict.sha256 == document.sha256


# What a whole warrant leaves in the log, each act exactly once, but for a bundle and a letter.
ONCE = {
    "case_received": 1,
    "hold_placed": 1,
    "case_assessed": 2,
    "requester_checked": 1,
    "case_decided": 1,
    "decision_approved": 1,
    "production_reserved": 1,
    "gathering_started": 1,
    "gathering_finished": 1,
    "certificate_signed_off": 1,
    "signing_intended": 1,
    "document_signed": 2,
    "production_offered": 1,
}
