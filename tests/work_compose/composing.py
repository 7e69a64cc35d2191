"""Cases as the shipped rule book assesses them, and what the letters need of a house."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from legal_rules.book import load
from legal_rules.edition import shipped
from legal_rules.facts import dump, parse
from legal_rules.scope import demand_lines
from requests_portal.model.case import Case, CaseState, Requester, Track
from requests_portal.model.clock import ClockRow
from requests_portal.model.decision import Decision, LineDecision, Selection
from requests_portal.model.recording import Recording
from requests_portal.storage.letters import FolderLetters
from requests_portal.work.assess import as_record
from requests_portal.work.decide import proposed_scope, raised_grounds
from requests_portal.work.ports import House

BOOK = load()
LETTERS = FolderLetters(Path(__file__).parents[2] / "templates" / "letters")
NOW = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
RECEIVED = datetime(2026, 11, 18, 7, 30, tzinfo=UTC)
HOUSE = House(
    name="Hearthside Voice",
    address=("1 Quay Street",),
    bates_prefix="HV",
    public_url="https://desk.example",
    link_days=14,
    place="Oakland",
)


@dataclass
class Clocks:
    """The running time limits: one to answer, or none while nobody knows when."""

    due: datetime | None = datetime(2026, 12, 2, 23, 59, tzinfo=UTC)

    def of_case(self, case_id):
        return [ClockRow(case=case_id, name="answer", due=self.due, working=())]


class Shelf:
    """A catalogue of given recordings, all of which every scope matches."""

    def __init__(self, recordings=()):
        self.recordings = {each.id: each for each in recordings}

    def find(self, scope):
        return iter(each for each in self.recordings.values() if each.recorded_at in scope.interval)

    # Nothing on the shelf was erased.
    find_for_customer = find

    def count(self, scope):
        return len(list(self.find(scope)))

    count_for_customer = count

    def get(self, recording_id, **_by):
        return self.recordings[recording_id]


@dataclass
class Composing:
    """As much of a unit of work as composing reads."""

    catalogue: Shelf
    clocks: Clocks
    letters: FolderLetters = LETTERS
    house: House = HOUSE

    def now(self):
        return NOW


def work(*recordings: Recording, due=Clocks.due) -> Composing:
    return Composing(catalogue=Shelf(recordings), clocks=Clocks(due))


def a_case(told: dict[str, object], **changes: object) -> Case:
    """A case with these facts, assessed by the shipped book and decided as proposed by Maya Okafor."""
    facts = parse(told)
    lines = demand_lines(facts)
    record = as_record(BOOK.assess(facts, on=NOW.date(), lines=lines), at=NOW)
    track = Track(facts.track or "legal_demand")
    decision = Decision(
        id="d-1",
        lines=tuple(
            LineDecision(line=each.line.id, disposition=each.disposition, scope=proposed_scope(record, each))
            for each in record.lines
        ),
        grounds=raised_grounds(record),
        reasons="SENTINEL-REASONS",
        follows_proposal=True,
        selection=Selection(recordings=0, bytes=0, withheld=0, record_sets=(), digest="0" * 64),
        assessment=record.digest,
        by="maya",
        by_name="Maya Okafor",
        at=NOW,
        approval_needed=False,
        digest="1" * 64,
    )
    case = Case(
        id="c-1",
        reference="LE-2026-0007" if track is Track.LEGAL_DEMAND else "DS-2026-0007",
        track=track,
        title="Search warrant for recordings",
        state=CaseState.DECIDED,
        requester=Requester(name="Deputy R. Pinecone", organisation="Alder County Sheriff"),
        received_at=RECEIVED,
        zone="America/Los_Angeles",
        language="en",
        facts=dump(facts),
        lines=lines,
        assessment=record,
        decision=decision,
    )
    return replace(case, **changes)


def every_case():
    """Each case of each rule that would write a letter, with its sentence."""
    for _, raw in shipped().rules_with_cases():
        for each in raw["case"]:
            told = raw.get("given", {}) | each.get("facts", {})
            facts = {name: value for name, value in told.items() if name not in each.get("without", ())}
            if raw.get("letter") and each["expect"] not in {"ask", "clear"}:
                yield f"{raw['id']}: {each['name']}", facts
