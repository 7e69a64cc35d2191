"""`desk doctor` and `desk production`: what is not as it should be, and what to do with what is stuck."""

import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from requests_portal.commands.console import BAD, GOOD, as_json, harmless, plainly, settings_file, tell

if TYPE_CHECKING:
    from requests_portal.work.doctor import Diagnosis, Fault

MARKS = {"red": "✗", "warning": "!", "note": "·"}
because_option = click.option("--because", required=True, help="Why; it is kept with the production.")


@click.command()
@settings_file
@as_json
@plainly
def doctor(settings: Path, as_json: bool) -> None:  # noqa: FBT001 — click passes flags so
    """Name each fault, the cases it touches, the deadline at risk and what to do; 1 where something is red."""
    from requests_portal.diagnosis import doctor as look_at  # noqa: PLC0415 — the desk loads only where it is used
    from requests_portal.diagnosis import open_to_look  # noqa: PLC0415
    from requests_portal.model.actor import COMMAND_LINE  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415

    found = look_at(open_to_look(read(settings)))(COMMAND_LINE)
    if as_json:
        tell(_as_object(found))
    else:
        _say(found)
    sys.exit(BAD if found.is_red else GOOD)


@click.group()
def production() -> None:
    """Productions that do not go on."""


@production.command()
@click.argument("reference")
@click.argument("number", type=click.IntRange(1))
@because_option
@settings_file
@plainly
def retry(reference: str, number: int, because: str, settings: Path) -> None:
    """Have production NUMBER of the case REFERENCE worked on again by this release."""
    _act(settings, reference, number, because, verb="try_again")
    click.echo(f"{harmless(reference)} production {number} is tried again.")


@production.command("set-aside")
@click.argument("reference")
@click.argument("number", type=click.IntRange(1))
@because_option
@settings_file
@plainly
def set_aside(reference: str, number: int, because: str, settings: Path) -> None:
    """Stop production NUMBER of the case REFERENCE, which is not signed; the case goes on."""
    _act(settings, reference, number, because, verb="set_aside")
    click.echo(f"{harmless(reference)} production {number} is set aside.")


@production.command()
@settings_file
@plainly
def renew(settings: Path) -> None:
    """File again, under this release, what nobody goes on with: its release, or the worker that began it, is gone."""
    from requests_portal.app import open_desk  # noqa: PLC0415 — as above
    from requests_portal.model.actor import COMMAND_LINE  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415
    from requests_portal.work.unstick import renew as file_again  # noqa: PLC0415

    count = file_again(open_desk(read(settings)).outside, by=COMMAND_LINE)
    click.echo(f"{count} pieces of work were filed again.")


def _act(settings: Path, reference: str, number: int, because: str, *, verb: str) -> None:
    from requests_portal.app import open_desk  # noqa: PLC0415 — as above
    from requests_portal.model.actor import COMMAND_LINE  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415
    from requests_portal.work import unstick  # noqa: PLC0415

    outside = open_desk(read(settings)).outside
    with outside.reading() as work:
        found = unstick.by_number(work, reference, number, by=COMMAND_LINE)
    act: Callable[..., Any] = getattr(unstick, verb)
    act(outside, found, because=because, by=COMMAND_LINE)


def _say(found: "Diagnosis") -> None:
    for fault in found.faults:
        click.echo(f"{MARKS[fault.severity]} {harmless(fault.sentence)}")
        if fault.cases:
            click.echo(f"  Cases: {', '.join(fault.cases)}")
        if fault.deadline:
            click.echo(f"  Deadline at risk: {fault.deadline:%Y-%m-%d %H:%M} UTC")
        click.echo(f"  {harmless(fault.action)}")
    click.echo(f"✓ Well: {', '.join(found.well)}." if found.well else "")


def _as_object(found: "Diagnosis") -> dict[str, Any]:
    return {
        "at": found.seen.at.isoformat(),
        "red": found.is_red,
        "faults": [_fault(each) for each in found.faults],
        "well": list(found.well),
        "stuck": [
            {"case": each.case.reference, "production": each.number, "state": str(each.state)}
            for each in found.standing
        ],
    }


def _fault(fault: "Fault") -> dict[str, Any]:
    deadline = fault.deadline.isoformat() if fault.deadline else None
    return {**asdict(fault), "severity": str(fault.severity), "cases": list(fault.cases), "deadline": deadline}
