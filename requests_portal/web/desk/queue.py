"""The queue: what is to be answered, by when, by whom; and the same list as CSV."""

import csv
import io
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request, url_for

from requests_portal.model.actor import Act
from requests_portal.spreadsheet import MARK, safe_cell
from requests_portal.web import display
from requests_portal.web.acts import does, person
from requests_portal.web.desk import wording
from requests_portal.web.portal import the_portal
from requests_portal.work.views.desk import NOBODY, SORTS, VIEWS, QueuePage, QueueQuery, QueueRow
from requests_portal.work.watch_silence import REMINDED_BEFORE

pages = Blueprint("queue", __name__)

COLUMNS = (
    "Reference",
    "Title",
    "Organisation",
    "Kind",
    "Law",
    "Stage",
    "Received (UTC)",
    "Answer due (UTC)",
    "Assessment",
    "Assigned to",
)
MOST_SILENCES = 10
_MULTIPLE = {"kind": "kinds", "stage": "stages", "law": "laws", "assigned": "assigned"}


@pages.get("/")
@does(Act.READ_QUEUE)
def queue() -> str:
    """The queue, grouped by how soon the answer is due."""
    portal, asked = the_portal(), _asked()
    zone = ZoneInfo(portal.zone)
    page = portal.desk.queue(asked, by=person(), now=portal.now(), zone=zone)
    return render_template(
        "queue.html",
        asked=asked,
        page=page,
        summary=_summary(page),
        groups=_groups(page, zone),
        pills=[
            (words, page.views[view], url_for("queue.queue", view=view), view == asked.view)
            for view, words in wording.VIEWS.items()
        ],
        filters=_filters(page, asked),
        sorts=_sorts(asked),
        shown=_shown(page),
        previous_url=_address(asked, page=page.page - 1) if page.page > 1 else None,
        next_url=_address(asked, page=page.page + 1) if page.page < page.pages else None,
        keys=portal.outside.ending(portal.now()),
        silences=_silences(zone),
        hold_alarms=portal.holds.alarms(portal.now(), by=person()).sentences,
        csv_url=_address(asked, endpoint="queue.as_csv"),
        here=request.full_path.rstrip("?"),
    )


def _silences(zone: ZoneInfo) -> list[tuple[str, str]]:
    """The requests whose silence towards the customer ends within two weeks, or is over, with the day in words."""
    portal = the_portal()
    with portal.outside.reading() as work:
        ending = work.notices.ending(portal.now() + max(REMINDED_BEFORE), by=person(), most=MOST_SILENCES)
    return [(each.reference, display.due(each.ends_at, now=portal.now(), zone=zone).words) for each in ending]


@pages.get("/queue.csv")
@does(Act.READ_QUEUE)
def as_csv() -> Response:
    """The whole list that the page shows a part of, as CSV."""
    portal = the_portal()
    rows = portal.desk.whole_queue(_asked(), by=person(), now=portal.now(), zone=ZoneInfo(portal.zone))
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    writer.writerows([safe_cell(cell) for cell in _cells(row)] for row in rows)
    headers = {"Content-Disposition": 'attachment; filename="requests.csv"'}
    # The mark at the beginning makes spreadsheets read UTF-8.
    return Response(MARK + buffer.getvalue(), mimetype="text/csv", headers=headers)


def _asked() -> QueueQuery:
    """The part of the queue that the address asks for; words it does not know ask for what everybody sees."""
    view, sort = request.args.get("view", "open"), request.args.get("sort", "due")
    page = request.args.get("page", "1")
    return QueueQuery(
        view=view if view in VIEWS else "open",
        find=request.args.get("find", "").strip(),
        sort=sort if sort in SORTS else "due",
        descending=request.args.get("order") == "descending",
        page=int(page) if page.isascii() and page.isdigit() and len(page) < len("1000000") else 1,
        **{name: tuple(request.args.getlist(key)) for key, name in _MULTIPLE.items()},
    )


def _address(asked: QueueQuery, *, endpoint: str = "queue.queue", **changes: Any) -> str:
    values: dict[str, Any] = {key: list(getattr(asked, name)) for key, name in _MULTIPLE.items()}
    values |= {"view": asked.view, "find": asked.find, "sort": asked.sort, "page": None}
    values |= {"order": "descending" if asked.descending else None} | changes
    usual = {"view": "open", "sort": "due", "find": "", "page": 1}
    return url_for(endpoint, **{key: value for key, value in values.items() if value and usual.get(key) != value})


def _summary(page: QueuePage) -> str:
    late, soon = page.open_groups.get("overdue", 0), page.open_groups.get("soon", 0)
    return f"{page.views['open']} open · {late} overdue · {soon} due in the next three days"


def _groups(page: QueuePage, zone: ZoneInfo) -> list[dict[str, Any]]:
    """The page's rows under their groups; a group says how many it has in all."""
    found = []
    for key, total in page.groups.items():
        rows = [_row(row, zone) for row in page.rows if row.group == key]
        if rows:
            title, tone = wording.GROUPS[key]
            found.append({"id": f"group-{key}", "title": title, "tone": tone, "total": total, "rows": rows})
    return found


def _row(row: QueueRow, zone: ZoneInfo) -> dict[str, Any]:
    check, check_tone = check_words(row)
    waiting = row.group in {"waiting", "answered"}
    return {
        "title": row.title,
        "url": url_for("casework.case", reference=row.reference),
        "reference": row.reference,
        "who": row.organisation,
        "due": display.due(row.due, now=the_portal().now(), zone=zone, waiting=waiting),
        "waiting": row.group == "waiting",
        "answered": row.group == "answered",
        "check": check,
        "check_tone": check_tone,
        "owner": name_of(row.assigned_to),
        "unassigned": row.assigned_to is None,
        "stage": wording.STAGES[row.stage],
    }


def check_words(row: QueueRow) -> tuple[str, str]:
    """What the assessment says of a case, in two or three words, and its tone."""
    if row.objections:
        return display.count(row.objections, "objection"), "bad"
    if row.questions:
        return f"Ask: {display.count(row.questions, 'fact')}", "warn"
    return wording.DISPOSITIONS.get(row.disposition, ("Not assessed", "plain"))


def name_of(actor_id: str | None) -> str:
    """The name of a member of staff; who has left is known by id only."""
    if actor_id is None:
        return "Nobody yet"
    known = the_portal().staff().get(actor_id)
    return known.name if known else actor_id


def _filters(page: QueuePage, asked: QueueQuery) -> list[tuple[str, str, list[tuple[str, str, int, bool]]]]:
    people = {NOBODY: "Nobody yet"} | {key: name_of(key) for key in page.filters["assigned"] if key != NOBODY}
    groups = (
        ("Kind", "kind", wording.KINDS, asked.kinds),
        ("Stage", "stage", wording.STAGES, asked.stages),
        ("Law", "law", wording.LAWS, asked.laws),
        ("Assigned to", "assigned", people, asked.assigned),
    )
    return [
        (legend, name, _options(names, page.filters[name], chosen))
        for legend, name, names, chosen in groups
        if _options(names, page.filters[name], chosen)
    ]


def _options(names: dict[str, str], counts: Any, chosen: Iterable[str]) -> list[tuple[str, str, int, bool]]:
    """The values that occur, and those that are ticked though nothing has them any more."""
    return [
        (key, words, counts.get(key, 0), key in chosen)
        for key, words in names.items()
        if counts.get(key, 0) or key in chosen
    ]


def _sorts(asked: QueueQuery) -> dict[str, tuple[str, str | None]]:
    """For each column the address that sorts by it, or turns it round where it sorts already."""
    found = {}
    for name in SORTS:
        current = name == asked.sort
        turn = current and not asked.descending
        order = ("descending" if asked.descending else "ascending") if current else None
        found[name] = (_address(asked, sort=name, order="descending" if turn else None), order)
    return found


def _shown(page: QueuePage) -> str:
    if not page.total:
        return "Nothing to show"
    return f"Showing {page.first}\N{EN DASH}{page.last} of {display.number(page.total)}"


def _cells(row: QueueRow) -> tuple[str, ...]:
    return (
        row.reference,
        row.title,
        row.organisation,
        wording.KINDS[row.track],
        wording.LAWS[row.law],
        wording.STAGES[row.stage],
        row.received_at.isoformat(timespec="minutes"),
        row.due.isoformat(timespec="minutes") if row.due else "",
        check_words(row)[0],
        name_of(row.assigned_to),
    )
