"""What the verbs need from the outside world; each Protocol has one real fulfilment and one contract test."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from legal_rules.book import Book
from legal_rules.counting import Calendars
from legal_rules.edition import Edition
from legal_rules.scope import Scope
from requests_portal.audit_log.proof import InclusionProof
from requests_portal.errors import Conflict
from requests_portal.model.actor import Actor
from requests_portal.model.case import Case, Track
from requests_portal.model.clock import ClockRow, Hold
from requests_portal.model.edition import Adoption, OnRecord
from requests_portal.model.listening import Grant, Play
from requests_portal.model.production import (
    ArchivedCopy,
    Envelope,
    Production,
    RecalledProduction,
    Receipt,
    Release,
    SignedDocument,
)
from requests_portal.model.recording import Recording
from requests_portal.model.silence import Silence

Words = Mapping[str, str]
Numbers = Mapping[str, int]
AT_ONCE = timedelta(0)


class Cases(Protocol):
    """Cases by id and reference; an actor gets only those they may see, and others do not exist for them."""

    def get(self, case_id: str, *, by: Actor) -> Case: ...
    def by_reference(self, reference: str, *, by: Actor) -> Case: ...
    def still_open(self, *, by: Actor) -> Iterator[Case]: ...
    def add(self, case: Case) -> None: ...
    def put(self, case: Case) -> Case: ...
    def next_reference(self, track: Track, year: int) -> str: ...


class Assessments(Protocol):
    """Every assessment that was made, each with the facts and the day of then."""

    def add(self, made: OnRecord) -> None: ...
    def of_case(self, case_id: str) -> Sequence[OnRecord]: ...
    def get(self, assessment_id: str) -> OnRecord: ...
    def fired(self) -> Mapping[str, tuple[int, int]]: ...
    def cases_counted(self) -> int: ...


class Editions(Protocol):
    """Editions of the rule book: the one on offer, those kept for good, and which of them people adopted."""

    def on_offer(self) -> Edition: ...
    def keep(self, edition: Edition, *, at: datetime) -> None: ...
    def get(self, digest: str) -> Edition: ...
    def read(self, edition: Edition) -> Book: ...
    def add(self, adoption: Adoption) -> None: ...
    def put(self, adoption: Adoption) -> None: ...
    def adoption(self, adoption_id: str) -> Adoption: ...
    def adoptions(self) -> Sequence[Adoption]: ...
    def waiting(self) -> Adoption | None: ...
    def in_use(self) -> Adoption | None: ...


class Productions(Protocol):
    """Productions, their signed documents, releases and receipts."""

    def get(self, production_id: str) -> Production: ...
    def of_case(self, case_id: str) -> Sequence[Production]: ...
    def add(self, production: Production) -> None: ...
    def put(self, production: Production) -> Production: ...
    def reserve_bates(self, count: int, track: Track) -> tuple[int, int]: ...
    def record_document(self, document: SignedDocument) -> None: ...
    def documents(self, production_id: str) -> Sequence[SignedDocument]: ...
    def record_archived(self, copy: ArchivedCopy) -> None: ...
    def archived(self, production_id: str) -> Sequence[ArchivedCopy]: ...
    def add_release(self, release: Release) -> None: ...
    def releases(self, production_id: str) -> Sequence[Release]: ...
    def put_release(self, release: Release) -> None: ...
    def count_wrong_pin(self, release_id: str) -> None: ...
    def release(self, release_id: str) -> Release: ...
    def release_by_token(self, token_sha256: str) -> Release: ...
    def add_envelope(self, envelope: Envelope) -> None: ...
    def envelopes(self, release_id: str) -> Sequence[Envelope]: ...
    def add_receipt(self, receipt: Receipt) -> None: ...
    def receipts(self, production_id: str) -> Sequence[Receipt]: ...
    def set_progress(self, production_id: str, stage: str, *, done: int, total: int, seconds: float) -> None: ...
    def progress(self, production_id: str) -> Mapping[str, tuple[int, int, float]]: ...


class Recalls(Protocol):
    """Released productions that we withdrew or replaced, and the signed lists of them."""

    def add(self, recalled: RecalledProduction) -> None: ...
    def of_production(self, production_id: str) -> RecalledProduction | None: ...
    def of_document(self, sha256: str) -> RecalledProduction | None: ...
    def every(self) -> Sequence[RecalledProduction]: ...
    def keep_list(self, file: bytes, *, at: datetime) -> None: ...
    def newest_list(self) -> tuple[datetime, bytes] | None: ...


class Catalogue(Protocol):
    """Recordings by scope, streamed in the order they were made."""

    def find(self, scope: Scope) -> Iterator[Recording]: ...
    def get(self, recording_id: str, *, by: Actor) -> Recording: ...
    def add(self, recordings: Iterable[Recording]) -> int: ...
    def accounts(self, accounts: Sequence[str]) -> frozenset[str]: ...
    def devices(self, accounts: Sequence[str]) -> Mapping[str, str]: ...


class RecordSets(Protocol):
    """Record sets that are not audio, from their named read-only sources."""

    def read(
        self, data_class: str, account: str, scope: Scope
    ) -> tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]: ...


class Clocks(Protocol):
    """The running time limits of each case."""

    def replace(self, case_id: str, clocks: Iterable[ClockRow]) -> None: ...
    def of_case(self, case_id: str) -> Sequence[ClockRow]: ...
    def met(self, case_id: str, name: str, at: datetime) -> None: ...


class Holds(Protocol):
    """What is kept from deletion, for which case; placing each version in the store is recorded here."""

    def add(self, hold: Hold, recordings: Iterable[Recording]) -> None: ...
    def of_case(self, case_id: str) -> Sequence[Hold]: ...
    def to_place(self, hold_id: str) -> Sequence[Recording]: ...
    def placed(self, hold_id: str, recording_ids: Iterable[str]) -> None: ...
    def release(self, hold_id: str, *, at: datetime, because: str) -> None: ...
    def narrow(self, hold_id: str, keep: frozenset[str]) -> None: ...
    def to_lift(self, hold_id: str) -> Sequence[Recording]: ...
    def lifted(self, hold_id: str, recording_ids: Iterable[str]) -> None: ...
    def is_held(self, recording_id: str) -> bool: ...
    def counts(self, hold_id: str) -> tuple[int, int]: ...


class Listening(Protocol):
    """Grants to hear recordings, and every span that was sent under them."""

    def add_grant(self, grant: Grant) -> None: ...
    def grants(self, case_id: str, recording_id: str) -> Sequence[Grant]: ...
    def add_play(self, play: Play) -> None: ...
    def plays(self, case_id: str, recording_id: str) -> Sequence[Play]: ...


class SilenceSteps(Protocol):
    """What was marked on each recording of a case before it was changed, so that the last change can be undone."""

    def push(self, case_id: str, before: Mapping[str, Sequence[Silence]]) -> None: ...
    def pop(self, case_id: str, recording_id: str) -> Sequence[Silence] | None: ...
    def count(self, case_id: str, recording_id: str) -> int: ...


class Audit(Protocol):
    """The audit log: an entry joins the act's own transaction."""

    def add(
        self,
        act: str,
        *,
        by: Actor,
        case: str | None = None,
        subjects: Words | None = None,
        numbers: Numbers | None = None,
        words: Words | None = None,
        private: Words | None = None,
    ) -> None: ...
    def proof(self, act: str, *, case: str, number: tuple[str, int]) -> InclusionProof: ...


class Drafts(Protocol):
    """What somebody has typed so far, kept until it is filed or thrown away."""

    def get(self, draft_id: str, *, by: Actor) -> dict[str, object]: ...
    def put(self, draft_id: str, data: dict[str, object], *, by: Actor, at: datetime) -> None: ...
    def of(self, by: Actor) -> Sequence[tuple[str, datetime, dict[str, object]]]: ...
    def remove(self, draft_id: str, *, by: Actor) -> None: ...


class Customers(Protocol):
    """The one guarded place that maps an account to the person who has it."""

    def get(self, account: str) -> "Customer": ...
    def flags(self, account: str) -> frozenset[str]: ...


class Letters(Protocol):
    """The texts the lawyers own, one for each letter and language."""

    def text(self, name: str, language: str) -> str: ...


class Queue(Protocol):
    """Durable work to be done after this transaction, and only if it commits."""

    def enqueue(self, workflow: str, subject: str, *, after: timedelta = AT_ONCE) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Who has an account with us."""

    account: str
    name: str
    email: str
    address: tuple[str, ...]
    country: str
    language: str
    zone: str
    # What the company's own records say of the account, in the rule book's words.
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class House:
    """Who we are and what we have decided for ourselves."""

    name: str
    address: tuple[str, ...]
    bates_prefix: str
    public_url: str
    approval_above: int
    link_days: int
    place: str

    @property
    def verify_url(self) -> str:
        """Where anyone can have a bundle checked."""
        return f"{self.public_url}/verify"


@dataclass(frozen=True, kw_only=True)
class Work:
    """One unit of work: everything a verb may touch, inside one transaction that the caller commits."""

    cases: Cases
    productions: Productions
    recalls: Recalls
    catalogue: Catalogue
    record_sets: RecordSets
    clocks: Clocks
    holds: Holds
    listening: Listening
    silence_steps: SilenceSteps
    audit: Audit
    drafts: Drafts
    customers: Customers
    queue: Queue
    letters: Letters
    editions: Editions
    assessments: Assessments
    house: House
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    calendars: Calendars

    @property
    def book(self) -> Book:
        """The edition in use, read; refuses where none was adopted or this software cannot say what it says."""
        adopted = self.editions.in_use()
        if adopted is None:
            raise Conflict("No edition of the rules has been adopted here yet.")
        return self.editions.read(self.editions.get(adopted.edition))

    @property
    def can_assess(self) -> bool:
        """Whether this software gives the edition in use the meaning with which it was adopted."""
        adopted = self.editions.in_use()
        return adopted is None or self.editions.get(adopted.edition).runs_here

    @property
    def today(self) -> date:
        """The day of `now`, in UTC."""
        return self.now().date()
