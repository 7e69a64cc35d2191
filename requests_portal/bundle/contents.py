"""What a bundle and a letter hold: everything printed or embedded comes from these values and from nowhere else."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

Kind = Literal["authority", "customer"]
PaperSize = Literal["A4", "US Letter"]
Relationship = Literal["Source", "Data", "Supplement", "Alternative", "Unspecified"]


class Signer(Protocol):
    """A key that can sign; the file key and the key service both fulfil it."""

    @property
    def certificate_pem(self) -> bytes:
        """The signing certificate."""

    @property
    def chain_pem(self) -> tuple[bytes, ...]:
        """The issuers' certificates, nearest first."""

    def sign_cms(self, digest: bytes, *, at: datetime) -> bytes:
        """Return the DER CMS SignedData, PAdES B-B or B-T, over a SHA-256 digest (ETSI EN 319 142-1)."""


class Timestamper(Protocol):
    """An authority that says when something existed; the real one and the demonstration's own both fulfil it."""

    @property
    def certificates_pem(self) -> tuple[bytes, ...]:
        """The certificates that every timestamp of this authority leads to."""

    def stamp(self, digest: bytes) -> bytes:
        """Return a checked RFC 3161 TimeStampToken over a SHA-256 digest; raises Away or WrongTimestamp."""


@dataclass(frozen=True, kw_only=True)
class SpeakerSpan:
    """Who spoke from `start` to `end`, in seconds; the label is a role, never a name."""

    start: float
    end: float
    label: str


@dataclass(frozen=True, kw_only=True)
class SilencedSpan:
    """A part of the recording whose sound and words were removed, in seconds, and why."""

    start: float
    end: float
    reason: str

    @property
    def times(self) -> str:
        """Its beginning and end, to the millisecond."""
        return f"{self.start:.3f}\N{EN DASH}{self.end:.3f}"


@dataclass(frozen=True, kw_only=True)
class ListeningCopy:
    """A copy that ordinary players take, made from a recording that they refuse; never the evidence itself."""

    filename: str
    media_type: str
    size: int
    sha256: str
    open: Callable[[], Iterator[bytes]]


@dataclass(frozen=True, kw_only=True)
class ReviewNote:
    """One human review of a recording: when, what for, and by whom in which role."""

    on: datetime
    purpose: str
    role: str


@dataclass(frozen=True, kw_only=True)
class OwnWords:
    """How the person concerned has a transcript, which stands unchanged: taken over by us, or as their statement."""

    on: date
    words: str
    taken_over: bool


@dataclass(frozen=True, kw_only=True)
class CustodyStep:
    """One step in the chain of custody; without a moment where the document gives it elsewhere."""

    at: datetime | None
    actor: str
    event: str


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """One recording in a production; `open` streams the bytes that `size` and `sha256` describe."""

    bates: str
    filename: str
    media_type: str
    size: int
    sha256: str
    recorded_at: datetime
    zone: str
    device: str
    account: str
    version_id: str
    seconds: float | None
    peaks: tuple[int, ...]
    transcript: str
    speakers: tuple[SpeakerSpan, ...]
    reviews: tuple[ReviewNote, ...]
    false_wake: bool
    custody: tuple[CustodyStep, ...]
    open: Callable[[], Iterator[bytes]]
    silenced: tuple[SilencedSpan, ...] = ()
    # The digest of the recording as it is stored, where what leaves is a file made from it.
    stored_sha256: str = ""
    listening: ListeningCopy | None = None
    # Parts are silenced and nobody knows which words lie in them, so that none of the transcript leaves.
    words_held_back: bool = False
    own_words: OwnWords | None = None
    # What is plainly wrong with the recording as it is stored: it holds no sound, it ends before it says that it
    # ends, or it holds something else (this media type) than its name says.
    empty: bool = False
    breaks_off: bool = False
    holds: str = ""


@dataclass(frozen=True, kw_only=True)
class RecordSet:
    """A table of records that is not audio; `csv` is the same table as a file, `sha256` its digest."""

    bates: str
    filename: str
    title: str
    data_class: str
    source: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    csv: bytes
    sha256: str


@dataclass(frozen=True, kw_only=True)
class LegalBasis:
    """One row of the legal-basis table: the class of data, the citation, and what we did."""

    data_class: str
    basis: str
    disposition: str


@dataclass(frozen=True, kw_only=True)
class Objection:
    """Our written refusal of all or part, with its ground; `name` tells it apart where one ground has two texts."""

    ground: str
    title: str
    cites: tuple[str, ...]
    paragraphs: tuple[str, ...]
    remedy: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class LetterPart:
    """A part of a letter under a heading of its own, such as a section of a form."""

    name: str
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One human review, of a recording by its number, or of one that is not enclosed and has none."""

    bates: str
    recorded_on: date
    note: ReviewNote


@dataclass(frozen=True, kw_only=True)
class HumanReview:
    """Every time a person of ours listened to what was asked for, as far as the person who asked may know."""

    heard: tuple[Heard, ...]


@dataclass(frozen=True, kw_only=True)
class WithheldGroup:
    """One line of the withheld log; `count` is None where the number was not established."""

    what: str
    ground: str
    reason: str
    count: int | None


@dataclass(frozen=True, kw_only=True)
class Discrepancy:
    """A recording that could not be produced as catalogued (missing, changed, unreadable), named in the bundle."""

    bates: str | None
    recording: str
    kind: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """The custodian's statement of authenticity (FRE 902(11), (13), (14); 28 U.S.C. § 1746)."""

    title: str
    paragraphs: tuple[str, ...]
    custodian_name: str
    custodian_role: str
    signed_off_at: datetime
    place: str


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A small extra file that travels inside the bundle, such as the audit log's proof."""

    filename: str
    media_type: str
    description: str
    data: bytes
    relationship: Relationship = "Supplement"


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """A recording of the same production that another volume embeds; its waveform is drawn there."""

    volume: int
    exhibit: Exhibit


@dataclass(frozen=True, kw_only=True)
class BundleContents:
    """One volume of one production, complete."""

    reference: str
    production: int
    volume: int
    volumes: int
    supplements: str | None
    kind: Kind
    language: str
    recipient: tuple[str, ...]
    our_name: str
    our_address: tuple[str, ...]
    subject: str
    letter: tuple[str, ...]
    legal_basis: tuple[LegalBasis, ...]
    objections: tuple[Objection, ...]
    record_sets: tuple[RecordSet, ...]
    exhibits: Sequence[Exhibit]
    withheld: tuple[WithheldGroup, ...]
    discrepancies: tuple[Discrepancy, ...]
    certificate: Certificate
    book_digest: str
    verify_url: str
    bates_first: str
    bates_last: str
    made_at: datetime
    document_id: str
    attachments: tuple[Attachment, ...] = ()
    paper: PaperSize = "A4"
    replaces: str | None = None
    # What the other volumes embed; only volume 1 lists it.
    elsewhere: Collection[Elsewhere] = ()
    # The Bates ranges of this volume, each its first and last number.
    ranges: tuple[tuple[str, str], ...] = ()
    # Under headings of their own: what to do next, on the first page, and what is done with a person's data.
    letter_parts: tuple[LetterPart, ...] = ()
    information: tuple[LetterPart, ...] = ()
    # None where the recipient has no right to know.
    human_review: HumanReview | None = None


@dataclass(frozen=True, kw_only=True)
class LetterContents:
    """One letter of ours: opening, parts, objections, further parts, closing; a draft is watermarked and not signed."""

    reference: str
    language: str
    recipient: tuple[str, ...]
    our_name: str
    our_address: tuple[str, ...]
    subject: str
    date: date
    paragraphs: tuple[str, ...]
    objections: tuple[Objection, ...]
    closing: tuple[str, ...]
    made_at: datetime
    document_id: str
    parts: tuple[LetterPart, ...] = ()
    parts_after: tuple[LetterPart, ...] = ()
    draft: bool = False
    paper: PaperSize = "A4"


@dataclass(frozen=True, kw_only=True)
class SealedVolume:
    """One volume as it was signed: what the index says of it."""

    number: int
    filename: str
    bates: tuple[tuple[str, str], ...]
    recordings: int
    pages: int
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class IndexContents:
    """The signed list of a production's volumes with their digests."""

    reference: str
    production: int
    kind: Kind
    language: str
    recipient: tuple[str, ...]
    our_name: str
    our_address: tuple[str, ...]
    subject: str
    volumes: tuple[SealedVolume, ...]
    verify_url: str
    made_at: datetime
    document_id: str
    paper: PaperSize = "A4"


@dataclass(frozen=True, kw_only=True)
class Written:
    """What was written: digest and size of the whole file, and the seconds each stage took."""

    sha256: str
    size: int
    pages: int
    attachments: int
    stages: Mapping[str, float] = field(default_factory=dict)
    # What is seen on the pages, but for the moments of sign-off and of sealing.
    pages_digest: str = ""
