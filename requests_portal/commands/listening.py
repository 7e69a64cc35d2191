"""`desk listening report`: who listened to what in a month, and whether it is what was on record then."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from requests_portal.commands.console import BAD, GOOD, as_json, plainly, settings_file, tell

if TYPE_CHECKING:
    from requests_portal.model.listening_report import Listener
    from requests_portal.work.report_listening import Reported

AGREEMENT = {
    "agrees": "This is the report that was made when the month ended: the log has its digest since {at}, as entry "
    "{index}.",
    "differs": "This is NOT the report of which the log has the digest since {at}, as entry {index}: what it is made "
    "from was changed since.",
    "not_over": "The month is not over; this is what was heard so far.",
    "not_entered": "The log has no report of this month. Each is made within two hours of its month's end.",
}


@click.group()
def listening() -> None:
    """Listening: who heard which recordings, by ids and seconds."""


@listening.command()
@click.option("--month", "named", required=True, help="Such as 2026-11, in the house's own zone.")
@as_json
@settings_file
@plainly
def report(named: str, as_json: bool, settings: Path) -> None:  # noqa: FBT001 — click passes the flag by name
    """Say who listened to what in a month; exit code 1 where the log's digest is of another report."""
    from requests_portal.app import open_desk  # noqa: PLC0415 — the desk loads only where it is used
    from requests_portal.model.actor import COMMAND_LINE  # noqa: PLC0415
    from requests_portal.model.listening_report import Agreement, read_month  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415
    from requests_portal.work.report_listening import listening_in  # noqa: PLC0415

    month = read_month(named)
    with open_desk(read(settings)).outside.reading() as work:
        found = listening_in(work, month, by=COMMAND_LINE)
    if as_json:
        tell(found.as_json())
    else:
        _say(found)
    sys.exit(BAD if found.agreement is Agreement.DIFFERS else GOOD)


def _say(found: "Reported") -> None:
    for listener in found.report.listeners:
        click.echo("; ".join(_in_all(listener)))
        for span in listener.spans:
            part = "{:.1f}-{:.1f} s".format(*span.seconds)
            click.echo(f"  {span.at.isoformat()}  {span.recording}  {span.version_id}  {part}  {span.case}")
    if not found.report.listeners:
        click.echo("Nobody listened to a recording.")
    kept = found.entered
    in_the_log = {"at": kept.at.isoformat(), "index": kept.index} if kept else {}
    click.echo(AGREEMENT[found.agreement].format(**in_the_log))


def _in_all(listener: "Listener") -> Iterator[str]:
    yield f"{listener.person} ({', '.join(filter(None, listener.roles)) or 'no role on record'})"
    yield f"{listener.recordings} recordings, {listener.seconds:.1f} s"
    if listener.spans:
        yield f"for {', '.join(listener.purposes)} in {', '.join(listener.cases)}"
    if listener.alarms:
        yield f"canary alarms: {listener.alarms}"
    if listener.days_over_limit:
        yield f"over the day's limit on {', '.join(day.isoformat() for day in listener.days_over_limit)}"
