"""The invented world in the model's terms: what a demonstration's desk is stocked with."""

from collections.abc import Iterator
from datetime import date, datetime

from requests_portal.demonstration.agencies import AGENCIES
from requests_portal.demonstration.people import STAFF, Persona
from requests_portal.demonstration.people import Customer as InventedCustomer
from requests_portal.demonstration.records import COLUMNS, SOURCES, record_set
from requests_portal.demonstration.world import Recording as InventedRecording
from requests_portal.demonstration.world import World
from requests_portal.model.actor import Actor, Role
from requests_portal.model.agency import Agency, Domain, a_phone, an_agency
from requests_portal.model.person import Person
from requests_portal.model.recording import ReviewEntry, SpeakerSpan, TimedWord
from requests_portal.stock import Clip, RecordSetStock
from requests_portal.work.ports import Customer

# Which columns of each source say from when to when a row is.
DEVICES = {"identification": 3, "connections": 3, "devices": 0}
PERIODS = {"identification": (0, 0), "connections": (0, 1), "human_review_log": (1, 1), "purchases": (0, 0)}


def customers(world: World) -> Iterator[tuple[Customer, tuple[tuple[str, str], ...]]]:
    """Each customer, with the serial and name of each device."""
    for invented in world.customers:
        yield _customer(invented), tuple((device.serial, device.name) for device in invented.devices)


def record_sets(world: World) -> Iterator[RecordSetStock]:
    """Each named source with every account's rows."""
    for data_class, source in SOURCES.items():
        rows = tuple((each.account, record_set(world, each.account, data_class)[1]) for each in world.customers)
        yield RecordSetStock(
            data_class=data_class,
            source=source,
            columns=COLUMNS[data_class],
            period=PERIODS.get(data_class),
            device=DEVICES.get(data_class),
            rows=rows,
        )


def clips(world: World, *, account: str | None = None) -> Iterator[Clip]:
    """Each recording to be stored; of one account, or of all."""
    for recording in world.recordings if account is None else world.of(account):
        yield _clip(recording)


def agencies(found_on: date) -> Iterator[Agency]:
    """Each authority that the directory knows, without an id."""
    for each in AGENCIES:
        country, _, state = each.place.partition("-")
        yield an_agency(
            name=each.name,
            country=country,
            state=state,
            domains=(Domain(name=each.domain, below=False),),
            phones=(a_phone(each.number, each.source, found_on, today=found_on),),
        )


def actor(persona: Persona) -> Actor:
    """The persona as somebody who acts."""
    return Actor(
        id=persona.id,
        name=persona.name,
        roles=frozenset(Role(role) for role in persona.roles),
        account=persona.account,
    )


def staff(since: datetime) -> Iterator[Person]:
    """Everybody who works at the desk."""
    for each in STAFF:
        roles = actor(each).roles
        yield Person(id=each.id, name=each.name, mail=f"{each.id}@example.org", roles=roles, since=since)


def _customer(invented: InventedCustomer) -> Customer:
    return Customer(
        account=invented.account,
        name=invented.name,
        email=invented.email,
        address=invented.address,
        country=invented.country,
        language=invented.language,
        zone=invented.zone,
    )


def _clip(recording: InventedRecording) -> Clip:
    review = recording.review
    return Clip(
        id=recording.id,
        account=recording.account,
        device=recording.device,
        recorded_at=recording.recorded_at,
        zone=recording.zone,
        path=recording.clip.path,
        media_type=recording.clip.media_type,
        transcript=recording.transcript,
        speakers=tuple(SpeakerSpan(start=span.start, end=span.end, label=span.label) for span in recording.speakers),
        reviews=() if review is None else (ReviewEntry(at=review.at, purpose=review.purpose, role=review.role),),
        false_wake=recording.false_wake,
        words=tuple(TimedWord(start=word.start, end=word.end, text=word.text) for word in recording.words),
        seconds=recording.clip.seconds,
    )
