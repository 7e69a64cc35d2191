"""What a walkthrough acts out: an overbroad warrant and an access request, over invented or over real recordings."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from legal_rules.facts import VOICES
from requests_portal import invented
from requests_portal.demonstration.demands import six_month_warrant
from requests_portal.demonstration.filing import Asker, Desk, Scenario, in_words
from requests_portal.demonstration.own_data import californian_know
from requests_portal.demonstration.people import MARSH
from requests_portal.demonstration.records import COLUMNS, SOURCES
from requests_portal.demonstration.world import invent
from requests_portal.errors import Unusable
from requests_portal.model.recording import SpeakerSpan
from requests_portal.stock import Clip, RecordSetStock
from requests_portal.storage.catalogue_csv import ManifestRow
from requests_portal.work.ports import Customer

HALF_A_YEAR = timedelta(days=182)
AROUND = timedelta(hours=1)
COUNTRY = "US-CA"


@dataclass(frozen=True, kw_only=True)
class Play:
    """A warrant, an access request, and everything they are about."""

    warrant: Scenario
    access: Scenario
    clips: tuple[Clip, ...]
    customers: tuple[tuple[Customer, tuple[tuple[str, str], ...]], ...]
    record_sets: tuple[RecordSetStock, ...]


def invented_play(at: datetime) -> Play:
    """The demonstration's six-month warrant, and the same customer's request to know."""
    world = invent(at.date())
    desk = Desk(world, at)
    return Play(
        warrant=six_month_warrant(desk),
        access=californian_know(desk),
        clips=tuple(invented.clips(world, account=MARSH)),
        customers=tuple(invented.customers(world)),
        record_sets=tuple(invented.record_sets(world)),
    )


def recorded_play(rows: Sequence[ManifestRow], at: datetime) -> Play:
    """The same two requests over real recordings: the warrant names the account that has most of them."""
    if late := [row for row in rows if row.recorded_at > at]:
        raise Unusable(f"{late[0].path.name} was recorded after this moment. Correct its recorded_at.")
    desk = Desk(invent(at.date()), at)
    (account, _), *_ = Counter(row.account for row in rows).most_common()
    own = sorted((row for row in rows if row.account == account), key=lambda row: row.recorded_at)
    return Play(
        warrant=_warrant(desk, own),
        access=_access(desk, own),
        clips=tuple(_clip(row) for row in rows),
        customers=tuple(_customers(rows)),
        record_sets=tuple(_record_sets(rows)),
    )


def _warrant(desk: Desk, own: Sequence[ManifestRow]) -> Scenario:
    """Half a year is demanded for what happened around one recording in its middle."""
    story = six_month_warrant(desk)
    last = own[-1].recorded_at
    within = [row for row in own if row.recorded_at > last - HALF_A_YEAR]
    event = within[len(within) // 2].recorded_at
    dates = {
        "accounts": [own[0].account],
        "range_from": (last - HALF_A_YEAR).isoformat(),
        "range_to": (last + timedelta(seconds=1)).isoformat(),
        "incident_from": (event - AROUND).isoformat(),
        "incident_to": (event + AROUND).isoformat(),
    }
    body = (
        f"To the custodian of records. You are commanded to produce, for account {own[0].account}, any and all audio "
        f"recordings, transcripts and other data from {in_words((last - HALF_A_YEAR).date())} through "
        f"{in_words(last.date())}.",
        f"The affidavit describes an event on {in_words(event.date())}.",
        "You are requested not to notify the account holder of this warrant.",
    )
    return replace(
        story,
        facts={**story.facts, **dates, "seeks": ["audio", "transcript"]},
        body=body,
        quoted=("any and all audio recordings", "requested not to notify"),
        zone="UTC",
    )


def _access(desk: Desk, own: Sequence[ManifestRow]) -> Scenario:
    story = californian_know(desk)
    account = own[0].account
    facts = {name: value for name, value in story.facts.items() if name not in {"range_from", "range_to"}}
    asked = {
        "accounts": [account],
        "range_stated": False,
        "seeks": ["audio", "transcript"],
        "other_voices_consented": list(VOICES),
    }
    return replace(
        story,
        facts={**facts, **asked},
        asker=Asker(name=own[0].customer_name, email="", address=(), country=COUNTRY),
        title="Request to know, all my recordings",
        body=(
            "I would like a copy of everything my devices recorded.",
            "Whoever else is heard on them has agreed that I get this copy.",
        ),
        quoted=("everything my devices recorded",),
        account=account,
        zone="UTC",
    )


def _customers(rows: Sequence[ManifestRow]) -> list[tuple[Customer, tuple[tuple[str, str], ...]]]:
    names = {row.account: row.customer_name for row in rows}
    devices = {row.device: row.account for row in rows}
    return [
        (
            Customer(account=account, name=name, email="", address=(), country=COUNTRY, language="en", zone="UTC"),
            tuple((device, device) for device, owner in devices.items() if owner == account),
        )
        for account, name in names.items()
    ]


def _record_sets(rows: Sequence[ManifestRow]) -> list[RecordSetStock]:
    """The sources exist; of real customers we have only what the manifest says, and no other rows."""
    accounts = tuple((account, ()) for account in sorted({row.account for row in rows}))
    return [
        RecordSetStock(data_class=data_class, source=source, columns=COLUMNS[data_class], period=None, rows=accounts)
        for data_class, source in SOURCES.items()
    ]


def _clip(row: ManifestRow) -> Clip:
    # Nobody has told us who speaks where the manifest does not: "unknown" claims nothing.
    spoken = (SpeakerSpan(start=0.0, end=row.seconds, label=row.speaker or "unknown"),)
    return Clip(
        id=str(uuid5(NAMESPACE_URL, f"recording:{row.account}:{row.path.name}:{row.recorded_at.isoformat()}")),
        account=row.account,
        device=row.device,
        recorded_at=row.recorded_at,
        zone="UTC",
        path=row.path,
        media_type=row.media_type,
        transcript=row.transcript or "",
        speakers=spoken,
        reviews=(),
        false_wake=False,
    )
