"""Who listened to what in a month: for auditors, by ids and seconds, and whether it is what was on record then."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request, url_for

from requests_portal.bundle.manifest_files import csv_lines
from requests_portal.model.actor import Act
from requests_portal.model.listening_report import Agreement, Listener, Month, Span, read_month
from requests_portal.spreadsheet import MARK
from requests_portal.web import display
from requests_portal.web.acts import does, person
from requests_portal.web.desk.queue import name_of
from requests_portal.web.desk.wording import PURPOSES
from requests_portal.web.portal import the_portal
from requests_portal.work.ports import Work
from requests_portal.work.report_listening import Reported, listening_in, months

pages = Blueprint("listening", __name__, url_prefix="/audit/listening")
PAGE_ROWS = 50
TOTAL, SPAN = "total", "span"
COLUMNS = (
    "row",
    "person",
    "name",
    "role",
    "purpose",
    "case",
    "recordings",
    "seconds",
    "canary_alarms",
    "days_over_limit",
    "recording",
    "version",
    "from_seconds",
    "to_seconds",
    "at",
)
# A spreadsheet takes what has this mark for UTF-8.
AGREEMENT = {
    Agreement.AGREES: ("ok", "This is the report that was made when the month ended"),
    Agreement.DIFFERS: ("bad", "This is not the report that was made when the month ended"),
    Agreement.NOT_OVER: ("info", "The month is not over"),
    Agreement.NOT_ENTERED: ("warn", "The log has no report of this month"),
}


@pages.get("")
@does(Act.READ_LISTENING)
def report() -> str:
    """Who listened in a month, the present one where none is named, and each span that they heard."""
    with the_portal().outside.reading() as work:
        month, known = _asked(work), months(work)
        found = listening_in(work, month, by=person())
    spans = _in_order(found)
    last = max(1, -(-len(spans) // PAGE_ROWS))
    page = min(max(1, request.args.get("page", 1, type=int)), last)
    first = (page - 1) * PAGE_ROWS
    shown = spans[first : first + PAGE_ROWS]
    zone = ZoneInfo(the_portal().zone)
    return render_template(
        "audit/listening.html",
        month=str(month),
        title=_words(month),
        months=[(str(each), _words(each)) for each in dict.fromkeys((month, *known))],
        tone=AGREEMENT[found.agreement][0],
        agreement=AGREEMENT[found.agreement][1],
        entered=found.entered,
        entered_at=display.moment(found.entered.at, zone) if found.entered else "",
        may_read_log=person().may(Act.READ_LOG),
        people=[_person(each) for each in found.report.listeners],
        spans=[_span(each, zone) for each in shown],
        shown=f"Showing {first + 1:,} to {first + len(shown):,} of {display.count(len(spans), 'span')}",
        previous_url=url_for("listening.report", month=str(month), page=page - 1) if page > 1 else None,
        next_url=url_for("listening.report", month=str(month), page=page + 1) if page < last else None,
    )


@pages.get("/report.csv")
@does(Act.READ_LISTENING)
def as_csv() -> Response:
    """The same as CSV: for each person a row in all, and a row for each span."""
    with the_portal().outside.reading() as work:
        month = _asked(work)
        found = listening_in(work, month, by=person())
    headers = {"Content-Disposition": f'attachment; filename="listening-{month}.csv"'}
    return Response(MARK.encode() + b"".join(csv_lines(_rows(found), COLUMNS)), mimetype="text/csv", headers=headers)


def _asked(work: Work) -> Month:
    named = request.args.get("month", "")
    return read_month(named) if named else months(work)[0]


def _in_order(found: Reported) -> list[Span]:
    every = [each for listener in found.report.listeners for each in listener.spans]
    return sorted(every, key=lambda each: each.at)


def _words(month: Month) -> str:
    return display.month(month.year, month.number)


def _person(listener: Listener) -> dict[str, Any]:
    return {
        "id": listener.person,
        "name": name_of(listener.person),
        "roles": ", ".join(filter(None, listener.roles)),
        "purposes": [PURPOSES.get(each, each) for each in listener.purposes],
        "cases": listener.cases,
        "recordings": display.number(listener.recordings),
        "heard": display.duration(listener.seconds),
        "alarms": listener.alarms,
        "over": [display.day(day) for day in listener.days_over_limit],
    }


def _span(span: Span, zone: ZoneInfo) -> dict[str, str]:
    return {
        "recording": span.recording,
        "version": span.version_id,
        "name": name_of(span.person),
        "role": span.role,
        "case": span.case,
        "purpose": PURPOSES.get(span.purpose, span.purpose),
        "part": "{:.1f} to {:.1f} s".format(*span.seconds),
        "iso": span.at.isoformat(),
        "at": f"{display.day(span.at.astimezone(zone).date())}, {display.clock(span.at, zone)}",
    }


def _rows(found: Reported) -> Iterator[dict[str, Any]]:
    for listener in found.report.listeners:
        who = {"person": listener.person, "name": name_of(listener.person)}
        yield who | {
            "row": TOTAL,
            "role": ", ".join(listener.roles),
            "purpose": ", ".join(listener.purposes),
            "case": ", ".join(listener.cases),
            "recordings": listener.recordings,
            "seconds": f"{listener.seconds:.3f}",
            "canary_alarms": listener.alarms,
            "days_over_limit": ", ".join(day.isoformat() for day in listener.days_over_limit),
        }
        for span in listener.spans:
            start, end = span.seconds
            yield who | {
                "row": SPAN,
                "role": span.role,
                "purpose": span.purpose,
                "case": span.case,
                "seconds": f"{end - start:.3f}",
                "recording": span.recording,
                "version": span.version_id,
                "from_seconds": f"{start:.3f}",
                "to_seconds": f"{end:.3f}",
                "at": span.at.isoformat(),
            }
