"""Recordings as the catalogue knows them: where each one is, what it should be, and who is heard on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from legal_rules.narrowing import Recorded
from requests_portal.model.silence import Silence

# The marks of the maker's own recognition, in the rule book's words for the people heard besides the account holder.
HOLDER = "account_holder"
ACCOUNT_HOLDER = frozenset({"account holder", HOLDER})
VOICE = {"family member": "family", "visitor": "visitor", "child": "child", "staff": "staff", "unknown": "unknown"}


@dataclass(frozen=True, kw_only=True)
class SpeakerSpan:
    """Who speaks from one second to another, as the maker's own recognition marked it."""

    start: float
    end: float
    label: str

    def is_within(self, silences: Sequence[Silence]) -> bool:
        """Whether all of it is silenced, by one part or by several that follow each other without a gap."""
        reach = self.start
        for each in sorted(silences, key=lambda silence: silence.start):
            if each.start <= reach:
                reach = max(reach, each.end)
        # A mark without length is within only where a part goes on over it.
        return reach > self.start and reach >= self.end


@dataclass(frozen=True, kw_only=True)
class TimedWord:
    """One word of a transcript and when it is spoken, as the maker's own recognition heard it."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, kw_only=True)
class ReviewEntry:
    """One time a person of ours listened to or annotated a recording."""

    at: datetime
    purpose: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Copy:
    """One more object that holds a recording or part of it: `kind` says what for, such as "training"."""

    recording: str
    bucket: str
    key: str
    version_id: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Totals:
    """How much recordings are together; `seconds` is of those whose length is known, None where it is of none."""

    recordings: int
    bytes: int
    seconds: float | None
    unknown_lengths: int


@dataclass(frozen=True, kw_only=True)
class Recording:
    """One stored voice file with its metadata; `id` is random and says nothing about the customer."""

    id: str
    account: str
    device: str
    recorded_at: datetime
    zone: str
    key: str
    version_id: str
    size: int
    sha256: str
    media_type: str
    transcript: str = ""
    speakers: tuple[SpeakerSpan, ...] | None = None
    reviews: tuple[ReviewEntry, ...] = ()
    false_wake: bool = False
    # The transcript word by word; None where nobody knows when each was spoken.
    words: tuple[TimedWord, ...] | None = None
    # The bucket it lies in; empty for the house's own.
    bucket: str = ""
    # A random name for the customer; only the guarded map says whose it is.
    pseudonym: str = ""
    transcript_key: str = ""
    transcript_version: str = ""
    # Until when the company keeps it by its own rules; None where nothing ends it.
    retain_until: datetime | None = None
    # How long it plays; None where nobody has said.
    seconds: float | None = None

    @property
    def other_voices(self) -> frozenset[str] | None:
        """Who is heard besides the account holder, in the rule book's words; None where nobody has established it."""
        return self.other_voices_outside(())

    def other_voices_outside(self, silences: Sequence[Silence]) -> frozenset[str] | None:
        """Who is heard besides the account holder, in the rule book's words, where these parts are silent.

        None where nobody has established who is heard: then nobody knows either whom a silence silences.
        """
        if self.speakers is None:
            return None
        others = (span for span in self.speakers if span.label not in ACCOUNT_HOLDER and not span.is_within(silences))
        return frozenset(VOICE.get(span.label, "unknown") for span in others)

    def heard_outside(self, silences: Sequence[Silence]) -> frozenset[str] | None:
        """Everybody who is heard where these parts are silent, the account holder among them; None as above."""
        others = self.other_voices_outside(silences)
        if self.speakers is None or others is None:
            return None
        holder = any(span.label in ACCOUNT_HOLDER and not span.is_within(silences) for span in self.speakers)
        return others | {HOLDER} if holder else others

    def as_recorded(self, data_class: str, silences: Sequence[Silence] = ()) -> Recorded:
        """What the rule book needs to know of it to say whether it is withheld."""
        return Recorded(
            account=self.account,
            device=self.device,
            data_class=data_class,
            recorded_at=self.recorded_at,
            speakers=self.heard_outside(silences),
        )
