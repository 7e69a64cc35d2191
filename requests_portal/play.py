"""What a walkthrough acts out: an overbroad warrant and an access request, over invented or over real recordings."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from legal_rules.vocabulary.words import VOICES
from requests_portal import invented
from requests_portal.demonstration.demands import six_month_warrant
from requests_portal.demonstration.filing import Asker, Desk, Scenario, in_words
from requests_portal.demonstration.own_data import californian_know
from requests_portal.demonstration.people import MARSH
from requests_portal.demonstration.records import COLUMNS, SOURCES
from requests_portal.demonstration.world import invent
from requests_portal.model.recording import SpeakerSpan
from requests_portal.stock import Clip, RecordSetStock
from requests_portal.storage.catalogue_csv import ManifestRow
from requests_portal.storage.manifest_cells import BadManifest
from requests_portal.work.ports import Customer

HALF_A_YEAR = 6
A_DAY = timedelta(days=1)
AROUND = timedelta(hours=1)
COUNTRY = "US-CA"
REVIEWS = "human_review_log"
# A manifest says at most whether a person listened, so the log says no more, and says so.
REVIEW_COLUMNS = ("Recorded (UTC)", "Device", "Heard by a person", "When", "Purpose")
NOT_STATED = "not stated"
HEARD_AND_READ = ["audio", "transcript"]
HEARD = {True: "yes", False: "no", None: NOT_STATED}


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
        raise BadManifest(late[0].line, "recorded_at", "it lies in the future")
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
    account = own[0].account
    last = own[-1].recorded_at.astimezone(UTC).date()
    first = _half_a_year_to(last)
    within = [row for row in own if row.recorded_at >= _midnight(first)]
    event = within[len(within) // 2].recorded_at.astimezone(UTC)
    reached, issued = _served(story, last, desk.now)
    told = {
        "accounts": [account],
        "seeks": HEARD_AND_READ,
        "issued_on": issued,
        "served_on": reached.date().isoformat(),
        "received_at": reached.isoformat(),
        "range_from": _midnight(first).isoformat(),
        "range_to": _midnight(last + A_DAY).isoformat(),
        "incident_from": (event - AROUND).isoformat(),
        "incident_to": (event + AROUND).isoformat(),
    }
    body = (
        (
            f"To the custodian of records. You are commanded to produce, for account {account}, any and all audio "
            f"recordings, transcripts and other data from {in_words(first)} through {in_words(last)}."
        ),
        f"The affidavit describes an event on {in_words(event.date())}.",
        "You are requested not to notify the account holder of this warrant.",
    )
    return replace(
        story,
        facts={**story.facts, **told},
        received_at=reached,
        body=body,
        quoted=("any and all audio recordings", "requested not to notify"),
        zone="UTC",
    )


def _half_a_year_to(last: date) -> date:
    """The first day of the six calendar months that end with this day."""
    after = last + A_DAY
    year, month = divmod(after.year * 12 + after.month - 1 - HALF_A_YEAR, 12)
    return date(year, month + 1, min(after.day, monthrange(year, month + 1)[1]))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _served(story: Scenario, last: date, at: datetime) -> tuple[datetime, str]:
    """When the paper reached us, and its day of issue: as the story has them, or now for younger recordings."""
    issued = str(story.facts["issued_on"])
    return (story.received_at, issued) if last.isoformat() < issued else (at, at.date().isoformat())


def _access(desk: Desk, own: Sequence[ManifestRow]) -> Scenario:
    story = californian_know(desk)
    account = own[0].account
    reached = max(story.received_at, own[-1].recorded_at.astimezone(UTC))
    facts = {name: value for name, value in story.facts.items() if name not in {"range_from", "range_to"}}
    asked = {
        "accounts": [account],
        "range_stated": False,
        "seeks": [*HEARD_AND_READ, REVIEWS],
        "other_voices_consented": list(VOICES),
        "received_at": reached.isoformat(),
    }
    return replace(
        story,
        facts={**facts, **asked},
        received_at=reached,
        asker=Asker(name=own[-1].customer_name, email="", address=(), country=COUNTRY),
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
    newest_last = sorted(rows, key=lambda row: row.recorded_at)
    names = {row.account: row.customer_name for row in newest_last}
    devices = {row.device: row.account for row in newest_last}
    return [
        (
            Customer(account=account, name=name, email="", address=(), country=COUNTRY, language="en", zone="UTC"),
            tuple((device, device) for device, owner in devices.items() if owner == account),
        )
        for account, name in names.items()
    ]


def _record_sets(rows: Sequence[ManifestRow]) -> Iterator[RecordSetStock]:
    """The sources exist; of real customers we have only what the manifest says, and no other rows."""
    accounts = sorted({row.account for row in rows})
    for data_class, source in SOURCES.items():
        is_log = data_class == REVIEWS
        yield RecordSetStock(
            data_class=data_class,
            source="Manifest of the recordings" if is_log else source,
            columns=REVIEW_COLUMNS if is_log else COLUMNS[data_class],
            period=None,
            device=None,
            rows=tuple((account, tuple(_reviews(rows, account)) if is_log else ()) for account in accounts),
        )


def _reviews(rows: Sequence[ManifestRow], account: str) -> Iterator[tuple[str, ...]]:
    for row in sorted(rows, key=lambda row: row.recorded_at):
        if row.account == account:
            recorded = row.recorded_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
            unsaid = "" if row.human_reviewed is False else NOT_STATED
            yield recorded, row.device, HEARD[row.human_reviewed], unsaid, unsaid


def _clip(row: ManifestRow) -> Clip:
    # Nobody has told us who speaks where the manifest does not: "unknown" claims nothing.
    spoken = (SpeakerSpan(start=0.0, end=row.seconds, label=row.speaker or "unknown"),)
    return Clip(
        id=str(uuid5(NAMESPACE_URL, f"recording:{row.account}:{row.line}:{row.recorded_at.isoformat()}")),
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
        seconds=row.seconds,
    )
