"""The pages of holds: which exact versions are kept, what the store says of each, and what ends or renews a hold."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from marshmallow import Schema
from marshmallow.fields import Date, String
from marshmallow.validate import Length
from werkzeug.wrappers import Response as AnyResponse

from requests_portal.errors import Unusable
from requests_portal.model.actor import Act
from requests_portal.model.hold import Answer, Held, HeldVersion, Hold, HoldKind
from requests_portal.spreadsheet import MARK, safe_cell
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk.queue import name_of
from requests_portal.web.forms import Errors, loaded, typed
from requests_portal.web.portal import the_portal
from requests_portal.work.release_hold import release_hold
from requests_portal.work.renew_hold import renew_hold
from requests_portal.work.views.holds import HoldPage, HoldRow

pages = Blueprint("holds", __name__)

KINDS = {
    HoldKind.CASE: "For a demand",
    HoldKind.PRESERVATION: "Preservation request",
    None: "Being settled",
}
STATES = {
    Held.TO_PLACE: ("Not confirmed yet", "warn"),
    Held.PLACED: ("Held", "ok"),
    Held.GONE: ("Gone from the store", "bad"),
    Held.TO_LIFT: ("Being let go", "plain"),
    Held.LIFTING: ("Being let go", "plain"),
    Held.LIFTED: ("Let go", "plain"),
}
ANSWERS = {
    Answer.HELD: "held",
    Answer.NOT_HELD: "not held",
    Answer.GONE: "no such version",
    Answer.DENIED: "denied us the answer",
    Answer.AWAY: "did not answer",
    None: "not asked yet",
}
COLUMNS = (
    "Recording",
    "Bucket",
    "SHA-256 of the key",
    "Version id",
    "Bytes",
    "SHA-256",
    "State",
    "In this state since (UTC)",
    "The store's answer",
    "Asked (UTC)",
    "Contradicted (UTC)",
)


class RenewalSchema(Schema):
    """A renewed request: the day it reached us, and which one it is."""

    on = Date(
        required=True,
        error_messages={
            "required": "Enter the day the renewed request reached us.",
            "invalid": "Enter a day, such as 2026-05-01.",
        },
    )
    request = String(
        required=True,
        validate=Length(max=500, error="Use at most {max} characters."),
        error_messages={"required": "Name the renewed request, such as its file number and date."},
    )


class ReleaseSchema(Schema):
    """Why what is held may be deleted again."""

    because = String(
        required=True,
        validate=Length(max=2000, error="Use at most {max} characters."),
        error_messages={"required": "Say why it may be deleted again; the reasons stay on record."},
    )


@pages.get("/holds")
@does(Act.READ_HOLDS)
def every() -> str:
    """The holds, live or ended, the newest first."""
    portal = the_portal()
    view = "ended" if request.args.get("view") == "ended" else "live"
    number = request.args.get("page", "1")
    found = portal.holds.holds(view, page=int(number) if number.isascii() and number.isdigit() else 1, by=person())
    return render_template(
        "holds.html",
        found=found,
        rows=[_row(row) for row in found.rows],
        alarms=portal.holds.alarms(portal.now(), by=person()).sentences,
        probes=[_probe(probe) for probe in portal.holds.probes()],
        views=[
            ("Live", found.totals["live"], "/holds", view == "live"),
            ("Ended", found.totals["ended"], "/holds?view=ended", view == "ended"),
        ],
        previous_url=f"/holds?view={view}&page={found.page - 1}" if found.page > 1 else None,
        next_url=f"/holds?view={view}&page={found.page + 1}" if found.page < found.pages else None,
        shown=f"Page {found.page} of {found.pages}",
    )


@pages.get("/holds/<hold_id>")
@does(Act.READ_HOLDS)
def hold(hold_id: str) -> str:
    """The proof of one hold: its versions, and what the store said of each when it was asked last."""
    return _page(hold_id, {})


@pages.post("/holds/<hold_id>/ask")
@does(Act.READ_HOLDS)
def ask(hold_id: str) -> AnyResponse:
    """Have a worker ask the store about every version again."""
    _found(hold_id)
    with the_portal().outside.unit_of_work() as work:
        work.queue.enqueue("ask_store", hold_id)
    return see_other("holds.hold", hold_id=hold_id, asked="yes")


@pages.post("/holds/<hold_id>/renew")
@does(Act.RENEW_HOLD)
def renew(hold_id: str) -> AnyResponse | tuple[str, int]:
    """Record the one renewal of a preservation request."""
    said, errors = loaded(RenewalSchema(), typed(RenewalSchema(), request.form))
    if not errors:
        try:
            with the_portal().outside.unit_of_work() as work:
                renew_hold(work, hold_id, on=said["on"], request=said["request"], by=person())
        except Unusable as refusal:
            errors = {"on": refusal.sentence}
    if errors:
        return _page(hold_id, errors), 422
    return see_other("holds.hold", hold_id=hold_id)


@pages.post("/holds/<hold_id>/release")
@does(Act.RELEASE_HOLD, fresh=True)
def release(hold_id: str) -> AnyResponse | tuple[str, int]:
    """End the hold for the reasons given."""
    said, errors = loaded(ReleaseSchema(), typed(ReleaseSchema(), request.form))
    if errors:
        return _page(hold_id, errors), 422
    with the_portal().outside.unit_of_work() as work:
        release_hold(work, hold_id, because=said["because"], by=person())
    return see_other("holds.hold", hold_id=hold_id)


@pages.get("/holds/<hold_id>.csv")
@does(Act.READ_HOLDS)
def as_csv(hold_id: str) -> Response:
    """Every version that was ever under the hold, as CSV."""
    _found(hold_id)
    versions = the_portal().holds.versions(hold_id, by=person())
    headers = {"Content-Disposition": f'attachment; filename="hold-{hold_id}.csv"'}
    return Response(_csv(versions), mimetype="text/csv", headers=headers)


@pages.get("/holds/<hold_id>.json")
@does(Act.READ_HOLDS)
def as_json(hold_id: str) -> Response:
    """The hold and every version that was ever under it, as JSON."""
    row = _found(hold_id).row
    versions = the_portal().holds.versions(hold_id, by=person())
    headers = {"Content-Disposition": f'attachment; filename="hold-{hold_id}.json"'}
    return Response(_json(row, versions, the_portal().now()), mimetype="application/json", headers=headers)


def _found(hold_id: str) -> HoldPage:
    return the_portal().holds.hold(hold_id, after=request.args.get("after", ""), by=person())


def _page(hold_id: str, errors: Errors) -> str:
    found = _found(hold_id)
    held = found.row.hold
    live = held.released_at is None
    return render_template(
        "hold.html",
        found=found,
        row=_row(found.row),
        counts=found.row.counts,
        facts=_facts(found.row),
        versions=[_version(each) for each in found.versions],
        gone=[_version(each) for each in found.gone],
        contradicted=[_version(each) for each in found.contradicted],
        asked="asked" in request.args,
        may_renew=live and held.kind is HoldKind.PRESERVATION and not held.renewal and person().may(Act.RENEW_HOLD),
        may_release=live and person().may(Act.RELEASE_HOLD),
        next_url=f"/holds/{hold_id}?after={found.next_after}" if found.next_after else None,
        first_url=f"/holds/{hold_id}" if request.args.get("after") else None,
        typed={name: request.form.get(name, "") for name in ("on", "request", "because")},
        errors=errors,
        summary={name: [sentence] for name, sentence in errors.items()},
        has_errors=bool(errors),
    )


def _row(row: HoldRow) -> dict[str, Any]:
    held, counts = row.hold, row.counts
    return {
        "url": f"/holds/{held.id}",
        "reference": row.reference,
        "organisation": row.organisation,
        "kind": KINDS[held.kind],
        "kept": display.count(counts.kept, "recording"),
        "since": _short(held.placed_at),
        "ends": _ends(row),
        "confirmed": f"{counts.confirmed:,} of {counts.kept:,}",
        "state": _state(row),
    }


def _state(row: HoldRow) -> tuple[str, str]:
    counts, now = row.counts, the_portal().now()
    if row.hold.released_at is not None:
        return "Ended", "plain"
    if row.is_overdue(now):
        return "Period over, case open", "bad"
    if counts.gone:
        return f"{counts.gone:,} gone", "bad"
    if counts.contradicted:
        return "Contradicted", "bad"
    if counts.waiting:
        return "Being placed", "warn"
    return ("In place", "ok") if counts.kept else ("Nothing held", "plain")


def _ends(row: HoldRow) -> str:
    held = row.hold
    if held.released_at is not None:
        return f"ended {_short(held.released_at)}"
    if held.kind is HoldKind.CASE and row.is_open:
        return "while the case is open"
    if held.expires_at is None or held.narrowed_at is not None:
        return "until a lawyer releases it"
    return _short(held.expires_at)


def _facts(row: HoldRow) -> list[tuple[str, str]]:
    held, counts = row.hold, row.counts
    facts = [
        ("Kind", KINDS[held.kind]),
        ("Held since", _short(held.placed_at)),
        ("Kept", display.count(counts.kept, "recording")),
        ("Confirmed", f"{counts.confirmed:,} by the store"),
        ("Ends", _ends(row)),
        ("Asked last", _short(counts.asked_at) if counts.asked_at else "Not about every one yet"),
    ]
    if held.narrowed_at and not held.released_at:
        facts.append(("Narrowed to what left", _short(held.narrowed_at)))
    if held.renewal:
        facts.append(("Renewed", f"{display.day(held.renewal.on)}, entered by {name_of(held.renewal.by)}"))
        facts.append(("On the request", held.renewal.request))
    if held.released_at:
        facts.append(("Released", f"{_short(held.released_at)}, by {_by(held)}"))
        facts.append(("Because", held.released_because))
    return facts


def _by(held: Hold) -> str:
    return "the desk itself" if held.released_by == "system" else name_of(held.released_by)


def _version(each: HeldVersion) -> dict[str, Any]:
    return {
        "recording": each.recording,
        "version": each.version_id,
        "key": _of_key(each),
        "size": display.size(each.size),
        "sha256": each.sha256,
        "state": STATES[each.state],
        "answer": ANSWERS[each.answer],
        "asked": _short(each.asked_at) if each.asked_at else "",
        "contradicted": _short(each.contradicted_at) if each.contradicted_at else "",
    }


def _probe(probe: Any) -> dict[str, Any]:
    words = {True: ("Denied, as it must", "ok"), False: ("Deleted", "bad"), None: ("Not told", "bad")}
    return {"bucket": probe.bucket or "The recordings' own", "at": _short(probe.at), "state": words[probe.denied]}


def _short(at: datetime) -> str:
    return display.short_moment(at, now=the_portal().now(), zone=ZoneInfo(the_portal().zone))


def _of_key(each: HeldVersion) -> str:
    """A key may name whose recording it is; its digest names the object to whoever has the store."""
    return hashlib.sha256(each.key.encode()).hexdigest()


def _cells(each: HeldVersion) -> tuple[str, ...]:
    return (
        each.recording,
        each.bucket,
        _of_key(each),
        each.version_id,
        str(each.size),
        each.sha256,
        str(each.state),
        each.since.isoformat(),
        str(each.answer or ""),
        each.asked_at.isoformat() if each.asked_at else "",
        each.contradicted_at.isoformat() if each.contradicted_at else "",
    )


def _csv(versions: Iterator[HeldVersion]) -> Iterator[str]:
    # The mark at the beginning makes spreadsheets read UTF-8.
    yield MARK + _line(COLUMNS)
    for each in versions:
        yield _line(map(safe_cell, _cells(each)))


def _line(cells: Any) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def _json(row: HoldRow, versions: Iterator[HeldVersion], now: datetime) -> Iterator[str]:
    held = row.hold
    about = {
        "hold": held.id,
        "case": row.reference,
        "kind": held.kind,
        "as_of": now.isoformat(),
        "placed_at": held.placed_at.isoformat(),
        "expires_at": held.expires_at.isoformat() if held.expires_at else None,
        "renewed_on": held.renewal.on.isoformat() if held.renewal else None,
        "narrowed_at": held.narrowed_at.isoformat() if held.narrowed_at else None,
        "released_at": held.released_at.isoformat() if held.released_at else None,
    }
    yield json.dumps(about)[:-1] + ', "versions": ['
    before = ""
    names = [column.removesuffix(" (UTC)").lower().replace(" ", "_").replace("'", "") for column in COLUMNS]
    for each in versions:
        yield before + json.dumps(dict(zip(names, _cells(each), strict=True)))
        before = ",\n"
    yield "]}\n"
