"""Report listening: who listened to what in a month, made once the month is over; the log keeps the report's digest.

The digest is over the complete report as the desk's own process sees it. Whoever reads a report later sees of it what
they may know of, and whether the complete one, made once more, is still the one of then: nothing that it is made from
is ever changed or erased, so that a difference is somebody's doing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from requests_portal.model.actor import SYSTEM, Act, Actor
from requests_portal.model.listening_report import (
    Agreement,
    Entered,
    ListeningReport,
    Month,
    listeners,
    month_of,
)
from requests_portal.work.one_by_one import one_by_one
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work

# What was sent at the end of a month is on record by then.
SETTLED = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Reported:
    """A month's report as far as its reader may know, how it stands to the log, and what the log has of it."""

    report: ListeningReport
    agreement: Agreement
    entered: Entered | None

    def as_json(self) -> Mapping[str, Any]:
        """The report, and how it stands to the log, as values that JSON can hold."""
        found = self.entered
        kept = found and {"sha256": found.digest, "entry": found.index, "at": found.at.isoformat()}
        return {**self.report.as_json(), "agreement": str(self.agreement), "log": kept}


def report_listening(outside: Outside) -> None:
    """Make the report of each month that is over and has none, and enter its digest, each in its own transaction."""
    with outside.reading() as work:
        waiting = list(_without_report(work))
    one_by_one(waiting, lambda month: _enter(outside, month))


def listening_in(work: Work, month: Month, *, by: Actor) -> Reported:
    """A month's report without what is sealed from its reader, and whether the complete one is that of the log."""
    by = by.must(Act.READ_LISTENING)
    entered = [each for each in work.listening_reports.entered() if each.month == month]
    starts, ends = (entered[0].starts, entered[0].ends) if entered else _bounds(work, month)
    complete = _made(work, month, starts, ends, by=SYSTEM)
    return Reported(
        report=_made(work, month, starts, ends, by=by),
        agreement=_agreement(complete, entered, at=work.now()),
        entered=entered[0] if entered else None,
    )


def months(work: Work) -> tuple[Month, ...]:
    """Every month since the log begins, the present one first."""
    return tuple(_until(work, work.now()))[::-1]


def _enter(outside: Outside, month: Month) -> None:
    with outside.unit_of_work() as work:
        if month not in _without_report(work):
            return
        report = _made(work, month, *_bounds(work, month), by=SYSTEM)
        work.audit.add(
            "listening_reported",
            by=SYSTEM,
            subjects={"report": report.digest},
            numbers={"starts": int(report.starts.timestamp()), "ends": int(report.ends.timestamp())},
            words={"month": str(month)},
        )


def _without_report(work: Work) -> Iterator[Month]:
    """The months that are over and have no report, the oldest first."""
    have = {each.month for each in work.listening_reports.entered()}
    over = _until(work, work.now() - SETTLED)
    yield from (each for each in list(over)[:-1] if each not in have)


def _until(work: Work, at: datetime) -> Iterator[Month]:
    """The months from the one in which the log begins to the one that it is at a moment."""
    zone, began = ZoneInfo(work.house.zone), work.listening_reports.began()
    month, last = month_of(began or at, zone), month_of(at, zone)
    while month <= last:
        yield month
        month = month.next


def _bounds(work: Work, month: Month) -> tuple[datetime, datetime]:
    zone = ZoneInfo(work.house.zone)
    return month.begins(zone), month.next.begins(zone)


def _made(work: Work, month: Month, starts: datetime, ends: datetime, *, by: Actor) -> ListeningReport:
    reports = work.listening_reports
    found = listeners(reports.spans(starts, ends, by=by), reports.alarms(starts, ends), reports.limits(starts, ends))
    return ListeningReport(month=month, starts=starts, ends=ends, listeners=found)


def _agreement(complete: ListeningReport, entered: Sequence[Entered], *, at: datetime) -> Agreement:
    if entered:
        same = all(each.digest == complete.digest for each in entered)
        return Agreement.AGREES if same else Agreement.DIFFERS
    return Agreement.NOT_ENTERED if at >= complete.ends else Agreement.NOT_OVER
