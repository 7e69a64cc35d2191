"""A production: the numbered set we hand over, from its reservation to its release."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from legal_rules.scope import Scope
from requests_portal.errors import Conflict
from requests_portal.model.silence import DerivedFile, Silence
from requests_portal.model.standing_policy import UnderPolicy
from requests_portal.model.volume import Volume


class ProductionKind(StrEnum):
    """What a production is to the ones before it."""

    FULL = "full"
    PARTIAL = "partial"
    ROLLING = "rolling"
    SUPPLEMENTAL = "supplemental"
    REPLACEMENT = "replacement"


class ProductionState(StrEnum):
    """Where a production stands."""

    RESERVED = "reserved"
    GATHERING = "gathering"
    GATHERED = "gathered"
    CERTIFIED = "certified"
    SEALING = "sealing"
    WAITING = "waiting"
    SIGNED = "signed"
    OFFERED = "offered"
    RELEASED = "released"
    CANCELLED = "cancelled"
    FAILED = "failed"


_S = ProductionState
PRODUCTION_MOVES: dict[ProductionState, frozenset[ProductionState]] = {
    _S.RESERVED: frozenset({_S.GATHERING, _S.FAILED, _S.CANCELLED}),
    _S.GATHERING: frozenset({_S.GATHERING, _S.GATHERED, _S.FAILED, _S.CANCELLED}),
    _S.GATHERED: frozenset({_S.CERTIFIED, _S.CANCELLED}),
    _S.CERTIFIED: frozenset({_S.SEALING, _S.FAILED, _S.CANCELLED}),
    _S.SEALING: frozenset({_S.SEALING, _S.WAITING, _S.SIGNED, _S.FAILED, _S.CANCELLED}),
    # Something that signing needs is away for now: it is tried again by itself.
    _S.WAITING: frozenset({_S.SEALING, _S.WAITING, _S.FAILED, _S.CANCELLED}),
    _S.SIGNED: frozenset({_S.OFFERED}),
    _S.OFFERED: frozenset({_S.RELEASED}),
    _S.RELEASED: frozenset(),
    _S.CANCELLED: frozenset(),
    _S.FAILED: frozenset({_S.GATHERING, _S.CANCELLED}),
}
MOST_WRONG_PINS = 5
STOPPED = frozenset({_S.CANCELLED, _S.FAILED})


class DocumentKind(StrEnum):
    """What a signed PDF of a production is."""

    BUNDLE = "bundle"
    OBJECTION_LETTER = "objection_letter"
    INDEX = "index"


def file_name(kind: DocumentKind, volume: int) -> str:
    """The name under which a document is handed over: "bundle.pdf", of a second volume "bundle-2.pdf"."""
    return f"{kind}.pdf" if volume == 1 else f"{kind}-{volume}.pdf"


@dataclass(frozen=True, kw_only=True)
class DocumentDue:
    """One signed PDF that a production will consist of."""

    kind: DocumentKind
    volume: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One recording of a production under its Bates number, and as what it leaves: sound, transcript, or both."""

    bates: str
    recording: str
    classes: tuple[str, ...]
    silences: tuple[Silence, ...] = ()
    # What leaves instead of the recording where parts of it are silenced, and the copy that ordinary players take.
    produced: DerivedFile | None = None
    listening: DerivedFile | None = None

    @property
    def must_be_made(self) -> bool:
        """Whether its sound leaves only as a file made from the recording, because parts of it are silenced."""
        return bool(self.silences) and "audio" in self.classes


@dataclass(frozen=True, kw_only=True)
class RecordSetItem:
    """One record set of a production under its Bates number; digest and rows are those read when gathered."""

    bates: str
    data_class: str
    account: str
    scope: Scope
    source: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    sha256: str = ""
    # The digest of the query's text, or of what names the file, where the settings name the source.
    origin: str = ""


@dataclass(frozen=True, kw_only=True)
class Discrepancy:
    """A recording that is not, or no longer, what was catalogued; it is named in the bundle and the certificate."""

    bates: str
    recording: str
    kind: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Derived:
    """What was made from one item while gathering: the file that leaves instead of it, and the copy to listen to."""

    bates: str
    produced: DerivedFile | None = None
    listening: DerivedFile | None = None


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What gathering found and made of some items of a production."""

    discrepancies: tuple[Discrepancy, ...] = ()
    derived: tuple[Derived, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CertificateSignOff:
    """The custodian's act: these words on these pages, about these items, by this person at this moment."""

    paragraphs: tuple[str, ...]
    custodian: str
    custodian_name: str
    place: str
    at: datetime
    digest: str
    # The digest of each volume's pages as they were read.
    pages: tuple[str, ...] = ()
    # The standing policy under which no person read them; None where the custodian did.
    policy: UnderPolicy | None = None


@dataclass(frozen=True, kw_only=True)
class SignedDocument:
    """One signed PDF as recorded: at most one for each production, volume and kind."""

    production: str
    volume: int
    kind: DocumentKind
    sha256: str
    size: int
    pages: int
    key: str
    version_id: str
    signed_at: datetime
    # Whether the signature carries an independent timestamp (PAdES B-T rather than B-B).
    timestamped: bool = False
    # Until when the vault keeps it from everybody; None where it was stored before that was read back.
    kept_until: datetime | None = None

    @property
    def name(self) -> str:
        """What it is called where it is handed over, without its ending: "bundle", of a second volume "bundle-2"."""
        return file_name(self.kind, self.volume).removesuffix(".pdf")


@dataclass(frozen=True, kw_only=True)
class ArchivedCopy:
    """The copy of a signed document that is kept for good: the same bytes, and proofs appended to them (PAdES LTA)."""

    production: str
    volume: int
    kind: DocumentKind
    sha256: str
    size: int
    key: str
    version_id: str
    stamped_at: datetime


@dataclass(frozen=True, kw_only=True)
class Production:
    """The numbered set we hand over; its items are fixed when it is reserved."""

    id: str
    case: str
    number: int
    kind: ProductionKind
    state: ProductionState
    decision: str
    document_id: str
    made_at: datetime
    bates_first: int
    bates_last: int
    items: tuple[Item, ...] = ()
    record_sets: tuple[RecordSetItem, ...] = ()
    withheld: tuple[tuple[str, str], ...] = ()
    discrepancies: tuple[Discrepancy, ...] = ()
    certificate: CertificateSignOff | None = None
    supplements: str = ""
    # The id of the released production that this one takes the place of.
    replaces: str = ""
    volumes: tuple[Volume, ...] = ()
    failure: str = ""
    gathered_at: datetime | None = None
    sealed_at: datetime | None = None
    waiting_since: datetime | None = None
    next_try_at: datetime | None = None
    seconds: tuple[tuple[str, float], ...] = ()
    version: int = 0

    def moved(self, state: ProductionState, **changes: object) -> "Production":
        """The production in a new state, where the table of moves allows it."""
        if state not in PRODUCTION_MOVES[self.state]:
            raise Conflict(f"This production is {self.state}; it cannot become {state}. Reload the page.")
        return replace(self, state=state, **changes)  # type: ignore[arg-type]

    @property
    def needs_certificate(self) -> bool:
        """Whether there are records for a custodian to certify; a letter alone has none."""
        return bool(self.items or self.record_sets)

    @property
    def in_volumes(self) -> tuple[Volume, ...]:
        """Its volumes as they were fixed when it was gathered; one that was gathered before there were any is one."""
        return self.volumes or (Volume(number=1, start=0, end=len(self.items)),)

    @property
    def is_live(self) -> bool:
        """Whether work on it goes on or is done, rather than stopped."""
        return self.state not in STOPPED


@dataclass(frozen=True, kw_only=True)
class Release:
    """A production handed to one recipient: a link by digest of its token, with a PIN and an end.

    A recipient's later issues replace the one before; `certificate` (PEM) has what leaves through the link encrypted.
    """

    id: str
    production: str
    recipient: str
    token_sha256: str
    expires_at: datetime
    by: str
    at: datetime
    pin_hash: str
    issue: int = 1
    wrong_pins: int = 0
    certificate: str = ""
    revoked_at: datetime | None = None
    revoked_by: str = ""
    revoked_because: str = ""

    @property
    def is_live(self) -> bool:
        """Whether nobody has revoked or replaced it; it may have expired or be locked all the same."""
        return self.revoked_at is None

    @property
    def is_locked(self) -> bool:
        """Whether a wrong PIN was typed too often."""
        return self.wrong_pins >= MOST_WRONG_PINS


@dataclass(frozen=True, kw_only=True)
class RecalledProduction:
    """A released production that we withdrew, or replaced by another one of the same case."""

    production: str
    at: datetime
    by: str
    because: str
    replaced_by: str | None


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One document as it leaves through the link of one release: encrypted for the recipient's certificate."""

    release: str
    document: str
    sha256: str
    size: int
    key: str
    version_id: str


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """One download through a release link."""

    release: str
    document: str
    at: datetime
    first_byte: int
    last_byte: int
