"""Stocking a desk: recordings into the store and the catalogue, customers and record sets into their places."""

import secrets
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from requests_portal.app import Desk
from requests_portal.database.catalogue import SqlCatalogue
from requests_portal.database.people import SqlCustomers, SqlRecordSets
from requests_portal.model.agency import Agency
from requests_portal.model.passkey import Credential, Passkey
from requests_portal.model.person import Person
from requests_portal.model.recording import Recording, ReviewEntry, SpeakerSpan, TimedWord
from requests_portal.storage.buckets import make_buckets
from requests_portal.storage.recordings import Recordings
from requests_portal.work.ports import Customer

# Measured against moto, whose one process is the limit: 827 puts take 5.9 s with two, 7.9 s with one, 7.1 s with eight.
UPLOADS = 2
Row = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Clip:
    """One recording to be stored: its bytes and all that is known of it but where it will be."""

    id: str
    account: str
    device: str
    recorded_at: datetime
    zone: str
    path: Path
    media_type: str
    transcript: str
    speakers: tuple[SpeakerSpan, ...] | None
    reviews: tuple[ReviewEntry, ...]
    false_wake: bool
    words: tuple[TimedWord, ...] | None = None
    seconds: float | None = None


@dataclass(frozen=True, kw_only=True)
class RecordSetStock:
    """One named source of records that are not audio, with each account's rows."""

    data_class: str
    source: str
    columns: Row
    period: tuple[int, int] | None
    device: int | None
    rows: tuple[tuple[str, tuple[Row, ...]], ...]


def make_store(desk: Desk) -> None:
    """Make the buckets, versioned and lockable."""
    store = _store(desk)
    make_buckets(store.client, (desk.settings.recordings_bucket, desk.settings.vault_bucket))


def stock_people(
    desk: Desk, customers: Iterable[tuple[Customer, tuple[tuple[str, str], ...]]], sets: Iterable[RecordSetStock]
) -> None:
    """Enter customers with their devices (serial, name), and the record sets."""
    with Session(desk.engine) as session, session.begin():
        for customer, serials in customers:
            SqlCustomers(session).add(customer, serials=serials)
        for each in sets:
            SqlRecordSets(session).add_source(
                each.data_class, each.source, each.columns, each.period, device=each.device
            )
            for account, rows in each.rows:
                SqlRecordSets(session).add_rows(each.data_class, account, rows)


def stock_agencies(desk: Desk, agencies: Iterable[Agency]) -> None:
    """Put authorities into the directory, as if two people had."""
    with desk.ledger.unit_of_work() as work:
        for each in agencies:
            work.agencies.put(replace(each, id=work.new_id()))


def stock_staff(desk: Desk, people: Iterable[Person]) -> None:
    """Enter who works here, each with a passkey that nothing can use."""
    with desk.ledger.unit_of_work() as work:
        for each in people:
            work.staff.add(each)
            work.passkeys.add(a_passkey(each, work.new_id()))


def a_passkey(owner: Person, new_id: str) -> Passkey:
    """A passkey as the demonstration's people have one, who sign in with one press."""
    nothing = Credential(credential_id=new_id, public_key="", sign_count=0)
    return Passkey(
        id=new_id,
        owner=owner.id,
        customer=False,
        user_handle=new_id,
        credential=nothing,
        name="Work laptop",
        added_at=owner.since,
    )


def stock_recordings(desk: Desk, clips: Iterable[Clip]) -> int:
    """Store each clip as an object of its own and catalogue the exact version; returns how many."""
    store = _store(desk)
    with ThreadPoolExecutor(UPLOADS) as pool:
        stored = list(pool.map(lambda clip: _stored(store, clip), clips))
    with Session(desk.engine) as session, session.begin():
        return SqlCatalogue(session).add(stored)


def random_key() -> str:
    """A key that says nothing about whose recording it is."""
    return f"voice/{secrets.token_hex(16)}"


def _store(desk: Desk) -> Recordings:
    store = desk.outside.store
    assert isinstance(store, Recordings)  # noqa: S101 — the composition root put it there
    return store


def _stored(store: Recordings, clip: Clip) -> Recording:
    key = random_key()
    kept = store.put(key, clip.path.read_bytes(), media_type=clip.media_type)
    return Recording(
        id=clip.id,
        account=clip.account,
        device=clip.device,
        recorded_at=clip.recorded_at,
        zone=clip.zone,
        key=key,
        version_id=kept.version_id,
        size=kept.size,
        sha256=kept.sha256,
        media_type=clip.media_type,
        transcript=clip.transcript,
        speakers=clip.speakers,
        reviews=clip.reviews,
        false_wake=clip.false_wake,
        words=clip.words,
        seconds=clip.seconds,
    )
