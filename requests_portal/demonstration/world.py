"""The invented world on a given day: a year of recordings, one evening that matters, and the company's records."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from requests_portal.demonstration.people import CUSTOMERS, MARSH, Customer
from requests_portal.demonstration.voices import Clip, Span, Word, clips

SEED = 88310
YEAR = timedelta(days=365)
INCIDENT_AGO = timedelta(days=245)
# Before and after that evening the house is silent, so that a padded window finds the same nine recordings.
QUIET = timedelta(hours=48)
INCIDENT_FROM, INCIDENT_TO = time(21, 0), time(23, 30)
# When each of the nine clips of the incident evening begins, local time, in the script's order.
INCIDENT_TIMES = (
    time(21, 4, 12),
    time(21, 31, 40),
    time(21, 37, 55),
    time(21, 44, 3),
    time(21, 46, 27),
    time(21, 49, 8),
    time(21, 52, 30),
    time(22, 10, 31),
    time(23, 18, 46),
)
# Local minutes of the day between which a clip of each part of the day is recorded.
HOURS = {"morning": (6 * 60 + 20, 9 * 60), "day": (10 * 60, 18 * 60), "evening": (18 * 60 + 30, 22 * 60 + 50)}
REVIEWED_SHARE = 0.06
PURPOSES = ("improve recognition of speech", "improve detection of the wake word", "check a reported false wake-up")
REVIEWERS = (("annotator", "R-4D17"), ("annotator", "R-91C0"), ("quality reviewer", "R-2EA6"))


@dataclass(frozen=True, kw_only=True)
class Review:
    """One time a person of the company listened; the person is named by role and an opaque id."""

    at: datetime
    purpose: str
    role: str
    reviewer: str


@dataclass(frozen=True, kw_only=True)
class Recording:
    """One stored voice file; `id` is random and says nothing about the customer, times are UTC."""

    id: str
    account: str
    device: str
    recorded_at: datetime
    zone: str
    clip: Clip
    review: Review | None

    @property
    def transcript(self) -> str:
        """What was said."""
        return self.clip.transcript

    @property
    def words(self) -> tuple[Word, ...]:
        """What was said, word by word."""
        return self.clip.words

    @property
    def speakers(self) -> tuple[Span, ...]:
        """Who spoke when."""
        return self.clip.speakers

    @property
    def false_wake(self) -> bool:
        """Whether the device woke without being called."""
        return self.clip.false_wake

    @property
    def human_reviewed(self) -> bool:
        """Whether a person listened to it."""
        return self.review is not None


@dataclass(frozen=True, kw_only=True)
class Incident:
    """The one evening under investigation: whose, on which device, from when (included) to when (excluded)."""

    account: str
    device: str
    start: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True)
class World:
    """Everything invented, on one day."""

    today: date
    customers: tuple[Customer, ...]
    recordings: tuple[Recording, ...]
    incident: Incident

    def customer(self, account: str) -> Customer:
        """Return the customer who has this account; KeyError when nobody has."""
        for customer in self.customers:
            if customer.account == account:
                return customer
        raise KeyError(account)

    def of(self, account: str) -> tuple[Recording, ...]:
        """List an account's recordings, oldest first."""
        return tuple(recording for recording in self.recordings if recording.account == account)


def invent(today: date) -> World:
    """Make the world as it is on a day; the same day always gives the same world."""
    incident = _incident(today)
    recordings = [recording for customer in CUSTOMERS for recording in _recordings(customer, today, incident)]
    recordings.sort(key=lambda recording: (recording.recorded_at, recording.id))
    return World(today=today, customers=CUSTOMERS, recordings=tuple(recordings), incident=incident)


def _incident(today: date) -> Incident:
    marsh = CUSTOMERS[0]
    near = today - INCIDENT_AGO
    saturday = near + timedelta(days=(5 - near.weekday()) % 7)
    return Incident(
        account=MARSH,
        device=marsh.devices[0].serial,
        start=_moment(saturday, INCIDENT_FROM, marsh.zone),
        end=_moment(saturday, INCIDENT_TO, marsh.zone),
    )


def _recordings(customer: Customer, today: date, incident: Incident) -> Iterator[Recording]:
    chance = Random(f"{SEED} {customer.account}")  # noqa: S311 — an invented life, not a secret
    spoken = [clip for clip in clips() if clip.household == customer.household]
    everyday = [clip for clip in spoken if clip.hour != "incident"]
    for _ in range(customer.recordings):
        # A false wake-up is rarer than a call by name.
        clip = chance.choices(everyday, weights=[1 if clip.false_wake else 4 for clip in everyday])[0]
        at = _everyday_moment(chance, clip, customer, today)
        device = chance.choices(customer.devices, weights=[5, 3, 2, 1][: len(customer.devices)])[0]
        if not _is_near(incident, customer, at):
            yield _recording(chance, customer, device.serial, at, clip, today)
    if customer.account == incident.account:
        yield from _evening(chance, customer, spoken, incident, today)


def _is_near(incident: Incident, customer: Customer, at: datetime) -> bool:
    """Tell whether the incident's household was being recorded about then: it came home only that evening."""
    return customer.account == incident.account and incident.start - QUIET <= at < incident.end + QUIET


def _evening(
    chance: Random, customer: Customer, spoken: list[Clip], incident: Incident, today: date
) -> Iterator[Recording]:
    """Nothing but the incident's own clips is recorded during the incident."""
    day = incident.start.astimezone(ZoneInfo(customer.zone)).date()
    on_that_evening = [clip for clip in spoken if clip.hour == "incident"]
    for clip, local in zip(on_that_evening, INCIDENT_TIMES, strict=True):
        yield _recording(chance, customer, incident.device, _moment(day, local, customer.zone), clip, today)


def _everyday_moment(chance: Random, clip: Clip, customer: Customer, today: date) -> datetime:
    first, last = HOURS[clip.hour]
    day = today - timedelta(days=chance.randint(1, YEAR.days))
    minute, second = chance.randrange(first, last), chance.randrange(60)
    return _moment(day, time(minute // 60, minute % 60, second), customer.zone)


def _recording(chance: Random, customer: Customer, device: str, at: datetime, clip: Clip, today: date) -> Recording:
    return Recording(
        id=str(UUID(int=chance.getrandbits(128), version=4)),
        account=customer.account,
        device=device,
        recorded_at=at,
        zone=customer.zone,
        clip=clip,
        review=_review(chance, at, today),
    )


def _review(chance: Random, recorded_at: datetime, today: date) -> Review | None:
    at = recorded_at + timedelta(days=chance.randint(2, 20), minutes=chance.randint(0, 300))
    if chance.random() >= REVIEWED_SHARE or at.date() >= today:
        return None
    role, reviewer = chance.choice(REVIEWERS)
    return Review(at=at, purpose=chance.choice(PURPOSES), role=role, reviewer=reviewer)


def _moment(day: date, local: time, zone: str) -> datetime:
    return datetime.combine(day, local, ZoneInfo(zone)).astimezone(UTC)
