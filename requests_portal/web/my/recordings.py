"""A customer's recordings: listed by day, played, saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, render_template, request, session, url_for

from requests_portal.model.actor import Act
from requests_portal.model.listening import Heard
from requests_portal.model.recording import Recording
from requests_portal.web import display
from requests_portal.web.acts import does, person
from requests_portal.web.my import wording
from requests_portal.web.my.blueprint import pages
from requests_portal.web.my.cooling import held_until
from requests_portal.web.my.listened import in_cases
from requests_portal.web.portal import the_portal
from requests_portal.web.public.streaming import Window, file_response
from requests_portal.work.compose.exhibits import SUFFIX
from requests_portal.work.cooling_off import must_not_cool_off
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
# Where the session says how many recordings were just deleted.
DELETED = "deleted"
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
    # How the customer has it, with its day, and the request by which they asked for that.
    own_words: str = ""
    own_words_as: str = ""
    asked: str = ""


@pages.get("/my/recordings")
@does(Act.READ_OWN)
def recordings() -> str | tuple[str, int]:
    """The recordings of the account by day, newest first."""
    query, errors = asked_for(request.args)
    shelf = the_portal().my.shelf(query, by=person())
    heard_in_cases = in_cases([each.id for each in shelf.recordings])
    zone = ZoneInfo(shelf.zone)
    page = render_template(
        "my/recordings.html",
        audience="customer",
        days=_by_day(shelf, zone, heard_in_cases),
        shelf=shelf,
        shown=_shown(shelf, filtered=_is_filtered()),
        filtered=_is_filtered(),
        devices=sorted(shelf.devices.items(), key=lambda device: device[1]),
        asked=request.args,
        chosen=_chosen(),
        held_until=held_until(zone),
        deleted=_just_deleted(),
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
    with portal.outside.reading() as work:
        must_not_cool_off(work, person().account)

    def chunks(part: Window) -> tuple[bytes]:
        # A clip is short: it is checked whole against its fingerprint before its first byte leaves.
        read = portal.outside.store.of_bucket(found.bucket).read(
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


def _reviewed(recording: Recording, zone: ZoneInfo) -> tuple[str, ...]:
    """Each time a person of ours listened: the day, the purpose, the role, and never a name."""
    return tuple(
        f"{display.day(each.at.astimezone(zone).date())}: {each.purpose} ({each.role})" for each in recording.reviews
    )


def asked_for(asked: Mapping[str, str]) -> tuple[ShelfQuery, dict[str, str]]:
    """Which recordings are asked for, and what is wrong with it by field; then it is all of them."""
    errors: dict[str, str] = {}
    first, last = _day(asked, "first", errors), _day(asked, "last", errors)
    if first and last and last < first:
        errors["last"] = REVERSED
    page = request.args.get("page", 1, type=int)
    if errors:
        return ShelfQuery(page=page), errors
    return ShelfQuery(device=asked.get("device", ""), first=first, last=last, page=page), {}


def _day(asked: Mapping[str, str], name: str, errors: dict[str, str]) -> date | None:
    typed = asked.get(name, "").strip()
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        errors[name] = BAD_DAY
        return None


def _is_filtered() -> bool:
    return any(request.args.get(name) for name in ("device", "first", "last"))


def _just_deleted() -> str:
    # Taking out what is not there would send a new cookie with every page.
    return display.count(session.pop(DELETED), "recording") if DELETED in session else ""


def _chosen() -> dict[str, str]:
    """The filter, to be carried to another page."""
    return {name: request.args[name] for name in ("device", "first", "last") if request.args.get(name)}


def _by_day(
    shelf: Shelf, zone: ZoneInfo, heard_in_cases: Mapping[str, Sequence[Heard]]
) -> list[tuple[str, str, list[Row]]]:
    """(iso day, day in words, its rows) in the order of the page."""

    def day_of(recording: Recording) -> date:
        return recording.recorded_at.astimezone(zone).date()

    grouped = groupby(shelf.recordings, key=day_of)
    return [
        (
            day.isoformat(),
            display.weekday(day),
            [_row(each, shelf, zone, heard_in_cases.get(each.id, ())) for each in group],
        )
        for day, group in grouped
    ]


def _row(recording: Recording, shelf: Shelf, zone: ZoneInfo, in_cases: Sequence[Heard]) -> Row:
    note = shelf.notes.get(recording.id)
    return Row(
        id=recording.id,
        at=display.clock(recording.recorded_at, zone),
        iso=recording.recorded_at.isoformat(),
        device=shelf.devices.get(recording.device, recording.device),
        about=f"{format_of(recording)}, {display.size(recording.size)}",
        transcript=recording.transcript,
        heard=heard(recording),
        false_wake=recording.false_wake,
        reviews=(*_reviewed(recording, zone), *(wording.heard(each, zone) for each in in_cases)),
        name=file_name(recording),
        own_words=note.words if note else "",
        own_words_as=wording.own_words(note, zone) if note else "",
        asked=shelf.asked.get(recording.id, ""),
    )


def _shown(shelf: Shelf, *, filtered: bool) -> str:
    among = " that match" if filtered else ""
    return f"Showing {shelf.first} to {shelf.last} of {display.count(shelf.total, 'recording')}{among}"


def _address(page: int) -> str:
    asked: dict[str, Any] = {**_chosen()}
    return url_for("my.recordings", **asked, page=page)
