"""A customer's recordings: listed by day, played, saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, render_template, request, url_for

from requests_portal.model.actor import Act
from requests_portal.model.recording import Recording
from requests_portal.web import display
from requests_portal.web.acts import does, person
from requests_portal.web.my.blueprint import pages
from requests_portal.web.portal import the_portal
from requests_portal.web.public.streaming import Window, file_response
from requests_portal.work.compose.exhibits import SUFFIX
from requests_portal.work.views.my import Shelf, ShelfQuery

FORMATS = {
    "audio/wav": "WAV",
    "audio/x-wav": "WAV",
    "audio/flac": "FLAC",
    "audio/ogg": "Ogg Opus",
    "audio/opus": "Opus",
    "audio/mpeg": "MP3",
}
SPEAKERS = {
    "account holder": "you",
    "family member": "somebody of your family",
    "visitor": "a visitor",
    "child": "a child",
    "staff": "our staff",
    "unknown": "somebody we do not know",
}
BAD_DAY = "Enter a day as in 2026-11-23."
REVERSED = "The last day is before the first."


@dataclass(frozen=True, kw_only=True)
class Row:
    """One recording as the list shows it."""

    id: str
    at: str
    iso: str
    device: str
    about: str
    transcript: str
    heard: str
    false_wake: bool
    reviews: tuple[str, ...]
    name: str


@pages.get("/my/recordings")
@does(Act.READ_OWN)
def recordings() -> str | tuple[str, int]:
    """The recordings of the account by day, newest first."""
    query, errors = _asked()
    shelf = the_portal().my.shelf(query, by=person())
    zone = ZoneInfo(shelf.zone)
    page = render_template(
        "my/recordings.html",
        audience="customer",
        days=_by_day(shelf, zone),
        shelf=shelf,
        shown=_shown(shelf, filtered=_is_filtered()),
        filtered=_is_filtered(),
        devices=sorted(shelf.devices.items(), key=lambda device: device[1]),
        asked=request.args,
        errors={name: [sentence] for name, sentence in errors.items()},
        has_errors=bool(errors),
        previous_url=_address(shelf.page - 1) if shelf.page > 1 else None,
        next_url=_address(shelf.page + 1) if shelf.page < shelf.pages else None,
        zone_sentence=display.zone_sentence(the_portal().now(), zone),
    )
    return (page, 422) if errors else page


@pages.get("/my/recordings/<recording_id>/sound")
@does(Act.READ_OWN)
def sound(recording_id: str) -> Response:
    """The sound of one recording of the account, whole or a range; `?save=1` saves it as a file."""
    portal = the_portal()
    found = portal.my.recording(recording_id, by=person())

    def chunks(part: Window) -> tuple[bytes]:
        # A clip is short: it is checked whole against its fingerprint before its first byte leaves.
        read = portal.outside.store.read(
            key=found.key, version_id=found.version_id, size=found.size, sha256=found.sha256
        )
        return (b"".join(read)[part.start : part.end],)

    save_as = file_name(found) if request.args.get("save") else None
    return file_response(chunks, size=found.size, sha256=found.sha256, media_type=found.media_type, save_as=save_as)


def file_name(recording: Recording) -> str:
    """The name a saved recording gets: when it was made, on its own clock."""
    local = recording.recorded_at.astimezone(ZoneInfo(recording.zone))
    return f"recording-{local:%Y-%m-%d-%H-%M-%S}{SUFFIX.get(recording.media_type, '.bin')}"


def format_of(recording: Recording) -> str:
    """The sound format's name, as people look for players by it."""
    return FORMATS.get(recording.media_type, recording.media_type)


def heard(recording: Recording) -> str:
    """Who speaks, in words; empty where nobody is marked or nobody has established it."""
    labels = dict.fromkeys(span.label for span in recording.speakers or ())
    return ", ".join(SPEAKERS.get(label, label) for label in labels)


def reviewed(recording: Recording, zone: ZoneInfo) -> tuple[str, ...]:
    """Each time a person of ours listened: the day, the purpose, the role, and never a name."""
    return tuple(
        f"{display.day(each.at.astimezone(zone).date())}: {each.purpose} ({each.role})" for each in recording.reviews
    )


def _asked() -> tuple[ShelfQuery, dict[str, str]]:
    errors: dict[str, str] = {}
    first, last = _day("first", errors), _day("last", errors)
    if first and last and last < first:
        errors["last"] = REVERSED
    page = request.args.get("page", 1, type=int)
    if errors:
        return ShelfQuery(page=page), errors
    return ShelfQuery(device=request.args.get("device", ""), first=first, last=last, page=page), {}


def _day(name: str, errors: dict[str, str]) -> date | None:
    typed = request.args.get(name, "").strip()
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        errors[name] = BAD_DAY
        return None


def _is_filtered() -> bool:
    return any(request.args.get(name) for name in ("device", "first", "last"))


def _by_day(shelf: Shelf, zone: ZoneInfo) -> list[tuple[str, str, list[Row]]]:
    """(iso day, day in words, its rows) in the order of the page."""

    def day_of(recording: Recording) -> date:
        return recording.recorded_at.astimezone(zone).date()

    grouped = groupby(shelf.recordings, key=day_of)
    return [
        (day.isoformat(), display.weekday(day), [_row(recording, shelf.devices, zone) for recording in group])
        for day, group in grouped
    ]


def _row(recording: Recording, devices: Mapping[str, str], zone: ZoneInfo) -> Row:
    return Row(
        id=recording.id,
        at=display.clock(recording.recorded_at, zone),
        iso=recording.recorded_at.isoformat(),
        device=devices.get(recording.device, recording.device),
        about=f"{format_of(recording)}, {display.size(recording.size)}",
        transcript=recording.transcript,
        heard=heard(recording),
        false_wake=recording.false_wake,
        reviews=reviewed(recording, zone),
        name=file_name(recording),
    )


def _shown(shelf: Shelf, *, filtered: bool) -> str:
    among = " that match" if filtered else ""
    return f"Showing {shelf.first} to {shelf.last} of {display.count(shelf.total, 'recording')}{among}"


def _address(page: int) -> str:
    kept: dict[str, Any] = {name: request.args[name] for name in ("device", "first", "last") if request.args.get(name)}
    return url_for("my.recordings", **kept, page=page)
