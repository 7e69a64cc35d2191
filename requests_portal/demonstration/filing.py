"""The shape of an invented request: who asks, the facts of the paper, and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from requests_portal.demonstration.people import CUSTOMERS, Customer
from requests_portal.demonstration.world import World

Stage = Literal[
    "received",
    "assessed",
    "decided",
    "waiting_for_approval",
    "gathering",
    "waiting_for_certificate",
    "offered",
    "released",
    "objected",
    "waiting_for_requester",
]
Mood = Literal["emergency", "overdue", "due_soon", "later", "waiting", "answered"]
Track = Literal["legal_demand", "data_subject"]


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Who writes to us; `organisation` is empty for a person who asks for themselves."""

    name: str
    email: str
    address: tuple[str, ...]
    country: str
    organisation: str = ""


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One request as it is filed, and the stage to which the demonstration drives it.

    `facts` has the JSON form that `legal_rules.facts.parse` reads; `body` holds the paragraphs of the paper, `quoted`
    words that stand in them; `checked` says how the requester was verified, None while nobody has verified them.
    """

    key: str
    track: Track
    title: str
    asker: Asker
    language: str
    zone: str
    received_at: datetime
    facts: Mapping[str, object]
    body: tuple[str, ...]
    stage: Stage
    mood: Mood
    quoted: tuple[str, ...] = ()
    checked: str | None = None
    assignee: str | None = None
    account: str | None = None
    # Why others' speech is silenced, where that is done instead of keeping their recordings back.
    silenced: str = ""
    # What reviewers are asked to listen for, where they are.
    to_hear: str = ""
    # Whether the customer sends it from their account, so that the standing policy answers it.
    by_themselves: bool = False

    @property
    def quotes(self) -> tuple[tuple[str, str], ...]:
        """The quoted words, each with the paragraph in which they stand."""
        return tuple((words, f"paragraph {self._paragraph(words)}") for words in self.quoted)

    def _paragraph(self, words: str) -> int:
        return next(number for number, text in enumerate(self.body, start=1) if words in text)


# What a clerk states who has read the paper through and found nothing of the kind in it.
SILENT: dict[str, object] = {
    "issuer_named": True,
    "signed": True,
    "catch_all": False,
    "area": False,
    "all_users": False,
    "keywords": [],
    "devices": [],
    "nondisclosure_requested": False,
    "nondisclosure_order": False,
    "emergency_danger": False,
    "emergency_immediate": False,
    # Papers of other states have attested it since 2022 (Cal. Penal Code § 1524.2(c)).
    "care_attestation": True,
    # Somebody looked, and found nothing that bears on it.
    "circumstances": [],
}
BY_ACCOUNT = {customer.account: customer for customer in CUSTOMERS}


@dataclass(frozen=True)
class Desk:
    """Where requests are told from: the world, and the aware moment that counts as now."""

    world: World
    now: datetime

    def day(self, offset: int) -> date:
        """Return the day so many days after today, before it when negative."""
        return self.world.today + timedelta(days=offset)

    def iso(self, offset: int) -> str:
        """Write that day as facts do."""
        return self.day(offset).isoformat()

    def words(self, offset: int) -> str:
        """Write that day as English papers do."""
        return in_words(self.day(offset))

    def at(self, offset: int, hour: int, zone: str) -> str:
        """Write an hour of that day in a zone, with its offset from UTC."""
        return datetime.combine(self.day(offset), time(hour), ZoneInfo(zone)).isoformat()

    def demand(self, facts: dict[str, object], *, target: str | None, ago: timedelta, **told: Any) -> Scenario:
        """Make a legal demand; `target` is the account it names, None when it names none."""
        received = self._received(ago)
        known: dict[str, object] = {
            "track": "legal_demand",
            "requester_kind": "authority",
            "accounts": [target] if target else [],
            "range_stated": "range_from" in facts,
            "incident_stated": "incident_from" in facts,
            "nexus_stated": True,
            "served_on": received.date().isoformat(),
            "received_at": received.isoformat(),
            "channel": "portal",
        }
        zone = BY_ACCOUNT[target].zone if target else "America/Chicago"
        every = {"language": "en", "zone": zone} | told
        return Scenario(track="legal_demand", received_at=received, facts=SILENT | known | facts, **every)

    def own(self, facts: dict[str, object], *, customer: Customer, ago: timedelta, **told: Any) -> Scenario:
        """Make a customer's request about their own data."""
        received = self._received(ago)
        known: dict[str, object] = {
            "track": "data_subject",
            "requester_kind": "data_subject",
            "accounts": [customer.account],
            "devices": [],
            "range_stated": "range_from" in facts,
            "catch_all": False,
            "data_subject_country": customer.country,
            "received_at": received.isoformat(),
            "channel": "portal",
        }
        every = {"language": customer.language, "zone": customer.zone, "account": customer.account} | told
        asker = told.get("asker") or self._customer(customer)
        return Scenario(track="data_subject", received_at=received, facts=known | facts, **(every | {"asker": asker}))

    def _received(self, ago: timedelta) -> datetime:
        return (self.now - ago).astimezone(UTC).replace(microsecond=0)

    def _customer(self, customer: Customer) -> Asker:
        return Asker(name=customer.name, email=customer.email, address=customer.address, country=customer.country)


def in_words(day: date) -> str:
    """Write a day as English papers do: 14 March 2026."""
    return f"{day.day} {day:%B %Y}"
