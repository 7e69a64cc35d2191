"""What is read before a production's documents are written."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from requests_portal.errors import NotTheirs
from requests_portal.model.actor import SYSTEM
from requests_portal.model.case import Case, Track
from requests_portal.model.listening import Heard
from requests_portal.model.production import Production
from requests_portal.model.recording import Recording
from requests_portal.model.transcript import TranscriptNote
from requests_portal.work.outside import UnitOfWork
from requests_portal.work.ports import Work

# A volume is drawn from two or three batches; more are never in memory.
BATCH = 500
KEPT = 4
NOT_TOLD = "n/a"


@dataclass(frozen=True, kw_only=True)
class Source:
    """What is read before the file is written: the case, its production, and every recording by id."""

    case: Case
    production: Production
    recordings: Mapping[str, Recording]
    devices: Mapping[str, str]
    # Where the requester has a right to know: each time that a person of ours listened to a recording of theirs.
    heard: Sequence[Heard] = ()
    # How the customer who is answered has their transcripts, by recording; of most there is nothing.
    notes: Mapping[str, TranscriptNote] = field(default_factory=dict)

    @cached_property
    def heard_of(self) -> Mapping[str, Sequence[Heard]]:
        """Who listened, by recording, oldest first."""
        grouped: dict[str, list[Heard]] = {}
        for each in reversed(self.heard):
            grouped.setdefault(each.recording, []).append(each)
        return grouped


class FromCatalogue(Mapping[str, Recording]):
    """Recordings by id, read a batch at a time as they are asked for, each batch in a short transaction of its own."""

    def __init__(
        self, reading: UnitOfWork, ids: Sequence[str], *, of: str | None = None, without_whose: bool = False
    ) -> None:
        self._reading = reading
        self._of = of
        self._without_whose = without_whose
        self._ids = ids
        self._places = {each: place for place, each in enumerate(ids)}
        self._batches: OrderedDict[int, Mapping[str, Recording]] = OrderedDict()

    def __getitem__(self, recording_id: str) -> Recording:
        """The recording; raises NotFound where the catalogue no longer has it, NotTheirs where it is another's."""
        found = self._batch(self._places[recording_id] // BATCH)[recording_id]
        if self._of is not None and found.account != self._of:
            raise NotTheirs
        # Somebody who is heard on another's device does not learn whose and which it is.
        return replace(found, account=NOT_TOLD, device=NOT_TOLD) if self._without_whose else found

    def __iter__(self) -> Iterator[str]:
        """The ids in their order."""
        return iter(self._ids)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._ids)

    def _batch(self, number: int) -> Mapping[str, Recording]:
        if number not in self._batches:
            some = self._ids[number * BATCH : (number + 1) * BATCH]
            with self._reading() as work:
                self._batches[number] = work.catalogue.of(some, by=SYSTEM)
            if len(self._batches) > KEPT:
                self._batches.popitem(last=False)
        self._batches.move_to_end(number)
        return self._batches[number]


def load(reading: UnitOfWork, production_id: str) -> Source:
    """Read what a production's documents need; its recordings follow as they are asked for, and keep nothing open."""
    with reading() as work:
        production = work.productions.get(production_id)
        case = work.cases.get(production.case, by=SYSTEM)
        # A production may have volumes without number, and each of them begins here: its recordings are not all read.
        devices = work.catalogue.devices(work.productions.accounts(production_id))
        # What the account's holder says of a transcript goes to the account's holder alone. Nobody else who is heard
        # gets it, and no authority: it was not recorded but written afterwards, perhaps after the paper was served; the
        # paper does not demand it, and whoever decides and approves what leaves has not read it.
        to_the_holder = case.track is Track.DATA_SUBJECT and not case.is_by_person_heard
        notes = work.transcript_notes.of_production(production_id) if to_the_holder else {}
        owner = case.account if case.track is Track.DATA_SUBJECT else None
        heard = _heard(work, case, production) if case.track is Track.DATA_SUBJECT else ()
    ids = [item.recording for item in production.items]
    recordings = FromCatalogue(reading, ids, of=owner, without_whose=case.is_by_person_heard)
    return Source(case=case, production=production, recordings=recordings, devices=devices, heard=heard, notes=notes)


def _heard(work: Work, case: Case, production: Production) -> Sequence[Heard]:
    """Who listened, as the person could read it when all was gathered: every drawing of the pages says the same."""
    until = production.gathered_at or production.made_at
    if case.is_by_person_heard:
        return work.hearings.of_person_heard(case.id, [item.recording for item in production.items], until=until)
    return work.hearings.of_account(case.account, until=until) if case.account else ()
