"""Holds: which exact versions are kept from deletion, why, until when, and what the store says of each."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from requests_portal.model.stored import Stored


class HoldKind(StrEnum):
    """Why it is kept: for a demand that we answer, or because an issuer asked for it to be preserved."""

    CASE = "case"
    PRESERVATION = "preservation"


class Held(StrEnum):
    """Where one version stands under one hold; the first three keep it."""

    TO_PLACE = "to_place"
    PLACED = "placed"
    # The store says that it no longer has the version: it was deleted before the hold came.
    GONE = "gone"
    TO_LIFT = "to_lift"
    # A worker is telling the store to let go; nobody tells it to hold until that has ended.
    LIFTING = "lifting"
    LIFTED = "lifted"


class Answer(StrEnum):
    """What the store answered about a version when it was told or asked last."""

    HELD = "held"
    NOT_HELD = "not_held"
    GONE = "gone"
    DENIED = "denied"
    AWAY = "away"


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """The one renewal that the law allows: when the renewed request reached us, its words, and who entered it."""

    on: date
    request: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Recordings kept from deletion for a case; each version is placed in the store and marked when it is."""

    id: str
    case: str
    placed_at: datetime
    # For a preservation request the end of its period; for a case the day until which our letter promises to keep.
    expires_at: datetime | None
    # None for a hold from before kinds were told apart; the next round settles it.
    kind: HoldKind | None = HoldKind.CASE
    # What was not handed over was let go when the answer became final; nothing that arrives later is held.
    narrowed_at: datetime | None = None
    renewal: Renewal | None = None
    released_at: datetime | None = None
    released_by: str = ""
    released_because: str = ""


@dataclass(frozen=True, kw_only=True)
class HeldVersion:
    """One exact version under a hold, and what the store said of it."""

    recording: str
    bucket: str
    key: str
    version_id: str
    size: int
    sha256: str
    state: Held
    since: datetime
    answer: Answer | None = None
    asked_at: datetime | None = None
    # Its transcript, where that is an object of its own.
    transcript_key: str = ""
    transcript_version: str = ""
    # When the store was found to have let go of it though it was held; it was told again.
    contradicted_at: datetime | None = None

    @property
    def objects(self) -> tuple[Stored, ...]:
        """Each object that is held for it; another recording may name the same ones."""
        own = Stored(bucket=self.bucket, key=self.key, version_id=self.version_id)
        if not self.transcript_key:
            return (own,)
        return own, Stored(bucket=self.bucket, key=self.transcript_key, version_id=self.transcript_version)


@dataclass(frozen=True, kw_only=True)
class HoldCounts:
    """How many versions a hold keeps, and of those: confirmed by the store, not confirmed yet, gone, contradicted."""

    kept: int
    confirmed: int
    gone: int
    contradicted: int = 0
    # Since when the oldest of them waits for the store.
    waiting_since: datetime | None = None
    # When the store was last asked about the one it was not asked about for longest; None where one never was.
    asked_at: datetime | None = None

    @property
    def waiting(self) -> int:
        """How many the store has still to confirm."""
        return self.kept - self.confirmed - self.gone


@dataclass(frozen=True, kw_only=True)
class LockProbe:
    """One try whether a bucket really denies deleting a held version."""

    bucket: str
    at: datetime
    # True: it denied while held and allowed afterwards; False: it deleted a held version; None: it could not be told.
    denied: bool | None
    failure: str = ""
    # The version of the probe that could not be deleted afterwards; the next try uses it again.
    left: str = ""
